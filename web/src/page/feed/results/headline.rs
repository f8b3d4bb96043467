//! Four headline figures, each with its change against the run before.

use btcfake_core::text::words::counted;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::failed_calls::show_failed_calls;
use super::view_state::Headline;
use crate::messages::{Outcome, Table};
use crate::page::components::{Action, Rank, Tile, change_text, markup, shown, tile};
use crate::page::state::PageState;

/// The figures.
pub(crate) fn headline(state: PageState, outcome: &Outcome) -> AnyView {
    let (tally, now) = (&outcome.tally, Headline::of(&outcome.tally));
    let figure = |name: &'static str, of: fn(&Headline) -> u64, about: AnyView| {
        let figure = of(&now);
        let change = shown(move || {
            let before = of(&state.results_view.before.get()?);
            if figure == before {
                return Some(markup! { <span class="change">"as in the run before"</span> });
            }
            let change = change_text(figure, before);
            Some(markup! { <span class="change"><b>{change}</b>" against the run before"</span> })
        });
        tile(Tile { name, figure: number_text(figure), below: markup! { <span>{about}</span>{change} } })
    };
    let completed_by = outcome.tables.iter().find(|(table, _)| *table == Table::Completed).map_or(0, |(_, by)| *by);
    let by = format!("by {}", counted(completed_by, "employee"));
    let open = format!("{} from before, {} new", number_text(tally.open_left), number_text(tally.new_left));
    let skipped = tally.employees.total() - tally.given_daily_dose;
    let doses = format!("{} without one", employees_text(skipped));
    markup! {
        <div class="tiles">
            {figure("Completed", |figures| figures.completed, by.into_any())}
            {figure("Still open", |figures| figures.still_open, open.into_any())}
            {figure("Daily Doses given", |figures| figures.doses, doses.into_any())}
            {figure("From recommendations", |figures| figures.recommended, recommendations(state, outcome))}
        </div>
    }
}

/// The number of recommendations received; if calls failed, their number and a button to their reasons.
fn recommendations(state: PageState, outcome: &Outcome) -> AnyView {
    let tally = &outcome.tally;
    if tally.failed_calls == 0 {
        return format!("of {} received", number_text(tally.recommendations_received)).into_any();
    }
    let failed = format!("{} failed", counted(usize::try_from(tally.failed_calls).unwrap_or(usize::MAX), "call"));
    let why = Action { hidden_label: failed.clone(), ..Action::new("why").ranked(Rank::Bare) };
    markup! { <span class="down">{failed}</span>" "{why.button(move || show_failed_calls(state))} }
}

fn employees_text(employees: u64) -> String {
    counted(usize::try_from(employees).unwrap_or(usize::MAX), "employee")
}
