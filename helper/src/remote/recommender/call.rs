//! Call of the recommender about one employee, with its attempts.

use std::time::Duration;

use chrono::Utc;
use reqwest::header::LOCATION;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::json;
use tokio::time::{sleep, sleep_until, timeout};

use super::employee_answer::{ASK_OWNERS, EmployeeAnswer, with_mend};
use super::health::Health;
use crate::configuration::RecommenderSettings;
use crate::configuration::secret::Secrets;
use crate::http::client::{BodyFailure, Broken, Endpoint, body, describe_status, text_for_people};
use crate::http::retry::{Backoff, is_passing, retry_after};
use crate::terminal::failure::Failure;

const ATTEMPTS: u32 = 3;
const LONGEST_BODY: usize = 8 << 20;
const BACKOFF: Backoff = Backoff { first: Duration::from_millis(500), longest: Duration::from_secs(30) };

/// State that all calls share.
pub(super) struct Caller {
    client: Client,
    url: String,
    timeout: Duration,
    secrets: Secrets,
    /// Health of the API.
    pub(super) health: Health,
}

impl Caller {
    /// Caller with these settings.
    ///
    /// # Errors
    /// Settings from which no client can be built.
    pub(super) fn new(settings: &RecommenderSettings) -> Result<Caller, Failure> {
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

    /// Asks about an employee.
    pub(super) async fn ask(&self, employee_id: u64) -> EmployeeAnswer {
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
    ///
    /// # Errors
    /// A failed attempt.
    pub(super) async fn attempt(&self, employee_id: u64) -> Result<Vec<u8>, Failed> {
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

/// Failed call, or failed attempt of a call.
pub(super) struct Failed {
    message: String,
    mend: &'static str,
    passing: bool,
    timed_out: bool,
    retry_after: Option<Duration>,
}

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

    /// Reason with its mend.
    pub(super) fn explained(&self) -> String {
        with_mend(&self.message, self.mend)
    }
}
