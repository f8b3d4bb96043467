//! The settings of a run, from Python's arguments to the JSON in which tasks get them.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::rhythm::{Rhythm, SeriesDay, SeriesPlan, parse_day, parse_time};
use btcfake_core::plan::settings::{Settings, parse_now};
use chrono::{DateTime, Utc};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::refusal;

/// The settings as JSON. `new_population` is a number of employees, as text because Python's numbers have no limit.
///
/// # Errors
/// An invalid setting is a `ValueError` whose arguments are the setting's name and the reason.
#[pyfunction]
#[pyo3(signature = (*, now, seed, time_zone, mix, byte_order_mark, request_id, skip_bad_rows, new_population, ids))]
#[allow(clippy::too_many_arguments)]
pub(crate) fn settings(
    now: &str,
    seed: u64,
    time_zone: &str,
    mix: Option<&str>,
    byte_order_mark: bool,
    request_id: &str,
    skip_bad_rows: bool,
    new_population: Option<&str>,
    ids: Option<&str>,
) -> PyResult<String> {
    let settings = Settings {
        time_zone: of_setting("time_zone", time_zone.parse())?,
        byte_order_mark,
        request_id: request_id_style(request_id)?,
        bad_rows: if skip_bad_rows { BadRows::Skip } else { BadRows::Refuse },
        mix: mix.map(|mix| of_setting("mix", mix.parse())).transpose()?,
        population: population(new_population, ids)?,
        ..Settings::new(of_setting("now", parse_now(now))?, seed)
    };
    serde_json::to_string(&settings).map_err(refusal)
}

/// The days of a series, each with its settings and its place in the series as JSON, and its date.
///
/// # Errors
/// An invalid setting is a `ValueError` as in [`settings`].
#[pyfunction]
pub(crate) fn series_days(
    settings: &str,
    start: &str,
    at: &str,
    weekdays: bool,
    continue_sample: bool,
    days: u32,
) -> PyResult<Vec<(String, String, String)>> {
    let settings: Settings = serde_json::from_str(settings).map_err(refusal)?;
    let (from, at) = (of_setting("start", parse_day(start))?, of_setting("at", parse_time(at))?);
    let rhythm = Rhythm { from, at, weekdays, continues_sample: continue_sample };
    let plan = of_setting("days", SeriesPlan::new(rhythm, days, settings.time_zone))?;
    let of_day = |(day, now): (u32, &DateTime<Utc>)| {
        let json = |value: serde_json::Result<String>| value.map_err(refusal);
        let settings_of_day = json(serde_json::to_string(&Settings { now: *now, ..settings }))?;
        let date = settings.time_zone.date_of(*now).to_string();
        Ok((settings_of_day, json(serde_json::to_string(&SeriesDay { rhythm, day }))?, date))
    };
    (1..).zip(plan.instants()).map(of_day).collect()
}

fn request_id_style(name: &str) -> PyResult<RequestIdStyle> {
    let style = serde_json::from_value(name.into());
    of_setting("request_id", style.map_err(|_| format!("'{name}' is no style; 'numeric' and 'fake-day' are")))
}

fn population(employees: Option<&str>, ids: Option<&str>) -> PyResult<Option<NewPopulation>> {
    let ids = ids.map(|ids| of_setting("ids", ids.parse::<IdRange>())).transpose()?;
    match employees {
        Some(employees) => {
            let employees = of_setting("employees", NewPopulation::parse_count(employees))?;
            of_setting("employees", NewPopulation::new(employees, ids.unwrap_or(IdRange::USUAL))).map(Some)
        }
        None if ids.is_some() => {
            of_setting("ids", Err("a range of ids is for a new population: employees is then a number"))
        }
        None => Ok(None),
    }
}

fn of_setting<T, E: ToString>(setting: &str, value: Result<T, E>) -> PyResult<T> {
    value.map_err(|reason| PyValueError::new_err((setting.to_owned(), reason.to_string())))
}
