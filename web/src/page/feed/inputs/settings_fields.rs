//! The fields of the settings, each with what is wrong with it or what it means.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::{BusinessZone, Calendar};
use leptos::prelude::*;

use crate::page::components::{details, handler, text};
use crate::page::feed::inputs::break_fields::break_fields;
use crate::page::feed::inputs::file_field::file_field;
use crate::page::remembered::remember_settings;
use crate::page::settings_form::{current_time, drawn_seed};
use crate::page::state::PageState;
use crate::page::words::clock_text;

/// All fields.
pub(crate) fn settings_fields(state: PageState) -> AnyView {
    let template = state.slot(InputRole::UserCompletionTemplate).file;
    let is_unusual = move || state.settings.has_other_habits() || template.with(|file| file.picked().is_some());
    let more = view! {
        <div class="field-grid">
            {zone_field(state)}
            {request_id_field(state)}
        </div>
        {mark_field(state)}
        {bad_rows_field(state)}
        {file_field(state, InputRole::UserCompletionTemplate)}
    }
    .into_any();
    view! {
        <div class="field-grid">
            {seed_field(state)}
            {now_field(state)}
        </div>
        {details("More settings", is_unusual, more)}
        {break_fields(state)}
    }
    .into_any()
}

fn seed_field(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_seed().err());
    let draw = move |_| change(state, form.seed, drawn_seed());
    view! {
        <div class="field">
            <label for="seed">"Seed"</label>
            <div class="with-button">
                {text_input(state, "seed", form.seed, fault, "numeric", None)}
                <button type="button" on:click=handler(draw)>"New seed"</button>
            </div>
            {fault_place("seed", fault)}
            <p id="seed-about" class="hint">
                "A number that decides all chance: the same files, settings, time and seed give the same results again."
            </p>
        </div>
    }
    .into_any()
}

fn now_field(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_now().err());
    let set_now = move |_| change(state, form.now, current_time());
    let meaning = text(move || match (form.parsed_now(), form.parsed_zone.get()) {
        (Ok(now), Ok(zone)) => meaning(&Calendar::of(now, zone)),
        _ => "Without an offset such as +01:00 it is UTC.".to_owned(),
    });
    view! {
        <div class="field">
            <label for="now">"Date and time of the run"</label>
            <div class="with-button">
                {text_input(state, "now", form.now, fault, "text", None)}
                <button type="button" on:click=handler(set_now)>"Now"</button>
            </div>
            {fault_place("now", fault)}
            <p id="now-about" class="hint">{meaning}</p>
        </div>
    }
    .into_any()
}

fn zone_field(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_zone.get().err());
    // Some six hundred names, which nobody needs before the field is used.
    let (used, set_used) = signal(false);
    let names = move || if used.get() { zone_options() } else { String::new() };
    view! {
        <div class="field" on:focusin=handler(move |_| set_used.set(true))>
            <label for="zone">"Time zone"</label>
            {text_input(state, "zone", form.zone, fault, "text", Some("zone-names"))}
            <datalist id="zone-names" inner_html=names></datalist>
            {fault_place("zone", fault)}
            <p id="zone-about" class="hint">
                "The business time zone: it decides which day today is, and when a week begins and ends. UTC is usual."
            </p>
        </div>
    }
    .into_any()
}

fn request_id_field(state: PageState) -> AnyView {
    let form = state.settings;
    let is_fake_day = move || form.request_id.get() == RequestIdStyle::FakeDay;
    let on_change = move |event| {
        let style =
            if event_target_value(&event) == "fake-day" { RequestIdStyle::FakeDay } else { RequestIdStyle::Numeric };
        form.request_id.set(style);
        changed(state);
    };
    view! {
        <div class="field">
            <label for="request-id">"RequestId style"</label>
            <select id="request-id" autocomplete="off" aria-describedby="request-id-about" on:change=handler(on_change)>
                <option value="numeric" prop:selected=move || !is_fake_day()>"Numbers, as the vendor's"</option>
                <option value="fake-day" prop:selected=is_fake_day>"fake:DD, with today's day"</option>
            </select>
            <p id="request-id-about" class="hint">
                "What stands in the column RequestId. With fake:DD, the rows of this run are easy to find in a table."
            </p>
        </div>
    }
    .into_any()
}

fn mark_field(state: PageState) -> AnyView {
    let form = state.settings;
    view! {
        <div class="check">
            <input
                type="checkbox"
                id="mark"
                autocomplete="off"
                prop:checked=form.byte_order_mark
                on:change=handler(move |event| change(state, form.byte_order_mark, event_target_checked(&event)))
            />
            <label for="mark">"Byte order mark (BOM) at the start of the first two files"</label>
        </div>
    }
    .into_any()
}

fn bad_rows_field(state: PageState) -> AnyView {
    let skip = move || state.settings.bad_rows.get() == BadRows::Skip;
    let on_change = move |event| {
        state.set_bad_rows(if event_target_checked(&event) { BadRows::Skip } else { BadRows::Refuse });
        remember_settings(state);
    };
    view! {
        <div class="check">
            <input type="checkbox" id="skip" autocomplete="off" prop:checked=skip on:change=handler(on_change)/>
            <label for="skip">"Skip bad rows of employees.csv"</label>
        </div>
    }
    .into_any()
}

/// The names of all zones as HTML, which is faster than one view for each. No name holds a character that means something
/// in HTML.
fn zone_options() -> String {
    BusinessZone::all_names().map(|name| format!("<option value=\"{name}\"></option>")).collect()
}

/// A text field that reports its value with each key.
fn text_input(
    state: PageState,
    id: &'static str,
    value: RwSignal<String>,
    fault: Signal<String>,
    inputmode: &'static str,
    list: Option<&'static str>,
) -> AnyView {
    let described_by = format!("{id}-fault {id}-about");
    view! {
        <input
            type="text"
            id=id
            inputmode=inputmode
            list=list
            autocomplete="off"
            spellcheck="false"
            aria-describedby=described_by
            aria-invalid=text(move || fault.with(|fault| !fault.is_empty()).to_string())
            prop:value=value
            on:input=handler(move |event| change(state, value, event_target_value(&event)))
        />
    }
    .into_any()
}

/// What is wrong with a field; its place is always there, so that a change is announced.
fn fault_place(id: &'static str, fault: Signal<String>) -> AnyView {
    view! { <p id=format!("{id}-fault") class="fault" aria-live="polite">{fault}</p> }.into_any()
}

fn fault_text(fault: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<String> {
    text(move || fault().map(|why| format!("Error: {why}.")).unwrap_or_default())
}

pub(crate) fn change<T: Send + Sync + 'static>(state: PageState, setting: RwSignal<T>, value: T) {
    setting.set(value);
    changed(state);
}

fn changed(state: PageState) {
    state.edited();
    remember_settings(state);
}

/// What an instant means for a run, on the wall clock of the zone.
fn meaning(calendar: &Calendar) -> String {
    let clock = |instant| clock_text(calendar.zone.wall_clock(instant));
    format!(
        "{} in {}. New assignments run from {} to {}.",
        clock(calendar.now),
        calendar.zone.name(),
        clock(calendar.window.start),
        clock(calendar.window.due),
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcfake_core::plan::settings::parse_now;

    #[test]
    fn an_instant_is_explained_on_the_wall_clock_of_the_zone() {
        let calendar = Calendar::of(parse_now("2026-01-29T18:00:00Z").unwrap(), "America/New_York".parse().unwrap());
        assert_eq!(
            meaning(&calendar),
            "Thursday, 29 January 2026, 13:00:00 in America/New_York. New assignments run from Monday, 26 January \
             2026, 00:01:00 to Saturday, 31 January 2026, 13:13:59."
        );
    }
}
