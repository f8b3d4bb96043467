//! The area "Check": files of the vendor are checked against the format and the rules, as by `btcfake check`. The worker
//! reads them; the area shows their verdicts, and their findings a page at a time.

pub(crate) mod dropping;
mod expected;
mod findings;
mod picking;
mod starting;
pub(crate) mod state;

use std::sync::Arc;

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::FileReport;
use crate::page::components::panes;
use crate::page::components::{markup, shown, text};
use crate::page::state::PageState;
use expected::expected_view;
use findings::file_part;
use picking::picking_part;
pub(crate) use starting::start;
use state::CheckState;

/// The area.
pub(crate) fn check_area(page: PageState) -> AnyView {
    let checks = page.check;
    let verdict = text(move || checks.state.with(verdict));
    let class = move || if checks.state.with(|state| matches!(state, CheckState::NotYet)) { "hint" } else { "verdict" };
    let files = shown(move || match checks.state.get() {
        CheckState::Done(check, files) => {
            let parts = (0..files.len()).map(|index| file_part(page, check, Arc::clone(&files), index));
            Some(markup! { <div class="checked">{parts.collect_view()}</div> })
        }
        _ => None,
    });
    let expected = shown(move || {
        let is_done = checks.state.with(|state| matches!(state, CheckState::Done(..)));
        checks.expected.get().filter(|_| is_done).map(|expected| expected_view(&expected))
    });
    let left = markup! {
        <section aria-labelledby="check-heading">
            <h2 id="check-heading">"Check"</h2>
            <p class="hint">
                "Finds every breach of the format and of the rules, by line, in feeds of this page and in any other. Files "
                "that belong together are compared with each other."
            </p>
            {picking_part(page)}
        </section>
    };
    let right = markup! {
        <section class="panel panel-body" aria-labelledby="findings-heading">
            <h2 id="findings-heading">"Findings"</h2>
            <p class=text(move || class().to_owned()) role="status">{verdict}</p>
            {expected}
            {files}
        </section>
    };
    panes(left, right)
}

fn verdict(state: &CheckState) -> String {
    match state {
        CheckState::NotYet => "Each file will appear here with its verdict, and each problem with its line.".to_owned(),
        CheckState::Checking(_, files) => format!("Checking {}…", counted(*files, "file")),
        CheckState::Failed(why) => why.clone(),
        CheckState::Done(_, files) => {
            let all = counted(files.len(), "file");
            let sum = |count: fn(&FileReport) -> usize| files.iter().map(|file| count(&file.checked)).sum::<usize>();
            let (problems, warnings) = (sum(|file| file.problems), sum(|file| file.warnings));
            let wrong = files.iter().filter(|file| file.checked.problems > 0).count();
            let message = match problems {
                0 => format!("No problem in {all}."),
                _ => format!("{} in {wrong} of {all}.", counted(problems, "problem")),
            };
            if warnings > 0 { format!("{message} {}.", counted(warnings, "warning")) } else { message }
        }
    }
}
