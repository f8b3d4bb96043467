//! A table of what happened to employees, a page of employees at a time. The worker makes a page's rows on demand.

use std::sync::Arc;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::text::visible::quoted;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::messages::{EMPLOYEES_ON_A_PAGE, Found, Table, TableRows, WantedRows};
use crate::page::components::{
    Action, follow, go_to, handler, kind_mark, markup, page_buttons, page_of_employees, shown, table_box,
};
use crate::page::explanation::{explain_button, on_employee};
use crate::page::run_state::TableState;
use crate::page::state::PageState;

/// The table, with its pager and, for completed trainings, the search for an employee.
pub(crate) fn detail_table(state: PageState, table: Table, employees: usize) -> AnyView {
    let words = table_words(table);
    let heading = heading_of(table);
    if employees > 0 && state.table(table).with_untracked(|table| matches!(table, TableState::Empty)) {
        state.ask_for_rows(table, WantedRows::Page(0));
    }
    // Every employee can be found here, including those who completed nothing.
    let can_find = table == Table::Completed;
    let find = can_find.then(|| find_employee(state, table));
    let empty = (employees == 0).then(|| markup! { <p>{words.empty}</p> });
    let rows = (employees > 0).then(|| table_view(state, table));
    let pager = (employees > 0 || can_find).then(|| pager(state, table));
    markup! {
        <section class="detail-table" aria-labelledby=heading on:click=on_employee(move |employee| state.explain(employee))>
            <h3 id=heading.clone() tabindex="-1">{words.title}</h3>
            <p class="hint">{words.about}</p>
            {find}
            {empty}
            {rows}
            {pager}
        </section>
    }
}

/// The table itself.
fn table_view(state: PageState, table: Table) -> AnyView {
    let words = table_words(table);
    let has_types = words.columns.get(1) == Some(&"Type");
    let rows = shown(move || state.table(table).with(|table| table.rows().map(|rows| rows_view(rows, has_types))));
    table_box(&heading_of(table), words.columns, markup! { <tbody>{rows}</tbody> })
}

/// The employees whose rows a table shows, if any.
pub(crate) fn found_in(state: PageState, table: Table) -> Option<Found> {
    state.table(table).with(|table| table.rows().map(|rows| rows.found))
}

/// The buttons between pages, or back from one employee to all.
fn pager(state: PageState, table: Table) -> AnyView {
    let found = move || found_in(state, table);
    let words = table_words(table);
    let page = move || match found() {
        Some(Found::Page { page, .. }) => page,
        _ => 0,
    };
    let pages = move || match found() {
        Some(Found::Page { employees, .. }) => employees.div_ceil(EMPLOYEES_ON_A_PAGE),
        _ => 0,
    };
    let turn_to = move |page| state.ask_for_rows(table, WantedRows::Page(page));
    let show_all = move || {
        go_to(&heading_of(table));
        turn_to(0);
    };
    let place = shown(move || found().map(position_view));
    let label = format!("Pages of {}", words.title);
    let is_one = is_of_one(state, table);
    let buttons = shown(move || {
        if is_one.get() {
            return Some(Action::new("All employees").button(show_all));
        }
        Some(page_buttons(words.title, page, pages, turn_to).collect_view().into_any())
    });
    // It takes its place below the first rows once they have come, so that they do not move it.
    let is_awaited = Memo::new(move |_| found().is_none());
    markup! {
        <nav class="pager" class:awaited=is_awaited aria-label=label>
            {buttons}
            <span role="status">{place}</span>
        </nav>
    }
}

/// Whether a table shows the result of a search for one employee.
fn is_of_one(state: PageState, table: Table) -> Memo<bool> {
    Memo::new(move |_| matches!(found_in(state, table), Some(Found::Employee { .. } | Found::Nobody { .. })))
}

fn find_employee(state: PageState, table: Table) -> AnyView {
    let id = RwSignal::new(String::new());
    let is_one = is_of_one(state, table);
    follow(move || {
        if !is_one.get() {
            id.set(String::new());
        }
    });
    let fault = RwSignal::new(String::new());
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        let (wanted, why) = id.with_untracked(|id| match id.trim() {
            "" => (WantedRows::Page(0), String::new()),
            id => match id.parse() {
                Ok(id) => (WantedRows::Employee(id), String::new()),
                Err(_) => (WantedRows::Page(0), format!("Error: {} is no employee id: a number is.", quoted(id))),
            },
        });
        fault.set(why);
        state.ask_for_rows(table, wanted);
    };
    markup! {
        <form class="find" on:submit=handler(find)>
            <label for="find-employee">"Find employee by id"</label>
            <div class="with-button">
                <input type="text" id="find-employee" inputmode="numeric" autocomplete="off" bind:value=id/>
                <button type="submit">"Find"</button>
            </div>
            <p class="fault" aria-live="polite">{fault}</p>
        </form>
    }
}

/// The id of a table's heading.
pub(crate) fn heading_of(table: Table) -> String {
    format!("{}-heading", table_words(table).id)
}

/// The title of a table.
pub(crate) fn title_of(table: Table) -> &'static str {
    table_words(table).title
}

struct TableWords {
    id: &'static str,
    title: &'static str,
    about: &'static str,
    empty: &'static str,
    columns: &'static [&'static str],
}

fn table_words(table: Table) -> TableWords {
    let (id, title, about, empty, columns): (_, _, _, _, &[&str]) = match table {
        Table::Completed => (
            "completed",
            "Completed trainings",
            "What each employee completed, why it was on the list, and when (times are UTC).",
            "Nobody completed anything.",
            &["Employee", "Type", "Content id", "Name", "Source", "Origin", "Started", "Completed"],
        ),
        Table::SkippedForDailyDose => (
            "skipped",
            "Skipped for Daily Dose",
            "Employees who were given no Daily Dose, because they completed one this week or have one open.",
            "Nobody was skipped.",
            &["Employee", "Why", "Content id", "Name"],
        ),
        Table::DosesLeftOut => (
            "left-out",
            "Daily Doses left out",
            "Daily Doses that an employee did not get with the others, and why.",
            "None was left out.",
            &["Employee", "Why", "Content id", "Name"],
        ),
        Table::WithoutRandomContent => (
            "without-random",
            "Employees without a random content",
            "They have every content of the catalog open or completed already.",
            "Everyone was given one.",
            &["Employee"],
        ),
        Table::DroppedRecommendations => (
            "dropped",
            "Dropped recommendations",
            "Recommendations that were not put on the employee's list, and why.",
            "None was dropped.",
            &["Employee", "Why", "Content id", "Name"],
        ),
        Table::FailedCalls => (
            "failed",
            "Failed calls of the recommender",
            "These employees have manager training only.",
            "No call failed.",
            &["Employee", "Why"],
        ),
    };
    TableWords { id, title, about, empty, columns }
}

fn position_view(found: Found) -> AnyView {
    let text = match found {
        Found::Page { employees: 0, .. } => "No employee".to_owned(),
        Found::Page { page, employees } => page_of_employees(page, employees),
        Found::Employee { id, kind } => {
            return markup! { "Employee "{explain_button(&id.to_string())}", "{kind_mark(kind)} };
        }
        Found::Nobody { id } => format!("Employee {id} is not in employees.csv."),
    };
    text.into_any()
}

fn rows_view(rows: &Arc<TableRows>, has_types: bool) -> AnyView {
    if rows.rows.is_empty() {
        return markup! { <tr><td colspan="8">"Nothing"</td></tr> };
    }
    let row = |cells: &Vec<String>| {
        let employee = cells.first().map(|employee| view! { <td>{explain_button(employee)}</td> });
        let cell = |(at, cell): (usize, &String)| {
            let kind = EmployeeType::parse(cell.as_bytes()).filter(|_| has_types && at == 1);
            let content = kind.map_or_else(|| cell.clone().into_any(), kind_mark);
            markup! { <td>{content}</td> }
        };
        let cells = cells.iter().enumerate().skip(1).map(cell).collect_view();
        view! { <tr>{employee}{cells}</tr> }
    };
    rows.rows.iter().map(row).collect_view().into_any()
}
