//! A row for a live source: name, kind and state; on demand its address, its test and its actions.

use btcfake_core::api::{Connection, ConnectionState, ConnectionStatus};
use leptos::html::{Button, Details};
use leptos::prelude::*;

use crate::page::components::{Action, Tone, alert, follow, markup, show_in_pane, shown, status, text};
use crate::page::feed::inputs::job_view::{is_of_others, job_view};
use crate::page::live::catalogs::CATALOGS;
use crate::page::live::{JobState, LiveStep, TestState};
use crate::page::state::PageState;

/// The name of a source, and its kind.
pub(crate) fn source_names(connection: Connection) -> (&'static str, &'static str) {
    match connection {
        Connection::SftpInbound => ("Vendor's catalogs", "SFTP"),
        Connection::SftpOutbound => ("Publishing", "SFTP"),
        Connection::Recommender => ("Recommendations", "API"),
        Connection::Databricks => ("Open assignments", "Databricks"),
    }
}

/// The row. It opens by itself on a problem.
pub(crate) fn source_row(state: PageState, one: ConnectionStatus) -> AnyView {
    let connection = one.connection;
    let heading = format!("{}-heading", connection.name());
    let (id, (title, kind)) = (heading.clone(), source_names(connection));
    let wrong = matches!(one.state, ConnectionState::Wrong { .. });
    let status_now =
        Memo::new(
            move |_| {
                if wrong { (Tone::Bad, "configured wrongly".to_owned()) } else { source_status(state, connection) }
            },
        );
    let node = NodeRef::<Details>::new();
    follow(move || {
        let is_wrong = matches!(status_now.get().0, Tone::Bad | Tone::Warn);
        if let Some(node) = node.get().filter(|_| is_wrong) {
            node.set_open(true);
            // The problem may be below the visible part of the pane. The files of an opened run stay in view.
            if !wrong && state.recipe.opened.with_untracked(Option::is_none) {
                request_animation_frame(move || show_in_pane(&node));
            }
        }
    });
    let tone = move || status_now.with(|(tone, _)| tone.class());
    let body = match one.state {
        ConnectionState::Wrong { message } => {
            markup! { <p class="problems refused">"Configured wrongly: "{message}</p> }
        }
        ConnectionState::Configured { address, .. } => configured_view(state, connection, address),
        ConnectionState::NotConfigured => ().into_any(),
    };
    markup! {
        <section class="source" aria-labelledby=heading>
            <details node_ref=node>
                <summary>
                    <span class=text(move || format!("dot {}", tone())) aria-hidden="true"></span>
                    <h3 id=id>{title}</h3>
                    <small>{kind}</small>
                    <span class=text(move || format!("meta push {}", tone()))>{text(move || status_now.get().1)}</span>
                </summary>
                <div class="source-body">{body}</div>
            </details>
        </section>
    }
}

/// The state of a source in a few words: of its job, or else of its test.
fn source_status(state: PageState, connection: Connection) -> (Tone, String) {
    let job = state.live.job(connection);
    let of_job = job.state.with(|job| match job {
        JobState::Idle => None,
        JobState::Going(_, LiveStep::Helper(_, Some((done, of)))) => Some((Tone::Idle, percent(*done, *of))),
        JobState::Going(..) => Some((Tone::Idle, "fetching…".to_owned())),
        JobState::Cancelled => Some((Tone::Idle, "cancelled".to_owned())),
        JobState::GivenUp => Some((Tone::Idle, "left out".to_owned())),
        JobState::Failed(_) => Some((Tone::Bad, "failed".to_owned())),
        JobState::Done(_) if is_of_others(state, connection) => Some((Tone::Warn, "other employees".to_owned())),
        JobState::Done(done) => Some((if done.is_whole { Tone::Good } else { Tone::Warn }, done.short.clone())),
    });
    of_job.unwrap_or_else(|| of_test(state, connection))
}

fn of_test(state: PageState, connection: Connection) -> (Tone, String) {
    let (tone, words) = state.live.test(connection).with(|test| match test {
        TestState::NotYet if connection == Connection::SftpOutbound => (Tone::Idle, "after a run"),
        TestState::NotYet => (Tone::Idle, "not fetched"),
        TestState::Going(_) => (Tone::Idle, "testing…"),
        TestState::Ended(result) if result.works => (Tone::Good, "works"),
        TestState::Ended(_) => (Tone::Bad, "does not work"),
    });
    (tone, words.to_owned())
}

fn percent(done: u64, of: u64) -> String {
    format!("{} %", done.saturating_mul(100) / of.max(1))
}

fn configured_view(state: PageState, connection: Connection, address: String) -> AnyView {
    let start = NodeRef::<Button>::new();
    let actions = match connection {
        Connection::SftpInbound => catalog_actions(state, start),
        Connection::SftpOutbound => ().into_any(),
        Connection::Recommender => ask_action(state, connection, "Get recommendations", start),
        Connection::Databricks => ask_action(state, connection, "Get open assignments and completions", start),
    };
    let job = match connection {
        Connection::SftpInbound => job_view(state, connection, "download of catalogs", start),
        Connection::Recommender => job_view(state, connection, "fetching of recommendations", start),
        Connection::Databricks => job_view(state, connection, "reading of the tables", start),
        Connection::SftpOutbound => {
            markup! { <p class="hint">"Publishing is offered with the results of a run."</p> }
        }
    };
    let test = state.live.test(connection);
    let is_going = move || test.with(|test| matches!(test, TestState::Going(_)));
    let (title, _) = source_names(connection);
    let action = Action { hidden_label: title.to_owned(), ..Action::new("Test") };
    let message = move || {
        test.with(|test| match test {
            TestState::NotYet => String::new(),
            TestState::Going(_) => "Being tested…".to_owned(),
            TestState::Ended(result) if result.works => format!("Works: {}", result.message),
            TestState::Ended(result) => format!("Does not work: {}", result.message),
        })
    };
    markup! {
        <p class="hint">{address}</p>
        <div class="buttons">{actions} {action.button_unless(is_going, move || state.test_connection(connection))}</div>
        {status("job-status", text(message))}
        {job}
    }
}

fn catalog_actions(state: PageState, start: NodeRef<Button>) -> AnyView {
    let job = state.live.job(Connection::SftpInbound);
    let is_going = move || job.is_going();
    let names = Memo::new(move |_| {
        let names: Vec<String> = CATALOGS.iter().filter_map(|(kind, _)| state.live.catalog(*kind)).collect();
        names.join(" and ")
    });
    let use_them = shown(move || {
        names.with(|names| !names.is_empty()).then(|| {
            let action = Action { about: "helper-catalogs".to_owned(), ..Action::new("Use catalogs of the helper") };
            action.button_unless(is_going, move || state.use_catalogs())
        })
    });
    let there = text(move || match names.get() {
        names if names.is_empty() => names,
        names => format!("In the helper's folder: {names}"),
    });
    let fault = shown(move || {
        let why = state.live.catalogs.with(|catalogs| catalogs.as_ref().err().cloned())?;
        Some(alert(format!("The helper's catalogs cannot be listed: {why}")))
    });
    let download = Action { node: start, ..Action::new("Download catalogs") };
    markup! {
        {download.button_unless(is_going, move || state.download_catalogs())}
        {use_them}
        <p id="helper-catalogs" class="hint">{there}</p>
        {fault}
    }
}

/// The button for a request about the employees, and why it cannot be sent yet.
fn ask_action(state: PageState, connection: Connection, label: &'static str, start: NodeRef<Button>) -> AnyView {
    let job = state.live.job(connection);
    let missing = move || state.missing_to_ask();
    let about = format!("{}-about", connection.name());
    let action = Action { about: about.clone(), node: start, ..Action::new(label) };
    let is_off = move || job.is_going() || missing().is_some();
    markup! {
        {action.button_unless(is_off, move || state.fetch_about_employees(connection))}
        <p id=about class="hint">{text(move || missing().unwrap_or_default())}</p>
    }
}
