//! A chart's figures as a table, for reading and for copying into a spreadsheet.

use btcfake_core::format::identifier::content_id_text;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::place::{BarPlace, Drawn};
use crate::page::components::{Action, status, text};

/// The table, folded away until it is wanted.
pub(crate) fn figures_table(place: BarPlace) -> AnyView {
    let (copied, set_copied) = signal("");
    let copy = move || {
        let figures = place.drawn.with_untracked(|drawn| drawn.as_ref().map(|drawn| drawn.chart.tab_separated()));
        // Only pages that came safely are given the clipboard.
        if !window().is_secure_context() {
            return set_copied.set("This browser does not let the page copy; select the table instead.");
        }
        let written = window().navigator().clipboard().write_text(&figures.unwrap_or_default());
        spawn_local(async move {
            let is_written = JsFuture::from(written).await.is_ok();
            set_copied.set(if is_written {
                "Copied."
            } else {
                "The browser did not copy it; select the table instead."
            });
        });
    };
    let mut button = Action::new("Copy");
    button.heard = "the figures as a table".to_owned();
    let heading = place.heading.get_untracked();
    view! {
        <details class="figures">
            <summary>"Table of these figures"</summary>
            <div class="table-box" tabindex="0" role="group" aria-labelledby=heading.clone()>
                <table aria-labelledby=heading.clone()>{move || place.drawn.with(|drawn| drawn.as_ref().map(table_view))}</table>
            </div>
            <div class="with-button">
                {button.button(|| false, copy)}
                {status("hint", text(move || copied.get().to_owned()))}
            </div>
        </details>
    }
    .into_any()
}

fn table_view(drawn: &Drawn) -> AnyView {
    let (chart, other) = (&drawn.chart, drawn.other.as_ref());
    let of_other = other.into_iter().flat_map(|other| {
        chart.series.iter().map(|series| {
            if chart.series.len() > 1 { format!("{series}: {}", other.names[1]) } else { other.names[1].clone() }
        })
    });
    let head = std::iter::once(&chart.rows_are).chain(&chart.series).cloned().chain(of_other);
    let head = head.map(|column| view! { <th scope="col">{column}</th> }).collect_view();
    let rows = chart.rows.iter().enumerate().map(|(at, row)| {
        let before = other.and_then(|other| other.chart.rows.get(at));
        let counts = row.bars.iter().chain(before.into_iter().flat_map(|before| &before.bars));
        let cells = counts.map(|(_, count)| view! { <td>{content_id_text(*count)}</td> }).collect_view();
        view! { <tr><th scope="row">{row.label.clone()}</th>{cells}</tr> }
    });
    view! {
        <thead><tr>{head}</tr></thead>
        <tbody>{rows.collect_view()}</tbody>
    }
    .into_any()
}
