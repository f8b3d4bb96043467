//! The fields of the settings, each with what is wrong with it or what it means.

use btcfake_core::calendar::{BusinessZone, Calendar};
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::input::InputRole;
use leptos::prelude::*;

use super::break_fields::break_fields;
use super::file_field::FileField;
use super::parts::{details, handler};
use super::remembered::remember_settings;
use super::settings_form::{current_time, drawn_seed};
use super::state::PageState;
use super::words::clock_text;

#[component]
pub(super) fn SettingsFields(state: PageState) -> impl IntoView {
    let template = state.slot(InputRole::UserCompletionTemplate).file;
    let is_unusual = move || state.settings.has_other_habits() || template.with(|file| file.picked().is_some());
    let more = view! {
        <div class="field-grid">
            <ZoneField state/>
            <RequestIdField state/>
        </div>
        <MarkField state/>
        <BadRowsField state/>
        <FileField state role=InputRole::UserCompletionTemplate/>
    }
    .into_any();
    view! {
        <div class="field-grid">
            <SeedField state/>
            <NowField state/>
        </div>
        {details("More settings", is_unusual, more)}
        {break_fields(state)}
    }
}

#[component]
fn SeedField(state: PageState) -> impl IntoView {
    let form = state.settings;
    let fault = move || form.parsed_seed().err();
    let draw = move |_| change(state, form.seed, drawn_seed());
    view! {
        <div class="field">
            <label for="seed">"Seed"</label>
            <div class="with-button">
                <TextInput state id="seed" value=form.seed fault inputmode="numeric"/>
                <button type="button" on:click=handler(draw)>"New seed"</button>
            </div>
            <Fault id="seed" fault/>
            <p id="seed-about" class="hint">
                "A number that decides all chance: the same files, settings, time and seed give the same results again."
            </p>
        </div>
    }
}

#[component]
fn NowField(state: PageState) -> impl IntoView {
    let form = state.settings;
    let fault = move || form.parsed_now().err();
    let set_now = move |_| change(state, form.now, current_time());
    let meaning = move || match (form.parsed_now(), form.parsed_zone.get()) {
        (Ok(now), Ok(zone)) => meaning(&Calendar::of(now, zone)),
        _ => "Without an offset such as +01:00 it is UTC.".to_owned(),
    };
    view! {
        <div class="field">
            <label for="now">"Date and time of the run"</label>
            <div class="with-button">
                <TextInput state id="now" value=form.now fault inputmode="text"/>
                <button type="button" on:click=handler(set_now)>"Now"</button>
            </div>
            <Fault id="now" fault/>
            <p id="now-about" class="hint">{meaning}</p>
        </div>
    }
}

#[component]
fn ZoneField(state: PageState) -> impl IntoView {
    let form = state.settings;
    let fault = move || form.parsed_zone.get().err();
    // Some six hundred names, which nobody needs before the field is used.
    let (used, set_used) = signal(false);
    let names = move || if used.get() { zone_options() } else { String::new() };
    view! {
        <div class="field" on:focusin=handler(move |_| set_used.set(true))>
            <label for="zone">"Time zone"</label>
            <TextInput state id="zone" value=form.zone fault inputmode="text" attr:list="zone-names"/>
            <datalist id="zone-names" inner_html=names></datalist>
            <Fault id="zone" fault/>
            <p id="zone-about" class="hint">
                "The business time zone: it decides which day today is, and when a week begins and ends. UTC is usual."
            </p>
        </div>
    }
}

#[component]
fn RequestIdField(state: PageState) -> impl IntoView {
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
}

#[component]
fn MarkField(state: PageState) -> impl IntoView {
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
}

#[component]
fn BadRowsField(state: PageState) -> impl IntoView {
    let skip = move || state.settings.bad_rows.get() == BadRows::Skip;
    let on_change = move |event| {
        state.set_bad_rows(if event_target_checked(&event) { BadRows::Skip } else { BadRows::Refuse });
        remember_settings(state.settings);
    };
    view! {
        <div class="check">
            <input type="checkbox" id="skip" autocomplete="off" prop:checked=skip on:change=handler(on_change)/>
            <label for="skip">"Skip bad rows of employees.csv"</label>
        </div>
    }
}

/// The names of all zones as HTML, which is faster than one view for each. No name holds a character that means something
/// in HTML.
fn zone_options() -> String {
    BusinessZone::all_names().map(|name| format!("<option value=\"{name}\"></option>")).collect()
}

/// A text field that tells its value with each key.
#[component]
fn TextInput(
    state: PageState,
    id: &'static str,
    value: RwSignal<String>,
    fault: impl Fn() -> Option<String> + Send + Sync + 'static,
    inputmode: &'static str,
) -> impl IntoView {
    let described_by = format!("{id}-fault {id}-about");
    view! {
        <input
            type="text"
            id=id
            inputmode=inputmode
            autocomplete="off"
            spellcheck="false"
            aria-describedby=described_by
            aria-invalid=move || fault().is_some().to_string()
            prop:value=value
            on:input=handler(move |event| change(state, value, event_target_value(&event)))
        />
    }
}

/// What is wrong with a field; its place is always there, so that a change is announced.
#[component]
fn Fault(id: &'static str, fault: impl Fn() -> Option<String> + Send + Sync + 'static) -> impl IntoView {
    let text = move || fault().map(|why| format!("Error: {why}."));
    view! { <p id=format!("{id}-fault") class="fault" aria-live="polite">{text}</p> }.into_any()
}

pub(super) fn change<T: Send + Sync + 'static>(state: PageState, setting: RwSignal<T>, value: T) {
    setting.set(value);
    changed(state);
}

fn changed(state: PageState) {
    state.edited();
    remember_settings(state.settings);
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
    use btcfake_core::settings::parse_now;

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
