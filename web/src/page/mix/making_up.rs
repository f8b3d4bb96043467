//! The form of a made-up population: the number of employees, and their ids.

use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::state::Population;
use crate::page::components::{handler, markup, show_in_pane};
use crate::page::words::ended;

/// The form.
pub(crate) fn new_population_form(population: Population) -> AnyView {
    let employees = RwSignal::new("500".to_owned());
    let ids = RwSignal::new("300000-399999".to_owned());
    let fault = RwSignal::new(String::new());
    let make = move |event: SubmitEvent| {
        event.prevent_default();
        match untrack(|| wanted(&employees.get(), &ids.get())) {
            Ok(wanted) => {
                fault.set(String::new());
                population.make_up(wanted);
            }
            Err(why) => {
                fault.set(ended(format!("Error: {why}")));
                // It may be below the visible part of the pane.
                request_animation_frame(|| {
                    document().get_element_by_id("new-fault").iter().for_each(show_in_pane);
                });
            }
        }
    };
    markup! {
        <form class="making-up" on:submit=handler(make)>
            <div class="field">
                <label for="new-employees">"How many employees"</label>
                <input
                    type="text"
                    id="new-employees"
                    inputmode="numeric"
                    autocomplete="off"
                    aria-describedby="new-fault"
                    bind:value=employees
                />
            </div>
            <div class="field">
                <label for="new-ids">"Their ids, from-to"</label>
                <input type="text" id="new-ids" autocomplete="off" aria-describedby="new-fault" bind:value=ids/>
            </div>
            <button type="submit">"Make up"</button>
        </form>
        <p class="fault" id="new-fault" role="alert">{fault}</p>
        <p class="hint">"They replace employees.csv, and have the mix above. The same seed makes the same ones, so a link needs no file."</p>
    }
}

fn wanted(employees: &str, ids: &str) -> Result<NewPopulation, String> {
    if employees.trim().is_empty() {
        return Err("the number of employees is missing, such as 2,000".to_owned());
    }
    let digits: String = employees.chars().filter(|character| !matches!(character, ',' | ' ')).collect();
    let employees = digits.parse::<u32>().map_err(|_| {
        format!("{} is no number of employees; digits only", btcfake_core::text::visible::quoted(employees))
    })?;
    ids.parse::<IdRange>().and_then(|ids| NewPopulation::new(employees, ids)).map_err(|error| error.to_string())
}
