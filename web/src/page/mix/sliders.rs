//! The mix: three sliders with number fields, always 100 % together, and what is done with it.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::{MixError, parse_percent, percent};
use leptos::prelude::*;

use super::state::{Population, type_words};
use crate::page::components::{Action, handler, text};

/// The panel of the mix.
pub(crate) fn mix_panel(population: Population) -> AnyView {
    let fault = RwSignal::new(String::new());
    let shares = EmployeeType::ALL.map(|kind| share(population, kind, fault)).into_iter().collect_view();
    let settings = population.page.settings;
    let is_used = move || settings.mix.with(Option::is_some);
    let is_made_up = move || settings.population.with(Option::is_some);
    let about = text(move || match is_made_up() {
        true => "A new population is always made with this mix.".to_owned(),
        false => String::new(),
    });
    let on_used = move |event| population.use_mix(event_target_checked(&event));
    let write = Action { about: "write-mix-about".to_owned(), ..Action::new("Write it into employees.csv") }
        .button(move || population.view.with(Option::is_none), move || population.write_mix());
    view! {
        <h3 id="shares-heading">"Shares"</h3>
        <p class="hint">
            "Which share of the employees is of each type. A run with a mix changes as few employees as possible, and the \
             same ones for the same seed; employees.csv stays as it is."
        </p>
        <div class="shares" role="group" aria-labelledby="shares-heading">{shares}</div>
        <p class="fault" role="alert">{fault}</p>
        <div class="check">
            <input
                type="checkbox"
                id="use-mix"
                aria-describedby="use-mix-about"
                prop:checked=is_used
                prop:disabled=is_made_up
                on:change=handler(on_used)
            />
            <label for="use-mix">"Use this mix for the run"</label>
            <span class="hint" id="use-mix-about">{about}</span>
        </div>
        <p class="buttons">{write}</p>
        <p class="hint" id="write-mix-about">"An edit of the rows above, which can be undone."</p>
    }
    .into_any()
}

/// The slider and the field of one type.
fn share(population: Population, kind: EmployeeType, fault: RwSignal<String>) -> AnyView {
    let letter = kind.letter();
    let id = format!("share-{letter}");
    let tenths = move || population.mix.get().share(kind);
    let shown = move || percent(tenths().into());
    let set = move |share: Result<u16, MixError>| match share {
        Ok(tenths) => {
            fault.set(String::new());
            population.set_share(kind, tenths);
        }
        // What is no share gives way to the one that counts.
        Err(why) => {
            fault.set(format!("Error: {why}. Type {letter} stays at {} %.", untrack(shown)));
            population.mix.update(|_| ());
        }
    };
    // A slider is for whole percents; what is finer is typed.
    let on_slide = move |event| set(parse_percent(event_target_value(&event).split('.').next().unwrap_or_default()));
    let on_type = move |event| set(parse_percent(&event_target_value(&event)));
    view! {
        <div class="share">
            <label for=id.clone()>{type_words(kind)}</label>
            <input
                type="range"
                min="0"
                max="100"
                step="any"
                aria-label=format!("Share of type {letter}, slider")
                aria-valuetext=move || format!("{} %", shown())
                prop:value=shown
                on:input=handler(on_slide)
            />
            <span class="percent">
                <input
                    type="text"
                    id=id.clone()
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=format!("Share of type {letter} in percent")
                    prop:value=shown
                    on:change=handler(on_type)
                />
                "%"
            </span>
        </div>
    }
    .into_any()
}
