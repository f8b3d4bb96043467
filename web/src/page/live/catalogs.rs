//! The vendor's catalogs: downloaded from the SFTP server into the helper's folder, and used from there.

use btcfake_core::api::{Connection, DownloadEvent};
use btcfake_core::format::file_name::VendorKind;
use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::jobs::{JobResult, at_now, bytes_text, cut_off};
use super::state::{Done, LiveStep};
use crate::helper_client::{HelperFault, HelperRequest};
use crate::page::file_slot::FileOrigin;
use crate::page::state::PageState;

/// The kinds of catalogs, with their roles.
pub(crate) const CATALOGS: [(VendorKind, InputRole); 2] = [
    (VendorKind::StandAloneContent, InputRole::StandaloneContent),
    (VendorKind::CourseCatalog, InputRole::CourseCatalog),
];

impl PageState {
    /// Downloads the vendor's catalogs from the SFTP server.
    pub(crate) fn download_catalogs(self) {
        let connection = Connection::SftpInbound;
        if let Some(number) = self.start_job(connection, LiveStep::Helper("Asking the SFTP server…".to_owned(), None))
        {
            self.run_job(connection, number, Box::pin(self.download(number)));
        }
    }

    /// Uses the most recent catalogs in the helper's folder.
    pub(crate) fn use_catalogs(self) {
        let connection = Connection::SftpInbound;
        if let Some(number) =
            self.start_job(connection, LiveStep::Helper("Reading the helper's files…".to_owned(), None))
        {
            self.run_job(connection, number, Box::pin(self.use_folder_catalogs(number)));
        }
    }

    async fn use_folder_catalogs(self, number: u32) -> JobResult {
        self.list_catalogs().await;
        let [standalone, course] = CATALOGS.map(|(kind, _)| untrack(|| self.live.catalog(kind)));
        self.use_catalog_files(number, standalone, course, Vec::new()).await
    }

    async fn download(self, number: u32) -> JobResult {
        let job = self.live.job(Connection::SftpInbound);
        let mut end = Err(cut_off());
        let request = self.job_request(Connection::SftpInbound, &self.with_run_day("api/catalogs/download"), None);
        let on_event = |event| match event {
            DownloadEvent::Progress { name, done, total } => {
                job.progress(number, bytes_text(&name, done, total), Some((done, total)));
            }
            DownloadEvent::Done { course_catalog, standalone_content, notes } => {
                end = Ok((standalone_content, course_catalog, notes));
            }
            DownloadEvent::Failed { message } => end = Err(HelperFault::Message(message)),
        };
        request.stream(on_event).await?;
        let (standalone, course, notes) = end?;
        let done = self.use_catalog_files(number, standalone, course, notes).await?;
        spawn_local(self.list_catalogs());
        Ok(done)
    }

    /// Uses catalogs of the helper's folder as if they were picked: all of them or none.
    async fn use_catalog_files(
        self,
        number: u32,
        standalone: Option<String>,
        course: Option<String>,
        mut notes: Vec<String>,
    ) -> JobResult {
        let mut files = Vec::new();
        for ((kind, role), name) in CATALOGS.into_iter().zip([standalone, course]) {
            match name {
                Some(name) => {
                    let address = format!("api/catalogs/{}", String::from(js_sys::encode_uri_component(&name)));
                    let request = self.job_request(Connection::SftpInbound, &address, None);
                    let request = HelperRequest { is_post: false, ..request };
                    files.push((role, request.file(&name).await?));
                }
                None => notes.push(format!("there is no {}; its file stays as it is", kind.prefix())),
            }
        }
        if files.is_empty() {
            return Err(HelperFault::Message("there are no catalogs".to_owned()));
        }
        let names: Vec<String> = files.iter().map(|(_, file)| file.name()).collect();
        let text = format!("In use now: {}.", names.join(" and "));
        self.use_files(Connection::SftpInbound, number, files, &FileOrigin::LiveForAll);
        Ok(Done { text, short: at_now("fetched"), is_whole: true, notes })
    }
}
