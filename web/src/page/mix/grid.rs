//! The employees in a virtual grid: only the rows in view are in the page, and the scroll bar spans all of them. The grid
//! itself has the focus; `aria-activedescendant` names the keyboard's row.

use std::sync::Arc;

use btcfake_core::plan::mix::Mix;
use btcfake_core::text::words::{counted, grouped};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;

use super::scrolling::{ROWS, first_in_view, reveal};
use super::state::Population;
use crate::messages::population::{PopulationRow, PopulationView, RosterAction, RowChoice, RowStatus};
use crate::page::components::{handler, kind_mark, markup, status, text};

const COLUMNS: [&str; 6] = ["", "Employee", "Type", "State", "Line", "Row"];

/// The grid.
pub(crate) fn grid(population: Population) -> AnyView {
    let rows = crate::page::components::shown(move || {
        population.view.get().map(|view| rows(population, &view, population.active.get()))
    });
    let found = move || population.view.with(|view| view.as_ref().map_or(0, |view| view.found));
    // Browsers limit the height of an element to some 33 million pixels.
    let height = move || format!("min({} * var(--row), 30000000px)", found().max(ROWS) + 1);
    let active = move || (found() > 0).then(|| row_id(population.active.get()));
    let heads = COLUMNS.map(|name| match name {
        "" => markup! { <span role="columnheader"><span class="visually-hidden">"Selected"</span></span> },
        _ => markup! { <span role="columnheader">{name}</span> },
    });
    markup! {
        <div
            class="roster"
            role="grid"
            tabindex="0"
            aria-label="Employees"
            aria-multiselectable="true"
            aria-rowcount=move || (found() + 1).to_string()
            aria-activedescendant=active
            aria-describedby="roster-keys"
            node_ref=population.grid
            on:scroll=handler(move |_| scrolled(population))
            on:keydown=handler(move |event| pressed(population, &event))
        >
            <div role="presentation" style:height=height>
                <div class="roster-rows" role="rowgroup">
                    <div class="roster-row roster-head" role="row" aria-rowindex="1">{heads.into_iter().collect_view()}</div>
                    {rows}
                </div>
            </div>
        </div>
        {status("fault", text(move || population.view.with(|view| problem_at(view.as_ref()?, population.active.get())).unwrap_or_default()))}
        <p class="hint" id="roster-keys">
            "A click selects a row. A click on its box, or with Ctrl, adds or removes it; with Shift, it selects all \
             rows up to there. By keyboard: arrows move, Space selects, Shift with arrows selects several, Ctrl+A all; a, b \
             or f sets the type of the selected rows, Delete removes them, Ctrl+Z undoes."
        </p>
    }
}

fn rows(population: Population, view: &Arc<PopulationView>, active: usize) -> AnyView {
    if view.rows.is_empty() {
        return markup! { <p class="roster-empty">"No row is found."</p> };
    }
    let places = view.first..;
    places
        .zip(view.rows.iter().take(ROWS))
        .map(|(place, shown)| row(population, place, shown, active))
        .collect_view()
        .into_any()
}

fn row(population: Population, place: usize, shown: &PopulationRow, active: usize) -> AnyView {
    let (kind, status) = match shown.status {
        RowStatus::On(kind) => (Some(kind), "on"),
        RowStatus::Off(kind) => (Some(kind), "off"),
        RowStatus::Comment => (None, "comment"),
        RowStatus::Problem => (None, "problem"),
    };
    let class = format!("roster-row {status}{}", if place == active { " active" } else { "" });
    let status = if shown.is_edited { format!("{status}, edited") } else { status.to_owned() };
    let cells = [
        if shown.is_selected { "✓".to_owned() } else { String::new() },
        shown.id.map(|id| id.to_string()).unwrap_or_default(),
        String::new(),
        status,
        shown.line.map_or_else(|| "new".to_owned(), |line| line.to_string()),
        shown.text.clone(),
    ];
    let cells = cells.into_iter().enumerate().map(|(at, cell)| {
        let kind = kind.filter(|_| COLUMNS[at] == "Type").map(kind_mark);
        markup! { <span role="gridcell" title=cell.clone()>{kind}{cell.clone()}</span> }
    });
    let cells = cells.into_iter().collect_view();
    let number = shown.number;
    let on_click = move |event: MouseEvent| clicked(population, place, RowChoice::Number(number), &event);
    markup! {
        <div
            class=class
            role="row"
            id=row_id(place)
            aria-rowindex=(place + 2).to_string()
            aria-selected=shown.is_selected.to_string()
            on:click=handler(on_click)
        >
            {cells}
        </div>
    }
}

/// The whole problem of the row at a position, which the grid may cut.
fn problem_at(view: &PopulationView, place: usize) -> Option<String> {
    let row = view.rows.get(place.checked_sub(view.first)?)?;
    (row.status == RowStatus::Problem).then(|| row.text.clone())
}

fn row_id(place: usize) -> String {
    format!("roster-row-{place}")
}

/// Handles a click on a row, which is at position `place` among the found rows.
fn clicked(population: Population, place: usize, row: RowChoice, event: &MouseEvent) {
    // The first column is a checkbox, so that touch screens can select several rows.
    let ticks = event_target::<web_sys::Element>(event).previous_element_sibling().is_none();
    population.active.set(place);
    let act = if event.shift_key() {
        RosterAction::SelectRange(population.anchor.get_untracked(), row)
    } else if ticks || event.ctrl_key() || event.meta_key() {
        RosterAction::Toggle(row)
    } else {
        RosterAction::Select(row)
    };
    if !event.shift_key() {
        population.anchor.set(row);
    }
    population.act(act);
}

/// Handles a key in the grid.
fn pressed(population: Population, event: &KeyboardEvent) {
    let Some(view) = population.view.get_untracked() else { return };
    let (active, last) = (population.active.get_untracked(), view.found.saturating_sub(1));
    let with_control = event.ctrl_key() || event.meta_key();
    let place = match event.key().as_str() {
        "ArrowDown" => (active + 1).min(last),
        "ArrowUp" => active.saturating_sub(1),
        "PageDown" => (active + ROWS).min(last),
        "PageUp" => active.saturating_sub(ROWS),
        "Home" => 0,
        "End" => last,
        key => {
            let act = match key {
                " " => RosterAction::Toggle(RowChoice::Place(active)),
                "a" if with_control => RosterAction::SelectAll,
                "Escape" => RosterAction::SelectNone,
                "Delete" => RosterAction::Remove,
                _ if with_control || event.alt_key() => return,
                key => match btcfake_core::format::employees::EmployeeType::parse(key.as_bytes()) {
                    Some(kind) => RosterAction::SetType(kind),
                    None => return,
                },
            };
            event.prevent_default();
            population.anchor.set(RowChoice::Place(active));
            return population.act(act);
        }
    };
    event.prevent_default();
    population.active.set(place);
    let first = reveal(population.grid, &view, place);
    if event.shift_key() {
        population.act_at(RosterAction::SelectRange(population.anchor.get_untracked(), RowChoice::Place(place)), first);
    } else {
        population.anchor.set(RowChoice::Place(place));
        if first != view.first {
            population.act_at(RosterAction::Look, first);
        }
    }
}

/// Asks for the rows at the position of the scroll bar.
fn scrolled(population: Population) {
    let (Some(grid), Some(view)) = (population.grid.get_untracked(), population.view.get_untracked()) else { return };
    let first = first_in_view(&grid, view.found);
    if first != view.first {
        population.act_at(RosterAction::Look, first);
    }
}

/// The line above the grid: the number of employees by type, and what a mix makes of it.
pub(crate) fn counts_text(view: &PopulationView, mix: Option<Mix>) -> String {
    let employees = view.tally.employees;
    let mut text = format!("{} ({})", counted(employees.iter().sum(), "employee"), types_text(employees));
    for (count, what) in [(view.tally.off, "switched off"), (view.tally.problems, "with problems")] {
        if count > 0 {
            text.push_str(&format!(", {} {what}", grouped(count)));
        }
    }
    let mixed = mix.map(|mix| mix.counts(employees.iter().sum()));
    if let Some(mixed) = mixed.filter(|mixed| *mixed != employees) {
        text.push_str(&format!("; with the mix: {}", types_text(mixed)));
    }
    text
}

/// How many employees of each type: `6 complete all, 3 one, 1 none`.
fn types_text(employees: [usize; 3]) -> String {
    let [all, one, none] = employees.map(grouped);
    format!("{all} complete all, {one} one, {none} none")
}
