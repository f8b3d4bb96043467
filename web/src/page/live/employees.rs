//! Requests about the employees of the run: their open assignments and completions, and their recommendations. The worker
//! collects the ids first.

use btcfake_core::api::{Connection, RecommendationEvent, StateEvent};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::publication::FeedInState;
use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;
use web_sys::Blob;

use super::jobs::{JobResult, at_now, cut_off};
use super::state::{Done, JobState, LiveStep, StateReading};
use crate::helper_client::{HelperFault, file_of};
use crate::messages::ToWorker;
use crate::page::file_slot::{FileOrigin, Picked};
use crate::page::state::PageState;
use crate::page::words::sentence;

impl PageState {
    /// Fetches what a connection has about the employees. The worker first collects their ids.
    pub(crate) fn fetch_about_employees(self, connection: Connection) {
        let Some(Picked { pick, .. }) = self.slot(InputRole::Employees).picked() else { return };
        if untrack(|| self.missing_to_ask().is_none()) && self.start_job(connection, LiveStep::Ids(pick)).is_some() {
            self.revive_worker();
            self.ask_for_ids(connection);
        }
    }

    /// Asks the worker for the ids, if the connection's job waits for them.
    pub(crate) fn ask_for_ids(self, connection: Connection) {
        let JobState::Going(request, LiveStep::Ids(_)) = self.live.job(connection).state.get_untracked() else {
            return;
        };
        match self.slot(InputRole::Employees).pick() {
            Some((pick, file)) => {
                let bad_rows = self.settings.bad_rows.get_untracked();
                self.send(&ToWorker::EmployeeIds { request, pick, bad_rows }, [file]);
            }
            None => self.end_job(connection, JobState::Cancelled),
        }
    }

    /// Sends the ids from the worker to the helper, for the job that waits for them.
    pub(crate) fn send_ids(self, request: u32, found: Result<usize, String>, json: Option<Blob>) {
        for connection in [Connection::Databricks, Connection::Recommender] {
            let JobState::Going(number, LiveStep::Ids(pick)) = self.live.job(connection).state.get_untracked() else {
                continue;
            };
            if number != request {
                continue;
            }
            let (count, json) = match (&found, &json) {
                (Ok(count), Some(json)) => (*count, json.clone()),
                (Ok(_), None) => return,
                (Err(why), _) => return self.end_job(connection, JobState::Failed(why.clone())),
            };
            let is_current = self.slot(InputRole::Employees).is_pick(pick);
            let employee_set = if is_current { untrack(|| self.employee_set()) } else { String::new() };
            let text = format!("Asking about {}…", counted(count, "employee"));
            self.live.job(connection).progress(number, text, None);
            if connection == Connection::Recommender {
                self.run_job(connection, number, Box::pin(self.fetch_recommendations(number, employee_set, json)));
            } else {
                self.run_job(connection, number, Box::pin(self.read_state(number, employee_set, json)));
            }
        }
    }

    async fn fetch_recommendations(self, number: u32, employee_set: String, ids: Blob) -> JobResult {
        let job = self.live.job(Connection::Recommender);
        let mut end = Err(cut_off());
        let (mut asked, mut short) = (String::new(), None);
        let request = self.job_request(Connection::Recommender, "api/recommendations", Some(ids));
        let on_event = |event| match event {
            RecommendationEvent::Progress { done, failed, total } => {
                let employees = counted(total, "employee");
                asked = format!("{} of {employees} asked, {} failed", grouped(done), grouped(failed));
                short = (failed > 0).then(|| format!("{} of {} failed", grouped(failed), grouped(total)));
                job.progress(number, asked.clone(), Some((done as u64, total as u64)));
            }
            RecommendationEvent::Done { recording, notes } => end = Ok((recording, notes)),
            RecommendationEvent::Failed { message } => end = Err(HelperFault::Message(message)),
        };
        request.stream(on_event).await?;
        let (recording, notes) = end?;
        let file = file_of(recording.into(), "recommendations.jsonl")?;
        let text =
            if asked.is_empty() { "The recommendations are there.".to_owned() } else { format!("Done: {asked}.") };
        self.use_files(
            Connection::Recommender,
            number,
            vec![(InputRole::Recommendations, file)],
            &FileOrigin::LiveFor(employee_set),
        );
        let is_whole = short.is_none();
        Ok(Done { text, short: short.unwrap_or_else(|| at_now("fetched")), is_whole, notes })
    }

    async fn read_state(self, number: u32, employee_set: String, ids: Blob) -> JobResult {
        let job = self.live.job(Connection::Databricks);
        let mut end = Err(cut_off());
        let request = self.job_request(Connection::Databricks, "api/state", Some(ids));
        let on_event = |event| match event {
            StateEvent::Progress { message } => job.progress(number, message, None),
            StateEvent::Done { assignments, completions, read_at: at, published_feed: feed } => {
                end = Ok((assignments, completions, StateReading { at, feed }));
            }
            StateEvent::Failed { message } => end = Err(HelperFault::Message(message)),
        };
        request.stream(on_event).await?;
        let (assignments, completions, reading) = end?;
        let not_loaded = reading.feed.as_ref().and_then(FeedInState::concern);
        self.live.state_reading.set(Some(reading));
        let files = vec![
            (InputRole::Assignments, file_of(assignments.into(), "content_assignments.csv")?),
            (InputRole::Completions, file_of(completions.into(), "content_completion.csv")?),
        ];
        self.use_files(Connection::Databricks, number, files, &FileOrigin::LiveFor(employee_set));
        let text = "Open assignments and completions are there.".to_owned();
        let notes = not_loaded.map(|concern| sentence(&concern.to_string())).into_iter().collect();
        Ok(Done { text, short: at_now("fetched"), is_whole: true, notes })
    }
}
