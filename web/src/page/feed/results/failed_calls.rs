//! The failed calls of the recommender: their reasons, and the employees concerned, a few at first.

use btcfake_core::run::tally::Tally;
use btcfake_core::text::words::{counted, number_text};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::detail_table::heading_of;
use super::view_state::EMPLOYEES;
use crate::messages::Table;
use crate::page::clipboard::copied;
use crate::page::components::{Action, Rank, go_to, markup};
use crate::page::explanation::{explain_button, on_employee};
use crate::page::state::PageState;

/// The number of employees that are shown at first.
const AT_FIRST: usize = 8;

/// The part of the tab "Details"; `None` if no call failed.
pub(crate) fn failed_calls(state: PageState, tally: &Tally) -> Option<AnyView> {
    if tally.failed_calls == 0 {
        return None;
    }
    let ids: Vec<String> = tally.failed_calls_of.iter().map(u64::to_string).collect();
    let copied = ids.clone();
    let copy_ids = Action::new("Copy ids").ranked(Rank::Bare).button(move || copy_ids(state, copied.clone()));
    let table = Action::new("Table with reasons").ranked(Rank::Bare).button(move || show_failed_calls(state));
    Some(markup! {
        <section
            class="failed-calls"
            aria-labelledby="failed-calls-heading"
            on:click=on_employee(move |employee| state.explain(employee))
        >
            <div class="row">
                <h4 id="failed-calls-heading">"Failed calls"</h4>
                <span class="push">{copy_ids}{table}</span>
            </div>
            <dl>{reasons(tally).into_iter().map(reason_view).collect_view()}</dl>
            {employees_view(&ids, tally.failed_calls)}
        </section>
    })
}

/// Brings the table of the failed calls into view, in the tab "Employees".
pub(crate) fn show_failed_calls(state: PageState) {
    state.results_view.table.set(Table::FailedCalls);
    state.results_view.tab.set(EMPLOYEES);
    request_animation_frame(|| go_to(&heading_of(Table::FailedCalls)));
}

/// The reasons with their numbers of calls, the most frequent first.
fn reasons(tally: &Tally) -> Vec<(String, u64)> {
    let mut reasons: Vec<(String, u64)> =
        tally.failed_calls_by_reason.iter().map(|(reason, calls)| (reason.clone(), *calls)).collect();
    reasons.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
    reasons
}

fn reason_view((reason, calls): (String, u64)) -> AnyView {
    markup! { <div><dt>{reason}</dt><dd>{number_text(calls)}</dd></div> }
}

/// The first employees, and the others on demand. Of many failed calls, only the first have their employees here.
fn employees_view(ids: &[String], calls: u64) -> AnyView {
    let (first, others) = ids.split_at(ids.len().min(AT_FIRST));
    let others = (!others.is_empty()).then(|| {
        let summary = format!("{} more", counted(others.len(), "employee"));
        markup! { <details><summary>{summary}</summary>{list(others)}</details> }
    });
    let unlisted = calls.saturating_sub(ids.len() as u64);
    let unlisted = (unlisted > 0).then(|| format!("{} more are in the table with reasons.", number_text(unlisted)));
    markup! { {list(first)}{others}<p class="hint">{unlisted}</p> }
}

fn list(ids: &[String]) -> AnyView {
    let items = ids.iter().map(|id| view! { <li>{explain_button(id)}</li> }).collect_view();
    markup! { <ul class="ids">{items}</ul> }
}

/// Copies the listed ids, a line each.
fn copy_ids(state: PageState, ids: Vec<String>) {
    spawn_local(async move {
        let done = format!("{} copied.", counted(ids.len(), "id"));
        state.toasts.show(copied(&ids.join("\n"), done, "select the ids in the table with reasons").await);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_reason_comes_first() {
        let mut tally = Tally::default();
        for (reason, calls) in [("a", 2), ("b", 10), ("c", 8)] {
            tally.failed_calls_by_reason.insert(reason.to_owned(), calls);
        }
        let found = reasons(&tally);
        assert_eq!(found.iter().map(|(reason, _)| reason.as_str()).collect::<Vec<_>>(), ["b", "c", "a"]);
    }
}
