//! The jobs on live connections: started, ended, failed, and left out of runs.

use std::pin::Pin;
use std::sync::Arc;

use btcfake_core::api::Connection;
use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File};

use super::state::{Done, JobState, LiveStep};
use crate::helper_client::{HelperFault, HelperRequest};
use crate::page::file_slot::FileOrigin;
use crate::page::state::PageState;
use crate::page::words::size_text;

/// The result of a job's work.
pub(super) type JobResult = Result<Done, HelperFault>;

impl PageState {
    /// Starts a job, and returns its number; `None` if one is under way.
    pub(super) fn start_job(self, connection: Connection, step: LiveStep) -> Option<u32> {
        let job = self.live.job(connection);
        if untrack(|| job.is_going()) {
            return None;
        }
        let number = self.next_number();
        job.start(number, step);
        Some(number)
    }

    /// Ends a job with the outcome of its work, if its number is then still current.
    pub(super) fn run_job(self, connection: Connection, number: u32, work: Pin<Box<dyn Future<Output = JobResult>>>) {
        spawn_local(async move {
            let outcome = work.await;
            if self.live.job(connection).is_current(number) {
                let state = match outcome {
                    Ok(done) => JobState::Done(Arc::new(done)),
                    Err(fault) => JobState::Failed(self.fault_message(fault)),
                };
                self.end_job(connection, state);
            }
        });
    }

    /// Ends the job of a connection with a state. A blocked run may become possible.
    pub(crate) fn end_job(self, connection: Connection, state: JobState) {
        self.live.job(connection).end(state);
        self.unblock();
    }

    /// Lets runs go on without a source that failed. Files that it brought before are removed, too.
    pub(crate) fn go_on_without(self, connection: Connection) {
        for role in roles_from(connection).iter().copied() {
            if self.slot(role).is_live() {
                self.remove(role);
            }
        }
        self.end_job(connection, JobState::GivenUp);
    }

    /// Fails all jobs that wait for the worker, which broke down.
    pub(crate) fn fail_jobs_of_worker(self) {
        for connection in Connection::ALL {
            let waits = self
                .live
                .job(connection)
                .state
                .with_untracked(|state| matches!(state, JobState::Going(_, LiveStep::Ids(_) | LiveStep::Zip(_))));
            if waits {
                let why = "the part of the page that reads files has broken down".to_owned();
                self.end_job(connection, JobState::Failed(why));
            }
        }
    }

    /// A POST request of a connection's job, which ends with the job.
    pub(super) fn job_request(self, connection: Connection, address: &str, body: Option<Blob>) -> HelperRequest {
        HelperRequest { body, is_post: true, signal: self.live.job(connection).signal(), ..self.request(address) }
    }

    /// Uses files from the helper as if they were picked, if the job's number is current.
    pub(super) fn use_files(
        self,
        connection: Connection,
        number: u32,
        files: Vec<(InputRole, File)>,
        origin: &FileOrigin,
    ) {
        if self.live.job(connection).is_current(number) {
            for (role, file) in files {
                self.take_over(role, file, origin.clone());
            }
        }
    }
}

/// The roles of the files that a connection brings.
pub(crate) fn roles_from(connection: Connection) -> &'static [InputRole] {
    match connection {
        Connection::SftpInbound => &[InputRole::StandaloneContent, InputRole::CourseCatalog],
        Connection::Recommender => &[InputRole::Recommendations],
        Connection::Databricks => &[InputRole::Assignments, InputRole::Completions],
        Connection::SftpOutbound => &[],
    }
}

/// The fault of a stream that ended without its last event.
pub(super) fn cut_off() -> HelperFault {
    HelperFault::Message("the helper's answer broke off before its end; try again".to_owned())
}

/// What was done, with the time of this computer's clock: `fetched 09:12`.
pub(super) fn at_now(done: &str) -> String {
    let now = js_sys::Date::new_0();
    format!("{done} {:02}:{:02}", now.get_hours(), now.get_minutes())
}

/// The progress of a file: `name: 1 MB of 3 MB`.
pub(super) fn bytes_text(name: &str, done: u64, total: u64) -> String {
    format!("{name}: {} of {}", size_text(done), size_text(total))
}
