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

/// Sets a fault by the text of its value. The error is a hint on valid values.
type SetFault = fn(&mut Faults, Option<&str>) -> Result<(), &'static str>;

/// Faults by name.
const FAULTS: &[(&str, SetFault)] = &[
    ("sftp-cut", |faults, value| size(value).map(|value| faults.sftp.cut_after = Some(value))),
    ("sftp-cuts", |faults, value| count(value).map(|value| faults.sftp.cuts = Some(value))),
    ("sftp-silent", |faults, value| size(value).map(|value| faults.sftp.silent_after = Some(value))),
    ("sftp-wrong-sizes", |faults, value| nothing(value).map(|()| faults.sftp.wrong_sizes = true)),
    ("sftp-short-reads", |faults, value| nothing(value).map(|()| faults.sftp.short_reads = true)),
    ("sftp-asks-password", |faults, value| nothing(value).map(|()| faults.sftp.asks_for_password = true)),
    ("sftp-ghost", |faults, value| text(value).map(|value| faults.sftp.ghost = Some(value))),
    ("api-500", |faults, value| share(value).map(|value| faults.recommender.error_500 = value)),
    ("api-429", |faults, value| share(value).map(|value| faults.recommender.too_many_429 = value)),
    ("api-error-in-200", |faults, value| share(value).map(|value| faults.recommender.error_in_disguise = value)),
    ("api-half-json", |faults, value| share(value).map(|value| faults.recommender.half_json = value)),
    ("api-wrong-types", |faults, value| share(value).map(|value| faults.recommender.wrong_types = value)),
    ("api-drip", |faults, value| share(value).map(|value| faults.recommender.drip = value)),
    ("api-hang", |faults, value| share(value).map(|value| faults.recommender.hang = value)),
    ("api-slow", |faults, value| time(value).map(|value| faults.recommender.slow = value)),
    ("databricks-429", |faults, value| share(value).map(|value| faults.databricks.too_many_429 = value)),
    ("databricks-503", |faults, value| share(value).map(|value| faults.databricks.unavailable_503 = value)),
    ("databricks-pending", |faults, value| time(value).map(|value| faults.databricks.pending = value)),
    ("databricks-failed", |faults, value| text(value).map(|value| faults.databricks.failed = Some(value))),
    ("databricks-expired-token", |faults, value| nothing(value).map(|()| faults.databricks.expired_token = true)),
    ("databricks-expired-links", |faults, value| nothing(value).map(|()| faults.databricks.expired_links = true)),
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
            let (name, set) = FAULTS.iter().find(|(known, _)| *known == name).ok_or_else(|| unknown(name))?;
            if seen.contains(name) {
                return Err(format!("{name} is there twice"));
            }
            seen.push(*name);
            set(&mut faults, text).map_err(|wanted| match text {
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

fn size(text: Option<&str>) -> Result<u64, &'static str> {
    const MOST: f64 = 1e15;
    let bytes = text.and_then(with_unit).and_then(|(number, unit)| {
        let unit = match unit.as_str() {
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
        (number * unit <= MOST).then(|| format!("{:.0}", number * unit).parse().ok()).flatten()
    });
    bytes.ok_or("write a size, such as 500kB or 2MB")
}

fn count(text: Option<&str>) -> Result<u32, &'static str> {
    text.and_then(|text| text.parse().ok()).ok_or("write a whole number, such as 1")
}

fn share(text: Option<&str>) -> Result<f64, &'static str> {
    let share = text.and_then(|text| text.parse().ok()).filter(|share| (0.0..=1.0).contains(share));
    share.ok_or("write a share from 0 to 1, such as 0.1")
}

fn time(text: Option<&str>) -> Result<Duration, &'static str> {
    const LONGEST: f64 = 86_400.0;
    let seconds = text.and_then(with_unit).and_then(|(number, unit)| match unit.as_str() {
        "ms" => Some(number * 0.001),
        "s" => Some(number),
        "m" | "min" => Some(number * 60.0),
        _ => None,
    });
    let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    time.filter(|time| time.as_secs_f64() <= LONGEST).ok_or("write a time, such as 500ms, 3s or 2m")
}

fn text(text: Option<&str>) -> Result<String, &'static str> {
    text.filter(|text| !text.is_empty()).map(str::to_owned).ok_or("write a text without commas")
}

fn nothing(text: Option<&str>) -> Result<(), &'static str> {
    if text.is_none() { Ok(()) } else { Err("it takes no value") }
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
            assert_eq!(size(Some(text)).ok(), expected, "{text}");
        }
    }
}
