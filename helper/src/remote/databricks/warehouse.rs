//! Client of one SQL warehouse: submits a statement, waits for it, and fetches its result chunk by chunk.
//!
//! A statement is submitted without waiting (`wait_timeout` 0s), so its id is known at once and it can be cancelled:
//! with the run, or after its time limit. Results come inline up to 25 MiB; a statement with a larger result fails and
//! is run again with links into the workspace's storage.

use std::time::Duration;

use btcfake_core::format::lenient_json;
use chrono::Utc;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::failure_text;
use super::protocol::{Chunk, ExternalLink, ResultRows, StatementAnswer, StatementState};
use super::refusal::Refused;
use super::storage;
use crate::configuration::DatabricksSettings;
use crate::http::client::{BodyFailure, Broken, Endpoint, beginning_for_people, body, excerpt};
use crate::http::retry::{Backoff, is_passing, retry_after};
use crate::http::web_page;
use crate::terminal::failure::Failure;

/// Maximum size of an answer of the API, in bytes.
const LONGEST_ANSWER: usize = 64 << 20;
/// Maximum number of attempts to fetch rows from the storage, each with a new link.
const LINK_ATTEMPTS: u32 = 3;
/// Maximum number of consecutive empty parts of a result.
const MOST_EMPTY_PARTS: u32 = 16;
/// Path of the API for statements.
const STATEMENTS: &str = "/api/2.0/sql/statements";

/// Time limits and retries of the client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Time limit of one request with its answer.
    pub(super) request: Duration,
    /// Time limit of one statement, and separately of fetching its result; a stopped warehouse takes minutes to start.
    pub(super) statement: Duration,
    /// Maximum number of attempts per request.
    pub(super) attempts: u32,
    /// Pauses between attempts.
    pub(super) backoff: Backoff,
    /// First pause between two polls of a statement's state.
    pub(super) first_look: Duration,
    /// Longest pause between two polls.
    pub(super) last_look: Duration,
}

impl Patience {
    /// Values for the real service.
    pub(super) const USUAL: Patience = Patience {
        request: Duration::from_secs(60),
        statement: Duration::from_secs(20 * 60),
        attempts: 6,
        backoff: Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) },
        first_look: Duration::from_millis(50),
        last_look: Duration::from_secs(5),
    };
}

/// State of a statement that is waited for, with the time waited so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Waiting {
    /// The warehouse is starting or busy.
    ForWarehouse(Duration),
    /// The statement is running.
    ForResult(Duration),
}

/// The client of one SQL warehouse.
pub(super) struct Warehouse<'a> {
    settings: &'a DatabricksSettings,
    patience: Patience,
    cancel: &'a CancellationToken,
    client: Client,
    /// Client for the storage, which must never receive the token.
    storage: Client,
    authorization: HeaderValue,
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

#[derive(Clone, Copy)]
enum Disposition {
    Inline,
    ExternalLinks,
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
        let ca_file = settings.ca_file.as_deref();
        let client = || Endpoint { url: &settings.base_url, ca_file, tls_insecure: false }.client();
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", settings.token.expose())).map_err(|_| {
                let message =
                    "DATABRICKS_TOKEN holds characters that no token has; copy it again, without quotes or blanks";
                Failure::Configuration(message.to_owned())
            })?;
        authorization.set_sensitive(true);
        Ok(Warehouse { settings, patience, cancel, client: client()?, storage: client()?, authorization })
    }

    /// Runs a statement and passes its rows to `rows` in order. `waiting` is called at every poll.
    ///
    /// # Errors
    /// Any failure that leaves the result incomplete; rows may have been passed on by then.
    pub(super) async fn run(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        waiting: &mut (dyn FnMut(Waiting) + Send),
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        for disposition in [Disposition::Inline, Disposition::ExternalLinks] {
            match self.run_once(statement, parameters, disposition, waiting, rows).await {
                Err(QueryProblem::TooLarge(_)) if matches!(disposition, Disposition::Inline) => {}
                Err(QueryProblem::TooLarge(failure) | QueryProblem::Failed(failure)) => return Err(failure),
                Ok(()) => return Ok(()),
            }
        }
        Ok(())
    }

    async fn run_once(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        disposition: Disposition,
        waiting: &mut (dyn FnMut(Waiting) + Send),
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), QueryProblem> {
        let submitted = self.submit(statement, parameters, disposition).await?;
        let id = statement_id(&submitted).ok_or_else(|| self.not_databricks())?;
        let finished = tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::Interrupted.into()),
            finished = timeout(self.patience.statement, self.wait(&id, submitted, waiting)) => {
                finished.unwrap_or_else(|_| Err(self.took_too_long().into()))
            }
        };
        let finished = match finished {
            Ok(finished) => finished,
            Err(problem) => {
                // A statement without a reader would keep running; cancelling a failed one does no harm.
                self.cancel_statement(&id).await;
                return Err(problem);
            }
        };
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::Interrupted.into()),
            fetched = timeout(self.patience.statement, self.fetch(&id, finished, rows)) => {
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
        let parameters: Vec<Value> =
            parameters.iter().map(|(name, value)| json!({ "name": name, "value": value, "type": "STRING" })).collect();
        let body = json!({
            "warehouse_id": self.settings.warehouse_id,
            "statement": statement,
            "parameters": parameters,
            "wait_timeout": "0s",
            "on_wait_timeout": "CONTINUE",
            "format": "JSON_ARRAY",
            "disposition": match disposition {
                Disposition::Inline => "INLINE",
                Disposition::ExternalLinks => "EXTERNAL_LINKS",
            },
        });
        let request = self.ask(|| self.client.post(self.address("")).json(&body));
        tokio::pin!(request);
        tokio::select! {
            biased;
            answer = &mut request => answer,
            () = self.cancel.cancelled() => {
                let answer: Option<StatementAnswer> = timeout(FOR_THE_ID, request).await.ok().and_then(Result::ok);
                if let Some(id) = answer.as_ref().and_then(statement_id) {
                    self.cancel_statement(&id).await;
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
        waiting: &mut (dyn FnMut(Waiting) + Send),
    ) -> Result<StatementAnswer, QueryProblem> {
        let began = Instant::now();
        let mut pause = self.patience.first_look;
        loop {
            match answer.status.state {
                StatementState::Succeeded => return Ok(answer),
                StatementState::Pending | StatementState::Unknown => waiting(Waiting::ForWarehouse(began.elapsed())),
                StatementState::Running => waiting(Waiting::ForResult(began.elapsed())),
                StatementState::Failed => return Err(self.statement_failed(&answer)),
                StatementState::Canceled => {
                    return Err(self.failure("somebody cancelled the statement in the workspace; try again").into());
                }
                StatementState::Closed => {
                    let message = "the workspace closed the statement before its result was fetched; try again";
                    return Err(self.failure(message).into());
                }
            }
            sleep(pause).await;
            pause = pause.mul_f64(1.5).min(self.patience.last_look);
            answer = self.ask(|| self.client.get(self.address(&format!("/{id}")))).await?;
            if !answer.statement_id.is_empty() && answer.statement_id != id {
                return Err(self
                    .failure("an answer is about another statement than the one asked about; try again")
                    .into());
            }
        }
    }

    fn statement_failed(&self, answer: &StatementAnswer) -> QueryProblem {
        let (code, message) = answer.status.error();
        let failure = self.failure(&failure_text::failed(&code, &message, self.settings));
        if failure_text::is_too_large_inline(&message) { QueryProblem::TooLarge(failure) } else { failure.into() }
    }

    /// Fetches all chunks of a result and checks that no row is missing.
    async fn fetch(
        &self,
        id: &str,
        answer: StatementAnswer,
        rows: &mut (dyn FnMut(ResultRows) -> Result<(), Failure> + Send),
    ) -> Result<(), Failure> {
        if answer.manifest.as_ref().is_some_and(|manifest| manifest.truncated) {
            return Err(self.failure(
                "the result was cut off by a limit of the workspace; ask who runs it, or run for fewer employees",
            ));
        }
        let expected = answer.manifest.and_then(|manifest| manifest.total_row_count).ok_or_else(|| {
            self.failure(
                "the answer does not say how many rows the result has, so nobody knows whether it is whole; try again",
            )
        })?;
        let mut chunk = answer.result.unwrap_or_default();
        let mut found = ResultProgress { expected, rows: 0, empty_parts: 0 };
        let mut index = 0;
        loop {
            self.check_part(chunk.chunk_index, index)?;
            let mut next = chunk.next_chunk_index;
            let inline = chunk.data_array.take();
            if inline.is_some() || chunk.external_links.as_ref().is_none_or(Vec::is_empty) {
                let of_chunk = inline.unwrap_or_default();
                found.count(&of_chunk).map_err(|message| self.failure(&message))?;
                rows(of_chunk)?;
            }
            for (position, link) in chunk.external_links.take().unwrap_or_default().into_iter().enumerate() {
                if position > 0 {
                    index = self.later_part(index, next.unwrap_or(index.saturating_add(1)))?;
                }
                self.check_part(link.chunk_index, index)?;
                next = link.next_chunk_index;
                let of_link = self.fetch_link(id, index, link).await?;
                found.count(&of_link).map_err(|message| self.failure(&message))?;
                rows(of_link)?;
            }
            let Some(next) = next else { break };
            index = self.later_part(index, next)?;
            chunk = self.chunk(id, index).await?;
        }
        found.check_whole().map_err(|message| self.failure(&message))
    }

    /// Checks that a part of a result is the wanted one, if the part has an index.
    fn check_part(&self, found: Option<u64>, wanted: u64) -> Result<(), Failure> {
        match found.filter(|found| *found != wanted) {
            Some(found) => {
                let message = format!("part {found} of the result came in place of part {wanted}; try again");
                Err(self.failure(&message))
            }
            None => Ok(()),
        }
    }

    /// Checks that the next part has a larger index than the current one.
    fn later_part(&self, index: u64, next: u64) -> Result<u64, Failure> {
        if next > index { Ok(next) } else { Err(self.failure("the parts of the result run in a circle; try again")) }
    }

    async fn chunk(&self, id: &str, index: u64) -> Result<Chunk, Failure> {
        self.ask(|| self.client.get(self.address(&format!("/{id}/result/chunks/{index}")))).await
    }

    /// Fetches rows from the storage. After a failure, tries again with a new link: `LINK_ATTEMPTS` attempts in all.
    async fn fetch_link(&self, id: &str, index: u64, link: ExternalLink) -> Result<ResultRows, Failure> {
        let mut link = link;
        let mut attempt = 1;
        loop {
            let limit = self.patience.request.saturating_mul(4);
            let message = match storage::rows(&self.storage, &link, &self.settings.base_url, limit).await {
                Ok(rows) => return Ok(rows),
                Err(message) => message,
            };
            if attempt == LINK_ATTEMPTS || !storage::may_be_followed(&link, &self.settings.base_url) {
                return Err(self.failure(&format!(
                    "a part of the result cannot be fetched from the workspace's storage: {message}; check whether the \
                     network lets this machine reach it"
                )));
            }
            sleep(self.patience.backoff.own_pause(attempt)).await;
            attempt += 1;
            let mut links = self.chunk(id, index).await?.external_links.unwrap_or_default().into_iter();
            let fresh = links.find(|link| link.chunk_index.is_none_or(|found| found == index));
            link = fresh.ok_or_else(|| self.failure("a link to a part of the result is missing; try again"))?;
        }
    }

    async fn cancel_statement(&self, id: &str) {
        const LIMIT: Duration = Duration::from_secs(5);
        let request = || self.client.post(self.address(&format!("/{id}/cancel"))).json(&json!({}));
        // The result is ignored: a statement that cannot be cancelled ends by itself.
        let _ = timeout(LIMIT, self.ask::<Value>(request)).await;
    }

    fn address(&self, rest: &str) -> String {
        format!("{}{STATEMENTS}{rest}", self.settings.base_url)
    }

    /// Makes a request, retries passing failures, and parses the JSON answer.
    async fn ask<T: DeserializeOwned>(&self, request: impl Fn() -> RequestBuilder) -> Result<T, Failure> {
        let mut attempt = 1;
        loop {
            let (message, asked_for) = match timeout(self.patience.request, self.exchange(request())).await {
                Ok(Ok(bytes)) => return self.parsed(&bytes),
                Ok(Err(RequestProblem::ForGood(message))) => return Err(self.failure(&message)),
                Ok(Err(RequestProblem::ForNow(message, asked_for))) => (message, asked_for),
                Err(_) => (format!("timed out after {} s", self.patience.request.as_secs_f64()), None),
            };
            if attempt == self.patience.attempts {
                return Err(self.failure(&format!("{message} ({attempt} attempts)")));
            }
            match self.patience.backoff.pause(attempt, asked_for) {
                Ok(pause) => sleep(pause).await,
                Err(too_long) => return Err(self.failure(&format!("{message}; {too_long}"))),
            }
            attempt += 1;
        }
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Vec<u8>, RequestProblem> {
        let no_way = |error| {
            const OTHER_HOST: &str = "check DATABRICKS_HOST: it must name the host as its certificate does";
            let Broken { message, certificate, .. } = Broken::of(error);
            let message = format!("{}: {message}", self.settings.base_url);
            match certificate {
                Some(certificate) => RequestProblem::ForGood(format!("{message}; {}", certificate.mend(OTHER_HOST))),
                None => RequestProblem::ForNow(format!("{message}; check DATABRICKS_HOST"), None),
            }
        };
        let answer = request.header(AUTHORIZATION, self.authorization.clone()).send().await.map_err(no_way)?;
        let status = answer.status();
        let asked_for = retry_after(answer.headers(), Utc::now());
        if !status.is_success() {
            let message = Refused::of(answer).await.explain(self.settings);
            return Err(if is_passing(status) {
                RequestProblem::ForNow(message, asked_for)
            } else {
                RequestProblem::ForGood(message)
            });
        }
        body(answer, LONGEST_ANSWER).await.map_err(|failure| match failure {
            // A retry would get the same answer.
            BodyFailure::TooLong { .. } | BodyFailure::Encoded(_) => RequestProblem::ForGood(failure.describe()),
            BodyFailure::Broken(_) => RequestProblem::ForNow(failure.describe(), None),
        })
    }

    fn parsed<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Failure> {
        const BYTE_ORDER_MARK: char = '\u{feff}';
        let text = std::str::from_utf8(bytes).ok();
        let text = text.map(|text| text.trim_start_matches(BYTE_ORDER_MARK));
        let parsed = text.and_then(|text| lenient_json::from_str(text).ok());
        parsed.ok_or_else(|| {
            if let Some(cut_off) = text.and_then(cut_off) {
                return self.failure(&cut_off);
            }
            if !web_page::is_page(&String::from_utf8_lossy(bytes)) {
                return self.not_databricks();
            }
            let words = excerpt(&failure_text::without_token(&beginning_for_people(bytes, true), self.settings));
            self.failure(&format!(
                "a web page answers at {} in place of Databricks: a proxy's or a portal's, or another host's; check \
                 DATABRICKS_HOST, and whether the network asks for a sign-in of its own. The page says: {words}",
                self.settings.base_url
            ))
        })
    }

    fn took_too_long(&self) -> Failure {
        let minutes = self.patience.statement.as_secs_f64() / 60.0;
        self.failure(&format!(
            "the statement took longer than {minutes} minutes and was cancelled; look at the SQL warehouse {} in the \
             workspace",
            self.settings.warehouse_id
        ))
    }

    fn came_too_slowly(&self) -> Failure {
        let minutes = self.patience.statement.as_secs_f64() / 60.0;
        let message = format!("the result did not come whole within {minutes} minutes");
        self.failure(&format!("{message}; try again, and check the network"))
    }

    fn not_databricks(&self) -> Failure {
        let message =
            format!("what answers at {} is no Databricks workspace; check DATABRICKS_HOST", self.settings.base_url);
        self.failure(&message)
    }

    fn failure(&self, message: &str) -> Failure {
        Failure::at("Databricks", failure_text::without_token(message, self.settings))
    }
}

/// Rows of a result: received so far and expected.
struct ResultProgress {
    expected: u64,
    rows: u64,
    empty_parts: u32,
}

impl ResultProgress {
    /// Counts a part. Fails on more rows than expected, or on too many empty parts in a row.
    fn count(&mut self, part: &ResultRows) -> Result<(), String> {
        self.rows += part.len() as u64;
        self.empty_parts = if part.is_empty() { self.empty_parts + 1 } else { 0 };
        if self.rows > self.expected {
            return self.check_whole();
        }
        if self.empty_parts > MOST_EMPTY_PARTS {
            let ResultProgress { rows, expected, empty_parts } = self;
            return Err(format!(
                "{empty_parts} parts of the result hold no rows, one after another, and more should follow; {rows} of \
                 {expected} rows came. Try again"
            ));
        }
        Ok(())
    }

    fn check_whole(&self) -> Result<(), String> {
        let ResultProgress { rows, expected, .. } = self;
        if rows == expected {
            return Ok(());
        }
        Err(format!("the result should have {expected} rows, but {rows} came; try again"))
    }
}

/// Failure of a request: final, or passing with the pause that the service asks for.
enum RequestProblem {
    ForGood(String),
    ForNow(String, Option<Duration>),
}

/// Message about JSON that ends too early; `None` for anything else. Nothing speaks against the host then.
fn cut_off(text: &str) -> Option<String> {
    let is_cut = text.starts_with('{') && lenient_json::check(text).is_err_and(|error| error.is_eof());
    is_cut.then(|| format!("an answer was cut off after {} bytes; try again, and check the network", text.len()))
}

/// Statement id, if it is safe in a URL.
fn statement_id(answer: &StatementAnswer) -> Option<String> {
    let id = &answer.statement_id;
    let is_plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    is_plain.then(|| id.clone())
}
