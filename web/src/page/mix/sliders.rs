//! The sliders of the mix: a bar of the shares, and for each type a slider with a number field. The shares always add up to
//! 100 %. The mark on a slider is the share without a mix.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::{MixError, parse_percent, percent, share_text};
use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;

use super::previews::AreaPreviews;
use super::state::{Population, type_words};
use crate::page::components::{handler, kind_class, kind_mark, markup, text};

/// The section of the mix.
pub(crate) fn mix_section(previews: AreaPreviews) -> AnyView {
    let population = previews.population;
    let fault = RwSignal::new(String::new());
    let parts = EmployeeType::ALL.map(|kind| part(population, kind)).into_iter().collect_view();
    let shares = EmployeeType::ALL.map(|kind| Share::new(population, kind, fault).view()).into_iter().collect_view();
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
            <p class="hint about-mix">{text(move || about(previews))}</p>
        </section>
    }
}

/// The meaning of the marks, and the number of employees whose type the mix changes.
fn about(previews: AreaPreviews) -> String {
    let population = previews.population;
    if population.is_made_up() {
        return "Made-up employees have the types of the mix. The mark on each line is the mix they were first made with."
            .to_owned();
    }
    let mark = match population.has_own_mix() {
        true => format!("The mark on each line is {} as it is.", population.file_name()),
        false => "Other shares of the types, for this run: employees.csv stays as it is.".to_owned(),
    };
    match previews.changed() {
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

/// Parses a typed share, with a decimal comma where the browser's locale has one.
fn parse_typed(text: &str) -> Result<u16, MixError> {
    let is_with_comma = share_text(5).contains(',');
    parse_percent(&if is_with_comma { text.replace(',', ".") } else { text.to_owned() })
}

fn part(population: Population, kind: EmployeeType) -> AnyView {
    let width = move || format!("{}%", percent(population.mix.get().share(kind).into()));
    // A part without a width would leave the gap beside it.
    let is_none = move || population.mix.get().share(kind) == 0;
    markup! { <span class=kind_class(kind) style:width=width hidden=is_none></span> }
}

/// The share of one type, with its slider and its number field. Copies are handles on the same state.
#[derive(Clone, Copy)]
struct Share {
    population: Population,
    kind: EmployeeType,
    /// The error of the last typed value.
    fault: RwSignal<String>,
    /// A half-typed value. It stays until it is committed, also when the employees change meanwhile.
    typed: StoredValue<Option<String>>,
}

impl Share {
    fn new(population: Population, kind: EmployeeType, fault: RwSignal<String>) -> Share {
        Share { population, kind, fault, typed: StoredValue::new(None) }
    }

    fn view(self) -> AnyView {
        markup! {
            <div class=format!("share {}", kind_class(self.kind))>
                <label for=self.id()>{kind_mark(self.kind)}</label>
                <span class="percent">{self.number_field()}"%"</span>
                <span class="slider">
                    <span
                        class="own"
                        aria-hidden="true"
                        hidden=move || !self.population.has_own_mix()
                        style=("--share", move || self.without_mix().to_string())
                    ></span>
                    {self.slider()}
                </span>
            </div>
        }
    }

    fn number_field(self) -> AnyView {
        // After a value that is no share, the field shows the current share again.
        let value = move || {
            self.fault.track();
            let current = share_text(self.tenths());
            self.typed.get_value().unwrap_or(current)
        };
        let on_input = move |event| self.typed.set_value(Some(event_target_value(&event)));
        markup! {
            <input
                type="text"
                id=self.id()
                inputmode="decimal"
                autocomplete="off"
                aria-label=format!("{}, percent", type_words(self.kind))
                prop:value=value
                on:input=handler(on_input)
                on:change=handler(move |_| self.commit())
                on:blur=handler(move |_| self.commit())
            />
        }
    }

    /// The slider, which sets whole percents; tenths are typed.
    fn slider(self) -> AnyView {
        let on_slide =
            move |event| self.set(parse_percent(event_target_value(&event).split('.').next().unwrap_or_default()));
        let in_words = move || {
            let share = format!("{} %", share_text(self.tenths()));
            let own = || format!(", in {} {} %", self.population.origin_words(), share_text(self.without_mix()));
            if self.population.has_own_mix() { share + &own() } else { share }
        };
        markup! {
            <input
                type="range"
                min="0"
                max="100"
                step="any"
                aria-label=format!("{}, slider", type_words(self.kind))
                aria-valuetext=in_words
                style=("--share", move || self.tenths().to_string())
                prop:value=move || percent(self.tenths().into())
                on:input=handler(on_slide)
            />
        }
    }

    fn id(self) -> String {
        format!("share-{}", self.kind.letter())
    }

    /// The current share, in tenths of a percent.
    fn tenths(self) -> u16 {
        self.population.mix.get().share(self.kind)
    }

    /// The share without a mix, in tenths of a percent.
    fn without_mix(self) -> u16 {
        self.population.own.get().share(self.kind)
    }

    /// Sets the typed share, if one was typed since the last call.
    fn commit(self) {
        if let Some(typed) = self.typed.try_update_value(Option::take).flatten() {
            self.set(parse_typed(&typed));
        }
    }

    fn set(self, share: Result<u16, MixError>) {
        match share {
            Ok(tenths) => {
                self.fault.set(String::new());
                self.population.set_share(self.kind, tenths);
            }
            Err(why) => {
                let current = share_text(untrack(|| self.tenths()));
                self.fault.set(format!("Error: {why}. Type {} stays at {current} %.", self.kind.letter()));
            }
        }
    }
}
