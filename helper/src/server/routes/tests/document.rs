//! The OpenAPI document agrees with the API.

use serde_json::{Value, json};
use tower::ServiceExt;

use super::{COURSE_CATALOG, Differs, WholeAnswer, World, ids, request, run_zip};
use crate::configuration::Configuration;
use crate::configuration::secret::Secret;
use crate::server::routes::api::Api;
use crate::server::routes::{PATH, described};

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
        .check_refused(400, "at most 1,000,000");
}
