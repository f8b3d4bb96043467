//! What is too long or slow, and work whose client or server is gone.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tower::ServiceExt;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use serde_json::json;
use tokio::sync::Notify;

use super::{Differs, WholeAnswer, World, app, ids, names, request, serve};
use crate::configuration::configuration_of;
use crate::sandbox::sftp::SftpFaults;
use crate::server::routes::api::{Api, Limits};
use crate::tests::waiting::{HOUR, in_time};

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
    assert_eq!(world.api.running.len(), 1);
    drop(client);
    world.api.running.close();
    in_time(world.api.running.wait()).await;
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
        api.running.close();
        in_time(api.running.wait()).await;
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
