//! Catalogs in the helper's folder: list, read, and download from the vendor's server.
//!
//! The API only sees regular files directly in the folder whose names are those of catalogs; no other file is ever
//! opened.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path as UrlPath, Query, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use btcfake_core::api::{ApiError, CatalogFile, DownloadEvent};
use btcfake_core::format::file_name::{FolderEntry, VendorKind, VendorName, most_recent};
use btcfake_core::format::instant::{DATE_EXAMPLE, parse_date};
use btcfake_core::text::visible::shown;
use chrono::NaiveDate;
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::api::{Api, blocking, only_one};
use super::openapi::{AnyRequest, Posted};
use super::refusal::Refusal;
use super::stream::transfer_listener;
use super::{body, connections, stream};
use crate::configuration::SftpSide;
use crate::files::reading::{modified, open_itself};
use crate::remote::sftp::{SftpClient, SftpProblem};
use crate::terminal::failure::{Failure, FileResult};

/// Number of bytes that are read at a time.
const PIECE: usize = 256 << 10;

/// The query parameters of a request about catalogs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDay {
    /// The day of the run in the business time zone; without it, today. Catalogs dated after the following day are skipped.
    #[param(format = Date)]
    today: Option<String>,
}

impl OfDay {
    /// # Errors
    /// 400 for a text that is no date, 409 for an unknown time zone in the configuration.
    fn read(day: Result<Query<OfDay>, QueryRejection>, api: &Api) -> Result<NaiveDate, Refusal> {
        let Query(OfDay { today }) = day?;
        let Some(today) = today else { return Ok(api.today()?) };
        let bad = || Refusal::bad(format!("today={} is no date; write it like {DATE_EXAMPLE}.", shown(&today)));
        parse_date(&today).ok_or_else(bad)
    }
}

/// List the catalogs in the helper's folder.
///
/// # Errors
/// A folder that cannot be read.
#[utoipa::path(
    get,
    path = "/catalogs",
    params(OfDay),
    responses(
        (status = 200, description = "Latest first.", body = Vec<CatalogFile>),
        (status = 400, description = "The date is invalid.", body = ApiError),
        (status = 409, description = "The time zone of the configuration is invalid.", body = ApiError),
        (status = 500, description = "The folder cannot be read.", body = ApiError),
        AnyRequest,
    )
)]
pub(super) async fn list(
    State(api): State<Arc<Api>>,
    day: Result<Query<OfDay>, QueryRejection>,
) -> Result<Json<Vec<CatalogFile>>, Refusal> {
    let (folder, today) = (api.configuration.sftp_local_dir(), OfDay::read(day, &api)?);
    Ok(Json(blocking(move || list_folder(&folder, today)).await??))
}

/// Read a catalog in the helper's folder.
///
/// # Errors
/// A name that is not that of a catalog in the folder.
#[utoipa::path(
    get,
    path = "/catalogs/{name}",
    params(("name" = String, Path, description = "The file's name, as the list of catalogs has it.")),
    responses(
        (status = 200, description = "The file's bytes.", body = String, content_type = "text/csv"),
        (status = 404, description = "There is no catalog of this name.", body = ApiError),
        (status = 500, description = "The file cannot be read.", body = ApiError),
        AnyRequest,
    )
)]
pub(super) async fn read(
    State(api): State<Arc<Api>>,
    name: Result<UrlPath<String>, PathRejection>,
) -> Result<Response, Refusal> {
    let not_found =
        || Refusal::new(StatusCode::NOT_FOUND, "There is no catalog of this name; /api/catalogs lists them.");
    let Some(UrlPath(name)) = name.ok().filter(|name| catalog_kind(name).is_some()) else { return Err(not_found()) };
    let path = api.configuration.sftp_local_dir().join(&name);
    let (file, length) = match blocking(move || open(&path).of_file(&path, "read")).await? {
        Err(Failure::File { message, .. }) if message.kind() == io::ErrorKind::NotFound => return Err(not_found()),
        opened => opened?,
    };
    let head = [(header::CONTENT_TYPE, "text/csv".to_owned()), (header::CONTENT_LENGTH, length.to_string())];
    let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(file).take(length), PIECE);
    Ok((head, Body::from_stream(pieces)).into_response())
}

/// Bring the most recent catalogs into the helper's folder, one download at a time.
///
/// # Errors
/// A server that is not configured, or a download that is running already.
#[utoipa::path(
    post,
    path = "/catalogs/download",
    params(OfDay),
    request_body = body::Nothing,
    responses(
        (
            status = 200,
            description = "How far the download is, then the names of the catalogs.",
            body = DownloadEvent,
            content_type = stream::CONTENT_TYPE,
        ),
        AnyRequest,
        Posted,
    )
)]
pub(super) async fn download(
    State(api): State<Arc<Api>>,
    day: Result<Query<OfDay>, QueryRejection>,
    request: Request,
) -> Result<Response, Refusal> {
    body::nothing(&api, request).await?;
    let settings = connections::sftp(&api, SftpSide::Inbound)?;
    let (folder, today) = (api.configuration.sftp_local_dir(), OfDay::read(day, &api)?);
    let permit = only_one(&api.downloading, "A download")?;
    if let Some(vendor) = api.vendor.clone() {
        blocking(move || vendor.deliver(today)).await??;
    }
    let shared = Arc::clone(&api);
    Ok(stream::stream(&api, Some(permit), |mut events, cancel| async move {
        let mut notes = Vec::new();
        let progress = |name, done, total| DownloadEvent::Progress { name, done, total };
        let on_event = transfer_listener(&mut events, &mut notes, progress);
        let mut client = SftpClient::new(&settings).watched(on_event, cancel);
        let downloaded = client.download_most_recent(&folder, today).await.map_err(SftpProblem::into_failure);
        drop(client);
        match downloaded {
            Ok(downloaded) => DownloadEvent::Done {
                course_catalog: downloaded.course_catalog.as_deref().and_then(name_of),
                standalone_content: downloaded.standalone_content.as_deref().and_then(name_of),
                notes: shared.shown_notes(notes.iter().chain(&downloaded.notes)),
            },
            Err(Failure::Interrupted) => {
                DownloadEvent::Failed { message: "stopped before the end; nothing half is left".to_owned() }
            }
            Err(failure) => DownloadEvent::Failed { message: shared.without_secrets(&failure.to_string()) },
        }
    }))
}

fn name_of(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_string_lossy().into_owned())
}

/// Kind of catalog by its name; `None` for other names. Names with a folder are never catalogs.
pub(super) fn catalog_kind(name: &str) -> Option<VendorKind> {
    VendorName::parse(name).map(|name| name.kind).filter(|kind| VendorKind::CATALOGS.contains(kind))
}

/// Opens a regular file and returns its length; does not follow links.
fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = match open_itself(path) {
        Err(error) if [io::ErrorKind::IsADirectory, io::ErrorKind::InvalidInput].contains(&error.kind()) => {
            return Err(io::ErrorKind::NotFound.into());
        }
        file => file?,
    };
    let length = file.metadata()?.len();
    Ok((file, length))
}

fn list_folder(folder: &Path, today: NaiveDate) -> Result<Vec<CatalogFile>, Failure> {
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        // The first download creates the folder.
        Err(message) if message.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(message) => return Err(Failure::file(folder, "list", message)),
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry.of_file(folder, "list")?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        let Some(kind) = catalog_kind(&name) else { continue };
        // Metadata of the entry itself, so a link does not count. Neither does a file that was removed meanwhile.
        let Some(metadata) = entry.metadata().ok().filter(fs::Metadata::is_file) else { continue };
        let entry = FolderEntry { name, modified: modified(&metadata) };
        found.push((kind, entry, metadata.len()));
    }
    let entries: Vec<FolderEntry> = found.iter().map(|(_, entry, _)| entry.clone()).collect();
    let best = VendorKind::CATALOGS.map(|kind| most_recent(&entries, kind, today).0.map(|entry| entry.name.as_str()));
    let date = |entry: &FolderEntry| VendorName::parse(&entry.name).map(|name| (name.date, name.sequence));
    found.sort_by(|(kind, one, _), (other_kind, other, _)| {
        let latest_first = date(other).cmp(&date(one)).then_with(|| one.name.cmp(&other.name));
        kind.cmp(other_kind).then(latest_first)
    });
    let described = found.into_iter().map(|(kind, entry, bytes)| {
        let most_recent = best.contains(&Some(entry.name.as_str()));
        CatalogFile { name: entry.name, kind, bytes, most_recent }
    });
    Ok(described.collect())
}
