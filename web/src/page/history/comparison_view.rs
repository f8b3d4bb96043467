//! The comparison of the two chosen runs.

use std::sync::Arc;

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use super::compare::{ShownRow, rows};
use super::entry::HistoryEntry;
use super::run_view::title_text;
use super::state::{COMPARISON_HEADING, History};
use crate::page::components::{markup, shown, status, text};

/// The comparison, or how to get one.
pub(crate) fn comparison_view(history: History) -> AnyView {
    let chosen = move || -> Option<[Arc<HistoryEntry>; 2]> {
        // The earlier run comes first.
        let mut chosen = history.chosen.get();
        chosen.sort_unstable();
        let runs = history.runs.get();
        let entry = |at: usize| {
            let run = runs.iter().find(|run| chosen.get(at) == Some(&run.number))?;
            Some(Arc::clone(&run.entry))
        };
        Some([entry(0)?, entry(1)?])
    };
    let message = text(move || match chosen() {
        Some([a, b]) => match rows([&a, &b]).iter().filter(|row| row.differs()).count() {
            0 => "The two runs are the same in every line.".to_owned(),
            differing => format!("They differ in {}.", counted(differing, "line")),
        },
        None => "Tick \"Compare\" at two runs.".to_owned(),
    });
    let table = move || chosen().map(|[a, b]| table_view(&a, &b));
    markup! {
        <section class="panel panel-body" aria-labelledby=COMPARISON_HEADING>
            <h2 id=COMPARISON_HEADING tabindex="-1">"Two runs compared"</h2>
            {status("hint", message)}
            {shown(table)}
        </section>
    }
}

fn table_view(a: &HistoryEntry, b: &HistoryEntry) -> AnyView {
    let (differing, same): (Vec<ShownRow>, Vec<ShownRow>) = rows([a, b]).into_iter().partition(ShownRow::differs);
    let times = [a, b].map(title_text);
    let same = (!same.is_empty()).then(|| {
        let summary = format!("The same in both: {}", counted(same.len(), "line"));
        markup! { <details><summary>{summary}</summary>{lines_view(same, &times)}</details> }
    });
    let differing = (!differing.is_empty()).then(|| lines_view(differing, &times));
    markup! { {differing}{same} }
}

fn lines_view(rows: Vec<ShownRow>, times: &[String; 2]) -> AnyView {
    let row = |ShownRow { label, values: [a, b] }: ShownRow| {
        markup! { <tr><th scope="row">{label}</th><td>{a}</td><td>{b}</td></tr> }
    };
    let [a, b] = times.clone();
    markup! {
        <table class="side-by-side" aria-labelledby="comparison-heading">
            <thead><tr><th scope="col">"Line"</th><th scope="col">{a}</th><th scope="col">{b}</th></tr></thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}
