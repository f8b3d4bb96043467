//! State that all API requests share: configuration, limits, running tasks.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use axum::http::StatusCode;
use btcfake_core::text::note::Note;
use btcfake_core::text::visible::shown_lines;
use chrono::{NaiveDate, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::refusal::Refusal;
use crate::configuration::Configuration;
use crate::configuration::secret::Secret;
use crate::files::leftovers;
use crate::sandbox::Vendor;
use crate::terminal::failure::Failure;

/// Prefix of temporary folders with an unpacked ZIP.
pub(super) const SCRATCH_PREFIX: &str = "btcfake-publish-";

/// Path of the API.
pub(crate) const PATH: &str = "/api";

/// State that all API requests share.
#[derive(Debug)]
pub(crate) struct Api {
    pub(super) configuration: Configuration,
    pub(super) sandbox: bool,
    /// Vendor of the sandbox, which delivers the catalogs of a day when they are asked for.
    pub(super) vendor: Option<Vendor>,
    /// Random id of this running helper, in hexadecimal.
    pub(super) instance: String,
    pub(super) token: Option<Secret>,
    /// Fired when the server ends.
    pub(super) stop: CancellationToken,
    /// Tracks the work that the program must wait for; each holds a token of it.
    pub(super) running: TaskTracker,
    /// Folder for temporary files.
    pub(super) scratch: PathBuf,
    pub(super) downloading: Arc<Semaphore>,
    pub(super) publishing: Arc<Semaphore>,
    /// True once a publication found that the remote path leads to a folder that looks like production.
    pub(super) leads_to_production: AtomicBool,
    pub(super) limits: Limits,
}

/// Time limits of requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Limit for a request without an archive, its body included; of a stream, only the start counts.
    pub(super) request: Duration,
    /// Limit for a pause within a body.
    pub(super) silence: Duration,
    /// Limit for receiving a whole archive.
    pub(super) upload: Duration,
    /// Limit for the test of a connection; below `request`.
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

impl Api {
    /// API for a configuration without a vendor.
    #[cfg(test)]
    pub(crate) fn new(configuration: Configuration, sandbox: bool, token: Option<Secret>) -> Arc<Api> {
        Api::with_vendor(configuration, sandbox, token, None)
    }

    /// Creates the API for a configuration, with the vendor of the sandbox. With a token, every request must send it.
    pub(crate) fn with_vendor(
        configuration: Configuration,
        sandbox: bool,
        token: Option<Secret>,
        vendor: Option<Vendor>,
    ) -> Arc<Api> {
        // Without random numbers, the process id serves: it differs between most helpers.
        let instance = getrandom::u64().unwrap_or_else(|_| u64::from(std::process::id()));
        Arc::new(Api {
            configuration,
            sandbox,
            vendor,
            instance: format!("{instance:016x}"),
            token,
            stop: CancellationToken::new(),
            running: TaskTracker::new(),
            scratch: std::env::temp_dir(),
            downloading: Arc::new(Semaphore::new(1)),
            publishing: Arc::new(Semaphore::new(1)),
            leads_to_production: AtomicBool::new(false),
            limits: Limits::USUAL,
        })
    }

    /// Removes temporary folders of killed servers.
    pub(crate) fn clear_scratch(&self) {
        leftovers::clear(&self.scratch, SCRATCH_PREFIX);
    }

    /// Cancels running tasks and waits for their end, at most for `patience`.
    pub(crate) async fn end(&self, patience: Duration) {
        self.stop.cancel();
        self.running.close();
        // Tasks that take longer are aborted.
        let _ = tokio::time::timeout(patience, self.running.wait()).await;
    }

    /// Today's date in the business time zone.
    ///
    /// # Errors
    /// An unknown time zone in the configuration.
    pub(super) fn today(&self) -> Result<NaiveDate, Failure> {
        Ok(self.configuration.business_timezone()?.date_of(Utc::now()))
    }

    /// Notes for display, as by [`Api::without_secrets`].
    pub(super) fn shown_notes<'n>(&self, notes: impl IntoIterator<Item = &'n Note>) -> Vec<String> {
        notes.into_iter().map(|note| self.without_secrets(&note.to_string())).collect()
    }

    /// Text for display, with the configuration's secrets removed in case a server sent one back.
    pub(super) fn without_secrets(&self, text: &str) -> String {
        shown_lines(&self.configuration.without_secrets(text))
    }
}

/// Runs blocking work on another thread.
///
/// # Errors
/// 500 for work that panics.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    spawn_blocking(work).await.map_err(|broken| Refusal::unexpected(&broken))
}

/// Permit for a task of which only one may run at a time; `what` names the task in the message.
///
/// # Errors
/// 409 if such a task is running.
pub(super) fn only_one(of: &Arc<Semaphore>, what: &str) -> Result<OwnedSemaphorePermit, Refusal> {
    Arc::clone(of).try_acquire_owned().map_err(|_| {
        Refusal::new(StatusCode::CONFLICT, format!("{what} is going on already; wait for its end, then try again"))
    })
}
