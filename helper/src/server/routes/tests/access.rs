//! Who may ask: the right helper, the same origin, the token.

use super::{Differs, WholeAnswer, World, request};
use tower::ServiceExt;

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
