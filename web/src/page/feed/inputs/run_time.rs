//! The date and time of the run in UTC, with the browser's own pickers.

use btcfake_core::plan::calendar::{BusinessZone, Calendar};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use leptos::ev::Event;
use leptos::html::Input;
use leptos::prelude::*;

use crate::page::components::{Action, Rank, fault_place, fault_text, follow, handler, markup, picker, text};
use crate::page::feed::inputs::field::change;
use crate::page::settings_form::{current_time, now_parts};
use crate::page::state::PageState;
use crate::page::words::{day_text, short_clock, time_text};

/// The fields, with the instant explained below them.
pub(crate) fn run_time(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_now().err());
    let day = text(move || form.parsed_now().map_or_else(|_| String::new(), |now| day_text(now.date_naive())));
    let time = text(move || form.parsed_now().map_or_else(|_| String::new(), |now| time_text(now.naive_utc())));
    let explanation = text(move || match (form.parsed_now(), form.parsed_zone.get()) {
        (Ok(now), Ok(zone)) => instant_explained(&Calendar::of(now, zone), local_offset(now), [short_clock, time_text]),
        _ => String::new(),
    });
    let now = Action::new("Now").ranked(Rank::Bare).button(move || change(state, form.now, current_time()));
    markup! {
        <div class="row">
            <h2 id="settings-heading">"Run"</h2>
            <span class="push">{now}</span>
        </div>
        <div class="run-time">
            {part_field(state, PartField { id: "run-date", label: "Date", kind: "date", is_date: true }, day, fault)}
            {part_field(state, PartField { id: "run-time", label: "Time (UTC)", kind: "time", is_date: false }, time, fault)}
        </div>
        {fault_place("now", fault)}
        <p id="now-about" class="hint">{explanation}</p>
    }
}

/// A field for one part of the instant: its date or its time.
struct PartField {
    id: &'static str,
    label: &'static str,
    kind: &'static str,
    is_date: bool,
}

fn part_field(state: PageState, field: PartField, people: Signal<String>, fault: Signal<String>) -> AnyView {
    let PartField { id, label, kind, is_date } = field;
    let (form, node) = (state.settings, NodeRef::<Input>::new());
    follow(move || {
        let [date, time] = form.now.with(|now| now_parts(now));
        let part = if is_date { date } else { time };
        // Setting the same value again would discard a half-edited one.
        if let Some(input) = node.get().filter(|input| input.value() != part) {
            input.set_value(&part);
        }
    });
    let on_input = move |event: Event| {
        let [date, time] = form.now.with_untracked(|now| now_parts(now));
        let part = event_target_value(&event);
        let [date, time] = if is_date { [part, time] } else { [date, part] };
        change(state, form.now, format!("{date}T{time}Z"));
    };
    let input = markup! {
        <input
            type=kind
            id=id
            node_ref=node
            step="1"
            min=is_date.then_some("1970-01-01")
            max=is_date.then_some("9998-12-31")
            autocomplete="off"
            aria-describedby="now-fault now-about"
            aria-invalid=text(move || fault.with(|fault| !fault.is_empty()).to_string())
            on:input=handler(on_input)
        />
    };
    markup! { <div class="field"><label for=id>{label}</label>{picker(input, people)}</div> }
}

/// How far the browser's clock is ahead of UTC at an instant.
fn local_offset(now: DateTime<Utc>) -> TimeDelta {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of this age")]
    let date = js_sys::Date::new(&(now.timestamp_millis() as f64).into());
    #[allow(clippy::cast_possible_truncation, reason = "whole minutes, fewer than a day's")]
    TimeDelta::minutes(-date.get_timezone_offset() as i64)
}

/// An instant explained: its wall-clock time in the zone, or in the browser's if the zone is UTC, and the window
/// of new assignments. `forms` format a day with its time, and a time.
fn instant_explained(calendar: &Calendar, local: TimeDelta, forms: [fn(NaiveDateTime) -> String; 2]) -> String {
    let Calendar { now, zone, window, .. } = *calendar;
    let clock = |instant| zone.wall_clock(instant);
    let [short_clock, time_text] = forms;
    let (there, place) = match zone == BusinessZone::UTC {
        true => (now.naive_utc() + local, "on this computer's clock".to_owned()),
        false => (clock(now), format!("in {}", city(zone))),
    };
    let same_day = there.date() == now.date_naive();
    let there = match there == now.naive_utc() {
        true => String::new(),
        false if same_day => format!("{} {place}. ", time_text(there)),
        false => format!("{} {place}. ", short_clock(there)),
    };
    let [start, due] = [window.start, window.due].map(|end| short_clock(clock(end)));
    format!("{there}New assignments ({}): {start} to {due}.", city(zone))
}

/// The place that a zone is named after: `New York` for `America/New_York`.
fn city(zone: BusinessZone) -> String {
    zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcfake_core::plan::settings::parse_now;

    #[test]
    fn an_instant_is_explained_on_the_clock_of_people() {
        let forms: [fn(NaiveDateTime) -> String; 2] =
            [|clock| clock.format("%a %-d %b %H:%M").to_string(), |clock| clock.format("%H:%M").to_string()];
        for (now, zone, offset, expected) in [
            (
                "2026-01-29T18:00:00Z",
                "America/New_York",
                0,
                "13:00 in New York. New assignments (New York): Mon 26 Jan 00:01 to Sat 31 Jan 13:13.",
            ),
            (
                "2026-01-29T18:00:05Z",
                "Asia/Tokyo",
                60,
                "Fri 30 Jan 03:00 in Tokyo. New assignments (Tokyo): Mon 26 Jan 00:01 to Sat 31 Jan 13:13.",
            ),
            (
                "2026-01-29T18:00:00Z",
                "UTC",
                60,
                "19:00 on this computer's clock. New assignments (UTC): Mon 26 Jan 00:01 to Sat 31 Jan 13:13.",
            ),
            ("2026-01-29T18:00:00Z", "UTC", 0, "New assignments (UTC): Mon 26 Jan 00:01 to Sat 31 Jan 13:13."),
        ] {
            let calendar = Calendar::of(parse_now(now).unwrap(), zone.parse().unwrap());
            assert_eq!(instant_explained(&calendar, TimeDelta::minutes(offset), forms), expected);
        }
    }
}
