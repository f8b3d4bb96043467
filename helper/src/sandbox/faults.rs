//! Faults that a sandbox injects on request: `sftp-cut=2MB,api-500=0.1,api-slow=3s`.

use std::time::Duration;

use super::databricks::DatabricksFaults;
use super::recommender::RecommenderFaults;
use super::sftp::SftpFaults;
use btcfake_core::text::similar::most_similar;
use btcfake_core::text::visible::{quoted, shown};

/// Faults of all servers; none by default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// Faults of both SFTP servers.
    pub(crate) sftp: SftpFaults,
    /// Faults of the recommender.
    pub(crate) recommender: RecommenderFaults,
    /// Faults of Databricks.
    pub(crate) databricks: DatabricksFaults,
}

/// Type of a fault's value, and its field.
enum Value {
    Size(fn(&mut Faults) -> &mut Option<u64>),
    Count(fn(&mut Faults) -> &mut Option<u32>),
    Share(fn(&mut Faults) -> &mut f64),
    Time(fn(&mut Faults) -> &mut Duration),
    Text(fn(&mut Faults) -> &mut Option<String>),
    /// No value: the fault is on or off.
    Nothing(fn(&mut Faults) -> &mut bool),
}

/// Faults by name.
const FAULTS: &[(&str, Value)] = &[
    ("sftp-cut", Value::Size(|faults| &mut faults.sftp.cut_after)),
    ("sftp-cuts", Value::Count(|faults| &mut faults.sftp.cuts)),
    ("sftp-silent", Value::Size(|faults| &mut faults.sftp.silent_after)),
    ("sftp-wrong-sizes", Value::Nothing(|faults| &mut faults.sftp.wrong_sizes)),
    ("sftp-short-reads", Value::Nothing(|faults| &mut faults.sftp.short_reads)),
    ("sftp-asks-password", Value::Nothing(|faults| &mut faults.sftp.asks_for_password)),
    ("sftp-ghost", Value::Text(|faults| &mut faults.sftp.ghost)),
    ("api-500", Value::Share(|faults| &mut faults.recommender.error_500)),
    ("api-429", Value::Share(|faults| &mut faults.recommender.too_many_429)),
    ("api-error-in-200", Value::Share(|faults| &mut faults.recommender.error_in_disguise)),
    ("api-half-json", Value::Share(|faults| &mut faults.recommender.half_json)),
    ("api-wrong-types", Value::Share(|faults| &mut faults.recommender.wrong_types)),
    ("api-drip", Value::Share(|faults| &mut faults.recommender.drip)),
    ("api-hang", Value::Share(|faults| &mut faults.recommender.hang)),
    ("api-slow", Value::Time(|faults| &mut faults.recommender.slow)),
    ("databricks-429", Value::Share(|faults| &mut faults.databricks.too_many_429)),
    ("databricks-503", Value::Share(|faults| &mut faults.databricks.unavailable_503)),
    ("databricks-pending", Value::Time(|faults| &mut faults.databricks.pending)),
    ("databricks-failed", Value::Text(|faults| &mut faults.databricks.failed)),
    ("databricks-expired-token", Value::Nothing(|faults| &mut faults.databricks.expired_token)),
    ("databricks-expired-links", Value::Nothing(|faults| &mut faults.databricks.expired_links)),
];

impl Faults {
    /// Parses a comma-separated list.
    ///
    /// # Errors
    /// A message for an unknown or repeated fault, a missing or invalid value, an empty list, or `sftp-cuts` without
    /// `sftp-cut`.
    pub(crate) fn parse(list: &str) -> Result<Faults, String> {
        let mut faults = Faults::default();
        let mut seen = Vec::new();
        for item in list.split(',').map(str::trim).filter(|item| !item.is_empty()) {
            let (name, text) = match item.split_once('=') {
                Some((name, text)) => (name.trim(), Some(text.trim())),
                None => (item, None),
            };
            let (name, value) = FAULTS.iter().find(|(known, _)| *known == name).ok_or_else(|| unknown(name))?;
            if seen.contains(name) {
                return Err(format!("{name} is there twice"));
            }
            seen.push(*name);
            value.set(&mut faults, text).map_err(|wanted| match text {
                Some(text) => format!("{name}={}: {wanted}", shown(text)),
                None => format!("{name} has no value: {wanted}"),
            })?;
        }
        if seen.is_empty() {
            return Err(format!("it is empty; there are {}", names().join(", ")));
        }
        if faults.sftp.cuts.is_some() && faults.sftp.cut_after.is_none() {
            return Err(
                "sftp-cuts says how many connections are cut; it needs sftp-cut, such as sftp-cut=2MB".to_owned()
            );
        }
        Ok(faults)
    }
}

impl Value {
    /// Sets the fault. The error is a hint on valid values.
    fn set(&self, faults: &mut Faults, text: Option<&str>) -> Result<(), &'static str> {
        const SIZE: &str = "write a size, such as 500kB or 2MB";
        const COUNT: &str = "write a whole number, such as 1";
        const SHARE: &str = "write a share from 0 to 1, such as 0.1";
        const TIME: &str = "write a time, such as 500ms, 3s or 2m";
        const TEXT: &str = "write a text without commas";
        const NOTHING: &str = "it takes no value";
        let given = text.filter(|text| !text.is_empty());
        match self {
            Value::Size(at) => *at(faults) = Some(given.and_then(size).ok_or(SIZE)?),
            Value::Count(at) => *at(faults) = Some(given.and_then(|text| text.parse().ok()).ok_or(COUNT)?),
            Value::Share(at) => *at(faults) = given.and_then(share).ok_or(SHARE)?,
            Value::Time(at) => *at(faults) = given.and_then(time).ok_or(TIME)?,
            Value::Text(at) => *at(faults) = Some(given.ok_or(TEXT)?.to_owned()),
            Value::Nothing(at) => *at(faults) = text.is_none().then_some(true).ok_or(NOTHING)?,
        }
        Ok(())
    }
}

fn unknown(name: &str) -> String {
    let known = names();
    match most_similar(name, &known) {
        Some(nearest) => format!("there is no fault {}; did you mean {nearest}?", quoted(name)),
        None => format!("there is no fault {}; there are {}", quoted(name), known.join(", ")),
    }
}

fn names() -> Vec<&'static str> {
    FAULTS.iter().map(|(name, _)| *name).collect()
}

/// Splits a text into number and unit, the unit in lower case.
fn with_unit(text: &str) -> Option<(f64, String)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim().to_ascii_lowercase()))
}

fn size(text: &str) -> Option<u64> {
    const MOST: f64 = 1e15;
    let (number, unit) = with_unit(text)?;
    let bytes = match unit.as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1_024.0,
        "mib" => 1_048_576.0,
        "gib" => 1_073_741_824.0,
        _ => return None,
    };
    // Formats and parses, because the value is far below 2^64.
    (number * bytes <= MOST).then(|| format!("{:.0}", number * bytes).parse().ok()).flatten()
}

fn share(text: &str) -> Option<f64> {
    text.parse().ok().filter(|share| (0.0..=1.0).contains(share))
}

fn time(text: &str) -> Option<Duration> {
    const LONGEST: f64 = 86_400.0;
    let (number, unit) = with_unit(text)?;
    let seconds = match unit.as_str() {
        "ms" => 0.001,
        "s" => 1.0,
        "m" | "min" => 60.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number * seconds).ok().filter(|time| time.as_secs_f64() <= LONGEST)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_goes_where_it_belongs() {
        let list = "sftp-cut=2MB, sftp-cuts=3,sftp-silent=1.5kib,sftp-wrong-sizes,api-500=0.1,api-429=1,api-slow=3s,\
                    databricks-429=0.2,databricks-503=0,databricks-pending=500ms,databricks-failed=no such table";
        let Faults { sftp, recommender, databricks } = Faults::parse(list).unwrap();
        assert_eq!((sftp.cut_after, sftp.cuts, sftp.silent_after), (Some(2_000_000), Some(3), Some(1_536)));
        assert!(sftp.wrong_sizes && !sftp.short_reads);
        assert_eq!((recommender.error_500, recommender.too_many_429, recommender.hang), (0.1, 1.0, 0.0));
        assert_eq!(recommender.slow, Duration::from_secs(3));
        assert_eq!((databricks.too_many_429, databricks.unavailable_503), (0.2, 0.0));
        assert_eq!(databricks.pending, Duration::from_millis(500));
        assert_eq!(databricks.failed.as_deref(), Some("no such table"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_mend() {
        for (list, expected) in [
            ("sftp-cutt=2MB", "there is no fault 'sftp-cutt'; did you mean sftp-cut?"),
            ("API-500=0.1", "there is no fault 'API-500'; did you mean api-500?"),
            ("zzz", "there is no fault 'zzz'; there are sftp-cut, "),
            ("", "it is empty; there are sftp-cut, "),
            ("sftp-cut=2 parsecs", "sftp-cut=2 parsecs: write a size, such as 500kB or 2MB"),
            ("sftp-cut=-1", "sftp-cut=-1: write a size"),
            ("sftp-cut", "sftp-cut has no value: write a size"),
            ("sftp-cuts=1", "it needs sftp-cut"),
            ("sftp-cut=1MB,sftp-cuts=1.5", "sftp-cuts=1.5: write a whole number"),
            ("api-500=10%", "api-500=10%: write a share from 0 to 1, such as 0.1"),
            ("api-500=1.1", "api-500=1.1: write a share"),
            ("api-500=NaN", "api-500=NaN: write a share"),
            ("api-slow=3", "api-slow=3: write a time, such as 500ms, 3s or 2m"),
            ("api-slow=3h", "api-slow=3h: write a time"),
            ("databricks-failed=", "databricks-failed=: write a text"),
            ("sftp-wrong-sizes=yes", "sftp-wrong-sizes=yes: it takes no value"),
            ("api-500=0.1,api-500=0.2", "api-500 is there twice"),
        ] {
            let found = Faults::parse(list).unwrap_err();
            assert!(found.contains(expected), "{list}: {found}");
        }
    }

    #[test]
    fn sizes_have_units() {
        for (text, expected) in [
            ("10", Some(10)),
            ("10B", Some(10)),
            ("500kB", Some(500_000)),
            ("2 MB", Some(2_000_000)),
            ("2MiB", Some(2_097_152)),
            ("1GB", Some(1_000_000_000)),
            ("0.5MB", Some(500_000)),
            ("MB", None),
            ("1.2.3MB", None),
            ("99999999999GB", None),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
    }
}
