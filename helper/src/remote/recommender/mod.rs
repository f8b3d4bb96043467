//! Client of the Training Recommender: one call per employee, many at a time.
//!
//! A call that fails for a passing reason is retried, with three attempts in all. After a call that finally fails, only
//! that employee has no recommendations. If many calls in a row fail, the API is given up and no further calls are
//! made. Every answer is kept as a line of a recording, which the simulation reads.

mod call;
mod employee_answer;
mod health;
pub(crate) mod journal;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::recommendations::Answer;
use btcfake_core::inputs::single_file::read_employees;
use btcfake_core::sheet::Choices;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::counted;
use futures_util::stream::{self, StreamExt};
use tokio_util::sync::CancellationToken;

use crate::configuration::RecommenderSettings;
use crate::files::reading::read_found;
use crate::terminal::failure::Failure;
use call::Caller;
use employee_answer::with_mend;
use journal::Answers;

pub(crate) use employee_answer::{AllAnswers, CallProgress, EmployeeAnswer, FirstReason};

/// Warning in every summary while certificates are not checked.
pub(crate) const INSECURE_WARNING: &str = "API_TLS_INSECURE is true: the recommender's certificate is not checked, so \
anybody on the way can read and change its answers; name the company's root by API_CA_FILE instead";

/// Asks about all employees but those whose answers are `known`, `concurrency` calls at a time. `listener` is called
/// after each call, in the order in which the calls end.
///
/// # Errors
/// Settings from which no client can be built, or `Interrupted` on cancellation. Failed calls are part of the outcome.
pub(crate) async fn ask_all(
    settings: &RecommenderSettings,
    employee_ids: &[u64],
    known: &Answers,
    listener: &mut (dyn FnMut(&EmployeeAnswer, CallProgress) + Send),
    cancel: &CancellationToken,
) -> Result<AllAnswers, Failure> {
    let caller = Arc::new(Caller::new(settings)?);
    let unknown: Vec<(usize, u64)> =
        employee_ids.iter().copied().enumerate().filter(|(_, id)| !known.has(*id)).collect();
    let total = employee_ids.len();
    let mut progress = CallProgress { done: total - unknown.len(), failed: 0, total };
    let calls = stream::iter(unknown).map(|(position, id)| {
        let caller = Arc::clone(&caller);
        async move { (position, caller.ask(id).await) }
    });
    let mut calls = pin!(calls.buffer_unordered(settings.concurrency.max(1)));
    let mut outcome = AllAnswers::default();
    // Answers come in any order. Of each, only the line is kept, until all are there.
    let mut lines: Vec<Option<String>> = vec![None; total];
    loop {
        let called = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Failure::Interrupted),
            called = calls.next() => called,
        };
        let Some((position, asked)) = called else { break };
        progress.count(&asked);
        listener(&asked, progress);
        outcome.count(position, &asked);
        lines[position] = Some(asked.line);
    }
    outcome.gave_up = caller.health.gave_up();
    for (line, id) in lines.into_iter().zip(employee_ids) {
        let line = line.as_deref().map(str::as_bytes).or_else(|| known.line(*id));
        outcome.recording.extend_from_slice(line.unwrap_or_default());
    }
    Ok(outcome)
}

/// Asks about one employee.
///
/// # Errors
/// Settings from which no client can be built. A failed call is part of the result.
pub(crate) async fn ask_one(settings: &RecommenderSettings, employee_id: u64) -> Result<EmployeeAnswer, Failure> {
    Ok(Caller::new(settings)?.ask(employee_id).await)
}

/// Employee for a test of the connection: the first readable one in the file, else id 1.
pub(crate) fn employee_to_try(employees_file: &Path) -> u64 {
    const MADE_UP: u64 = 1;
    let bytes = read_found(employees_file).unwrap_or_default();
    read_employees(&bytes, &Choices::NONE, BadRows::Skip).value.rows.first().map_or(MADE_UP, |employee| employee.id)
}

/// Tests the connection with one call about an employee. Returns a line for people.
///
/// # Errors
/// Settings from which no client can be built, or a failed call with its mend.
pub(crate) async fn test_connection(settings: &RecommenderSettings, employee_id: u64) -> Result<String, Failure> {
    let caller = Caller::new(settings)?;
    let fails = |message: &str| Failure::at(format!("the recommender at {}", settings.address()), message);
    let answered = caller.attempt(employee_id).await.map_err(|failed| fails(&failed.explained()))?;
    let asked = EmployeeAnswer::answered(employee_id, &answered, &settings.secrets);
    match &asked.answer {
        Answer::Recommendations(items) => {
            Ok(format!("answers; {} for employee {employee_id}", counted(items.len(), "recommendation")))
        }
        Answer::Failed(why) => Err(fails(&with_mend(&shown_whole(why), asked.mend))),
    }
}
