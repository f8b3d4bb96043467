//! A job of the helper: its progress, its result, or its error.

use btcfake_core::api::Connection;
use leptos::html::Button;
use leptos::prelude::*;

use crate::page::components::{Action, focus, items, markup, shown, status, text, text_while};
use crate::page::live::jobs::roles_from;
use crate::page::live::{JobState, LiveStep};
use crate::page::state::PageState;
use crate::page::words::{ended, in_form};

/// The state of a connection's job. `name` is used within sentences: `download of catalogs`.
pub(crate) fn job_view(
    state: PageState,
    connection: Connection,
    name: &'static str,
    start: NodeRef<Button>,
) -> AnyView {
    let job = state.live.job(connection);
    let is_going = Memo::new(move |_| job.is_going());
    let progress = shown(move || is_going.get().then(|| progress_view(state, connection, name, start)));
    let fault = shown(move || job.state.with(|job| fault_view(state, connection, job, start)));
    let notes = shown(move || job.state.with(notes_view));
    markup! {
        {progress}
        {status("job-status", text(move || job.state.with(|job| status_text(job, name))))}
        {notes}
        {status("stale-notice", text_while(move || is_of_others(state, connection), OF_OTHERS))}
        {fault}
    }
}

fn progress_view(state: PageState, connection: Connection, name: &'static str, start: NodeRef<Button>) -> AnyView {
    let job = state.live.job(connection);
    let cancel = move || {
        state.end_job(connection, JobState::Cancelled);
        focus_start(start);
    };
    let part = move || {
        job.state.with(|state| match state {
            JobState::Going(_, LiveStep::Helper(_, part)) => *part,
            _ => None,
        })
    };
    let max = text(move || part().map_or(1, |(_, of)| of.max(1)).to_string());
    let value = Signal::derive(move || part().map(|(done, _)| done.to_string()));
    let how_far = text(move || {
        job.state.with(|state| match state {
            JobState::Going(_, LiveStep::Helper(text, _)) => text.clone(),
            JobState::Going(_, LiveStep::Ids(_)) => "Reading the employees…".to_owned(),
            JobState::Going(_, LiveStep::Zip(_)) => "Packing the files…".to_owned(),
            _ => String::new(),
        })
    });
    markup! {
        <div class="progress">
            <progress aria-label=format!("Progress of the {name}") max=max value=value></progress>
            <span>{how_far}</span>
            {Action { hidden_label: name.to_owned(), ..Action::new("Cancel") }.button(cancel)}
        </div>
    }
}

fn notes_view(job: &JobState) -> Option<AnyView> {
    let JobState::Done(done) = job else { return None };
    Some(markup! { <ul class="notes">{items(done.notes.iter().map(|note| in_form(note)))}</ul> })
}

/// Whether a fetched file was made for employees other than those of the run.
pub(crate) fn is_of_others(state: PageState, connection: Connection) -> bool {
    roles_from(connection).iter().any(|role| state.is_for_others(*role))
}

const OF_OTHERS: &str = "This is about other employees than those of this run. Get it again.";

fn fault_view(state: PageState, connection: Connection, job: &JobState, start: NodeRef<Button>) -> Option<AnyView> {
    let JobState::Failed(why) = job else { return None };
    let text = ended(format!("Error: {}", in_form(why)));
    let give_up = move || {
        state.go_on_without(connection);
        focus_start(start);
    };
    let go_on = (connection != Connection::SftpOutbound).then(|| Action::new("Go on without").button(give_up));
    Some(markup! { <div class="problems refused" role="alert"><p>{text}</p>{go_on}</div> })
}

/// Focuses the button that started the job, because the one just used disappears.
fn focus_start(button: NodeRef<Button>) {
    button.get_untracked().iter().for_each(|button| focus(button));
}

fn status_text(job: &JobState, name: &str) -> String {
    match job {
        JobState::Idle | JobState::Failed(_) => String::new(),
        JobState::Going(..) => format!("The {name} is under way."),
        JobState::GivenUp => "Runs go on without it.".to_owned(),
        JobState::Cancelled => format!("The {name} was cancelled."),
        JobState::Done(done) => done.text.clone(),
    }
}
