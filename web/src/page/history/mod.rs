//! The area "History": earlier runs, kept in this browser, to be opened again, compared or deleted.

mod compare;
mod comparison_view;
mod entry;
mod feeds;
mod feeds_view;
mod run_view;
pub(crate) mod state;
mod store;

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::page::components::panes;
use crate::page::components::{Action, alert, markup, shown, status, text};
use crate::page::remembered;
use crate::page::state::PageState;
use crate::page::storage::NOT_KEPT;
use comparison_view::comparison_view;
use feeds_view::feeds_view;
use run_view::run_view;
use state::History;

/// The area: the runs on the left, two of them compared on the right.
pub(crate) fn history_area(page: PageState) -> AnyView {
    let history = page.history;
    history.look_up();
    let left = markup! { {runs_section(history)}{forget_section(page)} };
    let right = markup! { {comparison_view(history)}{feeds_view(history.feeds)} };
    panes(left, right)
}

/// The list of the runs.
fn runs_section(history: History) -> AnyView {
    let count = text(move || match history.runs.with(|runs| runs.len()) {
        0 => "There are no runs yet.".to_owned(),
        runs => format!("{}, the last one first.", counted(runs, "run")),
    });
    let runs = move || {
        let runs = history.runs.get();
        let list = runs.iter().map(|run| run_view(history, run)).collect_view();
        (!runs.is_empty()).then(|| markup! { <ul class="kept-runs">{list}</ul> })
    };
    let delete_all = Action::new("Delete all runs").button_unless(
        move || history.runs.with(|runs| runs.is_empty()),
        move || {
            if history.runs.with_untracked(|runs| !runs.is_empty()) {
                history.delete_all(|| {});
            }
        },
    );
    markup! {
        <section aria-labelledby="history-heading">
            <h2 id="history-heading" tabindex="-1">"History"</h2>
            <p class="hint">
                {format!("The last {} runs, kept in this browser only: ", store::MOST)}
                "the recipe and the summary of each, and no content of a file."
            </p>
            {status("hint", count)}
            {shown(move || history.fault.get().map(alert))}
            {shown(runs)}
            <div class="buttons">{delete_all}{status("hint", history.notice.into())}</div>
        </section>
    }
}

/// What the browser keeps, with a button that deletes all of it.
fn forget_section(page: PageState) -> AnyView {
    let forget = move || {
        let is_kept = page.session.is_kept.get_untracked();
        page.keep_session(false);
        let kept = remembered::forget();
        page.history.delete_all(move || {
            remembered::remember_again(&kept);
            page.keep_session(is_kept);
        });
    };
    let forget = Action { about: "forget-about".to_owned(), ..Action::new("Forget everything") }.button(forget);
    let unkept = text(move || match page.history.settings_are_kept.get() {
        true => String::new(),
        false => format!("Your last settings are not kept: {NOT_KEPT}."),
    });
    markup! {
        <section aria-labelledby="forget-heading">
            <h2 id="forget-heading">"What this browser remembers"</h2>
            <p id="forget-about" class="hint">
                "The history, the time zone and other usual settings, the theme, scenarios of your own, and the files of a "
                "visit if you had them kept."
            </p>
            {status("fault", unkept)}
            <div class="buttons">{forget}</div>
        </section>
    }
}
