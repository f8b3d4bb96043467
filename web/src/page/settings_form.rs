//! The form of the settings. Typed texts are parsed when a run needs them. The browser's clock and random source are used here.

use btcfake_core::breakage::{BreakList, Breakage, Fault, MOST_ROWS};
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::instant::instant_text;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::plan::settings::{NowError, Settings, parse_now};
use chrono::{DateTime, Utc};
use leptos::prelude::*;

/// The upper limit of drawn seeds, exclusive: six digits can be read out to others.
const DRAWN_SEEDS: u64 = 1_000_000;

/// The form of the settings.
#[derive(Clone, Copy)]
pub(crate) struct SettingsForm {
    /// The seed.
    pub(crate) seed: RwSignal<String>,
    /// The instant of the run in UTC: date, `T`, time and `Z`. Date and time are those of the pickers, which may be empty.
    pub(crate) now: RwSignal<String>,
    /// The name of the business time zone.
    pub(crate) zone: RwSignal<String>,
    /// Whether the first two files begin with a byte order mark.
    pub(crate) byte_order_mark: RwSignal<bool>,
    /// How RequestIds are written.
    pub(crate) request_id: RwSignal<RequestIdStyle>,
    /// What happens to bad rows of employees.csv.
    pub(crate) bad_rows: RwSignal<BadRows>,
    /// The mix, if it overrides the types of employees.csv. A made-up population always has one.
    pub(crate) mix: RwSignal<Option<Mix>>,
    /// The made-up population, if it replaces employees.csv.
    pub(crate) population: RwSignal<Option<NewPopulation>>,
    /// What is broken on purpose, in the order of [`Fault::ALL`].
    pub(crate) faults: [RwSignal<FaultChoice>; Fault::ALL.len()],
    /// The time zone, or its error. A memo, because the search for a similar name takes a while.
    pub(crate) parsed_zone: Memo<Result<BusinessZone, String>>,
}

/// The choice of a fault: the typed number of rows for each file, in the order of [`FeedFile::ALL`]; `None` for a file without
/// the fault.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FaultChoice(pub(crate) [Option<String>; FeedFile::ALL.len()]);

impl FaultChoice {
    /// Whether any file has the fault.
    pub(crate) fn is_chosen(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }
}

fn breakage(fault: Fault, file: FeedFile, rows: &str) -> Result<Breakage, String> {
    let rows = rows.trim().parse().ok().filter(|rows| (1..=MOST_ROWS).contains(rows));
    let rows = rows.ok_or_else(|| format!("{}: write how many rows, from 1 to {MOST_ROWS}", fault.name()))?;
    Ok(Breakage { fault, file, rows })
}

impl SettingsForm {
    /// A form with a drawn seed, the current time, and defaults.
    pub(crate) fn new() -> SettingsForm {
        let zone = RwSignal::new(BusinessZone::UTC.name().to_owned());
        SettingsForm {
            seed: RwSignal::new(drawn_seed()),
            now: RwSignal::new(current_time()),
            zone,
            parsed_zone: Memo::new(move |_| zone.with(|name| parse_zone(name))),
            byte_order_mark: RwSignal::new(false),
            request_id: RwSignal::new(RequestIdStyle::default()),
            bad_rows: RwSignal::new(BadRows::default()),
            mix: RwSignal::new(None),
            population: RwSignal::new(None),
            faults: std::array::from_fn(|_| RwSignal::new(FaultChoice::default())),
        }
    }

    /// Sets all fields, except the faults.
    pub(crate) fn set(&self, settings: &Settings) {
        self.seed.set(settings.seed.to_string());
        self.now.set(instant_text(settings.now));
        // A made-up population without a mix has the usual one; the page shows it as a mix.
        self.mix.set(settings.mix.or(settings.population.map(|_| Mix::USUAL)));
        self.population.set(settings.population);
        self.set_habits(settings);
    }

    /// Sets the fields that rarely change from run to run.
    pub(crate) fn set_habits(&self, settings: &Settings) {
        self.zone.set(settings.time_zone.name().to_owned());
        self.byte_order_mark.set(settings.byte_order_mark);
        self.request_id.set(settings.request_id);
        self.bad_rows.set(settings.bad_rows);
    }

    /// Removes the made-up population, with its mix.
    pub(crate) fn without_population(&self) {
        if self.population.get_untracked().is_some() {
            self.population.set(None);
            self.mix.set(None);
        }
    }

    /// Whether any field that rarely changes differs from its default.
    pub(crate) fn has_other_habits(&self) -> bool {
        self.parsed_zone.get() != Ok(BusinessZone::UTC)
            || self.byte_order_mark.get()
            || self.request_id.get() != RequestIdStyle::default()
            || self.bad_rows.get() != BadRows::default()
    }

    /// The number of chosen faults.
    pub(crate) fn chosen_faults(&self) -> usize {
        self.faults.iter().filter(|choice| choice.with(FaultChoice::is_chosen)).count()
    }

    /// Whether any fault is chosen.
    pub(crate) fn breaks_something(&self) -> bool {
        self.chosen_faults() > 0
    }

    /// The chosen faults, or the error of one.
    pub(crate) fn break_list(&self) -> Result<BreakList, String> {
        let mut breakages = Vec::new();
        for (fault, choice) in Fault::ALL.iter().copied().zip(self.faults) {
            for (file, rows) in FeedFile::ALL.iter().copied().zip(choice.get().0) {
                if let Some(rows) = rows {
                    breakages.push(breakage(fault, file, &rows)?);
                }
            }
        }
        BreakList::new(breakages).map_err(|error| error.to_string())
    }

    /// Chooses the faults of a list, and no others.
    pub(crate) fn set_breaks(&self, list: &BreakList) {
        for (fault, choice) in Fault::ALL.iter().copied().zip(self.faults) {
            let mut wanted = FaultChoice::default();
            for one in list.breakages().iter().filter(|one| one.fault == fault) {
                wanted.0[one.file as usize] = Some(one.rows.to_string());
            }
            choice.set(wanted);
        }
    }

    /// The seed as a number, or its error.
    pub(crate) fn parsed_seed(&self) -> Result<u64, String> {
        self.seed.with(|text| parse_seed(text))
    }

    /// The instant of the run, or its error.
    pub(crate) fn parsed_now(&self) -> Result<DateTime<Utc>, String> {
        self.now.with(|text| parse_now(text)).map_err(|error| match error {
            NowError::NoInstant { .. } => "choose a date and a time".to_owned(),
            NowError::OutOfReach { .. } => error.to_string(),
        })
    }

    /// All settings, or the errors of all fields, in sentences.
    pub(crate) fn settings(&self) -> Result<Settings, Vec<String>> {
        match (self.parsed_seed(), self.parsed_now(), self.parsed_zone.get(), self.break_list()) {
            (Ok(seed), Ok(now), Ok(time_zone), Ok(_)) => Ok(Settings {
                time_zone,
                byte_order_mark: self.byte_order_mark.get(),
                request_id: self.request_id.get(),
                bad_rows: self.bad_rows.get(),
                mix: self.mix.get(),
                population: self.population.get(),
                ..Settings::new(now, seed)
            }),
            (seed, now, zone, faults) => {
                let wrong = [
                    ("Seed", seed.err()),
                    ("Date and time", now.err()),
                    ("Time zone", zone.err()),
                    ("Break on purpose", faults.err()),
                ];
                Err(wrong.into_iter().filter_map(|(label, why)| Some(format!("{label}: {}.", why?))).collect())
            }
        }
    }
}

/// A seed from the browser's random source, from 0 to 999,999.
pub(crate) fn drawn_seed() -> String {
    // No browser that runs this page lacks a random source; if one did, the clock would do.
    let drawn = getrandom::u64().unwrap_or_else(|_| js_sys::Date::now().to_bits());
    (drawn % DRAWN_SEEDS).to_string()
}

/// The current time in UTC, cut to the minute: `2026-01-29T18:00:00Z`.
pub(crate) fn current_time() -> String {
    let text = String::from(js_sys::Date::new_0().to_iso_string());
    match text.get(..16) {
        Some(to_the_minute) => format!("{to_the_minute}:00Z"),
        None => text,
    }
}

/// Date and time of an instant in the form of [`SettingsForm::now`].
pub(crate) fn now_parts(now: &str) -> [String; 2] {
    let (date, time) = now.trim_end_matches('Z').split_once('T').unwrap_or_default();
    [date, time].map(str::to_owned)
}

fn parse_zone(name: &str) -> Result<BusinessZone, String> {
    match name.trim() {
        "" => Ok(BusinessZone::UTC),
        name => name.parse::<BusinessZone>().map_err(|error| error.to_string()),
    }
}

fn parse_seed(text: &str) -> Result<u64, String> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{} is no seed; digits only", btcfake_core::text::visible::quoted(text)));
    }
    text.parse().map_err(|_| format!("'{text}' is too large; the largest seed is {}", u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_digits_up_to_64_bits() {
        for (text, expected) in [
            (" 42 ", Ok(42)),
            ("18446744073709551615", Ok(u64::MAX)),
            ("", Err("'' is no seed; digits only")),
            ("+1", Err("'+1' is no seed; digits only")),
            (
                "18446744073709551616",
                Err("'18446744073709551616' is too large; the largest seed is 18446744073709551615"),
            ),
        ] {
            assert_eq!(parse_seed(text).as_ref().map_err(String::as_str), expected.as_ref().map_err(|e| *e), "{text}");
        }
    }
}
