//! The tab "Details": the summary, the failed calls, the digests of the files, and what was broken on purpose.

use leptos::prelude::*;

use super::failed_calls::failed_calls;
use crate::messages::{Group, Outcome, OutputFile};
use crate::page::components::markup;
use crate::page::state::PageState;
use crate::page::words::{sentence, size_text};

/// The details.
pub(crate) fn details_tab(state: PageState, outcome: &Outcome) -> AnyView {
    let Outcome { groups, daily_doses, warnings, notes, .. } = outcome;
    let doses = daily_doses.iter().map(|dose| view! { <li>{dose.clone()}</li> }).collect_view();
    let doses = if daily_doses.is_empty() {
        markup! { <p>"none"</p> }
    } else {
        markup! { <ul>{doses}</ul> }
    };
    markup! {
        <h3 class="visually-hidden">"Summary"</h3>
        {broken_part(outcome)}
        {warnings_view(warnings)}
        {notes_view(notes)}
        <div class="summary-grid">
            {groups.iter().map(group_view).collect_view()}
            <section><h4>"Daily Doses of the run"</h4>{doses}</section>
            {failed_calls(state, &outcome.tally)}
        </div>
        <section><h4>"Files and their SHA-256"</h4>{digests(&outcome.files)}</section>
    }
}

/// What was broken on purpose.
fn broken_part(outcome: &Outcome) -> Option<AnyView> {
    let list = || outcome.broken.iter().map(|damage| markup! { <li>{damage.clone()}</li> }).collect_view();
    let part = || {
        markup! {
            <section class="problems refused" aria-labelledby="broken-heading">
                <h3 id="broken-heading" tabindex="-1">"This feed is broken on purpose"</h3>
                <p>"The figures are those before the feed was broken."</p>
                <div class="broken" tabindex="0" role="group" aria-label="What was broken"><ul>{list()}</ul></div>
            </section>
        }
    };
    (!outcome.broken.is_empty()).then(part)
}

/// Results that people may not have intended.
fn warnings_view(warnings: &[String]) -> Option<AnyView> {
    let list = || warnings.iter().map(|warning| view! { <p>{sentence(warning)}</p> }).collect_view();
    (!warnings.is_empty()).then(|| markup! { <div class="problems">{list()}</div> })
}

/// Things left out or missing.
pub(crate) fn notes_view(notes: &[String]) -> Option<AnyView> {
    let list = || notes.iter().map(|note| view! { <li>{sentence(note)}</li> }).collect_view();
    (!notes.is_empty()).then(|| markup! { <ul class="notes">{list()}</ul> })
}

/// A group of lines.
pub(crate) fn group_view(group: &Group) -> AnyView {
    let line = |(label, value): &(String, String)| {
        view! { <div><dt>{label.clone()}</dt><dd>{value.clone()}</dd></div> }
    };
    markup! {
        <section>
            <h4>{group.title.clone()}</h4>
            <dl>{group.lines.iter().map(line).collect_view()}</dl>
        </section>
    }
}

/// The files by size and digest.
pub(crate) fn digests(files: &[OutputFile]) -> AnyView {
    let file = |file: &OutputFile| {
        markup! {
            <li>
                <span class="mono">{file.name.clone()}</span>" "<span class="hint">{size_text(file.bytes)}</span>
                <code class="digest">{file.sha256.clone()}</code>
            </li>
        }
    };
    markup! { <ul class="digests">{files.iter().map(file).collect_view()}</ul> }
}
