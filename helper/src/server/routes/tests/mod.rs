//! Tests of the API against the sandbox's servers.
#![allow(clippy::unwrap_used)]

mod access;
mod answers;
mod document;
mod ending;
mod publishing;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::sheet::Choices;
use btcfake_core::text::digest::sha256;
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use crate::configuration::configuration_of;
use crate::configuration::secret::Secret;
use crate::sandbox::databricks::{
    DatabricksFaults, DatabricksOptions, SandboxDatabricks, StateStore, start_databricks,
};
use crate::sandbox::recommender::{RecommenderOptions, start_recommender};
use crate::sandbox::sftp::{SandboxSftp, SandboxSftpOptions, SftpFaults, start};
use crate::server::page::Page;
use crate::server::routes::api::Api;

const HOST: &str = "127.0.0.1:8787";
const COURSE_CATALOG: &str = "CourseCatalog_V2_2026_1_29_1_abcdef.csv";
const OLD_CATALOG: &str = "CourseCatalog_V2_2026_1_28_1_abcdef.csv";
const STANDALONE: &str = "StandAloneContent_v2_2026_1_29_1_abcdef.csv";
const RUN: &str = "run_2026_1_29_1_5fccff.json";
const OUTPUTS: [&str; 3] = [
    "ContentUserCompletion_V2_2026_01_29_1_5fccff.csv",
    "Non_Completed_Assignments_V2_2026_1_29_1_5fccff.csv",
    "UserCompletion_v2_2026_1_29_1_5fccff.csv",
];

/// API with the sandbox's servers behind it.
struct World {
    inbound: SandboxSftp,
    outbound: SandboxSftp,
    databricks: SandboxDatabricks,
    _recommender: Box<dyn std::any::Any + Send + Sync>,
    there: TempDir,
    here: TempDir,
    api: Arc<Api>,
}

/// Deviations from the default, in which everything works.
#[derive(Default)]
struct Differs {
    outbound_folder: Option<&'static str>,
    environment: Option<&'static str>,
    token: Option<&'static str>,
    pending: Duration,
    sftp: SftpFaults,
    catalog_bytes: usize,
}

impl World {
    async fn new(differs: Differs) -> World {
        let (there, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let out = differs.outbound_folder.unwrap_or("/out");
        fs::create_dir_all(there.path().join("in")).unwrap();
        fs::create_dir_all(there.path().join(out.trim_start_matches('/'))).unwrap();
        for name in [COURSE_CATALOG, OLD_CATALOG, STANDALONE, "passwords.csv"] {
            let bytes = [name.as_bytes(), &vec![b'x'; differs.catalog_bytes]].concat();
            fs::write(there.path().join("in").join(name), bytes).unwrap();
        }
        let options = |faults| SandboxSftpOptions { user: "tester".to_owned(), writable: true, faults };
        let inbound = start(there.path(), options(differs.sftp)).await.unwrap();
        let outbound = start(there.path(), options(SftpFaults::default())).await.unwrap();
        let today = chrono::NaiveDate::from_ymd_opt(2026, 1, 29).unwrap();
        let recommender = start_recommender(RecommenderOptions::new(vec![(100, "One".into())], today)).await.unwrap();
        let faults = DatabricksFaults { pending: differs.pending, ..DatabricksFaults::default() };
        let options = DatabricksOptions { faults, ..DatabricksOptions::default() };
        let databricks = start_databricks(StateStore::open(&here.path().join("state.sqlite")).unwrap(), options, || {})
            .await
            .unwrap();
        let local = here.path().join("catalogs");
        let output = here.path().join("out");
        let (inbound_host, outbound_host) = (inbound.address.to_string(), outbound.address.to_string());
        let mut values = vec![
            ("SFTP_LOCAL_DIR", local.to_str().unwrap()),
            ("OUTPUT_DIR", output.to_str().unwrap()),
            ("SFTP_INBOUND_HOST", &inbound_host),
            ("SFTP_INBOUND_USER", "tester"),
            ("SFTP_INBOUND_PASSWORD", inbound.password.expose()),
            ("SFTP_INBOUND_REMOTE_PATH", "/in"),
            ("SFTP_INBOUND_HOST_KEY", &inbound.host_key_fingerprint),
            ("SFTP_OUTBOUND_HOST", &outbound_host),
            ("SFTP_OUTBOUND_USER", "tester"),
            ("SFTP_OUTBOUND_PASSWORD", outbound.password.expose()),
            ("SFTP_OUTBOUND_REMOTE_PATH", out),
            ("SFTP_OUTBOUND_HOST_KEY", &outbound.host_key_fingerprint),
            ("API_BASE_URL", &recommender.base_url),
            ("DATABRICKS_TOKEN", databricks.token.expose()),
            ("DATABRICKS_HOST", &databricks.host),
            ("DATABRICKS_HTTP_PATH", &databricks.http_path),
        ];
        values.extend(differs.environment.map(|environment| ("BTCFAKE_ENV", environment)));
        let configuration = configuration_of(&values);
        let mut api = Api::new(configuration, true, differs.token.map(Secret::new));
        let scratch = here.path().join("scratch");
        fs::create_dir(&scratch).unwrap();
        Arc::get_mut(&mut api).unwrap().scratch = scratch;
        World { inbound, outbound, databricks, _recommender: Box::new(recommender), there, here, api }
    }

    /// Router of the program, as `serve` builds it.
    fn app(&self) -> Router {
        app(&self.api)
    }

    async fn get(&self, path: &str) -> WholeAnswer {
        WholeAnswer::of(self.app().oneshot(request("GET", path, &[], "")).await.unwrap()).await
    }

    async fn post(&self, path: &str, body: impl Into<Body>) -> WholeAnswer {
        let kind = if path.starts_with("/api/publish") { "application/zip" } else { "application/json" };
        let request = request("POST", path, &[("content-type", kind)], body);
        WholeAnswer::of(self.app().oneshot(request).await.unwrap()).await
    }

    /// Asserts that a text contains no secret.
    fn check_no_secret(&self, text: &str) {
        for secret in [&self.inbound.password, &self.outbound.password, &self.databricks.token] {
            assert!(!text.contains(secret.expose()), "a secret is in: {text}");
        }
    }
}

/// Serves on a loopback port.
async fn serve(app: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

fn app(api: &Arc<Api>) -> Router {
    crate::server::serving::app(Page::of([].into()), Arc::clone(api), IpAddr::V4(Ipv4Addr::LOCALHOST))
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    if !headers.iter().any(|(name, _)| *name == "host") {
        request = request.header("host", HOST);
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(body.into()).unwrap()
}

/// Complete answer.
struct WholeAnswer {
    status: u16,
    head: String,
    body: String,
}

impl WholeAnswer {
    async fn of(response: Response) -> WholeAnswer {
        let (status, head) = (response.status().as_u16(), format!("{:?}", response.headers()));
        let body = String::from_utf8(to_bytes(response.into_body(), 1 << 26).await.unwrap().to_vec()).unwrap();
        WholeAnswer { status, head, body }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| json!({ "no JSON": self.body }))
    }

    /// Events of a stream.
    fn events(&self) -> Vec<Value> {
        assert!(self.status == 200 && self.head.contains("application/x-ndjson"), "{} {}", self.head, self.body);
        self.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn last_event(&self) -> Value {
        self.events().pop().unwrap()
    }

    /// Asserts a refusal with this status and these words.
    #[track_caller]
    fn check_refused(&self, status: u16, words: &str) {
        assert_eq!(self.status, status, "{}", self.body);
        let message = self.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(words), "{words:?} is not in {message:?}");
        assert!(!self.head.contains("access-control"), "{}", self.head);
    }
}

fn ids(ids: &[u64]) -> String {
    json!({ "employee_ids": ids }).to_string()
}

/// ZIP of a run made from the world's catalogs, plus extra files.
fn run_zip(world: &World, more: &[(&str, &[u8])]) -> Vec<u8> {
    let local = world.here.path().join("catalogs");
    let record = |role, name: &str| {
        let bytes = fs::read(local.join(name)).unwrap();
        let (length, sha256) = (bytes.len() as u64, sha256(&bytes));
        // A path of this machine, which must not be followed.
        let path = Some("/etc/passwd".to_owned());
        let (name, choices) = (name.to_owned(), Choices::NONE);
        InputRecord { role, name, path, built_in: false, made_up: false, bytes: length, sha256, choices }
    };
    let inputs =
        vec![record(InputRole::CourseCatalog, COURSE_CATALOG), record(InputRole::StandaloneContent, STANDALONE)];
    let outputs = OUTPUTS.map(|name| OutputRecord::of(name, name.as_bytes()));
    let settings = Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), 1);
    let run = RunRecord::new(settings, inputs, outputs.into()).to_bytes();
    let mut files: Vec<(&str, &[u8])> = OUTPUTS.map(|name| (name, name.as_bytes())).into();
    files.push((RUN, &run));
    files.extend(more);
    zip_of(&files)
}

fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Replaces a text by one of the same length, wherever it occurs.
fn replaced(mut bytes: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    while let Some(at) = bytes.windows(from.len()).position(|window| window == from.as_bytes()) {
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
    }
    bytes
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}
