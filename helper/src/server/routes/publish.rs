//! Publication of the page's run on the outbound server.
//!
//! The page sends the run's files as a ZIP, which is unpacked into a temporary folder that is always removed. The run's
//! catalogs must be in the ZIP or in the helper's folder: paths in the run file are ignored.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use btcfake_core::api::{ApiError, PublishEvent};
use btcfake_core::format::file_name::VendorName;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::publication::StateOrigin;
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::text::note::Note;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::{AsyncWriteExt, BufWriter};
use tokio_util::sync::CancellationToken;
use utoipa::{IntoParams, ToSchema};

use super::api::{Api, SCRATCH_PREFIX, blocking, only_one};
use super::archive::{MOST_UNPACKED, unpack};
use super::openapi::{AnyRequest, Posted};
use super::refusal::Refusal;
use super::stream::transfer_listener;
use super::{body, catalogs, connections, stream};
use crate::configuration::{SftpSettings, SftpSide};
use crate::files::reading::read_found;
use crate::remote::publications::Publications;
use crate::remote::sftp::{self, RunFiles, SftpClient};
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// Maximum size of the ZIP in bytes.
const LONGEST_ARCHIVE: u64 = 512 << 20;

/// The query parameters of a request to publish.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Parameters {
    /// The outbound host as the user typed it in, with or without its port. Required if the status has a production_host. It
    /// confirms the configured host: any other is refused.
    #[serde(default)]
    host: String,
}

/// The bytes of a ZIP.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes a body and is never made: the body is read piece by piece")]
pub(super) struct ArchiveBody(Vec<u8>);

/// Send a run's files and the catalogs it was made from to the outbound server, one publishing at a time.
///
/// # Errors
/// A server that is not configured; one that looks like production, if its host was not typed in; a publishing that is
/// running already; or a body that is not a run's files.
#[utoipa::path(
    post,
    path = "/publish",
    params(Parameters),
    request_body(
        content = ArchiveBody,
        content_type = body::ZIP,
        description = "A ZIP (stored or deflated) of the run's files, up to 512 MiB and 2 GiB unpacked. The catalogs may \
            be left out where the helper's folder has them.",
    ),
    responses(
        (
            status = 200,
            description = "How far the publishing is, then the files that are there.",
            body = PublishEvent,
            content_type = stream::CONTENT_TYPE,
        ),
        (status = 403, description = "The request comes from another page, or the destination looks like production and \
            its host was not typed in.", body = ApiError),
        (status = 500, description = "The helper has no room for the files, or they cannot be read.", body = ApiError),
        (status = 503, description = "The helper was asked to end.", body = ApiError),
        AnyRequest,
        Posted,
    )
)]
pub(super) async fn publish(
    State(api): State<Arc<Api>>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    body::check_content_type(request.headers(), body::ZIP)?;
    let Query(Parameters { host }) = parameters?;
    let host = Some(host).filter(|host| !host.is_empty());
    let settings = connections::sftp(&api, SftpSide::Outbound)?;
    refuse_unless_meant(&api, &settings, host.as_ref())?;
    let production = connections::production(&api, host.is_some())?;
    // Checked before the ZIP is received, so nobody sends one in vain; the permit is not held meanwhile, so a slow
    // upload does not block others.
    drop(only_one(&api.publishing, "A publishing")?);
    let (folder, archive) = receive_in_time(&api, request).await?;
    let permit = only_one(&api.publishing, "A publishing")?;
    let (folder, run) = unpacked_run(&api, folder, archive).await?;
    let publications = Publications::of(&api.configuration, &settings);
    let shared = Arc::clone(&api);
    Ok(stream::stream(&api, Some(permit), |mut events, cancel| async move {
        let mut notes: Vec<Note> = publications.concern(&run.identity, StateOrigin::Unknown).into_iter().collect();
        let progress = |name, done, total| PublishEvent::Progress { name, done, total };
        let on_event = transfer_listener(&mut events, &mut notes, progress);
        let mut client = SftpClient::new(&settings).watched(on_event, cancel);
        let published = client.publish(&run, &production).await;
        drop(client);
        drop(folder);
        match published {
            Ok(published) => {
                notes.extend(published.notes);
                notes.extend(publications.add(&run.identity, &run.completed));
                PublishEvent::Done {
                    notes: shared.shown_notes(&notes),
                    sent: published.files.iter().filter(|file| file.sent).count(),
                    files: published.files.into_iter().map(|file| file.name).collect(),
                }
            }
            Err(failure) => failed(&shared, failure),
        }
    }))
}

/// Receives the ZIP of a request within the time limit of uploads.
async fn receive_in_time(api: &Arc<Api>, request: Request) -> Result<(TempDir, File), Refusal> {
    let received = tokio::time::timeout(api.limits.upload, receive(api, request)).await;
    received.unwrap_or_else(|_| {
        let message = format!("The ZIP took longer than {} s to come; it was refused.", api.limits.upload.as_secs());
        Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, message))
    })
}

/// Unpacks a ZIP into a folder and checks the run in it. Stops if the request is given up.
async fn unpacked_run(api: &Arc<Api>, folder: TempDir, archive: File) -> Result<(TempDir, RunFiles), Refusal> {
    let local_dir = api.configuration.sftp_local_dir();
    let (stop, running) = (api.stop.child_token(), api.running.token());
    let cancel = stop.clone().drop_guard();
    let unpacked = blocking(move || {
        let run = unpack_and_check(archive, folder.path(), &local_dir, &stop);
        drop(running);
        // The folder is returned, too: it must not be removed while files are written to it.
        (folder, run)
    });
    let (folder, run) = unpacked.await?;
    drop(cancel);
    Ok((folder, run?))
}

/// The last line of a publication that failed. Once the server refused it as production, the page asks for the host.
fn failed(api: &Api, failure: Failure) -> PublishEvent {
    let message = match failure {
        Failure::Production { refused } => {
            api.leads_to_production.store(true, Ordering::Relaxed);
            format!("{refused}; check the settings, or type in its host")
        }
        other => other.to_string(),
    };
    PublishEvent::Failed { message: api.without_secrets(&message) }
}

/// Refuses another host than the one of the settings, and one that looks like production and was not typed in.
fn refuse_unless_meant(api: &Api, settings: &SftpSettings, host: Option<&String>) -> Result<(), Refusal> {
    let in_address = connections::host_in_address(&settings.host.name);
    let with_port = format!("{in_address}:{}", settings.host.port);
    let message = match host {
        Some(typed) if [&settings.host.name, &in_address, &with_port].contains(&typed) => return Ok(()),
        Some(_) => {
            "The host that was typed in is not the one that feeds are published to; nothing was sent.".to_owned()
        }
        None if connections::looks_like_production(api, settings) => format!(
            "The destination looks like production, and fake data must not get there. If it is meant, type in its \
             host: {}. Nothing was sent.",
            settings.host.name
        ),
        None => return Ok(()),
    };
    Err(Refusal::new(StatusCode::FORBIDDEN, message))
}

/// Receives the archive into an unnamed file, and creates a folder for its contents.
async fn receive(api: &Api, request: Request) -> Result<(TempDir, File), Refusal> {
    const BUFFER: usize = 1 << 20;
    let (head, body) = request.into_parts();
    let mut pieces = body::pieces(api, &head.headers, body, LONGEST_ARCHIVE)?;
    let scratch = api.scratch.as_path();
    let scratch_folder = scratch.to_owned();
    let made = blocking(move || {
        let folder = tempfile::Builder::new().prefix(SCRATCH_PREFIX).tempdir_in(&scratch_folder)?;
        // The file has no name and vanishes when it is closed.
        io::Result::Ok((folder, tempfile::tempfile_in(&scratch_folder)?))
    });
    let (folder, file) = made.await?.of_file(scratch, "write")?;
    let mut file = BufWriter::with_capacity(BUFFER, tokio::fs::File::from_std(file));
    while let Some(piece) = pieces.next().await? {
        file.write_all(&piece).await.of_file(scratch, "write")?;
    }
    file.flush().await.of_file(scratch, "write")?;
    Ok((folder, file.into_inner().into_std().await))
}

/// Unpacks the archive and checks that its files match its run file.
fn unpack_and_check(
    archive: File,
    folder: &Path,
    local_dir: &Path,
    stop: &CancellationToken,
) -> Result<RunFiles, Refusal> {
    let run_file = unpack(archive, folder, MOST_UNPACKED, stop)?;
    forget_paths(&run_file)?;
    sftp::run_files(&run_file, local_dir).map_err(|failure| {
        let folder = format!("{}{}", shown_path(folder), std::path::MAIN_SEPARATOR);
        Refusal::bad(failure.to_string().replace(&folder, ""))
    })
}

/// Removes the paths of inputs from a run file, so that no request can name a file of this machine. Catalogs keep their
/// names, which must be vendor names.
fn forget_paths(run_file: &Path) -> Result<(), Refusal> {
    let shown = run_file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let unusable = |message: String| Refusal::bad(format!("{shown}: {message}"));
    let record = RunRecord::from_bytes(&read_found(run_file).of_file(run_file, "read")?);
    let mut record = record.map_err(|error| unusable(error.to_string()))?;
    for input in &mut record.inputs {
        input.path = None;
        let is_catalog = matches!(input.role, InputRole::CourseCatalog | InputRole::StandaloneContent);
        if is_catalog && !input.built_in && catalogs::catalog_kind(&input.name).is_none() {
            let message = "this catalog of the run has no name as the vendor gives it, so it cannot be found here";
            return Err(Refusal::bad(format!("{}: {message}; rename it and make a new run.", input.name)));
        }
    }
    if let Some(output) = record.outputs.iter().find(|output| VendorName::parse(&output.name).is_none()) {
        return Err(Refusal::bad(format!("{}: no run makes a file of this name.", output.name)));
    }
    Ok(std::fs::write(run_file, record.to_bytes()).of_file(run_file, "write")?)
}
