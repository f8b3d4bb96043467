//! Endpoints for statements: submit, poll, fetch, cancel.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::http::{SandboxHttp, serve, strikes};
use super::store::{StateStore, TextRow};
use crate::configuration::secret::Secret;
use crate::remote::databricks::statements::{self, StateTable};
use crate::terminal::failure::Failure;

/// Options of the sandbox's Databricks.
#[derive(Clone, Debug)]
pub(crate) struct DatabricksOptions {
    /// Rows per chunk of a result.
    pub(crate) chunk_rows: usize,
    /// Maximum number of rows of an inline result; larger results need links.
    pub(crate) inline_rows: usize,
    /// Faults to inject.
    pub(crate) faults: DatabricksFaults,
}

/// Faults to inject.
#[derive(Clone, Debug, Default)]
pub(crate) struct DatabricksFaults {
    /// Share of requests that are answered with 429, from 0 to 1.
    pub(crate) too_many_429: f64,
    /// Share of requests that are answered with 503, from 0 to 1.
    pub(crate) unavailable_503: f64,
    /// Time that a statement is PENDING, and again the time that it is RUNNING.
    pub(crate) pending: Duration,
    /// Message with which every statement fails.
    pub(crate) failed: Option<String>,
    /// True if the token has expired.
    pub(crate) expired_token: bool,
    /// True if the first link to each chunk has expired.
    pub(crate) expired_links: bool,
}

impl Default for DatabricksOptions {
    fn default() -> DatabricksOptions {
        DatabricksOptions { chunk_rows: 500, inline_rows: 100_000, faults: DatabricksFaults::default() }
    }
}

/// Running Databricks of the sandbox; dropping it stops the server.
#[derive(Debug)]
pub(crate) struct SandboxDatabricks {
    /// Base URL, for `DATABRICKS_HOST`.
    pub(crate) host: String,
    /// Accepted token.
    pub(crate) token: Secret,
    /// Path of the warehouse, for `DATABRICKS_HTTP_PATH`.
    pub(crate) http_path: String,
    /// State tables.
    pub(crate) store: StateStore,
    _server: SandboxHttp,
}

/// Catalog of the tables.
pub(crate) const CATALOG: &str = "retail_systems_dev";

/// Schema of the tables.
pub(crate) const SCHEMA: &str = "store_enablement";

const WAREHOUSE: &str = "5a4db0c5f00dcafe";
const STATEMENTS: &str = "/api/2.0/sql/statements";

/// Starts the sandbox's Databricks over the tables in a store. `before_reading` is called before a statement reads them, and
/// may block: it does what a real batch job has done long before.
///
/// # Errors
/// No random numbers, or no free port.
pub(crate) async fn start_databricks(
    store: StateStore,
    options: DatabricksOptions,
    before_reading: impl Fn() + Send + Sync + 'static,
) -> Result<SandboxDatabricks, Failure> {
    let token = Secret::new(format!("dapi{}", random_hex()?));
    let sandbox = |address| {
        Arc::new(DatabricksSandbox {
            address,
            options,
            before_reading: Box::new(before_reading),
            token: token.clone(),
            store: store.clone(),
            requests: AtomicU64::new(0),
            kept: Mutex::default(),
        })
    };
    let server = serve(|address| app(sandbox(address))).await?;
    Ok(SandboxDatabricks {
        host: server.base_url.clone(),
        token,
        http_path: format!("/sql/1.0/warehouses/{WAREHOUSE}"),
        store,
        _server: server,
    })
}

fn random_hex() -> Result<String, Failure> {
    let failed = |error| Failure::system("draw a token for the sandbox", error);
    Ok(format!("{:016x}{:016x}", getrandom::u64().map_err(failed)?, getrandom::u64().map_err(failed)?))
}

fn app(sandbox: Arc<DatabricksSandbox>) -> Router {
    const LONGEST_REQUEST: usize = 16 << 20;
    let api = Router::new()
        .route(STATEMENTS, post(submit))
        .route(&format!("{STATEMENTS}/{{id}}"), get(look))
        .route(&format!("{STATEMENTS}/{{id}}/result/chunks/{{index}}"), get(chunk))
        .route(&format!("{STATEMENTS}/{{id}}/cancel"), post(cancel))
        .layer(middleware::from_fn_with_state(Arc::clone(&sandbox), check_request));
    Router::new()
        .merge(api)
        .route("/storage/{id}/{index}/{key}", get(storage))
        .layer(DefaultBodyLimit::max(LONGEST_REQUEST))
        .with_state(sandbox)
}

struct DatabricksSandbox {
    address: SocketAddr,
    options: DatabricksOptions,
    before_reading: Box<dyn Fn() + Send + Sync>,
    token: Secret,
    store: StateStore,
    requests: AtomicU64,
    kept: Mutex<Kept>,
}

/// Latest statements, oldest first.
#[derive(Default)]
struct Kept {
    order: VecDeque<String>,
    by_id: BTreeMap<String, Statement>,
}

struct Statement {
    submitted: Instant,
    cancelled: bool,
    links_given: u64,
    by_links: bool,
    columns: usize,
    result: Result<Vec<TextRow>, (&'static str, String)>,
}

async fn check_request(State(sandbox): State<Arc<DatabricksSandbox>>, request: Request, next: Next) -> Response {
    let DatabricksFaults { too_many_429, unavailable_503, expired_token, .. } = sandbox.options.faults;
    let expected = format!("Bearer {}", sandbox.token.expose());
    match request.headers().get(header::AUTHORIZATION) {
        None => return refusal(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "Credential was not sent."),
        Some(given) if expired_token || given.as_bytes() != expected.as_bytes() => {
            return refusal(StatusCode::FORBIDDEN, "403", "Invalid access token.");
        }
        Some(_) => {}
    }
    let number = sandbox.requests.fetch_add(1, Ordering::SeqCst);
    if strikes(too_many_429, 1, number) {
        let answer = refusal(StatusCode::TOO_MANY_REQUESTS, "REQUEST_LIMIT_EXCEEDED", "Too many requests.");
        return ([(header::RETRY_AFTER, "0")], answer).into_response();
    }
    if strikes(unavailable_503, 2, number) {
        return refusal(StatusCode::SERVICE_UNAVAILABLE, "TEMPORARILY_UNAVAILABLE", "The service is not available.");
    }
    next.run(request).await
}

fn refusal(status: StatusCode, code: &str, message: &str) -> Response {
    (status, axum::Json(json!({ "error_code": code, "message": message }))).into_response()
}

async fn submit(State(sandbox): State<Arc<DatabricksSandbox>>, body: axum::body::Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    if text("/warehouse_id") != WAREHOUSE {
        let message = format!("SQL warehouse {} does not exist.", text("/warehouse_id"));
        return refusal(StatusCode::NOT_FOUND, "RESOURCE_DOES_NOT_EXIST", &message);
    }
    let is_supported = text("/wait_timeout") == "0s"
        && text("/format") == "JSON_ARRAY"
        && matches!(text("/disposition").as_str(), "INLINE" | "EXTERNAL_LINKS");
    if !is_supported {
        let message = "The sandbox takes wait_timeout 0s, format JSON_ARRAY, disposition INLINE or EXTERNAL_LINKS.";
        return refusal(StatusCode::BAD_REQUEST, "INVALID_PARAMETER_VALUE", message);
    }
    let by_links = text("/disposition") == "EXTERNAL_LINKS";
    let statement = text("/statement");
    let ids = text("/parameters/0/value");
    let worker = Arc::clone(&sandbox);
    let executed = tokio::task::spawn_blocking(move || worker.execute(&statement, &ids)).await;
    let (columns, mut result) = executed.unwrap_or((0, Err(("INTERNAL_ERROR", "The sandbox broke down.".to_owned()))));
    if !by_links && result.as_ref().is_ok_and(|rows| rows.len() > sandbox.options.inline_rows) {
        let message = "Inline byte limit exceeded. Please execute the statement with disposition=EXTERNAL_LINKS.";
        result = Err(("BAD_REQUEST", message.to_owned()));
    }
    let Ok(id) = random_hex() else {
        return refusal(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", "The system provides no random numbers.");
    };
    let statement =
        Statement { submitted: Instant::now(), cancelled: false, links_given: 0, by_links, columns, result };
    sandbox.kept().keep(id.clone(), statement);
    axum::Json(json!({ "statement_id": id, "status": { "state": "PENDING" } })).into_response()
}

async fn look(State(sandbox): State<Arc<DatabricksSandbox>>, UrlPath(id): UrlPath<String>) -> Response {
    let mut kept = sandbox.kept();
    let Some(statement) = kept.by_id.get_mut(&id) else { return no_statement(&id) };
    let waited = statement.submitted.elapsed();
    let pending = sandbox.options.faults.pending;
    let status = match &statement.result {
        _ if statement.cancelled => json!({ "state": "CANCELED" }),
        _ if waited < pending => json!({ "state": "PENDING" }),
        _ if waited < pending * 2 => json!({ "state": "RUNNING" }),
        Err((code, message)) => json!({ "state": "FAILED", "error": { "error_code": code, "message": message } }),
        Ok(_) => json!({ "state": "SUCCEEDED" }),
    };
    let mut answer = json!({ "statement_id": id, "status": status });
    if answer["status"]["state"] == "SUCCEEDED"
        && let Ok(rows) = &statement.result
    {
        answer["manifest"] = json!({
            "format": "JSON_ARRAY",
            "schema": { "column_count": statement.columns },
            "total_chunk_count": rows.len().div_ceil(sandbox.options.chunk_rows.max(1)),
            "total_row_count": rows.len(),
            "truncated": false,
        });
        answer["result"] = sandbox.chunk(&id, statement, 0).unwrap_or_default();
    }
    axum::Json(answer).into_response()
}

async fn chunk(
    State(sandbox): State<Arc<DatabricksSandbox>>,
    UrlPath((id, index)): UrlPath<(String, usize)>,
) -> Response {
    let mut kept = sandbox.kept();
    let chunk = kept.by_id.get_mut(&id).and_then(|statement| sandbox.chunk(&id, statement, index));
    chunk.map_or_else(|| no_statement(&id), |chunk| axum::Json(chunk).into_response())
}

async fn cancel(State(sandbox): State<Arc<DatabricksSandbox>>, UrlPath(id): UrlPath<String>) -> Response {
    match sandbox.kept().by_id.get_mut(&id) {
        Some(statement) => statement.cancelled = true,
        None => return no_statement(&id),
    }
    axum::Json(json!({})).into_response()
}

/// Endpoint of the storage, which is not part of the API and refuses the token.
async fn storage(
    State(sandbox): State<Arc<DatabricksSandbox>>,
    UrlPath((id, index, key)): UrlPath<(String, usize, String)>,
    headers: HeaderMap,
) -> Response {
    if headers.contains_key(header::AUTHORIZATION) {
        return (StatusCode::BAD_REQUEST, "Only one way to sign in is allowed.").into_response();
    }
    let kept = sandbox.kept();
    let rows = kept.by_id.get(&id).and_then(|statement| statement.rows(index, sandbox.options.chunk_rows));
    match rows {
        Some(rows) if key == sandbox.storage_key(&id) => axum::Json(rows).into_response(),
        _ => (StatusCode::FORBIDDEN, "The link has expired.").into_response(),
    }
}

fn no_statement(id: &str) -> Response {
    refusal(StatusCode::NOT_FOUND, "NOT_FOUND", &format!("The statement {id} was not found."))
}

impl DatabricksSandbox {
    /// Runs a recognised statement: number of columns, and rows or failure.
    fn execute(&self, statement: &str, ids: &str) -> (usize, Result<Vec<TextRow>, (&'static str, String)>) {
        if let Some(message) = &self.options.faults.failed {
            return (0, Err(("BAD_REQUEST", message.clone())));
        }
        let Some((table, catalog, schema, is_probe)) = recognised(statement) else {
            let message = "[PARSE_SYNTAX_ERROR] The sandbox runs the statements of btcfake only.";
            return (0, Err(("BAD_REQUEST", message.to_owned())));
        };
        let missing = |code: &str, what: String| (0, Err(("BAD_REQUEST", format!("[{code}] {what} cannot be found."))));
        if catalog != CATALOG {
            return missing("NO_SUCH_CATALOG_EXCEPTION", format!("The catalog `{catalog}`"));
        }
        if schema != SCHEMA {
            return missing("SCHEMA_NOT_FOUND", format!("The schema `{catalog}`.`{schema}`"));
        }
        if is_probe {
            return (table.columns().len(), Ok(Vec::new()));
        }
        (self.before_reading)();
        let rows = self.store.read(table, ids);
        (
            table.columns().len(),
            rows.map_err(|message| ("INTERNAL_ERROR", format!("The sandbox's tables cannot be read: {message}"))),
        )
    }

    /// Chunk of a result: rows, or a link to them. `None` if there is no such chunk.
    fn chunk(&self, id: &str, statement: &mut Statement, index: usize) -> Option<Value> {
        let size = self.options.chunk_rows.max(1);
        let rows = statement.rows(index, size)?;
        let has_next = statement.result.as_ref().is_ok_and(|all| all.len() > (index + 1) * size);
        let next = has_next.then(|| index + 1);
        let next_link = next.map(|next| format!("{STATEMENTS}/{id}/result/chunks/{next}"));
        let mut chunk = json!({ "chunk_index": index, "row_offset": index * size, "row_count": rows.len() });
        if let Some(next) = next {
            chunk["next_chunk_index"] = json!(next);
            chunk["next_chunk_internal_link"] = json!(next_link);
        }
        if !statement.by_links {
            chunk["data_array"] = json!(rows);
            return Some(chunk);
        }
        statement.links_given += 1;
        // Every second link is valid, so asking again helps.
        let expired = self.options.faults.expired_links && statement.links_given % 2 == 1;
        let key = if expired { "expired".to_owned() } else { self.storage_key(id) };
        chunk["external_link"] = json!(format!("http://{}/storage/{id}/{index}/{key}", self.address));
        chunk["expiration"] = json!((Utc::now() + TimeDelta::minutes(15)).to_rfc3339());
        Some(json!({ "external_links": [chunk] }))
    }

    /// Key that makes a link to a statement's rows valid.
    fn storage_key(&self, id: &str) -> String {
        btcfake_core::text::digest::sha256(format!("{id} {}", self.token.expose()).as_bytes())
            .chars()
            .take(32)
            .collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn keep(&mut self, id: String, statement: Statement) {
        const MOST: usize = 100;
        self.order.push_back(id.clone());
        self.by_id.insert(id, statement);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_id.remove(&oldest);
        }
    }
}

impl Statement {
    fn rows(&self, index: usize, size: usize) -> Option<&[TextRow]> {
        let rows = self.result.as_ref().ok()?;
        let begin = index.checked_mul(size)?;
        (begin < rows.len() || index == 0).then(|| &rows[begin..rows.len().min(begin.saturating_add(size))])
    }
}

/// Parses a statement that this program produces: table, catalog, schema, and true for a probe.
fn recognised(statement: &str) -> Option<(StateTable, String, String, bool)> {
    let (_, place) = statement.split_once(" FROM `")?;
    let mut names = place.split("`.`");
    let (catalog, schema) = (names.next()?.to_owned(), names.next()?.to_owned());
    StateTable::BOTH.into_iter().find_map(|table| {
        let is_read = statement == statements::read(table, &catalog, &schema);
        let is_probe = statement == statements::probe(table, &catalog, &schema);
        (is_read || is_probe).then(|| (table, catalog.clone(), schema.clone(), is_probe))
    })
}
