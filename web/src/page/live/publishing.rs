//! Publishing the feed of the last run: the worker makes a ZIP, which the helper unpacks and sends.

use btcfake_core::api::{Connection, PublishEvent};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::text::words::counted;
use leptos::prelude::*;
use web_sys::Blob;

use super::jobs::{JobResult, at_now, bytes_text, cut_off};
use super::state::{Done, JobState, LiveStep};
use crate::helper_client::HelperFault;
use crate::messages::{ArchivePurpose, RunQuestion};
use crate::page::state::PageState;

/// The message when the worker no longer has the run that a ZIP is requested of.
pub(crate) const ARCHIVE_GONE: &str = "the part of the page that makes the ZIP was started anew; run again";

impl PageState {
    /// Publishes the files of the last run. The worker first makes a ZIP.
    pub(crate) fn publish(self, host: Option<String>) {
        if self.results.with_untracked(Option::is_none) || untrack(|| self.results_are_stale()) {
            return;
        }
        if let Some(number) = self.start_job(Connection::SftpOutbound, LiveStep::Zip(host)) {
            if self.worker_is_dead() {
                self.archive_failed_to_publish(Some(number), ARCHIVE_GONE);
            } else {
                self.ask_about_results(RunQuestion::Archive(ArchivePurpose::Publish(number)));
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
            self.run_job(connection, number, Box::pin(self.send_feed(number, host, archive)));
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

    async fn send_feed(self, number: u32, host: Option<String>, archive: Blob) -> JobResult {
        let job = self.live.job(Connection::SftpOutbound);
        let mut end = Err(cut_off());
        let address = match host {
            Some(host) => format!("api/publish?host={}", String::from(js_sys::encode_uri_component(&host))),
            None => "api/publish".to_owned(),
        };
        let request = self.job_request(Connection::SftpOutbound, &address, Some(archive));
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
        request.stream(on_event).await?;
        let (files, sent, notes) = end?;
        self.keep_as_saved();
        self.refresh_status().await;
        let text = match sent {
            0 => "Nothing was sent: this feed was published already.".to_owned(),
            _ => published_text(&files),
        };
        Ok(Done { text, short: at_now("published"), is_whole: true, notes })
    }
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
