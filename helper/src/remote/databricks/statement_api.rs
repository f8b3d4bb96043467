//! Requests to the Statement Execution API 2.0: each is repeated while its failures pass, and its answer is parsed.

use std::time::Duration;

use btcfake_core::format::lenient_json;
use btcfake_core::text::words::grouped;
use chrono::Utc;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::{Client, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::failure_text;
use super::patience::Patience;
use super::protocol::{Chunk, StatementAnswer};
use super::refusal::Refused;
use crate::configuration::DatabricksSettings;
use crate::http::client::{BodyFailure, Broken, Endpoint, beginning_for_people, body, excerpt};
use crate::http::retry::{is_passing, retry_after};
use crate::http::web_page;
use crate::terminal::failure::Failure;

/// Maximum size of an answer of the API, in bytes.
const LONGEST_ANSWER: usize = 64 << 20;
/// Path of the API for statements.
const STATEMENTS: &str = "/api/2.0/sql/statements";

/// The API for the statements of one SQL warehouse.
pub(super) struct StatementApi<'a> {
    pub(super) settings: &'a DatabricksSettings,
    pub(super) patience: Patience,
    client: Client,
    authorization: HeaderValue,
}

/// Where the rows of a result are sent.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Disposition {
    /// In the answer, up to 25 MiB.
    Inline,
    /// Into the workspace's storage, with links in the answer.
    ExternalLinks,
}

/// Failure of a request: final, or passing with the pause that the service asks for.
enum RequestProblem {
    ForGood(String),
    ForNow(String, Option<Duration>),
}

impl<'a> StatementApi<'a> {
    /// Builds the HTTP client.
    ///
    /// # Errors
    /// A token with characters that an HTTP header cannot have, or a file of certificates without any.
    pub(super) fn new(settings: &'a DatabricksSettings, patience: Patience) -> Result<StatementApi<'a>, Failure> {
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {}", settings.token.expose())).map_err(|_| {
                let message =
                    "DATABRICKS_TOKEN holds characters that no token has; copy it again, without quotes or blanks";
                Failure::Configuration(message.to_owned())
            })?;
        authorization.set_sensitive(true);
        Ok(StatementApi { settings, patience, client: StatementApi::client(settings)?, authorization })
    }

    /// An HTTP client for the workspace, without the token.
    ///
    /// # Errors
    /// A file of certificates without any.
    pub(super) fn client(settings: &DatabricksSettings) -> Result<Client, Failure> {
        Endpoint { url: &settings.base_url, ca_file: settings.ca_file.as_deref(), tls_insecure: false }.client()
    }

    /// Submits a statement without waiting for its result.
    ///
    /// # Errors
    /// The failure of the last attempt, as in all requests.
    pub(super) async fn submit(
        &self,
        statement: &str,
        parameters: &[(&str, &str)],
        disposition: Disposition,
    ) -> Result<StatementAnswer, Failure> {
        let parameters: Vec<Value> =
            parameters.iter().map(|(name, value)| json!({ "name": name, "value": value, "type": "STRING" })).collect();
        let body = json!({
            "warehouse_id": self.settings.warehouse_id,
            "statement": statement,
            "parameters": parameters,
            "wait_timeout": "0s",
            "on_wait_timeout": "CONTINUE",
            "format": "JSON_ARRAY",
            "disposition": disposition,
        });
        self.ask(|| self.client.post(self.address("")).json(&body)).await
    }

    /// The state of a statement, with its result once it has succeeded.
    pub(super) async fn statement(&self, id: &str) -> Result<StatementAnswer, Failure> {
        let answer: StatementAnswer = self.ask(|| self.client.get(self.address(&format!("/{id}")))).await?;
        if !answer.statement_id.is_empty() && answer.statement_id != id {
            return Err(self.failure("an answer is about another statement than the one asked about; try again"));
        }
        Ok(answer)
    }

    /// The part of a result with this index.
    pub(super) async fn chunk(&self, id: &str, index: u64) -> Result<Chunk, Failure> {
        self.ask(|| self.client.get(self.address(&format!("/{id}/result/chunks/{index}")))).await
    }

    /// Cancels a statement, within 5 s. A failure is ignored: a statement that cannot be cancelled ends by itself.
    pub(super) async fn cancel(&self, id: &str) {
        const LIMIT: Duration = Duration::from_secs(5);
        let request = || self.client.post(self.address(&format!("/{id}/cancel"))).json(&json!({}));
        let _ = timeout(LIMIT, self.ask::<Value>(request)).await;
    }

    /// A failure with a message, from which the token is removed.
    pub(super) fn failure(&self, message: &str) -> Failure {
        Failure::at("Databricks", failure_text::without_token(message, self.settings))
    }

    /// The failure where something else than Databricks answers.
    pub(super) fn not_databricks(&self) -> Failure {
        let message =
            format!("what answers at {} is no Databricks workspace; check DATABRICKS_HOST", self.settings.base_url);
        self.failure(&message)
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
}

/// Message about JSON that ends too early; `None` for anything else. Nothing speaks against the host then.
fn cut_off(text: &str) -> Option<String> {
    let is_cut = text.starts_with('{') && lenient_json::check(text).is_err_and(|error| error.is_eof());
    let length = grouped(text.len());
    is_cut.then(|| format!("an answer was cut off after {length} bytes; try again, and check the network"))
}
