//! The employees that the chosen bar of a preview counts, a page at a time.

use btcfake_core::format::employees::EmployeeType;
use leptos::prelude::*;

use super::comparison::Comparison;
use crate::messages::EMPLOYEES_ON_A_PAGE;
use crate::page::charts::{ComparisonStyle, bar_words, focus_chosen_bar};
use crate::page::components::{
    Action, follow, go_to, kind_mark, markup, page_buttons, page_of_employees, status, table_box, text,
};
use crate::page::explanation::{explain_button, on_employee};

const COLUMNS: [&str; 5] = ["Employee", "Type", "Counted", "On the list", "Completed"];

/// The table of a side of a comparison; `None` without a chosen bar.
pub(crate) fn behind_view(comparison: Comparison, side: usize) -> Option<AnyView> {
    let place = comparison.sides[side];
    let bar = place.bar.get()?;
    let heading = format!("{}-behind", comparison.ids[side]);
    let words = text(move || {
        let words = place.charts.with(|charts| bar_words(charts, bar)).unwrap_or_default();
        let name = match comparison.how {
            ComparisonStyle::Pair => format!("{}, ", comparison.names.with(|names| names[side].clone())),
            ComparisonStyle::Outline => String::new(),
        };
        format!("Employees behind \"{name}{words}\"")
    });
    let begin = heading.clone();
    follow(move || go_to(&begin));
    let close = move || {
        focus_chosen_bar(comparison.ids[0], side);
        place.choose(None);
    };
    let rows = move || place.behind.with(|behind| behind.rows.iter().map(row_view).collect_view());
    let on_click = on_employee(move |employee| place.explain(employee));
    let table = table_box(&heading, &COLUMNS, markup! { <tbody on:click=on_click>{rows}</tbody> });
    let page = move || place.page.get();
    let pages = move || place.behind.with(|behind| behind.employees).div_ceil(EMPLOYEES_ON_A_PAGE).max(1);
    let turns = page_buttons("the employees behind the bar", page, pages, move |page| place.turn_to(page));
    let position = text(move || page_of_employees(page(), place.behind.with(|behind| behind.employees)));
    Some(markup! {
        <section class="panel panel-body" aria-labelledby=heading.clone()>
        <h3 id=heading.clone() tabindex="-1">{words}</h3>
        {table}
        <nav class="pager" aria-labelledby=heading.clone()>
            {turns.collect_view()}
            {status("", position)}
            {Action::new("Close the list").button(close)}
        </nav>
        </section>
    })
}

fn row_view([employee, letter, counts @ ..]: &[String; 5]) -> AnyView {
    let kind = EmployeeType::parse(letter.as_bytes()).map(kind_mark);
    let cells = counts.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view();
    markup! { <tr><td>{explain_button(employee)}</td><td>{kind}</td>{cells}</tr> }
}
