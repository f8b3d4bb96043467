//! What a run left: summary, notes, files and tables.

pub(crate) mod detail_table;
mod downloads;
mod publish;

use std::sync::Arc;

use btcfake_core::report::figures::Bar;
use leptos::html::H2;
use leptos::prelude::*;

use crate::messages::{Found, Group, Outcome, Table};
use crate::page::charts::{Charts, Side, charts_view, go_back, words_of};
use crate::page::components::{Action, follow, go_to, shown, status, text};
use crate::page::feed::results::detail_table::{detail_table, found_in};
use crate::page::feed::results::downloads::downloads;
use crate::page::feed::results::publish::publish_part;
use crate::page::recipe::link_warning;
use crate::page::state::{PageState, Results};

/// The place for the results: empty before the first run and while one goes on.
pub(crate) fn results_place(state: PageState) -> AnyView {
    shown(move || state.results.get().map(|results| results_part(state, &results)))
}

fn results_part(state: PageState, results: &Arc<Results>) -> AnyView {
    let heading = NodeRef::<H2>::new();
    follow(move || {
        if let Some(heading) = heading.get() {
            let _ = heading.focus();
        }
    });
    let stale = Memo::new(move |_| state.results_are_stale());
    let stale_text = text(move || {
        let stale = if stale.get() { "These results are from before your last change. Run again." } else { "" };
        stale.to_owned()
    });
    let tables = tables(&results.outcome)
        .into_iter()
        .map(|(table, employees)| detail_table(state, table, employees))
        .collect_view();
    view! {
        <section class="results" class:stale=stale aria-labelledby="results-heading">
            <h2 id="results-heading" tabindex="-1" node_ref=heading>"Results"</h2>
            {status("stale-notice", stale_text)}
            {status("stale-notice", text(move || link_warning(state)))}
            {broken_part(&results.outcome)}
            {downloads(state, results)}
            {publish_part(state)}
            {summary_part(results)}
            {charts_part(state, &results.outcome)}
            {tables}
        </section>
    }
    .into_any()
}

/// What was broken on purpose.
fn broken_part(outcome: &Outcome) -> AnyView {
    if outcome.broken.is_empty() {
        return ().into_any();
    }
    let list = outcome.broken.iter().map(|damage| view! { <li>{damage.clone()}</li> }.into_any()).collect_view();
    view! {
        <section class="problems refused" aria-labelledby="broken-heading">
            <h3 id="broken-heading">"This feed is broken on purpose"</h3>
            <p>"The counts below are those of the run before it was broken."</p>
            <div class="broken" tabindex="0" role="group" aria-label="What was broken">
                <ul>{list}</ul>
            </div>
        </section>
    }
    .into_any()
}

fn summary_part(results: &Results) -> AnyView {
    let Outcome { groups, daily_doses, notes, .. } = &results.outcome;
    let doses = daily_doses.iter().map(|dose| view! { <li>{dose.clone()}</li> }).collect_view();
    let notes = notes.iter().map(|note| view! { <li>{sentence(note)}</li> }).collect_view();
    view! {
        <h3>"Summary"</h3>
        <ul class="notes">{notes}</ul>
        <div class="summary-grid">
            {groups.iter().map(group_view).collect_view()}
            <section>
                <h4>"Daily Doses of the run"</h4>
                {if daily_doses.is_empty() {
                    view! { <p>"none"</p> }.into_any()
                } else {
                    view! { <ul>{doses}</ul> }.into_any()
                }}
            </section>
        </div>
    }
    .into_any()
}

/// The charts, and what the tables below are narrowed to.
fn charts_part(state: PageState, outcome: &Outcome) -> AnyView {
    let charts = Arc::new(outcome.charts.clone());
    let view = charts_view(Charts {
        id: "run",
        side: Side {
            charts: RwSignal::new(Arc::clone(&charts)),
            chosen: state.bar,
            choose: Callback::new(move |bar| state.narrow_tables(bar)),
        },
        against: None,
        scale: None,
    });
    let narrowed = Memo::new(move |_| state.bar.get().and_then(|bar| words_of(&charts, bar)));
    let message = text(move || {
        let Some(words) = narrowed.get() else { return String::new() };
        let is_found = matches!(found_in(state, Table::Completed), Some(Found::Employee { .. }));
        let of_found = |words: &'static str| if is_found { words } else { "" };
        let bar = state.bar.get();
        if !matches!(bar, Some(Bar::OnLists(_) | Bar::Skipped(_))) {
            let but = of_found(", but all rows of the employee found by id");
            return format!("The tables show only what stands behind \"{words}\"{but}.");
        }
        // What was assigned may be all that an employee has.
        let without = match bar {
            Some(Bar::OnLists(_)) => " Employees who completed nothing have no rows: find them by id.",
            _ => "",
        };
        let and = of_found(", and the employee found by id");
        format!("The tables show only the employees behind \"{words}\", with all their rows{and}.{without}")
    });
    let show_all = move || {
        go_back("run");
        state.narrow_tables(None);
    };
    let all = shown(move || {
        narrowed.with(Option::is_some).then(|| Action::new("Show all in the tables").button(|| false, show_all))
    });
    follow(move || {
        if narrowed.with(Option::is_some) {
            go_to("narrowed");
        }
    });
    view! {
        <h3>"Charts"</h3>
        <p class="hint">"Each bar is a button: it narrows the tables below to what it counts. Arrow keys go from bar to bar."</p>
        {view}
        <div class="narrowed" id="narrowed" tabindex="-1">{status("", message)}{all}</div>
    }
    .into_any()
}

fn group_view(group: &Group) -> impl IntoView + use<> {
    let line = |(label, value): &(String, String)| {
        view! { <div><dt>{label.clone()}</dt><dd>{value.clone()}</dd></div> }
    };
    view! {
        <section>
            <h4>{group.title.clone()}</h4>
            <dl>{group.lines.iter().map(line).collect_view()}</dl>
        </section>
    }
}

/// The two main tables always, the others where they have something to show.
fn tables(outcome: &Outcome) -> Vec<(Table, usize)> {
    let employees = |table| outcome.tables.iter().find(|(one, _)| *one == table).map_or(0, |(_, employees)| *employees);
    let is_shown = |(table, employees): &(Table, usize)| {
        *employees > 0 || matches!(table, Table::Completed | Table::SkippedForDailyDose)
    };
    Table::ALL.iter().copied().map(|table| (table, employees(table))).filter(is_shown).collect()
}

/// A note begins with a small letter, as the command line puts "Note: " before it.
pub(crate) fn sentence(note: &str) -> String {
    let mut text = format!("{note}.");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}
