//! The settings that most runs leave as they are.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::BusinessZone;
use leptos::prelude::*;

use crate::page::components::{checkbox, fault_place, fault_text, handler, markup, text};
use crate::page::feed::inputs::break_fields::break_fields;
use crate::page::feed::inputs::field::{change, changed};
use crate::page::feed::inputs::file_row::file_row;
use crate::page::recipe::link_view;
use crate::page::remembered::remember_settings;
use crate::page::state::PageState;

/// The fields.
pub(crate) fn more_settings(state: PageState) -> AnyView {
    markup! {
        <div class="field-grid">
            {zone_field(state)}
            {request_id_field(state)}
        </div>
        {mark_field(state)}
        {bad_rows_field(state)}
        <ul class="file-rows" aria-label="Template">
            {file_row(state, InputRole::UserCompletionTemplate, Signal::stored(true), Signal::stored(true))}
        </ul>
        {break_fields(state)}
        {link_view(state)}
    }
}

fn zone_field(state: PageState) -> AnyView {
    let form = state.settings;
    let fault = fault_text(move || form.parsed_zone.get().err());
    // The list has some six hundred names, so it is made when the field is first used.
    let (used, set_used) = signal(false);
    let names = move || if used.get() { zone_options() } else { String::new() };
    markup! {
        <div class="field" on:focusin=handler(move |_| set_used.set(true))>
            <label for="zone">"Time zone"</label>
            <input
                type="text"
                id="zone"
                list="zone-names"
                autocomplete="off"
                spellcheck="false"
                aria-describedby="zone-fault zone-about"
                aria-invalid=text(move || fault.with(|fault| !fault.is_empty()).to_string())
                prop:value=form.zone
                on:input=handler(move |event| change(state, form.zone, event_target_value(&event)))
            />
            <datalist id="zone-names" inner_html=names></datalist>
            {fault_place("zone", fault)}
            <p id="zone-about" class="hint">
                "Decides which day today is, and when a week begins and ends."
            </p>
        </div>
    }
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
    markup! {
        <div class="field">
            <label for="request-id">"RequestId style"</label>
            <select id="request-id" autocomplete="off" aria-describedby="request-id-about" on:change=handler(on_change)>
                <option value="numeric" prop:selected=move || !is_fake_day()>"Numbers, as the vendor's"</option>
                <option value="fake-day" prop:selected=is_fake_day>"fake:DD, with today's day"</option>
            </select>
            <p id="request-id-about" class="hint">
                "With fake:DD, the rows of this run are easy to find in a table."
            </p>
        </div>
    }
}

fn mark_field(state: PageState) -> AnyView {
    let mark = state.settings.byte_order_mark;
    let label = "Byte order mark (BOM) at the start of the first two files".to_owned();
    checkbox("mark", label, move || mark.get(), move |is_ticked| change(state, mark, is_ticked))
}

fn bad_rows_field(state: PageState) -> AnyView {
    let skip = move || state.settings.bad_rows.get() == BadRows::Skip;
    let tick = move |is_ticked| {
        state.set_bad_rows(if is_ticked { BadRows::Skip } else { BadRows::Refuse });
        remember_settings(state);
    };
    checkbox("skip", "Skip bad rows of employees.csv".to_owned(), skip, tick)
}

/// The names of all zones as HTML, which is faster than a view for each. No name needs escaping.
fn zone_options() -> String {
    BusinessZone::all_names().map(|name| format!("<option value=\"{name}\"></option>")).collect()
}
