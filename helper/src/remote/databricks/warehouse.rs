//! Client of one SQL warehouse: submits a statement, waits for it, and passes on its result.
//!
//! A statement is submitted without waiting (`wait_timeout` 0s), so its id is known at once and it can be cancelled:
//! with the run, or after its time limit. Results come inline up to 25 MiB; a statement with a larger result fails and
//! is run again with links into the workspace's storage. `result.rs` fetches results part by part.

use std::time::Duration;

use reqwest::Client;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::failure_text;
use super::patience::Patience;
use super::protocol::{ResultRows, StatementAnswer, StatementState};
use super::statement_api::{Disposition, StatementApi};
use crate::configuration::DatabricksSettings;
use crate::terminal::failure::Failure;

/// The client of one SQL warehouse.
pub(super) struct Warehouse<'a> {
    /// API for its statements.
    pub(super) api: StatementApi<'a>,
    /// Client for the storage, which must never receive the token.
    pub(super) storage: Client,
    cancel: &'a CancellationToken,
}

/// Reason why a statement has no result.
enum QueryProblem {
    /// The result is too large to come inline. The failure is reported only if external links do not help.
    TooLarge(Failure),
    /// Anything else.
    Failed(Failure),
}

impl From<Failure> for QueryProblem {
    fn from(failure: Failure) -> QueryProblem {
        QueryProblem::Failed(failure)
    }
}

impl<'a> Warehouse<'a> {
    /// Builds the HTTP clients.
    ///
    /// # Errors
    /// A token with characters that an HTTP header cannot have, or a file of certificates without any.
    pub(super) fn new(
        settings: &'a DatabricksSettings,
        patience: Patience,
        cancel: &'a CancellationToken,
    ) -> Result<Warehouse<'a>, Failure> {
        let api = StatementApi::new(settings, patience)?;
        Ok(Warehouse { api, storage: StatementApi::client(settings)?, cancel })
    }

    /// Runs a statement and passes its rows to `rows` in order. At every poll, `waiting` gets a message for people about the
    /// state of the statement.
    ///
    /// # Errors
    /// Any failure that leaves the result incomplete; rows may have been passed on by then.
    pub(super) async fn run(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        waiting: &mut (dyn FnMut(&str) + Send),
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        let inline = self.run_once(statement, parameters, Disposition::Inline, waiting, rows).await;
        let answer = match inline {
            Err(QueryProblem::TooLarge(_)) => {
                self.run_once(statement, parameters, Disposition::ExternalLinks, waiting, rows).await
            }
            answer => answer,
        };
        answer.map_err(|(QueryProblem::TooLarge(failure) | QueryProblem::Failed(failure))| failure)
    }

    async fn run_once(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        disposition: Disposition,
        waiting: &mut (dyn FnMut(&str) + Send),
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), QueryProblem> {
        let submitted = self.submit(statement, parameters, disposition).await?;
        let id = statement_id(&submitted).ok_or_else(|| self.api.not_databricks())?;
        let limit = self.api.patience.statement;
        let finished = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::Interrupted.into()),
            finished = timeout(limit, self.wait(&id, submitted, waiting)) => {
                finished.unwrap_or_else(|_| Err(self.took_too_long().into()))
            }
        };
        let finished = match finished {
            Ok(finished) => finished,
            Err(problem) => {
                // A statement without a reader would keep running; cancelling a failed one does no harm.
                self.api.cancel(&id).await;
                return Err(problem);
            }
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::Interrupted.into()),
            fetched = timeout(limit, self.fetch(&id, finished, rows)) => {
                fetched.unwrap_or_else(|_| Err(self.came_too_slowly())).map_err(QueryProblem::Failed)
            }
        }
    }

    /// Submits a statement. On cancellation, waits up to 5 s for the statement's id, to cancel the statement.
    async fn submit(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        disposition: Disposition,
    ) -> Result<StatementAnswer, Failure> {
        const FOR_THE_ID: Duration = Duration::from_secs(5);
        let request = self.api.submit(statement, parameters, disposition);
        tokio::pin!(request);
        tokio::select! {
            biased;
            answer = &mut request => answer,
            () = self.cancel.cancelled() => {
                let answer: Option<StatementAnswer> = timeout(FOR_THE_ID, request).await.ok().and_then(Result::ok);
                if let Some(id) = answer.as_ref().and_then(statement_id) {
                    self.api.cancel(&id).await;
                }
                Err(Failure::Interrupted)
            }
        }
    }

    /// Polls until a statement has succeeded.
    async fn wait(
        &self,
        id: &str,
        mut answer: StatementAnswer,
        waiting: &mut (dyn FnMut(&str) + Send),
    ) -> Result<StatementAnswer, QueryProblem> {
        let began = Instant::now();
        let mut pause = self.api.patience.first_look;
        loop {
            match answer.status.state {
                StatementState::Succeeded => return Ok(answer),
                StatementState::Pending | StatementState::Unknown => {
                    waiting(&waiting_text("the SQL warehouse starts or is busy", began));
                }
                StatementState::Running => waiting(&waiting_text("the statement runs", began)),
                StatementState::Failed => return Err(self.statement_failed(&answer)),
                StatementState::Canceled => {
                    return Err(self
                        .api
                        .failure("somebody cancelled the statement in the workspace; try again")
                        .into());
                }
                StatementState::Closed => {
                    let message = "the workspace closed the statement before its result was fetched; try again";
                    return Err(self.api.failure(message).into());
                }
            }
            sleep(pause).await;
            pause = pause.mul_f64(1.5).min(self.api.patience.last_look);
            answer = self.api.statement(id).await?;
        }
    }

    fn statement_failed(&self, answer: &StatementAnswer) -> QueryProblem {
        let (code, message) = answer.status.error();
        let failure = self.api.failure(&failure_text::failed(&code, &message, self.api.settings));
        if failure_text::is_too_large_inline(&message) { QueryProblem::TooLarge(failure) } else { failure.into() }
    }

    fn took_too_long(&self) -> Failure {
        let minutes = self.api.patience.statement.as_secs_f64() / 60.0;
        self.api.failure(&format!(
            "the statement took longer than {minutes} minutes and was cancelled; look at the SQL warehouse {} in the \
             workspace",
            self.api.settings.warehouse_id
        ))
    }

    fn came_too_slowly(&self) -> Failure {
        let minutes = self.api.patience.statement.as_secs_f64() / 60.0;
        let message = format!("the result did not come whole within {minutes} minutes");
        self.api.failure(&format!("{message}; try again, and check the network"))
    }
}

/// The message about a state of a statement, with the seconds since it was submitted; `asked` in the first second.
fn waiting_text(state: &str, began: Instant) -> String {
    match began.elapsed().as_secs() {
        0 => "asked".to_owned(),
        seconds => format!("{state} ({seconds} s)"),
    }
}

/// Statement id, if it is safe in a URL.
fn statement_id(answer: &StatementAnswer) -> Option<String> {
    let id = &answer.statement_id;
    let is_plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    is_plain.then(|| id.clone())
}
