//! The live sources that the helper reaches: what they are, how they stand, and what can be had from them.

use std::sync::Arc;

use btcfake_core::api::{Connection, ConnectionState, ConnectionStatus, Status};
use btcfake_core::input::InputRole;
use leptos::ev::SubmitEvent;
use leptos::html::Button;
use leptos::prelude::*;

use super::job_view::JobView;
use super::live::{HelperState, TestState};
use super::live_intents::CATALOGS;
use super::state::PageState;

/// Nothing where there is no helper.
#[component]
pub(super) fn LivePanel(state: PageState) -> impl IntoView {
    let content = move || match state.live.helper.get() {
        HelperState::Absent | HelperState::Asking => None,
        HelperState::TokenWanted { refused } => Some(view! { <TokenForm state refused/> }.into_any()),
        HelperState::Found(status) => Some(view! { <Sources state status/> }.into_any()),
    };
    move || {
        content().map(|content| {
            view! {
                <section aria-labelledby="live-heading">
                    <h2 id="live-heading">"Live sources"</h2>
                    {content}
                </section>
            }
            .into_any()
        })
    }
}

#[component]
fn TokenForm(state: PageState, refused: bool) -> impl IntoView {
    let token = RwSignal::new(String::new());
    let sign_in = move |event: SubmitEvent| {
        event.prevent_default();
        state.sign_in(token.with_untracked(|token| token.trim().to_owned()));
    };
    let fault = refused.then_some("Error: the helper does not take that token.");
    view! {
        <form class="find" on:submit=sign_in>
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

#[component]
fn Sources(state: PageState, status: Arc<Status>) -> impl IntoView {
    let environment = match (&status.environment, status.sandbox) {
        (Some(name), true) => format!("Environment: {name}. Sandbox: nothing real is reached."),
        (None, true) => "Sandbox: nothing real is reached.".to_owned(),
        (Some(name), false) => format!("Environment: {name}. These are real systems."),
        (None, false) => "These are real systems; the configuration names no environment (BTCFAKE_ENV).".to_owned(),
    };
    let warnings = (!status.warnings.is_empty()).then(|| {
        let lines = status.warnings.iter().map(|warning| view! { <li>{warning.clone()}</li> }).collect_view();
        view! { <ul class="problems live-warnings" aria-label="Warnings of the helper">{lines}</ul> }
    });
    let cards = status.connections.iter().map(|one| view! { <Source state one=one.clone()/> }).collect_view();
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
#[component]
fn Source(state: PageState, one: ConnectionStatus) -> impl IntoView {
    let connection = one.connection;
    let heading = format!("{}-heading", connection.name());
    let (is_configured, stands) = match one.state {
        ConnectionState::NotConfigured => (false, view! { <p class="hint">"Not configured."</p> }.into_any()),
        ConnectionState::Configured { address, .. } => (true, view! { <p class="address">{address}</p> }.into_any()),
        ConnectionState::Wrong { said } => {
            (false, view! { <p class="problems refused">"Configured wrongly: "{said}</p> }.into_any())
        }
    };
    let test = is_configured.then(|| view! { <TestButton state connection/> });
    let actions = match connection {
        Connection::SftpInbound => view! { <CatalogActions state is_configured/> }.into_any(),
        Connection::SftpOutbound => is_configured
            .then(|| view! { <p class="hint">"Publishing is offered with the results of a run."</p> })
            .into_any(),
        Connection::Recommender | Connection::Databricks => {
            is_configured.then(|| view! { <EmployeeActions state connection/> }).into_any()
        }
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

#[component]
fn TestButton(state: PageState, connection: Connection) -> impl IntoView {
    let test = state.live.test(connection);
    let is_going = move || test.with(|test| matches!(test, TestState::Going(_)));
    let is_broken = move || test.with(|test| matches!(test, TestState::Ended(result) if !result.works));
    let text = move || {
        test.with(|test| match test {
            TestState::NotYet => String::new(),
            TestState::Going(_) => "Being tested…".to_owned(),
            TestState::Ended(result) if result.works => format!("Works: {}", result.said),
            TestState::Ended(result) => format!("Does not work: {}", result.said),
        })
    };
    view! {
        <p class="buttons">
            <button
                type="button"
                aria-disabled=move || is_going().to_string()
                on:click=move |_| state.test_connection(connection)
            >
                "Test"<span class="visually-hidden">" "{connection.describe()}</span>
            </button>
        </p>
        <p class="job-status" class:fault=is_broken role="status">{text}</p>
    }
    .into_any()
}

#[component]
fn CatalogActions(state: PageState, is_configured: bool) -> impl IntoView {
    let job = state.live.job(Connection::SftpInbound);
    let start = NodeRef::<Button>::new();
    let is_going = Memo::new(move |_| job.is_going());
    let download = is_configured.then(|| {
        view! {
            <button
                type="button"
                node_ref=start
                aria-disabled=move || is_going.get().to_string()
                on:click=move |_| state.download_catalogs()
            >
                "Download catalogs"
            </button>
        }
    });
    let names = Memo::new(move |_| {
        let names: Vec<String> = CATALOGS.iter().filter_map(|(kind, _)| state.live.catalog(*kind)).collect();
        (!names.is_empty()).then(|| names.join(" and "))
    });
    let there = move || names.get().map(|names| view! { <p class="hint">"In the helper's folder: "{names}</p> });
    let fault = move || {
        let why = state.live.catalogs.with(|catalogs| catalogs.as_ref().err().cloned());
        why.map(|why| view! { <p class="problems refused" role="alert">"The helper's catalogs cannot be listed: "{why}</p> })
    };
    view! {
        <p class="buttons">
            {download}
            <Show when=move || names.with(Option::is_some)>
                <button
                    type="button"
                    aria-disabled=move || is_going.get().to_string()
                    on:click=move |_| state.use_catalogs()
                >
                    "Use catalogs of the helper"
                </button>
            </Show>
        </p>
        {there}
        {fault}
        <JobView state connection=Connection::SftpInbound name="download of catalogs" start/>
    }
    .into_any()
}

/// What is asked about the employees.
#[component]
fn EmployeeActions(state: PageState, connection: Connection) -> impl IntoView {
    let job = state.live.job(connection);
    let start = NodeRef::<Button>::new();
    let missing = Memo::new(move |_| state.slot(InputRole::Employees).missing());
    let is_disabled = Memo::new(move |_| job.is_going() || missing.with(Option::is_some));
    let about = format!("{}-about", connection.name());
    let (text, name) = if connection == Connection::Recommender {
        ("Get recommendations", "fetching of recommendations")
    } else {
        ("Get open assignments and completions", "reading of the tables")
    };
    view! {
        <p class="buttons">
            <button
                type="button"
                node_ref=start
                aria-disabled=move || is_disabled.get().to_string()
                aria-describedby=about.clone()
                on:click=move |_| state.fetch_about_employees(connection)
            >
                {text}
            </button>
        </p>
        <p id=about class="hint">{move || missing.get()}</p>
        <JobView state connection name start/>
    }
    .into_any()
}
