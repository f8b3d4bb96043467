//! The comparison of the two runs that were chosen.

use std::sync::Arc;

use btcfake_core::input::counted;
use leptos::prelude::*;

use super::History;
use super::compare::{Row, rows};
use super::entry::Entry;
use super::run_view::when_text;
use crate::page::parts::{shown, status, text};

/// What to do for it, or the comparison.
pub(super) fn comparison_view(history: History) -> AnyView {
    let chosen = move || -> Option<[Arc<Entry>; 2]> {
        let chosen = history.chosen.get();
        let runs = history.runs.get();
        let entry = |at: usize| {
            let run = runs.iter().find(|run| chosen.get(at) == Some(&run.number))?;
            Some(Arc::clone(&run.entry))
        };
        Some([entry(0)?, entry(1)?])
    };
    let told = text(move || match chosen() {
        Some([a, b]) => match rows([&a, &b]).iter().filter(|row| row.differs()).count() {
            0 => "The two runs agree in every line.".to_owned(),
            differing => format!("They differ in {}.", counted(differing, "line")),
        },
        None => "Choose two runs by \"Compare\".".to_owned(),
    });
    let table = move || chosen().map(|[a, b]| table_view(&a, &b));
    view! {
        <section aria-labelledby="comparison-heading">
            <h2 id="comparison-heading">"Two runs compared"</h2>
            {status("hint", told)}
            {shown(table)}
        </section>
    }
    .into_any()
}

fn table_view(a: &Entry, b: &Entry) -> AnyView {
    let row = |row: Row| {
        let differs = row.differs();
        let [a, b] = row.values;
        view! {
            <tr class:differs=differs>
                <th scope="row">{row.label}</th>
                <td>{a}</td>
                <td>{b}</td>
                <td>{differs.then_some("differs")}</td>
            </tr>
        }
    };
    let rows = rows([a, b]).into_iter().map(row).collect_view();
    view! {
        <div class="table-box" tabindex="0" role="group" aria-labelledby="comparison-heading">
            <table aria-labelledby="comparison-heading">
                <thead>
                    <tr>
                        <th scope="col">"Line"</th>
                        <th scope="col">{when_text(a.at)}</th>
                        <th scope="col">{when_text(b.at)}</th>
                        <th scope="col">"Difference"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
