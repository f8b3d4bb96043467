//! Client of the Training Recommender: one call per employee, many at a time.
//!
//! A call that fails for a passing reason is retried, with three attempts in all. After a call that finally fails, only
//! that employee has no recommendations. If many calls in a row fail, the API is given up and no further calls are
//! made. Every answer is kept as a line of a recording, which the simulation reads.

pub(crate) mod journal;

use std::collections::BTreeSet;
use std::path::Path;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::lenient_json;
use btcfake_core::format::recommendations::{self, Answer};
use btcfake_core::inputs::reading::read_employees;
use btcfake_core::text::json_error::json_words;
use btcfake_core::text::problem::ProblemKind;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::counted;
use chrono::Utc;
use futures_util::stream::{self, StreamExt};
use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::json;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::configuration::RecommenderSettings;
use crate::configuration::secret::Secrets;
use crate::files::reading::read_found;
use crate::http::client::{BodyFailure, Broken, Endpoint, body, describe_status, text_for_people};
use crate::http::retry::{Backoff, is_passing, retry_after};
use crate::terminal::failure::Failure;
use journal::Answers;

/// Warning in every summary while certificates are not checked.
pub(crate) const INSECURE_WARNING: &str = "API_TLS_INSECURE is true: the recommender's certificate is not checked, so \
anybody on the way can read and change its answers; name the company's root by API_CA_FILE instead";

const ATTEMPTS: u32 = 3;
const LONGEST_BODY: usize = 8 << 20;
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) };

/// Result for one employee.
#[derive(Clone, Debug)]
pub(crate) struct EmployeeAnswer {
    /// The employee.
    pub(crate) employee_id: u64,
    /// Recommendations, or the reason of the failure.
    pub(crate) answer: Answer,
    /// What is wrong with the answer, such as recommendations that are left out.
    pub(crate) problems: Vec<ProblemKind>,
    /// How to mend a failed call; empty if unknown.
    pub(crate) mend: &'static str,
    /// Line of the recording, with its line feed.
    pub(crate) line: String,
}

/// Result for all employees.
#[derive(Debug, Default)]
pub(crate) struct AllAnswers {
    /// The answers as a recording: one JSON object a line, in the given order of the employees.
    pub(crate) recording: Vec<u8>,
    /// Number of employees without recommendations because of a failure.
    pub(crate) failed: usize,
    /// First employee whose call failed, and why.
    pub(crate) first_failure: Option<(u64, String)>,
    /// How to mend the failed calls.
    pub(crate) mends: BTreeSet<&'static str>,
    /// Number of recommendations that are left out of answers.
    pub(crate) left_out: usize,
    /// First employee with a recommendation that is left out, and why.
    pub(crate) first_left_out: Option<(u64, String)>,
    /// Reason for giving up the API, after which no new employee was asked about; `None` if it was not given up.
    pub(crate) gave_up: Option<String>,
}

/// Progress over all employees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallProgress {
    /// Employees with a result, failed ones included.
    pub(crate) done: usize,
    /// Employees whose call failed or was not made.
    pub(crate) failed: usize,
    /// All employees of the run.
    pub(crate) total: usize,
}

impl CallProgress {
    fn count(&mut self, asked: &EmployeeAnswer) {
        self.done += 1;
        self.failed += usize::from(asked.failure().is_some());
    }
}

impl EmployeeAnswer {
    /// Why the call failed, if it did.
    pub(crate) fn failure(&self) -> Option<&str> {
        match &self.answer {
            Answer::Failed(why) => Some(why),
            Answer::Recommendations(_) => None,
        }
    }

    /// Why the call failed and how to mend that, if it did.
    pub(crate) fn explained_failure(&self) -> Option<String> {
        self.failure().map(|why| with_mend(&shown_whole(why), self.mend))
    }

    /// Recommendations of the answer that are left out, with the reasons.
    fn left_out(&self) -> impl Iterator<Item = &ProblemKind> {
        self.problems.iter().filter(|problem| matches!(problem, ProblemKind::BadRecommendation { .. }))
    }

    fn failed(employee_id: u64, why: String, mend: &'static str) -> EmployeeAnswer {
        let line = format!("{}\n", json!({ "ba_id": employee_id, "error": why }));
        EmployeeAnswer { employee_id, answer: Answer::Failed(why), problems: Vec::new(), mend, line }
    }

    /// Result for an employee from the body of an answer, parsed as the reader of recordings will parse it. Secrets are
    /// removed first.
    fn answered(employee_id: u64, body: &[u8], secrets: &Secrets) -> EmployeeAnswer {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        // The reason has no line and column, so that calls with the same failure have the same reason.
        let no_json = |message: &str| {
            EmployeeAnswer::failed(employee_id, format!("the answer is no JSON: {message}"), ASK_OWNERS)
        };
        let Ok(body) = std::str::from_utf8(body) else { return no_json("it is not UTF-8 text") };
        if let Err(error) = lenient_json::check(body) {
            return no_json(&json_words(&error));
        }
        let body = secrets.taken_out_of_json(&compact(body));
        let line = format!("{{\"ba_id\":{employee_id},\"body\":{body}}}\n");
        let mut reading = recommendations::read(line.as_bytes(), |_| true);
        match reading.value.pop() {
            Some(recorded) => {
                let problems = reading.problems.into_iter().map(|problem| problem.kind).collect();
                EmployeeAnswer { employee_id, answer: recorded.answer, problems, mend: ASK_OWNERS, line }
            }
            None => {
                let why = reading.problems.first().map(|problem| problem.kind.to_string()).unwrap_or_default();
                EmployeeAnswer::failed(employee_id, format!("the answer cannot be read: {why}"), ASK_OWNERS)
            }
        }
    }
}

impl AllAnswers {
    fn add(&mut self, asked: &EmployeeAnswer) {
        self.recording.extend_from_slice(asked.line.as_bytes());
        if let Some(why) = asked.explained_failure() {
            self.failed += 1;
            self.mends.extend(Some(asked.mend).filter(|mend| !mend.is_empty()));
            self.first_failure.get_or_insert((asked.employee_id, why));
        }
        self.left_out += asked.left_out().count();
        if let (None, Some(why)) = (&self.first_left_out, asked.left_out().next()) {
            self.first_left_out = Some((asked.employee_id, why.to_string()));
        }
    }
}

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
    let mut results: Vec<Option<EmployeeAnswer>> = employee_ids.iter().map(|_| None).collect();
    loop {
        let settled = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(Failure::Interrupted),
            settled = calls.next() => settled,
        };
        let Some((position, asked)) = settled else { break };
        progress.count(&asked);
        listener(&asked, progress);
        results[position] = Some(asked);
    }
    let mut outcome = AllAnswers { gave_up: caller.health.gave_up(), ..AllAnswers::default() };
    for (asked, id) in results.into_iter().zip(employee_ids) {
        match asked {
            Some(asked) => outcome.add(&asked),
            None => outcome.recording.extend_from_slice(known.line(*id).unwrap_or_default()),
        }
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
    read_employees(&bytes, BadRows::Skip).value.rows.first().map_or(MADE_UP, |employee| employee.id)
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

/// State that all calls share.
struct Caller {
    client: Client,
    url: String,
    timeout: Duration,
    secrets: Secrets,
    health: Health,
}

/// Failed call, or failed attempt of a call.
struct Failed {
    message: String,
    mend: &'static str,
    passing: bool,
    timed_out: bool,
    retry_after: Option<Duration>,
}

const ASK_OWNERS: &str = "ask the API's owners";

impl Failed {
    fn because(message: String, mend: &'static str) -> Failed {
        Failed { message, mend, passing: false, timed_out: false, retry_after: None }
    }

    fn timed_out(limit: Duration) -> Failed {
        let message = format!("timed out after {} s", limit.as_secs_f64());
        let mend = "try again later, or raise API_TIMEOUT";
        Failed { passing: true, timed_out: true, ..Failed::because(message, mend) }
    }

    fn broken(broken: Broken) -> Failed {
        const OTHER_HOST: &str = "check API_BASE_URL: it must name the host as its certificate does";
        let mend = match broken.certificate {
            Some(certificate) => certificate.mend(OTHER_HOST),
            None => "check API_BASE_URL, and whether the API runs",
        };
        let (passing, timed_out) = (broken.certificate.is_none(), broken.is_timeout);
        Failed { passing, timed_out, ..Failed::because(broken.message, mend) }
    }

    /// Failure for a status other than 200.
    async fn refused(answer: Response, secrets: &Secrets) -> Failed {
        let status = answer.status();
        let passing = is_passing(status);
        let retry_after = retry_after(answer.headers(), Utc::now());
        let target = answer.headers().get(LOCATION).and_then(|target| Url::parse(target.to_str().ok()?).ok());
        let target = target.as_ref().and_then(Url::host_str).map(|host| format!(" to {host}"));
        let message = match target.filter(|_| status.is_redirection()) {
            Some(target) => format!("{}{target}", describe_status(status, "")),
            None => describe_status(status, &secrets.taken_out_of(&text_for_people(answer).await)),
        };
        let mend = match status.as_u16() {
            300..=399 => "redirects are not followed: check API_BASE_URL",
            401 | 403 => "ask the API's owners to let this machine in",
            404 | 405 => "check API_BASE_URL and API_ENDPOINT",
            429 => "lower API_CONCURRENCY, or try again later",
            _ => "try again later, or ask the API's owners",
        };
        Failed { passing, retry_after, ..Failed::because(message, mend) }
    }

    fn explained(&self) -> String {
        with_mend(&self.message, self.mend)
    }
}

fn with_mend(why: &str, mend: &str) -> String {
    if mend.is_empty() { why.to_owned() } else { format!("{why}; {mend}") }
}

impl Caller {
    fn new(settings: &RecommenderSettings) -> Result<Caller, Failure> {
        let connection =
            Endpoint { url: &settings.url, ca_file: settings.ca_file.as_deref(), tls_insecure: settings.tls_insecure };
        Ok(Caller {
            client: connection.client()?,
            url: settings.url.clone(),
            timeout: settings.timeout,
            secrets: settings.secrets.clone(),
            health: Health::default(),
        })
    }

    async fn ask(&self, employee_id: u64) -> EmployeeAnswer {
        let asked = match self.call(employee_id).await {
            Ok(body) => EmployeeAnswer::answered(employee_id, &body, &self.secrets),
            Err(failed) => EmployeeAnswer::failed(employee_id, failed.message, failed.mend),
        };
        self.health.note(asked.failure());
        asked
    }

    async fn call(&self, employee_id: u64) -> Result<Vec<u8>, Failed> {
        let mut attempt = 1;
        loop {
            if let Some(until) = self.health.paused_until().filter(|_| self.health.gave_up().is_none()) {
                sleep_until(until).await;
            }
            if let Some(gave_up) = self.health.gave_up().filter(|_| attempt == 1) {
                return Err(Failed::because(format!("not asked: {gave_up}"), ""));
            }
            let mut failed = match self.attempt(employee_id).await {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            if failed.timed_out {
                self.health.note_timeout(&failed.message);
            }
            if !failed.passing || attempt == ATTEMPTS || self.health.gave_up().is_some() {
                if attempt > 1 {
                    failed.message.push_str(&format!(" ({attempt} attempts)"));
                }
                return Err(failed);
            }
            let pause = match BACKOFF.pause(attempt, failed.retry_after) {
                Ok(pause) => pause,
                Err(too_long) => {
                    failed.message.push_str(&format!("; {too_long}"));
                    return Err(failed);
                }
            };
            if failed.retry_after.is_some() {
                self.health.pause(pause);
            }
            sleep(pause).await;
            attempt += 1;
        }
    }

    /// One attempt. The time limit covers request, answer and body.
    async fn attempt(&self, employee_id: u64) -> Result<Vec<u8>, Failed> {
        timeout(self.timeout, self.post(employee_id)).await.unwrap_or_else(|_| Err(Failed::timed_out(self.timeout)))
    }

    async fn post(&self, employee_id: u64) -> Result<Vec<u8>, Failed> {
        let request = self.client.post(&self.url).json(&json!({ "data": { "ba_id": employee_id } }));
        let answer = request.send().await.map_err(|error| Failed::broken(Broken::of(error)))?;
        if answer.status() != StatusCode::OK {
            return Err(Failed::refused(answer, &self.secrets).await);
        }
        body(answer, LONGEST_BODY).await.map_err(|failure| match failure {
            BodyFailure::Broken(error) => Failed::broken(Broken::of(error)),
            BodyFailure::TooLong { .. } | BodyFailure::Encoded(_) => Failed::because(failure.describe(), ASK_OWNERS),
        })
    }
}

/// Health of the API, as observed by all calls.
#[derive(Default)]
struct Health(Mutex<Observed>);

#[derive(Default)]
struct Observed {
    has_answered: bool,
    failures_in_a_row: usize,
    timeouts_in_a_row: usize,
    gave_up: Option<String>,
    paused_until: Option<Instant>,
}

impl Health {
    /// Consecutive failures after which an API that never answered is given up.
    const AT_FIRST: usize = 20;
    /// Consecutive failures after which an API that has answered is given up.
    const LATER: usize = 50;

    /// Records the result for one employee.
    fn note(&self, failure: Option<&str>) {
        self.with(|observed| match failure {
            None => {
                observed.has_answered = true;
                observed.failures_in_a_row = 0;
                observed.timeouts_in_a_row = 0;
            }
            Some(why) => {
                observed.failures_in_a_row += 1;
                observed.give_up_after(observed.failures_in_a_row, "employees", why);
            }
        });
    }

    /// Records an attempt that timed out. Timeouts are counted separately: waiting for all attempts of twenty employees
    /// would take minutes.
    fn note_timeout(&self, why: &str) {
        self.with(|observed| {
            observed.timeouts_in_a_row += 1;
            observed.give_up_after(observed.timeouts_in_a_row, "calls", why);
        });
    }

    /// Delays all new attempts, as the API asked for.
    fn pause(&self, pause: Duration) {
        self.with(|observed| observed.paused_until = observed.paused_until.max(Some(Instant::now() + pause)));
    }

    fn paused_until(&self) -> Option<Instant> {
        self.with(|observed| observed.paused_until)
    }

    fn gave_up(&self) -> Option<String> {
        self.with(|observed| observed.gave_up.clone())
    }

    fn with<T>(&self, look: impl FnOnce(&mut Observed) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observed {
    fn give_up_after(&mut self, in_a_row: usize, of_what: &str, why: &str) {
        let limit = if self.has_answered { Health::LATER } else { Health::AT_FIRST };
        if in_a_row >= limit && self.gave_up.is_none() {
            let which = if self.has_answered { "last" } else { "first" };
            self.gave_up =
                Some(format!("the {which} {limit} {of_what} all failed, the last of them: {}", shown_whole(why)));
        }
    }
}

/// A JSON text without the white space between its parts, so that it fits on one line. Everything else stays as the
/// API wrote it, in its order.
fn compact(json: &str) -> String {
    let mut compacted = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if !in_string && matches!(character, ' ' | '\t' | '\r' | '\n') {
            continue;
        }
        if character == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && character == '\\' && !escaped;
        compacted.push(character);
    }
    compacted
}

#[cfg(test)]
mod tests;
