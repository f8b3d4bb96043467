//! What all requests of the API share: the configuration, limits, and the tasks that are running.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::http::StatusCode;
use btcfake_core::text::visible::shown_lines;
use chrono::{NaiveDate, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

use super::refusal::Refusal;
use crate::configuration::Configuration;
use crate::configuration::secret::Secret;
use crate::files::leftovers;
use crate::terminal::failure::Failure;

/// How the names of the folders begin into which a ZIP is unpacked.
pub(super) const SCRATCH_PREFIX: &str = "btcfake-publish-";

/// Where the API is.
pub(crate) const PATH: &str = "/api";

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Api {
    pub(super) configuration: Configuration,
    pub(super) sandbox: bool,
    /// Which running helper this is.
    pub(super) instance: String,
    pub(super) token: Option<Secret>,
    /// Fired when the server ends.
    pub(super) stop: CancellationToken,
    /// Every task that must come to an end before the program does listens here.
    pub(super) running: watch::Sender<()>,
    /// The folder for what is needed for a moment only.
    pub(super) scratch: PathBuf,
    pub(super) downloading: Arc<Semaphore>,
    pub(super) publishing: Arc<Semaphore>,
    /// Whether a publishing has found that a harmless path leads to what looks like production.
    pub(super) leads_to_production: AtomicBool,
    pub(super) limits: Limits,
}

/// How long requests may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// One that is no stream and sends no archive, its body included.
    pub(super) request: Duration,
    /// A pause of a body.
    pub(super) silence: Duration,
    /// The coming of an archive, even if it never pauses for long.
    pub(super) upload: Duration,
    /// The test of a connection: less than any request may take.
    pub(super) test: Duration,
}

impl Limits {
    pub(super) const USUAL: Limits = Limits {
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
        leftovers::clear(&self.scratch, SCRATCH_PREFIX);
    }

    /// Cancels what runs, and waits until it has come to its end, but no longer than `patience`.
    pub(crate) async fn end(&self, patience: Duration) {
        self.stop.cancel();
        // What has no more patience is broken off.
        let _ = tokio::time::timeout(patience, self.running.closed()).await;
    }

    /// Keeps [`Api::end`] waiting as long as it is kept.
    pub(super) fn running(&self) -> Running {
        Running(self.running.subscribe())
    }

    /// Today's date in the business time zone.
    ///
    /// # Errors
    /// An unknown time zone in the configuration.
    pub(super) fn today(&self) -> Result<NaiveDate, Failure> {
        Ok(self.configuration.business_timezone()?.date_of(Utc::now()))
    }

    /// A text as it can be shown, in which no secret is left, should a server have sent one back.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        shown_lines(&self.configuration.without_secrets(text))
    }
}

/// The only one of its kind that may run, until the permit is dropped.
pub(super) fn only_one(of: &Arc<Semaphore>, what: &str) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(of).try_acquire_owned().map_err(|_| {
        Refusal::new(StatusCode::CONFLICT, format!("{what} is going on already; wait for its end, then try again"))
    })
}
