//! The area "Series": feeds of days in a row, by the files and settings of the area "Feed".

mod fields;
mod form;
mod making;

use btcfake_core::report::series_table::{COLUMNS, REASONS, REASONS_TITLE};
use btcfake_core::text::words::{counted, number_text};
use leptos::html::Button;
use leptos::prelude::*;

use crate::page::components::panes;
use crate::page::components::{
    Action, Rank, alert, focus, items, markup, refusal, shown, status, table_box, text, text_while,
};
use crate::page::state::PageState;
use crate::page::words::sentence;
use fields::series_fields;
use making::{DoneSeries, SeriesState, SeriesStatus};

/// The area: the fields on the left, the days on the right.
pub(crate) fn series_area(page: PageState) -> AnyView {
    let state = SeriesState::new(page);
    let left = markup! {
        <section aria-labelledby="series-heading">
            <h2 id="series-heading">"Series"</h2>
            <p class="hint">
                "A feed for each of several days in a row: what one day leaves open is open on the next. Files and settings "
                "are those of " <a href="#feed">"Feed"</a> ", but for date and time."
            </p>
            {series_fields(state)}
            {status("stale-notice", text_while(move || page.settings.breaks_something(), WITHOUT_FAULTS))}
        </section>
        <section class="run-bar" aria-label="Make the series">
            {shown(move || not_made(state))}
            <div class="run-line">
                {buttons(state)}
                {status("run-status", text(move || state.making.with(status_text)))}
            </div>
        </section>
    };
    let right = shown(move || {
        let view = if state.days.with(Vec::is_empty) { empty_view() } else { days_view(state) };
        Some(view)
    });
    panes(left, markup! { <section class="panel panel-body series" aria-labelledby="days-heading">{right}</section> })
}

/// The description of the table to come.
fn empty_view() -> AnyView {
    markup! {
        <h2 id="days-heading">"Days of the series"</h2>
        <p class="hint">
            "A row for each day: who took part, what was open, what was given, done and left. The last row has the totals. "
            "All days are then downloaded in one ZIP, a folder a day."
        </p>
    }
}

fn buttons(state: SeriesState) -> AnyView {
    let button = NodeRef::<Button>::new();
    let is_going = Memo::new(move |_| state.making.with(|making| matches!(making, SeriesStatus::Going { .. })));
    let start = move || {
        if !is_going.get_untracked() {
            state.start();
        }
    };
    let make = Action { node: button, rank: Rank::Primary, ..Action::new("Make series") }
        .button_unless(move || is_going.get(), move || state.page.edits_under_way.after(start));
    let cancel = move || {
        state.cancel();
        button.get_untracked().iter().for_each(|button| focus(button));
    };
    let progress = move || {
        let max = text(move || state.making.with(SeriesStatus::days).max(1).to_string());
        let value = text(move || state.days.with(Vec::len).to_string());
        let how_far = text(move || {
            format!("{} of {}", state.days.with(Vec::len), counted(state.making.with(SeriesStatus::days), "day"))
        });
        markup! {
            <div class="progress">
                <progress aria-label="Progress of the series" max=max value=value></progress>
                <small>{how_far}</small>
            </div>
            {Action { hidden_label: "the series".to_owned(), ..Action::new("Cancel") }.button(cancel)}
        }
    };
    markup! {
        {make}
        {shown(move || is_going.get().then(progress))}
    }
}

/// Why there is no series.
fn not_made(state: SeriesState) -> Option<AnyView> {
    state.making.with(|making| match making {
        SeriesStatus::Blocked => Some(refusal("Not made yet:", move || state.missing())),
        SeriesStatus::Failed(why) => Some(alert(format!("There is no series: {why}."))),
        _ => None,
    })
}

fn status_text(making: &SeriesStatus) -> String {
    match making {
        SeriesStatus::NotYet | SeriesStatus::Blocked | SeriesStatus::Failed(_) | SeriesStatus::Going { .. } => {
            String::new()
        }
        SeriesStatus::Cancelled => "Cancelled. There is no series.".to_owned(),
        SeriesStatus::Done(done) => format!("Done: {}.", counted(done.days, "day")),
    }
}

/// The days that are made; at the end also the ZIP, the notes and the totals, whose row is there before, so that nothing moves.
fn days_view(state: SeriesState) -> AnyView {
    let rows = move || state.days.with(|days| days.iter().map(|day| row(&day.date, day.cells)).collect_view());
    let columns: Vec<&str> = std::iter::once("Day").chain(COLUMNS).collect();
    let has_any_without =
        move || state.days.with(|days| days.iter().flat_map(|day| day.without_dose).any(|count| count > 0));
    let reasons = move || has_any_without().then(|| reasons_view(state));
    let totals = shown(move || {
        let done = |making: &SeriesStatus| if let SeriesStatus::Done(done) = making { done.totals } else { NO_TOTALS };
        Some(totals_view(state.making.with(done)))
    });
    let end = |view: fn(&DoneSeries) -> AnyView| {
        shown(move || {
            state.making.with(|making| if let SeriesStatus::Done(done) = making { Some(view(done)) } else { None })
        })
    };
    markup! {
        <div class="row days-bar">
            <h2 id="days-heading">"Days of the series"</h2>
            <span class="push">{end(download_view)}</span>
        </div>
        {status("stale-notice", text_while(move || state.is_stale(), STALE))}
        {table_box("days-heading", &columns, markup! { <tbody>{rows}</tbody>{totals} })}
        {shown(reasons)}
        {end(notes_view)}
    }
}

/// The numbers of employees without a Daily Dose, by reason and day.
fn reasons_view(state: SeriesState) -> AnyView {
    let rows = move || state.days.with(|days| days.iter().map(|day| row(&day.date, day.without_dose)).collect_view());
    let columns: Vec<&str> = std::iter::once("Day").chain(REASONS).collect();
    markup! {
        <h3 id="reasons-heading">{REASONS_TITLE}</h3>
        {table_box("reasons-heading", &columns, markup! { <tbody>{rows}</tbody> })}
    }
}

/// Faults are ticked under Feed; a series has none.
const WITHOUT_FAULTS: &str = "The faults that are ticked under Feed do not apply to a series: its files are whole.";

const STALE: &str = "This series is from before your last change. Make it again.";

fn row<const N: usize>(date: &str, cells: [u64; N]) -> AnyView {
    let cells = cells.map(|cell| view! { <td>{number_text(cell)}</td> }).into_iter().collect_view();
    markup! { <tr><th scope="row">{date.to_owned()}</th>{cells}</tr> }
}

/// The totals before the last day is made.
const NO_TOTALS: [Option<u64>; COLUMNS.len()] = [None; COLUMNS.len()];

fn totals_view(totals: [Option<u64>; COLUMNS.len()]) -> AnyView {
    let cells = totals.map(|total| view! { <td>{total.map(number_text)}</td> }).into_iter().collect_view();
    markup! { <tfoot><tr><th scope="row">"Total"</th>{cells}</tr></tfoot> }
}

fn download_view(done: &DoneSeries) -> AnyView {
    markup! {
        <a class="button primary" href=done.url.text() download=done.name.clone()>"Download all days (ZIP)"</a>
    }
}

fn notes_view(done: &DoneSeries) -> AnyView {
    markup! { <ul class="notes">{items(done.notes.iter().map(|note| sentence(note)))}</ul> }
}
