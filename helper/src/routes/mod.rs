//! The JSON API that the page uses, as `btcfake_core::api` lists it.
//!
//! [`api`] is the router, [`Api`] what all requests share. Every request goes through [`guard`] first: nothing but the
//! page that this server serves may use the API. What takes long is a [`stream`] of lines. A request chooses no host, path
//! or address: those are the configuration's.

mod archive;
mod body;
mod catalogs;
mod connections;
mod guard;
mod openapi;
mod publish;
mod refusal;
mod sources;
mod stream;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::any;
use btcfake_core::text::visible::shown_lines;
use chrono::{NaiveDate, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::configuration::Configuration;
use crate::failure::Failure;
use crate::leftovers;
use crate::secret::Secret;
pub(crate) use guard::add_headers;
pub(crate) use refusal::Refusal;

/// Where the API is.
pub(crate) const PATH: &str = "/api";

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Api {
    configuration: Configuration,
    sandbox: bool,
    /// Which running helper this is.
    instance: String,
    token: Option<Secret>,
    /// Fired when the server ends.
    stop: CancellationToken,
    /// Every task that must come to an end before the program does listens here.
    running: watch::Sender<()>,
    /// The folder for what is needed for a moment only.
    scratch: PathBuf,
    downloading: Arc<Semaphore>,
    publishing: Arc<Semaphore>,
    /// Whether a publishing has found that a harmless path leads to what looks like production.
    leads_to_production: AtomicBool,
    limits: Limits,
}

/// How long requests may take.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// One that is no stream and sends no archive, its body included.
    request: Duration,
    /// A pause of a body.
    silence: Duration,
    /// The coming of an archive, even if it never pauses for long.
    upload: Duration,
    /// The test of a connection: less than any request may take.
    test: Duration,
}

impl Limits {
    const USUAL: Limits = Limits {
        request: Duration::from_secs(30),
        silence: Duration::from_secs(30),
        upload: Duration::from_secs(15 * 60),
        test: Duration::from_secs(25),
    };
}

/// What must come to an end before the program does, as long as it is kept.
pub(crate) struct Running(#[allow(dead_code)] watch::Receiver<()>);

impl Api {
    /// An API for the connections of a configuration. With a token, every request must have it.
    pub(crate) fn new(configuration: Configuration, sandbox: bool, token: Option<Secret>) -> Arc<Api> {
        // Without chance, the number of the process tells them apart nearly as well.
        let instance = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        Arc::new(Api {
            configuration,
            sandbox,
            instance: format!("{instance:016x}"),
            token,
            stop: CancellationToken::new(),
            running: watch::Sender::new(()),
            scratch: std::env::temp_dir(),
            downloading: Arc::new(Semaphore::new(1)),
            publishing: Arc::new(Semaphore::new(1)),
            leads_to_production: AtomicBool::new(false),
            limits: Limits::USUAL,
        })
    }

    /// Takes away what a killed server left of its work.
    pub(crate) fn clear_scratch(&self) {
        leftovers::clear(&self.scratch, publish::SCRATCH_PREFIX);
    }

    /// Cancels what runs, and waits until it has come to its end, but no longer than `patience`.
    pub(crate) async fn end(&self, patience: Duration) {
        self.stop.cancel();
        // What has no more patience is broken off.
        let _ = tokio::time::timeout(patience, self.running.closed()).await;
    }

    fn running(&self) -> Running {
        Running(self.running.subscribe())
    }

    fn today(&self) -> Result<NaiveDate, Failure> {
        Ok(self.configuration.business_timezone()?.date_of(Utc::now()))
    }

    /// A text as it can be shown, in which no secret is left, should a server have sent one back.
    fn without_secrets(&self, text: &str) -> String {
        shown_lines(&self.configuration.without_secrets(text))
    }
}

/// The only one of its kind that may run, until the permit is dropped.
fn only_one(of: &Arc<Semaphore>, what: &str) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(of).try_acquire_owned().map_err(|_| {
        Refusal::new(StatusCode::CONFLICT, format!("{what} is going on already; wait for its end, then try again"))
    })
}

/// The requests that the API answers, and their description.
fn routes() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(connections::status))
        .routes(routes!(connections::test))
        .routes(routes!(catalogs::list))
        .routes(routes!(catalogs::read))
        .routes(routes!(catalogs::download))
        .routes(routes!(sources::recommendations))
        .routes(routes!(sources::state))
        .routes(routes!(publish::publish))
        .routes(routes!(openapi::document))
}

/// The API under [`PATH`]. Whatever is asked below that path, known or not, goes through the guard.
pub(crate) fn api(state: Arc<Api>) -> Router {
    let (known, _) = routes().split_for_parts();
    let known = known.fallback(no_such_request).method_not_allowed_fallback(async || {
        Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "This request has another method; see /api/openapi.json.")
    });
    Router::new()
        .nest(PATH, known)
        // `nest` leaves this one path to the page.
        .route(&format!("{PATH}/"), any(no_such_request))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::limit_time))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::guard))
        .with_state(state)
}

/// The answer where there is nothing.
async fn no_such_request() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "The API has no such request; see /api/openapi.json.")
}
