//! The tab "Overview": the charts of a run, whose bars narrow the tables of the tab "Employees".

use std::sync::Arc;

use btcfake_core::report::charts::Chart;
use btcfake_core::report::figures::Bar;
use leptos::prelude::*;

use super::view_state::{EMPLOYEES, OVERVIEW};
use crate::messages::{Found, Outcome, Table};
use crate::page::charts::{Charts, bar_words, charts_view, focus_chosen_bar};
use crate::page::components::{Action, follow, go_to, markup, shown, status, text};
use crate::page::feed::results::detail_table::{found_in, heading_of};
use crate::page::state::PageState;

/// The charts.
pub(crate) fn overview_tab(state: PageState, outcome: &Outcome) -> AnyView {
    let shown_charts = RwSignal::new(Arc::new(outcome.charts.clone()));
    let (english, french) = (Arc::clone(&shown_charts.get_untracked()), outcome.french.clone());
    let switch = (!french.is_empty()).then(|| state.results_view.french_switch("french-charts"));
    follow(move || {
        shown_charts.set(match state.results_view.is_french.get() {
            true => Arc::new(in_french(&english, &french)),
            false => Arc::clone(&english),
        });
    });
    let view = charts_view(Charts {
        id: "run",
        charts: shown_charts,
        against: None,
        scale: None,
        chosen: state.bar,
        choose: Callback::new(move |bar: Option<Bar>| {
            state.narrow_tables(bar);
            if let Some(bar) = bar {
                state.results_view.table.set(table_of(bar));
                state.results_view.tab.set(EMPLOYEES);
            }
        }),
    });
    markup! {
        <h3 class="visually-hidden">"Charts"</h3>
        <div class="row">
            <p class="hint">"Each bar is a button: it shows the employees behind it. Arrow keys go from bar to bar."</p>
            <span class="push">{switch}</span>
        </div>
        {view}
    }
}

/// The charts with the French names of contents.
fn in_french(charts: &[Chart], french: &[(u64, String)]) -> Vec<Chart> {
    let mut charts = charts.to_vec();
    for row in charts.iter_mut().flat_map(|chart| &mut chart.rows) {
        if let Some((Bar::Content(id), _)) = row.bars.first()
            && let Some((_, label)) = french.iter().find(|(one, _)| one == id)
        {
            row.label.clone_from(label);
        }
    }
    charts
}

/// The table with the rows that a bar counts.
fn table_of(bar: Bar) -> Table {
    match bar {
        Bar::Skipped(_) => Table::SkippedForDailyDose,
        Bar::LeftOut(_) => Table::DosesLeftOut,
        _ => Table::Completed,
    }
}

/// The bar that narrows the tables, with buttons back to the charts and to all rows.
pub(crate) fn narrowed_part(state: PageState, charts: &[Chart]) -> AnyView {
    let charts = charts.to_vec();
    let narrowed = Memo::new(move |_| state.bar.get().and_then(|bar| bar_words(&charts, bar)));
    let message = text(move || {
        let Some(words) = narrowed.get() else { return String::new() };
        let is_found = matches!(found_in(state, Table::Completed), Some(Found::Employee { .. }));
        let of_found = |words: &'static str| if is_found { words } else { "" };
        let bar = state.bar.get();
        if !matches!(bar, Some(Bar::OnLists(_) | Bar::Skipped(_))) {
            let but = of_found(", but all rows of the employee found by id");
            return format!("The tables show only what stands behind \"{words}\"{but}.");
        }
        // An employee who was only assigned something has no rows in the table.
        let without = match bar {
            Some(Bar::OnLists(_)) => " Employees who completed nothing have no rows: find them by id.",
            _ => "",
        };
        let and = of_found(", and the employee found by id");
        format!("The tables show only the employees behind \"{words}\", with all their rows{and}.{without}")
    });
    let back = move || {
        state.results_view.tab.set(OVERVIEW);
        // The bar can take the focus only once its tab is in view.
        request_animation_frame(|| focus_chosen_bar("run", 0));
    };
    let show_all = move || {
        go_to(&heading_of(state.results_view.table.get_untracked()));
        state.narrow_tables(None);
    };
    let buttons = move || {
        let charts = Action::new("Back to the charts").button(back);
        let all = Action::new("Show all in the tables").button(show_all);
        markup! { {charts}{all} }
    };
    let buttons = shown(move || narrowed.with(Option::is_some).then(buttons));
    follow(move || {
        if narrowed.with(Option::is_some) {
            request_animation_frame(|| go_to("narrowed"));
        }
    });
    markup! { <div class="narrowed" id="narrowed" tabindex="-1">{status("", message)}{buttons}</div> }
}
