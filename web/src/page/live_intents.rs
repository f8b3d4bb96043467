//! The actions of people on the helper: find it, sign in, test, fetch, publish, cancel. An answer to an outdated request is
//! dropped by its number.

use std::pin::Pin;
use std::sync::Arc;

use btcfake_core::api::{
    CatalogFile, Connection, DownloadEvent, PublishEvent, RecommendationEvent, StateEvent, Status, TestResult,
};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::file_name::FileKind;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, File};

use crate::helper_client::{HelperFault, HelperRequest, file_of, is_marked};
use crate::messages::{ArchivePurpose, ToWorker};
use crate::page::live::{Done, HelperState, JobState, LiveStep, TestState};
use crate::page::state::{FileOrigin, PageState};
use crate::page::words::size_text;

type LiveResult = Result<Done, HelperFault>;

impl PageState {
    /// Looks for the helper, if the page came from it.
    pub(crate) fn find_helper(self) {
        if is_marked() {
            self.ask_status();
        }
    }

    /// Uses the token that people typed.
    pub(crate) fn sign_in(self, token: String) {
        self.live.token.set(Some(token));
        self.ask_status();
    }

    /// Asks the helper for its status. A page that lost the helper finds it again by this.
    pub(crate) fn ask_status(self) {
        self.live.helper.set(HelperState::Asking);
        spawn_local(async move {
            self.live.helper.set(match self.ask("api/status").json::<Status>().await {
                Ok(status) => HelperState::Found(Arc::new(status)),
                Err(HelperFault::TokenWanted) => {
                    HelperState::TokenWanted { refused: self.live.token.with_untracked(Option::is_some) }
                }
                Err(_) => HelperState::Gone,
            });
            if self.live.helper.with_untracked(|helper| matches!(helper, HelperState::Found(_))) {
                self.list_catalogs().await;
            }
        });
    }

    /// Refreshes the helper's status, without the state [`HelperState::Asking`] in between.
    async fn refresh_status(self) {
        match self.ask("api/status").json::<Status>().await {
            Ok(status) => self.live.helper.set(HelperState::Found(Arc::new(status))),
            Err(HelperFault::Unreachable) => self.live.helper.set(HelperState::Gone),
            Err(_) => {}
        }
    }

    async fn list_catalogs(self) {
        let listed = self.ask(&self.of_the_day("api/catalogs")).json::<Vec<CatalogFile>>().await;
        self.live.catalogs.set(match listed {
            Ok(mut catalogs) => {
                catalogs.retain(|one| one.most_recent);
                Ok(catalogs)
            }
            Err(fault) => Err(self.message(fault)),
        });
    }

    /// Tests a connection, unless a test is under way.
    pub(crate) fn test_connection(self, connection: Connection) {
        let test = self.live.test(connection);
        if test.with_untracked(|test| matches!(test, TestState::Going(_))) {
            return;
        }
        let number = self.next_number();
        test.set(TestState::Going(number));
        let address = format!("api/connections/{}/test", connection.name());
        spawn_local(async move {
            let question = HelperRequest { is_post: true, ..self.ask(&address) };
            let result =
                question.json().await.unwrap_or_else(|fault| TestResult { works: false, message: self.message(fault) });
            if test.with_untracked(|test| *test == TestState::Going(number)) {
                test.set(TestState::Ended(result));
            }
        });
    }

    /// Downloads the vendor's catalogs from the SFTP server.
    pub(crate) fn download_catalogs(self) {
        let connection = Connection::SftpInbound;
        if let Some(number) = self.start_job(connection, LiveStep::Helper("Asking the SFTP server…".to_owned(), None))
        {
            self.run_job(connection, number, Box::pin(self.downloaded(number)));
        }
    }

    /// Uses the most recent catalogs in the helper's folder.
    pub(crate) fn use_catalogs(self) {
        let connection = Connection::SftpInbound;
        if let Some(number) =
            self.start_job(connection, LiveStep::Helper("Reading the helper's files…".to_owned(), None))
        {
            self.run_job(connection, number, Box::pin(self.used(number)));
        }
    }

    /// Fetches what a connection has about the employees. The worker first collects their ids.
    pub(crate) fn fetch_about_employees(self, connection: Connection) {
        let slot = self.slot(InputRole::Employees);
        let Some(pick) = slot.file.with_untracked(|file| file.picked().map(|picked| picked.pick)) else { return };
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
    pub(crate) fn ids_came(self, request: u32, found: Result<usize, String>, json: Option<Blob>) {
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
                self.run_job(connection, number, Box::pin(self.recommended(number, employee_set, json)));
            } else {
                self.run_job(connection, number, Box::pin(self.state_read(number, employee_set, json)));
            }
        }
    }

    /// Publishes the files of the last run. The worker first makes a ZIP.
    pub(crate) fn publish(self, host: Option<String>) {
        let Some(results) = self.results.get_untracked() else { return };
        if untrack(|| self.results_are_stale()) {
            return;
        }
        if let Some(number) = self.start_job(Connection::SftpOutbound, LiveStep::Zip(host)) {
            let purpose = ArchivePurpose::Publish(number);
            if self.worker_is_dead() {
                self.archive_failed_to_publish(Some(number), ARCHIVE_GONE);
            } else {
                self.send(&ToWorker::Archive { run: results.start.run, purpose }, []);
            }
        }
    }

    /// Sends the ZIP from the worker to the helper.
    pub(crate) fn publish_archive(self, number: u32, archive: Blob) {
        let connection = Connection::SftpOutbound;
        let job = self.live.job(connection);
        if let JobState::Going(current, LiveStep::Zip(host)) = job.state.get_untracked()
            && current == number
        {
            job.progress(number, "Sending the files to the helper…".to_owned(), None);
            self.run_job(connection, number, Box::pin(self.published(number, host, archive)));
        }
    }

    /// Fails the publishing of this number, or any for `None`, because the worker cannot make its ZIP.
    pub(crate) fn archive_failed_to_publish(self, number: Option<u32>, why: &str) {
        let waiting = self.live.job(Connection::SftpOutbound).state.with_untracked(|state| match state {
            JobState::Going(current, LiveStep::Zip(_)) => number.is_none_or(|number| number == *current),
            _ => false,
        });
        if waiting {
            self.end_job(Connection::SftpOutbound, JobState::Failed(why.to_owned()));
        }
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

    /// Ends the job of a connection with a state. A blocked run may become possible.
    pub(crate) fn end_job(self, connection: Connection, state: JobState) {
        self.live.job(connection).end(state);
        self.unblock();
    }

    /// Lets runs go on without a source that failed. Files that it brought before are removed, too.
    pub(crate) fn go_on_without(self, connection: Connection) {
        for role in roles_from(connection).iter().copied() {
            if self.slot(role).file.with_untracked(|file| file.picked().is_some_and(|one| one.origin.is_live())) {
                self.remove(role);
            }
        }
        self.end_job(connection, JobState::GivenUp);
    }

    fn start_job(self, connection: Connection, step: LiveStep) -> Option<u32> {
        let job = self.live.job(connection);
        if untrack(|| job.is_going()) {
            return None;
        }
        let number = self.next_number();
        job.start(number, step);
        Some(number)
    }

    fn run_job(self, connection: Connection, number: u32, work: Pin<Box<dyn Future<Output = LiveResult>>>) {
        spawn_local(async move {
            let outcome = work.await;
            if self.live.job(connection).is_current(number) {
                let state = match outcome {
                    Ok(done) => JobState::Done(Arc::new(done)),
                    Err(fault) => JobState::Failed(self.message(fault)),
                };
                self.end_job(connection, state);
            }
        });
    }

    /// An address with the day of the run, by which the helper finds the most recent catalogs.
    fn of_the_day(self, address: &str) -> String {
        format!("{address}?today={}", untrack(|| self.run_day()))
    }

    async fn used(self, number: u32) -> LiveResult {
        self.list_catalogs().await;
        let [standalone, course] = CATALOGS.map(|(kind, _)| untrack(|| self.live.catalog(kind)));
        self.taken_over(number, standalone, course, Vec::new()).await
    }

    async fn downloaded(self, number: u32) -> LiveResult {
        let job = self.live.job(Connection::SftpInbound);
        let mut end = Err(broken_off());
        let question = self.ask_for_job(Connection::SftpInbound, &self.of_the_day("api/catalogs/download"), None);
        let on_event = |event| match event {
            DownloadEvent::Progress { name, done, total } => {
                job.progress(number, bytes_text(&name, done, total), Some((done, total)));
            }
            DownloadEvent::Done { course_catalog, standalone_content, notes } => {
                end = Ok((standalone_content, course_catalog, notes));
            }
            DownloadEvent::Failed { message } => end = Err(HelperFault::Message(message)),
        };
        question.stream(on_event).await?;
        let (standalone, course, notes) = end?;
        let done = self.taken_over(number, standalone, course, notes).await?;
        spawn_local(self.list_catalogs());
        Ok(done)
    }

    /// Uses catalogs of the helper's folder as if they were picked: all of them or none.
    async fn taken_over(
        self,
        number: u32,
        standalone: Option<String>,
        course: Option<String>,
        mut notes: Vec<String>,
    ) -> LiveResult {
        let mut files = Vec::new();
        for ((kind, role), name) in CATALOGS.into_iter().zip([standalone, course]) {
            match name {
                Some(name) => {
                    let address = format!("api/catalogs/{}", String::from(js_sys::encode_uri_component(&name)));
                    let question = self.ask_for_job(Connection::SftpInbound, &address, None);
                    let question = HelperRequest { is_post: false, ..question };
                    files.push((role, question.file(&name).await?));
                }
                None => notes.push(format!("there is no {}; that field stays as it is", kind.prefix())),
            }
        }
        if files.is_empty() {
            return Err(HelperFault::Message("there are no catalogs".to_owned()));
        }
        let names: Vec<String> = files.iter().map(|(_, file)| file.name()).collect();
        let text = format!("Taken over: {}.", names.join(" and "));
        self.fill(Connection::SftpInbound, number, files, &FileOrigin::LiveForAll);
        Ok(Done { text, short: at_now("fetched"), is_whole: true, notes })
    }

    async fn recommended(self, number: u32, employee_set: String, ids: Blob) -> LiveResult {
        let job = self.live.job(Connection::Recommender);
        let mut end = Err(broken_off());
        let (mut asked, mut short) = (String::new(), None);
        let question = self.ask_for_job(Connection::Recommender, "api/recommendations", Some(ids));
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
        question.stream(on_event).await?;
        let (recording, notes) = end?;
        let file = file_of(recording.into(), "recommendations.jsonl")?;
        let text =
            if asked.is_empty() { "The recommendations are there.".to_owned() } else { format!("Done: {asked}.") };
        self.fill(
            Connection::Recommender,
            number,
            vec![(InputRole::Recommendations, file)],
            &FileOrigin::LiveFor(employee_set),
        );
        let is_whole = short.is_none();
        Ok(Done { text, short: short.unwrap_or_else(|| at_now("fetched")), is_whole, notes })
    }

    async fn state_read(self, number: u32, employee_set: String, ids: Blob) -> LiveResult {
        let job = self.live.job(Connection::Databricks);
        let mut end = Err(broken_off());
        let question = self.ask_for_job(Connection::Databricks, "api/state", Some(ids));
        let on_event = |event| match event {
            StateEvent::Progress { message } => job.progress(number, message, None),
            StateEvent::Done { assignments, completions, read_at } => end = Ok((assignments, completions, read_at)),
            StateEvent::Failed { message } => end = Err(HelperFault::Message(message)),
        };
        question.stream(on_event).await?;
        let (assignments, completions, read_at) = end?;
        self.live.state_read_at.set(Some(read_at));
        let files = vec![
            (InputRole::Assignments, file_of(assignments.into(), "content_assignments.csv")?),
            (InputRole::Completions, file_of(completions.into(), "content_completion.csv")?),
        ];
        self.fill(Connection::Databricks, number, files, &FileOrigin::LiveFor(employee_set));
        let text = "Open assignments and completions are there.".to_owned();
        Ok(Done { text, short: at_now("fetched"), is_whole: true, notes: Vec::new() })
    }

    async fn published(self, number: u32, host: Option<String>, archive: Blob) -> LiveResult {
        let job = self.live.job(Connection::SftpOutbound);
        let mut end = Err(broken_off());
        let address = match host {
            Some(host) => format!("api/publish?host={}", String::from(js_sys::encode_uri_component(&host))),
            None => "api/publish".to_owned(),
        };
        let question = self.ask_for_job(Connection::SftpOutbound, &address, Some(archive));
        let on_event = |event| match event {
            PublishEvent::Progress { name, done, total } => {
                job.progress(number, bytes_text(&name, done, total), Some((done, total)));
            }
            PublishEvent::Done { files, sent, notes } => end = Ok((files, sent, notes)),
            PublishEvent::Failed { message } => {
                // The helper may have found that the folder is on production: its new status asks for the host.
                self.ask_status();
                end = Err(HelperFault::Message(message));
            }
        };
        question.stream(on_event).await?;
        let (files, sent, notes) = end?;
        self.keep_as_saved();
        self.refresh_status().await;
        let text = match sent {
            0 => "Nothing was sent: this feed was published already.".to_owned(),
            _ => published_text(&files),
        };
        Ok(Done { text, short: at_now("published"), is_whole: true, notes })
    }

    /// Uses files from the helper as if they were picked, if the job's number is current.
    fn fill(self, connection: Connection, number: u32, files: Vec<(InputRole, File)>, origin: &FileOrigin) {
        if self.live.job(connection).is_current(number) {
            for (role, file) in files {
                self.take_over(role, file, origin.clone());
            }
        }
    }

    fn ask(self, address: &str) -> HelperRequest {
        let token = self.live.token.get_untracked();
        let instance = self.live.helper.with_untracked(|helper| match helper {
            HelperState::Found(status) => Some(status.instance.clone()),
            _ => None,
        });
        HelperRequest { address: address.to_owned(), body: None, is_post: false, token, instance, signal: None }
    }

    fn ask_for_job(self, connection: Connection, address: &str, body: Option<Blob>) -> HelperRequest {
        HelperRequest { body, is_post: true, signal: self.live.job(connection).signal(), ..self.ask(address) }
    }

    /// A fault in words. A missing token is asked for.
    fn message(self, fault: HelperFault) -> String {
        match fault {
            HelperFault::Message(message) => message,
            HelperFault::Unreachable => {
                spawn_local(self.refresh_status());
                "the helper, the program btcfake that this page comes from, did not answer".to_owned()
            }
            HelperFault::OtherHelper => {
                self.ask_status();
                "another helper answers here now, or it was started anew: look under \"Live sources\" what it is \
                 connected to, then try again"
                    .to_owned()
            }
            HelperFault::TokenWanted => {
                self.live.helper.set(HelperState::TokenWanted { refused: true });
                "the helper wants its token".to_owned()
            }
        }
    }
}

/// The message when the worker no longer has the run that a ZIP is requested of.
pub(crate) const ARCHIVE_GONE: &str = "the part of the page that makes the ZIP was started anew; run again";

/// The kinds of catalogs, with their roles.
pub(crate) const CATALOGS: [(FileKind, InputRole); 2] =
    [(FileKind::StandAloneContent, InputRole::StandaloneContent), (FileKind::CourseCatalog, InputRole::CourseCatalog)];

/// The roles of the files that a connection brings.
pub(crate) fn roles_from(connection: Connection) -> &'static [InputRole] {
    match connection {
        Connection::SftpInbound => &[InputRole::StandaloneContent, InputRole::CourseCatalog],
        Connection::Recommender => &[InputRole::Recommendations],
        Connection::Databricks => &[InputRole::Assignments, InputRole::Completions],
        Connection::SftpOutbound => &[],
    }
}

fn broken_off() -> HelperFault {
    HelperFault::Message("the helper's answer broke off before its end; try again".to_owned())
}

/// A deed with the time of this computer's clock: `fetched 09:12`.
fn at_now(done: &str) -> String {
    let now = js_sys::Date::new_0();
    format!("{done} {:02}:{:02}", now.get_hours(), now.get_minutes())
}

/// What was published, by the names of the files.
fn published_text(names: &[String]) -> String {
    let is_of_feed = |name: &&String| FeedFile::ALL.iter().any(|file| name.starts_with(file.kind().prefix()));
    let catalogs = match names.len() - names.iter().filter(is_of_feed).count() {
        0 => String::new(),
        catalogs => format!(" and {}", counted(catalogs, "catalog")),
    };
    format!("Published {}: the feed{catalogs}.", counted(names.len(), "file"))
}

fn bytes_text(name: &str, done: u64, total: u64) -> String {
    format!("{name}: {} of {}", size_text(done), size_text(total))
}
