//! The sliders of the mix: a bar of the shares, and for each type a slider with a number field. The shares always add up to
//! 100 %. The mark on a slider is the share without a mix.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::{MixError, parse_percent, percent};
use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;

use super::outlook::Outlook;
use super::state::Population;
use crate::page::components::{handler, kind_class, kind_mark, markup, text};

/// The section of the mix.
pub(crate) fn mix_section(outlook: Outlook) -> AnyView {
    let population = outlook.population;
    let fault = RwSignal::new(String::new());
    let parts = EmployeeType::ALL.map(|kind| part(population, kind)).into_iter().collect_view();
    let shares = EmployeeType::ALL.map(|kind| share(population, kind, fault)).into_iter().collect_view();
    let employees = text(move || match population.counts().iter().sum() {
        0 => "no employees yet".to_owned(),
        employees => counted(employees, "employee"),
    });
    markup! {
        <section aria-labelledby="mix-heading">
            <div class="row">
                <h2 id="mix-heading">"What if …"</h2>
                <span class="chip push">{employees}</span>
            </div>
            <div class="mix-bar" aria-hidden="true">{parts}</div>
            <div class="shares" role="group" aria-labelledby="mix-heading">{shares}</div>
            <p class="fault" role="alert">{fault}</p>
            <p class="hint about-mix">{text(move || about(outlook))}</p>
        </section>
    }
}

/// The meaning of the marks, and the number of employees whose type the mix changes.
fn about(outlook: Outlook) -> String {
    let population = outlook.population;
    if population.is_made_up() {
        return "Made-up employees have the types of the mix. The mark on each line is the mix they were first made with."
            .to_owned();
    }
    let mark = match population.view.with(Option::is_some) {
        true => format!("The mark on each line is {} as it is.", population.file_name()),
        false => "Other shares of the types, for this run: employees.csv stays as it is.".to_owned(),
    };
    match outlook.changed() {
        Some((changed @ 1.., of)) => {
            format!(
                "{mark} {} of {} change, the same ones for the same seed.",
                grouped(changed),
                counted(of, "employee")
            )
        }
        _ => mark,
    }
}

fn share_text(tenths: u16) -> String {
    format!("{}%", percent(tenths.into()))
}

fn part(population: Population, kind: EmployeeType) -> AnyView {
    let width = move || share_text(population.mix.get().share(kind));
    markup! { <span class=kind_class(kind) style:width=width></span> }
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
        Err(why) => fault.set(format!("Error: {why}. Type {letter} stays at {} %.", untrack(shown))),
    };
    // The slider sets whole percents; tenths are typed.
    let on_slide = move |event| set(parse_percent(event_target_value(&event).split('.').next().unwrap_or_default()));
    // A half-typed value stays until it is committed, also when the employees change meanwhile.
    let typed = StoredValue::new(None::<String>);
    let on_input = move |event| typed.set_value(Some(event_target_value(&event)));
    let on_typed = move || {
        if let Some(typed) = typed.try_update_value(Option::take).flatten() {
            set(parse_percent(&typed));
        }
    };
    let own = move || population.own.get().share(kind);
    // After a value that is no share, the field shows the current share again.
    let in_field = move || {
        fault.track();
        let shown = shown();
        typed.get_value().unwrap_or(shown)
    };
    markup! {
        <div class=format!("share {}", kind_class(kind))>
            <label for=id.clone()>{kind_mark(kind)}</label>
            <span class="percent">
                <input
                    type="text"
                    id=id
                    inputmode="decimal"
                    autocomplete="off"
                    aria-label=format!("Share of type {letter} in percent")
                    prop:value=in_field
                    on:input=handler(on_input)
                    on:change=handler(move |_| on_typed())
                    on:blur=handler(move |_| on_typed())
                />
                "%"
            </span>
            <span class="slider">
                <span class="own" aria-hidden="true" style=("--share", move || own().to_string())></span>
                <input
                    type="range"
                    min="0"
                    max="100"
                    step="any"
                    aria-label=format!("Share of type {letter}, slider")
                    aria-valuetext=move || format!("{} %, in the file {} %", shown(), percent(own().into()))
                    style=("--share", move || tenths().to_string())
                    prop:value=shown
                    on:input=handler(on_slide)
                />
            </span>
        </div>
    }
}
