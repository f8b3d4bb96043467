//! Tests of the API against the sandbox's servers: answers, refusals, cancellation.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::response::Response;
use axum::routing::{get, post};
use btcfake_core::api::Connection;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::sheet::Choices;
use btcfake_core::text::digest::sha256;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Notify;
use tower::ServiceExt;
use zip::write::SimpleFileOptions;

use tokio_util::sync::CancellationToken;

use super::api::Limits;
use super::*;
use crate::configuration::Configuration;
use crate::configuration::configuration_of;
use crate::configuration::secret::Secret;
use crate::sandbox::databricks::{DatabricksFaults, DatabricksOptions, SandboxDatabricks, start_databricks};
use crate::sandbox::recommender::{RecommenderOptions, start_recommender};
use crate::sandbox::sftp::{SandboxSftp, SandboxSftpOptions, SftpFaults, start};
use crate::server::page::Page;
use crate::tests::server::{TestReply, TestServer};
use crate::tests::waiting::{HOUR, in_time, wait_until};

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
        let databricks = start_databricks(&here.path().join("state.sqlite"), options).await.unwrap();
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
    let outputs = OUTPUTS.map(|name| OutputRecord {
        name: name.to_owned(),
        bytes: name.len() as u64,
        sha256: sha256(name.as_bytes()),
    });
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

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn what_is_meant_for_another_helper_is_refused() {
    let world = World::new(Differs::default()).await;
    let own = world.get("/api/status").await.json()["instance"].as_str().unwrap().to_owned();
    let other = World::new(Differs::default()).await.get("/api/status").await.json()["instance"].clone();
    assert_ne!(other, own);
    for (method, path) in [("GET", "/api/status"), ("POST", "/api/publish"), ("POST", "/api/state")] {
        let ask = async |instance: &str| {
            let asked = request(method, path, &[("btcfake-instance", instance)], "");
            WholeAnswer::of(world.app().oneshot(asked).await.unwrap()).await
        };
        assert_ne!(ask(&own).await.status, 412, "{path}");
        for instance in [other.as_str().unwrap(), ""] {
            ask(instance).await.check_refused(412, "Another helper answers here now");
        }
    }
}

#[tokio::test]
async fn a_day_with_the_api_works_and_tells_no_secret() {
    let world = World::new(Differs::default()).await;
    let mut heard = String::new();
    let status = world.get("/api/status").await;
    assert_eq!((status.status, &status.json()["sandbox"]), (200, &json!(true)));
    assert_eq!((&status.json()["configured"], &status.json()["last_publication"]), (&json!(4), &Value::Null));
    for (connection, status) in Connection::ALL.iter().zip(status.json()["connections"].as_array().unwrap()) {
        assert_eq!(status["connection"], connection.name());
        assert_eq!(status["state"]["state"], "configured", "{status}");
        let path = format!("/api/connections/{}/test", connection.name());
        let tested = world.post(&path, "").await;
        assert_eq!(tested.json()["works"], true, "{path}: {}", tested.body);
        heard += &tested.body;
    }
    assert_eq!(world.get("/api/catalogs").await.json(), json!([]));

    let downloaded = world.post("/api/catalogs/download", "{}").await;
    let last = downloaded.last_event();
    assert_eq!((&last["event"], &last["course_catalog"]), (&json!("done"), &json!(COURSE_CATALOG)), "{last}");
    assert_eq!(last["standalone_content"], STANDALONE);
    assert_eq!(downloaded.events()[0]["event"], "progress");

    let earlier = world.post("/api/catalogs/download?today=2026-01-27", "{}").await.last_event();
    assert_eq!(earlier["course_catalog"], OLD_CATALOG, "{earlier}");
    for path in ["/api/catalogs?today=", "/api/catalogs?today=29.1.2026"] {
        world.get(path).await.check_refused(400, "no date");
    }
    world.post("/api/catalogs/download?today=2026-02-30", "{}").await.check_refused(400, "no date");

    let read = world.get(&format!("/api/catalogs/{COURSE_CATALOG}")).await;
    assert_eq!((read.status, read.body.as_str()), (200, COURSE_CATALOG));
    assert!(read.head.contains("no-store") && read.head.contains("nosniff"), "{}", read.head);
    let listed = world.get("/api/catalogs").await;
    assert_eq!(
        listed.json()[0],
        json!({ "name": STANDALONE, "kind": "stand_alone_content", "bytes": 43, "most_recent": true })
    );

    let recommended = world.post("/api/recommendations", ids(&[1, 2, 3, 2])).await;
    let last = recommended.last_event();
    assert_eq!(last["recording"].as_str().unwrap().lines().count(), 3, "{last}");
    assert_eq!(recommended.events()[0], json!({ "event": "progress", "done": 0, "failed": 0, "total": 3 }));

    let state = world.post("/api/state", ids(&[1, 2])).await;
    let last = state.last_event();
    assert!(last["completions"].as_str().unwrap().starts_with("ba_id,"), "{last}");
    assert!(parse_instant(last["read_at"].as_str().unwrap()).is_some(), "{last}");

    let published = world.post("/api/publish", run_zip(&world, &[])).await;
    let last = published.last_event();
    assert_eq!((last["files"].as_array().unwrap().len(), &last["sent"]), (5, &json!(5)), "{last}");
    let noted = world.get("/api/status").await.json()["last_publication"].clone();
    assert_eq!((&noted["run_file"], &noted["now"]), (&json!(RUN), &json!("2026-01-29T18:00:00Z")), "{noted}");
    let again = world.post("/api/publish", run_zip(&world, &[])).await.last_event();
    assert_eq!((again["files"].as_array().unwrap().len(), &again["sent"]), (5, &json!(0)), "{again}");
    assert!(again["notes"][0].as_str().unwrap().contains("this feed was published already"), "{again}");
    assert_eq!(world.get("/api/status").await.json()["last_publication"], noted);
    let expected = OUTPUTS.into_iter().chain([COURSE_CATALOG, STANDALONE]).map(str::to_owned).collect();
    assert_eq!(names(&world.there.path().join("out")), expected);
    assert_eq!(names(&world.here.path().join("scratch")), BTreeSet::new());

    let document = world.get("/api/openapi.json").await;
    assert_eq!(document.json()["openapi"], "3.1.0");
    for answer in [status, downloaded, read, listed, recommended, state, published, document] {
        heard += &answer.head;
        heard += &answer.body;
    }
    world.check_no_secret(&heard);
}

/// Requests in the OpenAPI document: method in capitals, path with `/api`, description.
fn described_requests(api: &Api) -> Vec<(String, String, Value)> {
    let document = serde_json::to_value(described(api)).unwrap();
    let mut requests = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, request) in methods.as_object().unwrap() {
            requests.push((method.to_uppercase(), format!("/api{path}"), request.clone()));
        }
    }
    requests
}

#[test]
fn the_document_is_whole() {
    let api = Api::new(Configuration::default(), false, None);
    let document = serde_json::to_value(described(&api)).unwrap();
    assert_eq!(document["servers"], json!([{ "url": PATH }]));
    let requests = described_requests(&api);
    assert_eq!(requests.len(), 9);
    for (method, path, request) in requests {
        let described = format!("{method} {path}: {request}");
        assert!(request["summary"].is_string(), "{described}");
        for status in ["200", "401", "403", "408", "412", "421"] {
            assert!(request["responses"][status]["description"].is_string(), "{status}: {described}");
        }
        for (status, response) in request["responses"].as_object().unwrap() {
            let schema = &response["content"]["application/json"]["schema"];
            let is_refusal = schema["$ref"] == "#/components/schemas/ApiError";
            assert_eq!(is_refusal, status != "200", "{status}: {described}");
        }
        let content = request["requestBody"]["content"].as_object();
        let types: Vec<&str> = content.into_iter().flatten().map(|(kind, _)| kind.as_str()).collect();
        match (method.as_str(), path.as_str()) {
            ("GET", _) => assert!(types.is_empty(), "{described}"),
            (_, "/api/publish") => assert_eq!(types, ["application/zip"], "{described}"),
            _ => assert_eq!(types, ["application/json"], "{described}"),
        }
        if method == "POST" {
            assert_eq!(request["requestBody"]["required"], true, "{described}");
        }
    }
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    // Links of Rust's own documentation must not be in the API's texts.
    assert!(!text.contains("[`"), "{text}");
}

#[test]
fn the_document_wants_a_token_where_the_helper_does() {
    for (token, expected) in [(None, json!([{}])), (Some("hunter2"), json!([{ "token": [] }]))] {
        let api = Api::new(Configuration::default(), false, token.map(Secret::new));
        let document = serde_json::to_value(described(&api)).unwrap();
        assert_eq!(document["security"], expected);
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
    }
}

#[tokio::test]
async fn a_method_that_a_path_does_not_have_is_named_as_that() {
    let world = World::new(Differs::default()).await;
    let requests = described_requests(&world.api);
    for (_, path, _) in &requests {
        let allowed: Vec<&str> =
            requests.iter().filter(|request| request.1 == *path).map(|request| request.0.as_str()).collect();
        let path = path.replace("{connection}", "databricks").replace("{name}", COURSE_CATALOG);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            if allowed.contains(&method) {
                continue;
            }
            for headers in [vec![], vec![("content-type", "application/json")], vec![("content-type", "text/plain")]] {
                let response = world.app().oneshot(request(method, &path, &headers, "")).await.unwrap();
                let allow = response.headers()["allow"].to_str().unwrap().to_owned();
                assert!(allow.split(',').any(|named| named.trim() == allowed[0]), "{method} {path}: {allow}");
                let words = format!("This path takes {}, and no other method", allow.replace(',', ", "));
                WholeAnswer::of(response).await.check_refused(405, &words);
            }
        }
    }
}

#[tokio::test]
async fn a_post_needs_the_content_type_of_the_document() {
    let world = World::new(Differs::default()).await;
    for (_, path, described) in described_requests(&world.api).into_iter().filter(|request| request.0 == "POST") {
        let expected = described["requestBody"]["content"].as_object().unwrap().keys().next().unwrap().clone();
        let path = path.replace("{connection}", "databricks");
        let other = if expected == "application/zip" { "application/json" } else { "application/zip" };
        for kind in ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "*/*", other] {
            let headers = if kind.is_empty() { vec![] } else { vec![("content-type", kind)] };
            let answer =
                WholeAnswer::of(world.app().oneshot(request("POST", &path, &headers, "{}")).await.unwrap()).await;
            answer.check_refused(415, &expected);
        }
        for kind in [expected.clone(), expected.to_uppercase(), format!("{expected}; charset=utf-8")] {
            let headers = [("content-type", kind.as_str())];
            let answer =
                WholeAnswer::of(world.app().oneshot(request("POST", &path, &headers, "{}")).await.unwrap()).await;
            assert_ne!(answer.status, 415, "{path} {kind}");
        }
    }
}

#[tokio::test]
async fn a_request_that_needs_no_body_takes_an_empty_object_or_none() {
    let world = World::new(Differs::default()).await;
    for path in ["/api/catalogs/download", "/api/connections/databricks/test"] {
        for body in ["", " ", "{}", " { } ", "\u{feff}{}", "\u{feff}"] {
            assert_eq!(world.post(path, body).await.status, 200, "{path} {body:?}");
        }
        world.post(path, format!("[{}]", vec!["7"; 30_000].join(","))).await.check_refused(400, "JSON");
        for body in ["null", "1", "\"{}\"", "[]", "[1]", "{\"host\":\"x\"}", "{", "{}{}", "\u{feff}\u{feff}{}"] {
            world.post(path, body).await.check_refused(400, "JSON");
        }
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_listed_is_ignored_and_one_that_comes_twice_refused() {
    let world = World::new(Differs::default()).await;
    world.post("/api/catalogs/download", "").await.last_event();
    assert_eq!(world.get("/api/status?colour=blue&colour=red").await.status, 200);
    let zip = run_zip(&world, &[]);
    world
        .post("/api/publish?host=127.0.0.1&host=127.0.0.1", zip.clone())
        .await
        .check_refused(400, ": host comes twice.");
    let published = world.post("/api/publish?colour=blue&host=127.0.0.1", zip).await.last_event();
    assert_eq!(published["event"], "done", "{published}");
}

#[tokio::test]
async fn a_page_of_another_origin_can_do_nothing() {
    let world = World::new(Differs::default()).await;
    let json = ("content-type", "application/json");
    for (method, path, headers, status) in [
        ("GET", "/api/status", vec![], 200),
        ("GET", "/api/status", vec![("origin", "http://127.0.0.1:8787")], 200),
        ("GET", "/api/status", vec![("sec-fetch-site", "same-origin")], 200),
        ("GET", "/api/status", vec![("sec-fetch-site", "none")], 200),
        ("GET", "/api/status", vec![("host", "localhost:8787"), ("origin", "http://localhost:8787")], 200),
        ("GET", "/api/status", vec![("origin", "https://127.0.0.1:8787")], 403),
        ("GET", "/api/status", vec![("origin", "http://127.0.0.1:8788")], 403),
        ("GET", "/api/status", vec![("origin", "http://127.0.0.1")], 403),
        ("GET", "/api/status", vec![("origin", "http://localhost:8787")], 403),
        ("GET", "/api/status", vec![("origin", "http://evil.example")], 403),
        ("GET", "/api/status", vec![("origin", "null")], 403),
        ("GET", "/api/status", vec![("origin", "http://127.0.0.1:8787"), ("origin", "http://evil.example")], 403),
        ("GET", "/api/status", vec![("sec-fetch-site", "cross-site")], 403),
        ("GET", "/api/status", vec![("sec-fetch-site", "same-site")], 403),
        ("GET", "/api/status", vec![("host", "127.0.0.1:8787"), ("host", "127.0.0.1:8787")], 403),
        // DNS rebinding: page and request use the same host name, which is not this machine's.
        ("GET", "/api/status", vec![("host", "evil.example:8787"), ("origin", "http://evil.example:8787")], 421),
        ("POST", "/api/catalogs/download", vec![("origin", "http://evil.example"), json], 403),
        ("POST", "/api/catalogs/download", vec![], 415),
        ("POST", "/api/catalogs/download", vec![("content-type", "text/plain")], 415),
        ("POST", "/api/catalogs/download", vec![("content-type", "application/zip")], 415),
        ("POST", "/api/catalogs/download", vec![("content-type", "application/x-www-form-urlencoded")], 415),
        ("POST", "/api/catalogs/download", vec![("content-type", "multipart/form-data; boundary=x")], 415),
        ("POST", "/api/publish", vec![json], 415),
        ("OPTIONS", "/api/status", vec![], 405),
        ("OPTIONS", "/api/publish", vec![("origin", "http://evil.example")], 403),
        ("GET", "/api/catalogs/download", vec![], 405),
        ("GET", "/api/publish", vec![], 405),
        ("DELETE", "/api/catalogs", vec![], 405),
        ("GET", "/api", vec![], 404),
        ("GET", "/api/", vec![], 404),
        ("GET", "/api/nothing", vec![], 404),
    ] {
        let request = request(method, path, &headers, "");
        let answer = WholeAnswer::of(world.app().oneshot(request).await.unwrap()).await;
        assert_eq!(answer.status, status, "{method} {path} {headers:?}: {}", answer.body);
        assert!(status == 200 || answer.json()["error"].is_string(), "{method} {path}: {}", answer.body);
        assert!(!answer.head.contains("access-control"), "{}", answer.head);
        assert!(answer.head.contains("nosniff"), "{path}: {}", answer.head);
        for part in ["default-src 'none'", "no-store"] {
            assert!(answer.head.contains(part), "{path}: {}", answer.head);
        }
    }
    assert!(!world.here.path().join("catalogs").exists(), "something was downloaded");
}

#[tokio::test]
async fn a_token_is_needed_where_there_is_one() {
    const TOKEN: &str = "correct-horse-battery";
    let world = World::new(Differs { token: Some(TOKEN), ..Differs::default() }).await;
    let right = format!("Bearer {TOKEN}");
    for (given, status) in [
        (None, 401),
        (Some("Bearer "), 401),
        (Some("Bearer correct-horse-batter"), 401),
        (Some("Bearer correct-horse-battery-"), 401),
        (Some("Basic correct-horse-battery"), 401),
        (Some("correct-horse-battery"), 401),
        (Some(right.as_str()), 200),
        (Some("bearer correct-horse-battery"), 200),
    ] {
        for path in ["/api/status", "/api/openapi.json"] {
            let headers: Vec<(&str, &str)> = given.map(|given| ("authorization", given)).into_iter().collect();
            let answer = WholeAnswer::of(world.app().oneshot(request("GET", path, &headers, "")).await.unwrap()).await;
            assert_eq!(answer.status, status, "{given:?}");
            assert!(!answer.body.contains(TOKEN) && !answer.head.contains(TOKEN), "{}", answer.body);
        }
    }
    for path in ["", "/", "//", "/nothing", "/nothing/", "/status/", "/catalogs/x/y", "/%00", "/..", "?x=y", "/?x=y"] {
        let path = format!("/api{path}");
        for method in ["GET", "POST", "HEAD", "OPTIONS", "DELETE", "TRACE", "BREW"] {
            let answer = WholeAnswer::of(world.app().oneshot(request(method, &path, &[], "")).await.unwrap()).await;
            assert_eq!(answer.status, 401, "{method} {path}: {}", answer.body);
        }
        let known = WholeAnswer::of(
            world.app().oneshot(request("GET", &path, &[("authorization", right.as_str())], "")).await.unwrap(),
        );
        known.await.check_refused(404, "no such request");
    }
    world.get("/api/nothing").await.check_refused(401, "BTCFAKE_TOKEN");
    world.post("/api/publish", "").await.check_refused(401, "BTCFAKE_TOKEN");
    // The page itself needs no token: it asks for one.
    assert_eq!(world.get("/").await.status, 200);
}

#[tokio::test]
async fn only_catalogs_of_the_folder_are_read() {
    let world = World::new(Differs::default()).await;
    let folder = world.here.path().join("catalogs");
    fs::create_dir_all(folder.join("sub")).unwrap();
    fs::create_dir(folder.join("CourseCatalog_V2_2026_1_30_1_folder.csv")).unwrap();
    for name in ["passwords.csv", OUTPUTS[0], RUN, &format!(".{COURSE_CATALOG}.partial"), OLD_CATALOG] {
        fs::write(folder.join(name), "text").unwrap();
    }
    fs::write(world.here.path().join(COURSE_CATALOG), "outside").unwrap();
    fs::write(folder.join("sub").join(COURSE_CATALOG), "below").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(world.here.path().join(COURSE_CATALOG), folder.join(COURSE_CATALOG)).unwrap();
    for path in [
        "passwords.csv",
        OUTPUTS[0],
        RUN,
        COURSE_CATALOG,
        STANDALONE,
        "CourseCatalog_V2_2026_1_30_1_folder.csv",
        ".CourseCatalog_V2_2026_1_29_1_abcdef.csv.partial",
        "../CourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "..%2fCourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "%2e%2e%2fCourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "..%5cCourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "sub/CourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "sub%2fCourseCatalog_V2_2026_1_29_1_abcdef.csv",
        "CourseCatalog_V2_2026_1_28_1_abcdef.csv%00",
        "CourseCatalog_V2_2026_1_28_1_%2e%2e%2fx.csv",
        "%2e%2e",
        "%ff",
        "..",
        "",
    ] {
        world.get(&format!("/api/catalogs/{path}")).await.check_refused(404, "");
    }
    assert_eq!(world.get(&format!("/api/catalogs/{OLD_CATALOG}")).await.body, "text");
    let listed = world.get("/api/catalogs").await.json();
    assert_eq!(listed, json!([{ "name": OLD_CATALOG, "kind": "course_catalog", "bytes": 4, "most_recent": true }]));
}

#[tokio::test]
async fn what_is_not_configured_is_told_and_refused() {
    let api = Api::new(configuration_of(&[("SFTP_INBOUND_PASSWORD", "your_password_here")]), false, None);
    let post = async |path: &str, kind: &str, body: &str| {
        let request = request("POST", path, &[("content-type", kind)], body.to_owned());
        WholeAnswer::of(app(&api).oneshot(request).await.unwrap()).await
    };
    let status = WholeAnswer::of(app(&api).oneshot(request("GET", "/api/status", &[], "")).await.unwrap()).await.json();
    for connection in status["connections"].as_array().unwrap() {
        assert_eq!(connection["state"], json!({ "state": "not_configured" }));
    }
    assert!(status["warnings"][0].as_str().unwrap().contains("placeholder"), "{status}");
    assert_eq!((&status["sandbox"], &status["environment"]), (&json!(false), &Value::Null));
    assert_eq!((&status["configured"], &status["last_publication"]), (&json!(0), &Value::Null));
    let employees = ids(&[1]);
    let zip = "application/zip";
    for (path, kind, body, words) in [
        ("/api/catalogs/download", "application/json", "", "SFTP_INBOUND_PASSWORD"),
        ("/api/publish", zip, "", "SFTP_OUTBOUND_PASSWORD"),
        ("/api/recommendations", "application/json", &employees, "API_BASE_URL"),
        ("/api/state", "application/json", &employees, "DATABRICKS_TOKEN"),
        ("/api/connections/sftp_inbound/test", "application/json", "", "SFTP_INBOUND_PASSWORD"),
        ("/api/connections/databricks/test", "application/json", "", "DATABRICKS_TOKEN"),
    ] {
        post(path, kind, body).await.check_refused(409, words);
    }
    post("/api/connections/telnet/test", "application/json", "").await.check_refused(404, "no such connection");
}

#[tokio::test]
async fn a_configuration_that_makes_no_sense_is_told() {
    let values = [("DATABRICKS_TOKEN", "dapi-hidden"), ("API_BASE_URL", "https://a.example?key=hidden")];
    let api = Api::new(configuration_of(&values), false, None);
    let status = WholeAnswer::of(app(&api).oneshot(request("GET", "/api/status", &[], "")).await.unwrap()).await;
    assert_eq!(status.json()["connections"][3]["state"]["state"], "wrong", "{}", status.body);
    assert!(status.body.contains("DATABRICKS_HOST") && !status.body.contains("hidden"), "{}", status.body);
}

#[tokio::test]
async fn bodies_that_make_no_sense_or_are_too_long_are_refused() {
    let world = World::new(Differs::default()).await;
    for (path, body, status, words) in [
        ("/api/state", String::new(), 400, "JSON"),
        ("/api/state", "{\"employee_ids\": [1".to_owned(), 400, "JSON"),
        ("/api/state", "{\"employee_ids\": [-1]}".to_owned(), 400, "JSON"),
        ("/api/state", "[[104829]]".to_owned(), 400, "an object is wanted"),
        ("/api/state", ids(&[]), 400, "at least one"),
        ("/api/recommendations", " ".repeat((64 << 20) + 1), 413, "64 MiB"),
        ("/api/catalogs/download", " ".repeat((64 << 10) + 1), 413, "64 KiB"),
        ("/api/connections/recommender/test", " ".repeat((64 << 10) + 1), 413, "64 KiB"),
        ("/api/publish", String::new(), 400, "no ZIP"),
        ("/api/publish", "x".repeat(100), 400, "no ZIP"),
    ] {
        world.post(path, body).await.check_refused(status, words);
    }
    // A declared length is checked before any byte arrives.
    let headers = [("content-type", "application/zip"), ("content-length", "536870913")];
    let request = request("POST", "/api/publish", &headers, "");
    WholeAnswer::of(world.app().oneshot(request).await.unwrap()).await.check_refused(413, "512 MiB");
}

/// Endless body of blanks, with a pause before each byte.
fn slow_body(pause: Duration) -> Body {
    Body::from_stream(futures_util::stream::unfold((), move |()| async move {
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::io::Error>(" "), ()))
    }))
}

#[tokio::test]
async fn what_does_not_come_to_its_end_is_not_waited_for() {
    const SECOND: Duration = Duration::from_secs(1);
    const DRIP: Duration = Duration::from_millis(100);
    const TWO: Duration = Duration::from_secs(2);
    let short = |limit: fn(&mut Limits)| {
        let mut limits = Limits { request: HOUR, silence: HOUR, upload: HOUR, test: HOUR };
        limit(&mut limits);
        limits
    };
    let mut checks = tokio::task::JoinSet::new();
    for (path, pause, limits, words) in [
        ("/api/state", DRIP, short(|limits| limits.request = SECOND), "The request took longer than 1 s"),
        ("/api/state", HOUR, short(|limits| limits.silence = SECOND), "No byte came for 1 s"),
        ("/api/recommendations", DRIP, short(|limits| limits.request = SECOND), "The request took longer than 1 s"),
        ("/api/catalogs/download", DRIP, short(|limits| limits.request = SECOND), "The request took longer than 1 s"),
        (
            "/api/connections/sftp_inbound/test",
            DRIP,
            short(|limits| limits.request = SECOND),
            "The request took longer than 1 s",
        ),
        ("/api/publish", HOUR, short(|limits| limits.silence = SECOND), "No byte came for 1 s"),
        ("/api/publish", DRIP, short(|limits| limits.upload = SECOND), "The ZIP took longer than 1 s"),
    ] {
        checks.spawn(async move {
            let mut world = World::new(Differs::default()).await;
            Arc::get_mut(&mut world.api).unwrap().limits = limits;
            let answered = in_time(world.post(path, slow_body(pause))).await;
            answered.check_refused(408, words);
            assert_eq!(names(&world.here.path().join("scratch")), BTreeSet::new(), "{path}");
            assert_eq!(world.api.publishing.available_permits(), 1, "{path}");
        });
    }
    checks.spawn(async move {
        let mut world = World::new(Differs { pending: HOUR, ..Differs::default() }).await;
        Arc::get_mut(&mut world.api).unwrap().limits = short(|limits| limits.test = TWO);
        let answer = world.post("/api/connections/databricks/test", "").await;
        assert_eq!((answer.status, &answer.json()["works"]), (200, &json!(false)), "{}", answer.body);
        assert!(answer.body.contains("no result within 2 s"), "{}", answer.body);
    });
    while let Some(checked) = checks.join_next().await {
        checked.unwrap();
    }
}

#[tokio::test]
async fn only_a_runs_files_are_unpacked() {
    let world = World::new(Differs::default()).await;
    world.post("/api/catalogs/download", "").await.last_event();
    let with = |name: &str| run_zip(&world, &[(name, b"x")]);
    for (zip, words) in [
        (with("../evil_V2.csv"), "The ZIP holds ../evil_V2.csv, which no run makes"),
        (with(&format!("../{COURSE_CATALOG}")), "no run makes"),
        (with("/etc/passwd"), "no run makes"),
        (with("folder/"), "no run makes"),
        (with("run_2026_1_30_1_5fccff.json"), "several run files"),
        (zip_of(&[(OUTPUTS[0], b"x")]), "no run file"),
        (zip_of(&[(RUN, b"{}")]), RUN),
        (zip_of(&[(RUN, &b"no JSON"[..])]), RUN),
    ] {
        world.post("/api/publish", zip).await.check_refused(400, words);
    }
    let many: Vec<String> = (1..=20).map(|day| format!("UserCompletion_v2_2026_1_{day}_1_x.csv")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    world.post("/api/publish", zip_of(&many)).await.check_refused(400, "more than 16");
    let whole = run_zip(&world, &[]);
    world.post("/api/publish", whole[..whole.len() - 30].to_vec()).await.check_refused(400, "no ZIP");
    // A catalog that was replaced since is not the run's.
    fs::write(world.here.path().join("catalogs").join(COURSE_CATALOG), "another").unwrap();
    world.post("/api/publish", whole).await.check_refused(400, COURSE_CATALOG);
    assert_eq!(names(&world.there.path().join("out")), BTreeSet::new());
}

#[test]
fn an_archive_that_unpacks_to_too_much_is_refused() {
    let zeros = vec![0; 1 << 20];
    let zip = zip_of(&[(OUTPUTS[0], &zeros), (OUTPUTS[1], &zeros), (RUN, b"{}")]);
    assert!(zip.len() < 10_000);
    for (unpacked, allowed) in [(2 << 20, false), ((2 << 20) + 2, true)] {
        let (mut file, folder) = (tempfile::tempfile().unwrap(), tempfile::tempdir().unwrap());
        file.write_all(&zip).unwrap();
        let found =
            archive::unpack(file, folder.path(), archive::ArchiveLimits { unpacked }, &CancellationToken::new());
        assert_eq!(found.is_ok(), allowed, "{found:?}");
    }
}

#[tokio::test]
async fn production_needs_its_host_typed_in() {
    for (outbound_folder, environment) in [(Some("/retail/prod/vendor"), None), (None, Some("prod"))] {
        let world = World::new(Differs { outbound_folder, environment, ..Differs::default() }).await;
        world.post("/api/catalogs/download", "").await.last_event();
        let status = world.get("/api/status").await.json();
        assert_eq!(status["connections"][1]["state"]["production_host"], "127.0.0.1");
        assert_eq!(status["connections"][0]["state"]["production_host"], Value::Null);
        let zip = run_zip(&world, &[]);
        world.post("/api/publish", zip.clone()).await.check_refused(403, "production");
        world.post("/api/publish?host=", zip.clone()).await.check_refused(403, "production");
        for host in ["evil.example", "127.0.0.2", "127.0.0.1%20", "127.0.0.1.", "127.0.0"] {
            world.post(&format!("/api/publish?host={host}"), zip.clone()).await.check_refused(403, "typed in");
        }
        let folder = world.there.path().join(outbound_folder.unwrap_or("/out").trim_start_matches('/'));
        assert_eq!(names(&folder), BTreeSet::new());
        let with_port = format!("/api/publish?host=127.0.0.1:{}", world.outbound.address.port());
        for path in ["/api/publish?host=127.0.0.1", &with_port] {
            let published = world.post(path, zip.clone()).await.last_event();
            assert_eq!(published["event"], "done", "{published}");
        }
        assert_eq!(names(&folder).len(), 5);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_harmless_path_that_leads_to_production_needs_the_host_from_then_on() {
    let world = World::new(Differs { outbound_folder: Some("/retail/prod"), ..Differs::default() }).await;
    std::os::unix::fs::symlink(world.there.path().join("retail/prod"), world.there.path().join("harmless")).unwrap();
    let here = |name: &str| world.here.path().join(name).to_string_lossy().into_owned();
    let mut values = vec![("SFTP_LOCAL_DIR", here("catalogs")), ("OUTPUT_DIR", here("feeds"))];
    for (name, value) in [
        ("SFTP_OUTBOUND_HOST", world.outbound.address.to_string()),
        ("SFTP_OUTBOUND_USER", "tester".to_owned()),
        ("SFTP_OUTBOUND_PASSWORD", world.outbound.password.expose().to_owned()),
        ("SFTP_OUTBOUND_REMOTE_PATH", "/harmless".to_owned()),
        ("SFTP_OUTBOUND_HOST_KEY", world.outbound.host_key_fingerprint.clone()),
    ] {
        values.push((name, value));
    }
    world.post("/api/catalogs/download", "").await.last_event();
    let zip = run_zip(&world, &[]);
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let world = World { api: Api::new(configuration_of(&values), true, None), ..world };
    let production_host =
        async || world.get("/api/status").await.json()["connections"][1]["state"]["production_host"].clone();
    assert_eq!(production_host().await, Value::Null);
    let failed = world.post("/api/publish", zip.clone()).await.last_event();
    assert!(failed["said"].as_str().unwrap().contains("type in its host"), "{failed}");
    assert_eq!(production_host().await, "127.0.0.1");
    world.post("/api/publish", zip.clone()).await.check_refused(403, "production");
    let published = world.post("/api/publish?host=127.0.0.1", zip).await.last_event();
    assert_eq!(published["event"], "done", "{published}");
}

/// Sends a request and reads until `until` occurs.
async fn ask_until(address: SocketAddr, path: &str, body: &str, until: &str) -> tokio::net::TcpStream {
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    let mut heard = String::new();
    let mut buffer = vec![0; 1 << 16];
    while !heard.contains(until) {
        let length = in_time(stream.read(&mut buffer)).await.unwrap();
        assert!(length > 0, "{path} ended: {heard}");
        heard += &String::from_utf8_lossy(&buffer[..length]);
    }
    stream
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_its_work() {
    let world = World::new(Differs { pending: HOUR, ..Differs::default() }).await;
    let address = serve(world.app()).await;
    let client = ask_until(address, "/api/state", &ids(&[1]), "asked").await;
    assert_eq!(world.api.running.receiver_count(), 1);
    drop(client);
    in_time(world.api.running.closed()).await;
}

/// A task that is merely dropped would leave its statement running, which costs money.
#[tokio::test]
async fn a_client_that_goes_away_cancels_its_statement_at_databricks() {
    let cancelled = Arc::new(AtomicUsize::new(0));
    let looked = Arc::new(Notify::new());
    let tells = Arc::clone(&looked);
    let pending = || async { axum::Json(json!({ "statement_id": "s1", "status": { "state": "PENDING" } })) };
    let look = async move || {
        tells.notify_one();
        pending().await
    };
    let hears = Arc::clone(&cancelled);
    let cancel = async move || hears.fetch_add(1, Ordering::SeqCst).to_string();
    let databricks = Router::new()
        .route("/api/2.0/sql/statements", post(pending))
        .route("/api/2.0/sql/statements/s1", get(look))
        .route("/api/2.0/sql/statements/s1/cancel", post(cancel));
    let host = format!("http://{}", serve(databricks).await);
    let values = [
        ("DATABRICKS_TOKEN", "dapi-hunter2"),
        ("DATABRICKS_HOST", host.as_str()),
        ("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/abc"),
    ];
    let api = Api::new(configuration_of(&values), false, None);
    let address = serve(app(&api)).await;
    for (path, body, until) in [("/api/state", ids(&[1]), "asked"), ("/api/connections/databricks/test", "".into(), "")]
    {
        let client = ask_until(address, path, &body, until).await;
        in_time(looked.notified()).await;
        drop(client);
        in_time(api.running.closed()).await;
        assert_eq!(cancelled.swap(0, Ordering::SeqCst), 1, "{path}");
    }
}

#[tokio::test]
async fn work_that_runs_is_cancelled_when_the_server_ends() {
    let sftp = SftpFaults { silent_after: Some(200_000), ..SftpFaults::default() };
    let differs = Differs { pending: HOUR, sftp, catalog_bytes: 1_000_000, ..Differs::default() };
    let world = World::new(differs).await;
    let address = serve(world.app()).await;
    let mut state = ask_until(address, "/api/state", &ids(&[1]), "asked").await;
    let mut download = ask_until(address, "/api/catalogs/download", "", "progress").await;
    world.post("/api/catalogs/download", "").await.check_refused(409, "going on already");
    in_time(world.api.end(HOUR)).await;
    for stream in [&mut state, &mut download] {
        let mut buffer = vec![0; 1 << 16];
        let mut heard = String::new();
        while !heard.contains("stopped before the end") {
            let length = in_time(stream.read(&mut buffer)).await.unwrap();
            assert!(length > 0, "no last line: {heard}");
            heard += &String::from_utf8_lossy(&buffer[..length]);
        }
    }
    assert_eq!(names(&world.here.path().join("catalogs")), BTreeSet::new(), "something half is left");
}

#[tokio::test]
async fn ids_that_no_employee_has_are_refused() {
    let world = World::new(Differs::default()).await;
    for path in ["/api/state", "/api/recommendations"] {
        for id in [0, u64::MAX] {
            world.post(path, ids(&[7, id])).await.check_refused(400, "is no id of an employee");
        }
        world.post(path, ids(&[7, i64::MAX as u64])).await.last_event();
        for (id, is_one) in [
            ("7.0", true),
            ("1e5", true),
            ("9223372036854775807.0", true),
            ("9223372036854775808.0", false),
            ("7.5", false),
            ("\"7\"", false),
            ("null", false),
            ("true", false),
            ("[7]", false),
        ] {
            let answer = world.post(path, format!("{{\"employee_ids\":[{id}]}}")).await;
            if is_one {
                answer.last_event();
            } else {
                answer.check_refused(400, "is no id of an employee");
            }
        }
    }
}

/// The document's limits for a list of employees equal the API's.
#[tokio::test]
async fn the_bounds_of_the_document_are_those_of_the_api() {
    let world = World::new(Differs::default()).await;
    let document = serde_json::to_value(described(&world.api)).unwrap();
    let list = &document["components"]["schemas"]["EmployeeIds"]["properties"]["employee_ids"];
    let reference = list["items"]["$ref"].as_str().unwrap();
    let id = document.pointer(&reference[1..]).unwrap();
    assert_eq!((&id["type"], &id["minimum"], &id["maximum"]), (&json!("integer"), &json!(1), &json!(i64::MAX)));
    assert_eq!((&list["minItems"], &list["maxItems"]), (&json!(1), &json!(btcfake_core::api::MOST_EMPLOYEES)));
    let many = |count: usize| ids(&vec![7; count]);
    world.post("/api/recommendations", many(btcfake_core::api::MOST_EMPLOYEES)).await.last_event();
    world
        .post("/api/recommendations", many(btcfake_core::api::MOST_EMPLOYEES + 1))
        .await
        .check_refused(400, "at most 1000000");
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let world = World::new(Differs::default()).await;
    let address = serve(world.app()).await;
    let head = format!(
        "POST /api/publish HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/zip\r\nContent-Length: 9999999\r\n\r\n"
    );
    let mut client = tokio::net::TcpStream::connect(address).await.unwrap();
    client.write_all(&[head.as_bytes(), &vec![b'x'; 3_000_000]].concat()).await.unwrap();
    let scratch = world.here.path().join("scratch");
    wait_until("the upload has begun", || !names(&scratch).is_empty()).await;
    // A slow upload does not block others.
    world.post("/api/catalogs/download", "").await.last_event();
    let published = world.post("/api/publish", run_zip(&world, &[])).await.last_event();
    assert_eq!(published["event"], "done", "{published}");
    let permit = Arc::clone(&world.api.publishing).try_acquire_owned().unwrap();
    world.post("/api/publish", "").await.check_refused(409, "going on already");
    drop(permit);
    drop(client);
    wait_until("nothing is left", || names(&scratch).is_empty()).await;
}

#[tokio::test]
async fn servers_that_refuse_are_answers_in_plain_words_without_secrets() {
    let world = World::new(Differs::default()).await;
    let World { inbound, outbound, databricks, .. } = &world;
    let (inbound_host, outbound_host) = (inbound.address.to_string(), outbound.address.to_string());
    let api = Api::new(
        configuration_of(&[
            ("SFTP_INBOUND_HOST", &inbound_host),
            ("SFTP_INBOUND_PASSWORD", "wrong-hunter2"),
            ("SFTP_INBOUND_USER", "tester"),
            ("SFTP_INBOUND_HOST_KEY", &inbound.host_key_fingerprint),
            ("SFTP_OUTBOUND_HOST", &outbound_host),
            ("SFTP_OUTBOUND_PASSWORD", outbound.password.expose()),
            ("SFTP_OUTBOUND_USER", "tester"),
            ("SFTP_OUTBOUND_REMOTE_PATH", "/nowhere"),
            ("SFTP_OUTBOUND_HOST_KEY", &outbound.host_key_fingerprint),
            ("DATABRICKS_TOKEN", "dapi-wrong-hunter2"),
            ("DATABRICKS_HOST", &databricks.host),
            ("DATABRICKS_HTTP_PATH", &databricks.http_path),
            ("API_BASE_URL", "http://127.0.0.1:9"),
        ]),
        false,
        None,
    );
    let post = async |path: &str, body: String| {
        let request = request("POST", path, &[("content-type", "application/json")], body);
        WholeAnswer::of(app(&api).oneshot(request).await.unwrap()).await
    };
    for connection in Connection::ALL {
        let answer = post(&format!("/api/connections/{}/test", connection.name()), String::new()).await;
        assert_eq!((answer.status, &answer.json()["works"]), (200, &json!(false)), "{}", answer.body);
        assert!(!answer.body.contains("hunter2"), "{}", answer.body);
        world.check_no_secret(&answer.body);
    }
    for path in ["/api/catalogs/download", "/api/state"] {
        let body = if path == "/api/state" { ids(&[1]) } else { String::new() };
        let last = post(path, body).await.last_event();
        assert_eq!(last["event"], "failed", "{last}");
        assert!(!last.to_string().contains("hunter2"), "{last}");
    }
}

#[tokio::test]
async fn a_secret_in_a_recommenders_answer_is_taken_out_and_no_key_is() {
    let body = |message: &str| json!({ "response": { "ml_recommendations": [] }, "apiContext": message }).to_string();
    let sent = body("hunter2-and-more");
    let server = TestServer::start(move |_, _| TestReply::Whole(200, "", sent.clone())).await;
    let url = server.url();
    let secrets = [("BTCFAKE_TOKEN", "apiContext"), ("DATABRICKS_TOKEN", "hunter2-and-more"), ("API_BASE_URL", &url)];
    let api = Api::new(configuration_of(&secrets), false, None);
    let request = request("POST", "/api/recommendations", &[("content-type", "application/json")], ids(&[7]));
    let last = WholeAnswer::of(app(&api).oneshot(request).await.unwrap()).await.last_event();
    assert_eq!(last["recording"], format!("{{\"ba_id\":7,\"body\":{}}}\n", body("(secret)")));
}

#[test]
fn a_secret_that_comes_back_is_taken_out() {
    let api = Api::new(configuration_of(&[("DATABRICKS_TOKEN", "dapi-hunter2")]), false, None);
    assert_eq!(api.without_secrets("no dapi-hunter2, please"), "no (secret), please");
}
