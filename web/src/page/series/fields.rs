//! The fields of a series, each with its error, and the time that they span.

use btcfake_core::plan::rhythm::{SeriesPlan, parse_day, parse_time};
use chrono::NaiveDate;
use leptos::prelude::*;

use super::form::SeriesForm;
use super::making::SeriesState;
use crate::page::components::{checkbox, fault_place, fault_text, handler, markup, picker, text};
use crate::page::words::{day_text, stamp_text, time_text};

/// All fields.
pub(crate) fn series_fields(state: SeriesState) -> AnyView {
    let SeriesForm { from, days, at, weekdays } = state.form;
    let span = text(move || span_text(state).unwrap_or_default());
    let tick_weekdays = move |is_ticked| {
        weekdays.set(is_ticked);
        state.edited();
    };
    markup! {
        <div class="series-fields">
            {field(state, LineField { id: "first-day", label: "First day", kind: "date", value: from },
                fault_text(move || from.with(|from| parse_day(from)).err().map(|error| error.to_string())))}
            {field(state, LineField { id: "time-of-day", label: "Time of day", kind: "time", value: at },
                fault_text(move || at.with(|at| parse_time(at)).err().map(|error| error.to_string())))}
            {field(state, LineField { id: "days", label: "Days", kind: "number", value: days },
                fault_text(move || state.form.parsed_days().err()))}
            {checkbox("weekdays", "Weekdays only".to_owned(), move || weekdays.get(), tick_weekdays)}
        </div>
        <p class="hint">{span}</p>
    }
}

/// A field for one line of text.
struct LineField {
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    value: RwSignal<String>,
}

fn field(state: SeriesState, field: LineField, fault: Signal<String>) -> AnyView {
    let LineField { id, label, kind, value } = field;
    let on_input = move |event| {
        value.set(event_target_value(&event));
        state.edited();
    };
    let people = text(move || match kind {
        "date" => value.with(|day| parse_day(day)).map_or_else(|_| String::new(), day_text),
        "time" => {
            let today = NaiveDate::default();
            value.with(|time| parse_time(time)).map_or_else(|_| String::new(), |time| time_text(today.and_time(time)))
        }
        _ => String::new(),
    });
    let input = view! {
            <input
                type=kind
                id=id
                min=(kind == "number").then_some("1")
                autocomplete="off"
                aria-describedby=format!("{id}-fault")
                aria-invalid=text(move || (!fault.with(String::is_empty)).to_string())
                prop:value=value
                on:input=handler(on_input)
            />
    };
    let input = if kind == "number" { input.into_any() } else { picker(input.into_any(), people) };
    markup! {
        <div class="field">
            <label for=id>{label}</label>
            {input}
            {fault_place(id, fault)}
        </div>
    }
}

/// The first and the last instant of the series, on the wall clock of the time zone.
fn span_text(state: SeriesState) -> Option<String> {
    let last = state.form.last_day().ok()?;
    let zone = state.page.settings.parsed_zone.get().ok()?;
    match SeriesPlan::new(last.rhythm, last.day, zone) {
        Ok(plan) => {
            let clock = |instant: Option<&_>| instant.map(|instant| stamp_text(zone.wall_clock(*instant)));
            let (first, last) = (clock(plan.instants().first())?, clock(plan.instants().last())?);
            Some(format!("From {first} to {last}, in {}.", zone.name()))
        }
        Err(problem) => Some(format!("Not possible: {problem}.")),
    }
}
