//! The live sources that the helper reaches: what they are, how they stand, and what can be had from them.

use btcfake_core::api::{Connection, ConnectionState, ConnectionStatus, Status, environment_text};
use leptos::ev::SubmitEvent;
use leptos::html::{Button, H2};
use leptos::prelude::*;

use crate::page::components::{Action, follow, go_to, handler, is_focus_nowhere, shown, status, text};
use crate::page::feed::inputs::job_view::job_view;
use crate::page::live::{HelperState, TestState};
use crate::page::live_intents::CATALOGS;
use crate::page::state::PageState;

/// Nothing where there is no helper.
pub(crate) fn live_panel(state: PageState) -> AnyView {
    let heading = NodeRef::<H2>::new();
    let mut is_first = true;
    follow(move || {
        // What was asked for took the place of the button that asked for it; the first time, nobody asked.
        if heading.get().is_some() && !std::mem::take(&mut is_first) && is_focus_nowhere() {
            let is_refused = |helper: &_| matches!(helper, HelperState::TokenWanted { refused: true });
            let is_refused = state.live.helper.with_untracked(is_refused);
            go_to(if is_refused { "helper-token" } else { "live-heading" });
        }
    });
    shown(move || {
        let content = state.live.helper.with(|helper| match helper {
            HelperState::Absent | HelperState::Asking => None,
            HelperState::Gone => Some(gone_view(state)),
            HelperState::TokenWanted { refused } => Some(token_view(state, *refused)),
            HelperState::Found(status) => Some(sources_view(state, status)),
        })?;
        let section = view! {
            <section aria-labelledby="live-heading">
                <h2 id="live-heading" tabindex="-1" node_ref=heading>"Live sources"</h2>
                {content}
            </section>
        };
        Some(section.into_any())
    })
}

/// Without the helper the page works on files alone.
fn gone_view(state: PageState) -> AnyView {
    let about = "helper-gone".to_owned();
    let again = Action { about: about.clone(), ..Action::new("Look again") };
    view! {
        <p id=about role="status">
            "The helper that served this page does not answer, so there are no live sources now. Files work as ever."
        </p>
        <div class="buttons">{again.button(|| false, move || state.ask_status())}</div>
    }
    .into_any()
}

fn token_view(state: PageState, refused: bool) -> AnyView {
    let token = RwSignal::new(String::new());
    let sign_in = move |event: SubmitEvent| {
        event.prevent_default();
        state.sign_in(token.with_untracked(|token| token.trim().to_owned()));
    };
    let fault = refused.then_some("Error: the helper does not take that token.");
    view! {
        <form class="find" on:submit=handler(sign_in)>
            <label for="helper-token">"Token of the helper"</label>
            <div class="with-button">
                <input
                    type="password"
                    id="helper-token"
                    autocomplete="off"
                    aria-describedby="helper-token-about helper-token-fault"
                    aria-invalid=refused.to_string()
                    bind:value=token
                />
                <button type="submit">"Connect"</button>
            </div>
            <p id="helper-token-fault" class="fault" role="alert">{fault}</p>
            <p id="helper-token-about" class="hint">
                "The helper that serves this page wants it for its live sources. It is kept until the page is closed. "
                "Without it, everything else works."
            </p>
        </form>
    }
    .into_any()
}

fn sources_view(state: PageState, status: &Status) -> AnyView {
    let environment = environment_text(status);
    let warnings = (!status.warnings.is_empty()).then(|| {
        let lines = status.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
        view! { <ul class="problems live-warnings" aria-label="Warnings of the helper">{lines}</ul> }
    });
    let cards = status.connections.iter().map(|one| source_view(state, one.clone())).collect_view();
    view! {
        <p><strong>{environment}</strong></p>
        <p class="hint">
            "With live sources, employee ids go to the helper on this computer, which asks the recommender and Databricks. "
            "Files you pick still stay in the browser."
        </p>
        {warnings}
        <div class="file-grid">{cards}</div>
    }
    .into_any()
}

/// One connection: how it stands, its test, and what can be had from it.
fn source_view(state: PageState, one: ConnectionStatus) -> AnyView {
    let connection = one.connection;
    let heading = format!("{}-heading", connection.name());
    let (is_configured, stands) = match one.state {
        ConnectionState::NotConfigured => (false, view! { <p class="hint">"Not configured."</p> }.into_any()),
        ConnectionState::Configured { address, .. } => (true, view! { <p>{address}</p> }.into_any()),
        ConnectionState::Wrong { message } => {
            (false, view! { <p class="problems refused">"Configured wrongly: "{message}</p> }.into_any())
        }
    };
    let test = is_configured.then(|| test_view(state, connection));
    let actions = match connection {
        Connection::SftpInbound => Some(catalogs_view(state, is_configured)),
        _ if !is_configured => None,
        Connection::SftpOutbound => {
            Some(view! { <p class="hint">"Publishing is offered with the results of a run."</p> }.into_any())
        }
        Connection::Recommender | Connection::Databricks => Some(employees_view(state, connection)),
    };
    view! {
        <section class="file" aria-labelledby=heading>
            <h3 id=heading.clone()>{connection.describe()}</h3>
            {stands}
            {test}
            {actions}
        </section>
    }
    .into_any()
}

fn test_view(state: PageState, connection: Connection) -> AnyView {
    let test = state.live.test(connection);
    let is_going = move || test.with(|test| matches!(test, TestState::Going(_)));
    let action = Action { heard: connection.describe().to_owned(), ..Action::new("Test") };
    let message = move || {
        test.with(|test| match test {
            TestState::NotYet => String::new(),
            TestState::Going(_) => "Being tested…".to_owned(),
            TestState::Ended(result) if result.works => format!("Works: {}", result.message),
            TestState::Ended(result) => format!("Does not work: {}", result.message),
        })
    };
    view! {
        <p class="buttons">{action.button(is_going, move || state.test_connection(connection))}</p>
        {status("job-status", text(message))}
    }
    .into_any()
}

fn catalogs_view(state: PageState, is_configured: bool) -> AnyView {
    let job = state.live.job(Connection::SftpInbound);
    let is_going = move || job.is_going();
    let start = NodeRef::<Button>::new();
    let download = is_configured.then(|| {
        let action = Action { node: start, ..Action::new("Download catalogs") };
        action.button(is_going, move || state.download_catalogs())
    });
    let names = Memo::new(move |_| {
        let names: Vec<String> = CATALOGS.iter().filter_map(|(kind, _)| state.live.catalog(*kind)).collect();
        names.join(" and ")
    });
    let use_them = shown(move || {
        names.with(|names| !names.is_empty()).then(|| {
            let action = Action::new("Use catalogs of the helper");
            action.button(is_going, move || state.use_catalogs())
        })
    });
    let there = text(move || match names.get() {
        names if names.is_empty() => names,
        names => format!("In the helper's folder: {names}"),
    });
    let fault = shown(move || {
        let why = state.live.catalogs.with(|catalogs| catalogs.as_ref().err().cloned())?;
        let text = format!("The helper's catalogs cannot be listed: {why}");
        Some(view! { <p class="problems refused" role="alert">{text}</p> }.into_any())
    });
    view! {
        <p class="buttons">{download} {use_them}</p>
        <p class="hint">{there}</p>
        {fault}
        {job_view(state, Connection::SftpInbound, "download of catalogs", start)}
    }
    .into_any()
}

/// What is asked about the employees.
fn employees_view(state: PageState, connection: Connection) -> AnyView {
    let job = state.live.job(connection);
    let start = NodeRef::<Button>::new();
    let missing = move || state.missing_to_ask();
    let about = format!("{}-about", connection.name());
    let (label, name) = if connection == Connection::Recommender {
        ("Get recommendations", "fetching of recommendations")
    } else {
        ("Get open assignments and completions", "reading of the tables")
    };
    let action = Action { about: about.clone(), node: start, ..Action::new(label) };
    let button =
        action.button(move || job.is_going() || missing().is_some(), move || state.fetch_about_employees(connection));
    view! {
        <p class="buttons">{button}</p>
        <p id=about class="hint">{text(move || missing().unwrap_or_default())}</p>
        {job_view(state, connection, name, start)}
    }
    .into_any()
}
