//! Publishing: the ZIP that the page sends, and production.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;

use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::{COURSE_CATALOG, Differs, OUTPUTS, RUN, World, names, replaced, run_zip, serve, zip_of};
use crate::configuration::configuration_of;
use crate::server::routes::api::Api;
use crate::server::routes::archive;
use crate::tests::waiting::wait_until;

#[tokio::test]
async fn only_a_runs_files_are_unpacked() {
    let world = World::new(Differs::default()).await;
    world.post("/api/catalogs/download", "").await.last_event();
    let with = |name: &str| run_zip(&world, &[(name, b"x")]);
    let other_name = "x".repeat(OUTPUTS[0].len());
    let twice = replaced(with(&other_name), &other_name, OUTPUTS[0]);
    for (zip, words) in [
        (with("../evil_V2.csv"), "The ZIP holds ../evil_V2.csv, which no run makes"),
        (with(&format!("../{COURSE_CATALOG}")), "no run makes"),
        (with("/etc/passwd"), "no run makes"),
        (with("folder/"), "no run makes"),
        (twice, "a file twice"),
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
        let found = archive::unpack(file, folder.path(), unpacked, &CancellationToken::new());
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
