//! Whole days with the API, and its answers about what is not configured, wrong or refused; none contains a secret.

use std::collections::BTreeSet;
use std::fs;
use tower::ServiceExt;

use btcfake_core::api::Connection;
use btcfake_core::format::instant::parse_instant;
use serde_json::{Value, json};

use super::{
    COURSE_CATALOG, Differs, OLD_CATALOG, OUTPUTS, RUN, STANDALONE, WholeAnswer, World, app, ids, names, request,
    run_zip,
};
use crate::configuration::configuration_of;
use crate::server::routes::api::Api;
use crate::tests::server::{TestReply, TestServer};

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
