//! The tab "Employees": the tables of what happened to employees, one in view at a time.

use std::sync::Arc;

use btcfake_core::text::words::grouped;
use leptos::prelude::*;

use super::overview_tab::narrowed_part;
use crate::messages::{Found, Outcome, Table};
use crate::page::components::{choice_button, markup, shown, text};
use crate::page::feed::results::detail_table::{detail_table, found_in, title_of};
use crate::page::run_state::Results;
use crate::page::state::PageState;

/// The tables.
pub(crate) fn employees_tab(state: PageState, results: &Arc<Results>) -> AnyView {
    let in_view = state.results_view.table;
    let tables = tables(&results.outcome);
    if !tables.iter().any(|(table, _)| *table == in_view.get_untracked()) {
        in_view.set(Table::Completed);
    }
    let one = |(table, employees): (Table, usize)| {
        let count = text(move || count_text(state, table, employees));
        let title = markup! { {title_of(table)}" "<span class="count">{count}</span> };
        choice_button(title, move || in_view.get() == table, move || in_view.set(table))
    };
    let choices = tables.iter().copied().map(one).collect_view();
    let shown_table = Memo::new(move |_| in_view.get());
    let content = shown(move || {
        let (table, employees) = *tables.iter().find(|(table, _)| *table == shown_table.get())?;
        Some(detail_table(state, table, employees))
    });
    markup! {
        <div class="row" role="group" aria-label="Table">{choices}</div>
        {narrowed_part(state, &results.outcome.charts)}
        {content}
    }
}

/// The number of employees in a table; if a bar narrows it, `12 of 345`. Empty while the number is unknown.
fn count_text(state: PageState, table: Table, all: usize) -> String {
    match (state.bar.get(), found_in(state, table)) {
        (None, _) => grouped(all),
        (Some(_), Some(Found::Page { employees, .. })) => format!("{} of {}", grouped(employees), grouped(all)),
        (Some(_), _) => String::new(),
    }
}

/// The two main tables, and the others that have rows.
fn tables(outcome: &Outcome) -> Vec<(Table, usize)> {
    let employees = |table| outcome.tables.iter().find(|(one, _)| *one == table).map_or(0, |(_, employees)| *employees);
    let is_shown = |(table, employees): &(Table, usize)| {
        *employees > 0 || matches!(table, Table::Completed | Table::SkippedForDailyDose)
    };
    Table::ALL.iter().copied().map(|table| (table, employees(table))).filter(is_shown).collect()
}
