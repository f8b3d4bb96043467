//! The fields of a series as they are typed, and their parsed values.

use btcfake_core::plan::rhythm::{NoTime, Rhythm, SeriesDay, SeriesPlan, parse_day, parse_time, time_text};
use leptos::prelude::*;

use crate::page::settings_form::current_time;

/// The fields as they are typed.
#[derive(Clone, Copy)]
pub(crate) struct SeriesForm {
    /// The first day.
    pub(crate) from: RwSignal<String>,
    /// The number of days.
    pub(crate) days: RwSignal<String>,
    /// The time of day.
    pub(crate) at: RwSignal<String>,
    /// Whether Saturdays and Sundays are left out.
    pub(crate) weekdays: RwSignal<bool>,
}

impl SeriesForm {
    /// Five days from today (UTC) on.
    pub(crate) fn new() -> SeriesForm {
        SeriesForm {
            from: RwSignal::new(current_time().chars().take("2026-01-29".len()).collect()),
            days: RwSignal::new("5".to_owned()),
            at: RwSignal::new(time_text(Rhythm::USUAL_TIME)),
            weekdays: RwSignal::new(false),
        }
    }

    /// The number of days, or why the text is none.
    pub(crate) fn parsed_days(self) -> Result<u32, String> {
        let most = SeriesPlan::MOST_DAYS;
        let days = self.days.with(|days| days.trim().parse().ok());
        days.filter(|days| (1..=most).contains(days)).ok_or_else(|| format!("a number from 1 to {most} is needed"))
    }

    /// The last day of the series, in which no sample continues, or everything that is wrong, in sentences.
    pub(crate) fn last_day(self) -> Result<SeriesDay, Vec<String>> {
        let (from, days, at) =
            (self.from.with(|from| parse_day(from)), self.parsed_days(), self.at.with(|at| parse_time(at)));
        match (from, days, at) {
            (Ok(from), Ok(day), Ok(at)) => Ok(SeriesDay {
                rhythm: Rhythm { from, at, weekdays: self.weekdays.get(), continues_sample: false },
                day,
            }),
            (from, days, at) => {
                let text = |error: NoTime| error.to_string();
                let wrong =
                    [("First day", from.err().map(text)), ("Days", days.err()), ("Time of day", at.err().map(text))];
                Err(wrong.into_iter().filter_map(|(label, why)| Some(format!("{label}: {}.", why?))).collect())
            }
        }
    }
}
