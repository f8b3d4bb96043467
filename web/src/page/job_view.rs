//! How far something is that the helper does, what came of it, and what went wrong.

use btcfake_core::api::Connection;
use btcfake_core::input::InputRole;
use leptos::html::Button;
use leptos::prelude::*;

use super::live::{JobState, Step};
use super::state::PageState;

/// How a job stands. What it is called stands in sentences: `download of catalogs`.
#[component]
pub(super) fn JobView(
    state: PageState,
    connection: Connection,
    name: &'static str,
    start: NodeRef<Button>,
) -> impl IntoView {
    let job = state.live.job(connection);
    let is_going = Memo::new(move |_| job.is_going());
    let status = move || job.state.with(|job| status_text(job, name));
    let fault = move || job.state.with(|job| fault_view(state, connection, job, start));
    let notes = move || {
        job.state.with(|job| match job {
            JobState::Done(done) => done.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view(),
            _ => Vec::new(),
        })
    };
    view! {
        <Show when=move || is_going.get()>
            <JobProgress state connection name start/>
        </Show>
        <p class="job-status" role="status">{status}</p>
        <ul class="notes">{notes}</ul>
        <OtherEmployees state connection/>
        {fault}
    }
    .into_any()
}

#[component]
fn JobProgress(state: PageState, connection: Connection, name: &'static str, start: NodeRef<Button>) -> impl IntoView {
    let job = state.live.job(connection);
    let cancel = move |_| {
        state.end_job(connection, JobState::Cancelled);
        focus(start);
    };
    let part = move || {
        job.state.with(|state| match state {
            JobState::Going(_, Step::Helper(_, part)) => *part,
            _ => None,
        })
    };
    let max = move || part().map_or(1, |(_, of)| of.max(1)).to_string();
    let value = move || part().map(|(done, _)| done.to_string());
    let text = move || {
        job.state.with(|state| match state {
            JobState::Going(_, Step::Helper(text, _)) => text.clone(),
            JobState::Going(_, Step::Ids(_)) => "Reading the employees…".to_owned(),
            JobState::Going(_, Step::Zip(_)) => "Packing the files…".to_owned(),
            _ => String::new(),
        })
    };
    view! {
        <div class="progress">
            <progress aria-label=format!("Progress of the {name}") max=max value=value></progress>
            <span>{text}</span>
            <button type="button" on:click=cancel>
                "Cancel"<span class="visually-hidden">" the "{name}</span>
            </button>
        </div>
    }
    .into_any()
}

/// What was fetched is about employees of a file that is not in use any more.
#[component]
fn OtherEmployees(state: PageState, connection: Connection) -> impl IntoView {
    let is_about_others = Memo::new(move |_| {
        let about = state.live.job(connection).state.with(|job| match job {
            JobState::Done(done) => done.employees,
            _ => None,
        });
        let pick = state.slot(InputRole::Employees).file.with(|file| file.picked().map(|picked| picked.pick));
        about.is_some_and(|about| pick.is_some_and(|pick| pick != about))
    });
    let text =
        move || is_about_others.get().then_some("This is about the employees before your last change. Get it again.");
    view! { <p class="stale-notice" role="status">{text}</p> }.into_any()
}

fn fault_view(state: PageState, connection: Connection, job: &JobState, start: NodeRef<Button>) -> Option<AnyView> {
    let JobState::Failed(why) = job else { return None };
    let text = format!("Error: {why}{}", if why.ends_with(['.', '!', '?']) { "" } else { "." });
    let give_up = move |_| {
        state.end_job(connection, JobState::GivenUp);
        focus(start);
    };
    let go_on = (connection != Connection::SftpOutbound).then(|| {
        view! { <button type="button" on:click=give_up>"Go on without"</button> }
    });
    Some(view! { <div class="problems refused" role="alert"><p>{text}</p>{go_on}</div> }.into_any())
}

/// The button that was used last goes away, so the one before it is next.
fn focus(button: NodeRef<Button>) {
    if let Some(button) = button.get_untracked() {
        let _ = button.focus();
    }
}

fn status_text(job: &JobState, name: &str) -> String {
    match job {
        JobState::Idle | JobState::Failed(_) => String::new(),
        JobState::Going(..) => format!("The {name} goes on."),
        JobState::GivenUp => "Runs go on without that.".to_owned(),
        JobState::Cancelled => format!("The {name} was cancelled."),
        JobState::Done(done) => done.text.clone(),
    }
}
