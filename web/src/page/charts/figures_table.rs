//! A chart's figures as a table, for reading and for copying into a spreadsheet.

use btcfake_core::report::charts::Chart;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::place::ChartContext;
use crate::page::clipboard::copied;
use crate::page::components::{Action, markup, status, text};

/// The table, folded away until it is wanted.
pub(crate) fn figures_table(place: ChartContext) -> AnyView {
    let notice = RwSignal::new(String::new());
    let copy_figures = move || {
        let figures = place.chart.with_untracked(|chart| chart.as_ref().map(Chart::tab_separated)).unwrap_or_default();
        spawn_local(async move { notice.set(copied(&figures, "Copied.", "select the table instead").await) });
    };
    let mut button = Action::new("Copy");
    button.hidden_label = "the figures as a table".to_owned();
    let heading = place.heading.get_untracked();
    let table = move || {
        let names = place.charts.against.map(|against| against.names.get()).unwrap_or_default();
        place.chart.get().map(|chart| place.other.with(|other| table_view(&chart, other.as_ref(), &names)))
    };
    markup! {
        <details class="figures">
            <summary>"Table of these figures"</summary>
            <div class="table-box" tabindex="0" role="group" aria-labelledby=heading.clone()>
                <table aria-labelledby=heading.clone()>{table}</table>
            </div>
            <div class="with-button">
                {button.button(copy_figures)}
                {status("hint", text(move || notice.get()))}
            </div>
        </details>
    }
}

fn table_view(chart: &Chart, other: Option<&Chart>, names: &[String; 2]) -> AnyView {
    let of_other = other.into_iter().flat_map(|other| &other.series).map(|series| format!("{series}: {}", names[1]));
    let head = std::iter::once(&chart.rows_are).chain(&chart.series).cloned().chain(of_other);
    let head = head.map(|column| view! { <th scope="col">{column}</th> }).collect_view();
    let rows = chart.rows.iter().enumerate().map(|(at, row)| {
        let other = other.and_then(|other| other.rows.get(at));
        let counts = row.bars.iter().chain(other.into_iter().flat_map(|other| &other.bars));
        let cells = counts.map(|(_, count)| view! { <td>{number_text(*count)}</td> }).collect_view();
        view! { <tr><th scope="row">{row.label.clone()}</th>{cells}</tr> }
    });
    markup! {
        <thead><tr>{head}</tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    }
}
