//! Live sources of a run: recommendations and state for a list of employees.

use std::collections::HashSet;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::response::Response;
use btcfake_core::api::{EmployeeIds, RecommendationEvent, StateEvent};
use btcfake_core::format::instant::instant_text;
use btcfake_core::text::note::Note;
use btcfake_core::text::words::counted;
use chrono::Utc;

use super::api::Api;
use super::openapi::{AnyRequest, Posted};
use super::refusal::Refusal;
use super::{body, connections, stream};
use crate::remote::databricks;
use crate::remote::recommender::journal::Answers;
use crate::remote::recommender::{self, AllAnswers, CallProgress, EmployeeAnswer, FirstReason, INSECURE_WARNING};
use crate::terminal::failure::Failure;

/// Maximum length of a list of employees, in bytes of JSON.
const LONGEST_LIST: u64 = 64 << 20;

/// Ask the recommender about employees.
///
/// # Errors
/// A recommender that is not configured, or an invalid list of employees.
#[utoipa::path(
    post,
    path = "/recommendations",
    request_body = EmployeeIds,
    responses(
        (
            status = 200,
            description = "How many employees are asked about, then the recording.",
            body = RecommendationEvent,
            content_type = stream::CONTENT_TYPE,
        ),
        AnyRequest,
        Posted,
    )
)]
pub(super) async fn recommendations(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Refusal> {
    let ids = employee_ids(&api, request).await?;
    let settings = connections::recommender_settings(&api)?;
    let shared = Arc::clone(&api);
    Ok(stream::stream(&api, None, |mut events, cancel| async move {
        let progress = |done, failed| RecommendationEvent::Progress { done, failed, total: ids.len() };
        events.progress(&progress(0, 0), true);
        let mut listener = |_: &EmployeeAnswer, at: CallProgress| {
            events.progress(&progress(at.done, at.failed), at.done == at.total);
        };
        match recommender::ask_all(&settings, &ids, &Answers::default(), &mut listener, &cancel).await {
            Ok(outcome) => {
                let mut notes = notes(&outcome, ids.len());
                if settings.tls_insecure {
                    notes.push(Note::warning(INSECURE_WARNING));
                }
                let recording = String::from_utf8_lossy(&outcome.recording).into_owned();
                RecommendationEvent::Done { recording, notes: shared.shown_notes(&notes) }
            }
            Err(failure) => RecommendationEvent::Failed { message: message(&shared, &failure) },
        }
    }))
}

/// Read open assignments and completions of employees.
///
/// # Errors
/// Databricks is not configured, or the list of employees is invalid.
#[utoipa::path(
    post,
    path = "/state",
    request_body = EmployeeIds,
    responses(
        (
            status = 200,
            description = "What is waited for, then both tables as CSV.",
            body = StateEvent,
            content_type = stream::CONTENT_TYPE,
        ),
        AnyRequest,
        Posted,
    )
)]
pub(super) async fn state(State(api): State<Arc<Api>>, request: Request) -> Result<Response, Refusal> {
    let ids = employee_ids(&api, request).await?;
    let settings = connections::databricks_settings(&api)?;
    let shared = Arc::clone(&api);
    Ok(stream::stream(&api, None, |mut events, cancel| async move {
        let mut listener =
            |message: &str| events.progress(&StateEvent::Progress { message: shared.without_secrets(message) }, true);
        let read_at = instant_text(Utc::now());
        let read = databricks::read_state(&settings, &ids, &mut listener, &cancel).await;
        let text = |bytes| String::from_utf8(bytes).map_err(|_| Failure::Other("a state table is no UTF-8".to_owned()));
        let done = read.and_then(|tables| {
            let published_feed =
                connections::last_publication(&shared).and_then(|last| last.in_state(&tables.completions, &ids));
            let (assignments, completions) = (text(tables.assignments)?, text(tables.completions)?);
            Ok(StateEvent::Done { assignments, completions, read_at, published_feed })
        });
        match done {
            Ok(done) => done,
            Err(failure) => StateEvent::Failed { message: message(&shared, &failure) },
        }
    }))
}

fn message(api: &Api, failure: &Failure) -> String {
    match failure {
        Failure::Interrupted => "stopped before the end".to_owned(),
        failure => api.without_secrets(&failure.to_string()),
    }
}

/// Employee ids of a request, without repetitions.
async fn employee_ids(api: &Api, request: Request) -> Result<Vec<u64>, Refusal> {
    let EmployeeIds { mut employee_ids } = body::json(api, request, LONGEST_LIST).await?;
    let mut seen = HashSet::new();
    employee_ids.retain(|id| seen.insert(*id));
    Ok(employee_ids)
}

/// Warnings about failed calls, an API that was given up, and recommendations that were left out; `employees` is the
/// number of employees of the request.
fn notes(outcome: &AllAnswers, employees: usize) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(why) = &outcome.gave_up {
        notes.push(Note::warning(format!("the recommender was given up: {why}")));
    }
    if let Some(FirstReason { employee_id: id, why, .. }) = &outcome.first_failure {
        let (failed, all) = (outcome.failed, counted(employees, "employee"));
        notes.push(Note::warning(format!("no answer for {failed} of {all}; employee {id}: {why}")));
    }
    if let Some(FirstReason { employee_id: id, why, .. }) = &outcome.first_left_out {
        let count = counted(outcome.left_out, "recommendation");
        notes.push(Note::warning(format!("{count} left out; employee {id}: {why}")));
    }
    notes
}
