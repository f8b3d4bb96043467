//! The OpenAPI document: every request, its body, what it answers and how it fails.

use axum::Json;
use serde_json::{Value, json};

use super::Expected;
use super::stream::CONTENT_TYPE;

/// `GET /api/openapi.json`.
pub(super) async fn document() -> Json<Value> {
    Json(openapi())
}

/// The document.
pub(super) fn openapi() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "BTC Fake's helper",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT", "identifier": "MIT" },
            "description": "What the page of BTC Fake asks the helper that serves it. A request chooses no host, path or \
                address: those are the helper's configuration. No answer holds a secret. Requests of other origins are \
                refused (Host, Origin and Sec-Fetch-Site are checked); every POST needs its content type, whether it has a \
                body or not. A stream is one JSON object a line: any number of `progress`, then one `done` or `failed`; \
                while nothing happens the last line comes again every ten seconds. Closing a stream cancels its work. A \
                request may tell in the header btcfake-instance which running helper it is meant for, by the `instance` of \
                the status; every other refuses it.",
        },
        "servers": [{ "url": "/api" }],
        // No token is needed on loopback.
        "security": [{}, { "token": [] }],
        "paths": paths(),
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "BTCFAKE_TOKEN, where the helper listens on another address than loopback.",
                },
            },
            "schemas": schemas(),
        },
    })
}

fn paths() -> Value {
    let download = stream("DownloadEvent", "How far the download is, then the names of the catalogs.");
    let publish = stream("PublishEvent", "How far the publishing is, then the files that are there.");
    let zip = json!({ "schema": { "type": "string", "format": "binary" } });
    json!({
        "/status": { "get": request(
            "What the helper is, and how each connection is configured",
            json!({}),
            answer(json!({ "$ref": "#/components/schemas/Status" }), "How it stands."),
            &[],
        ) },
        "/connections/{connection}/test": { "post": request(
            "Try a connection; one that does not work is an answer too",
            json!({ "parameters": [in_path("connection", json!({ "$ref": "#/components/schemas/Connection" }))] }),
            answer(json!({ "$ref": "#/components/schemas/TestResult" }), "What was found."),
            &["404", "409", "413", "415", "503"],
        ) },
        "/catalogs": { "get": request(
            "The catalogs in the helper's folder",
            json!({}),
            answer(json!({ "type": "array", "items": { "$ref": "#/components/schemas/CatalogFile" } }), "Latest first."),
            &["409", "500"],
        ) },
        "/catalogs/{name}": { "get": request(
            "The bytes of a catalog in the helper's folder",
            json!({ "parameters": [in_path("name", json!({ "type": "string" }))] }),
            json!({ "description": "The file.", "content": { "text/csv": { "schema": { "type": "string" } } } }),
            &["404", "500"],
        ) },
        "/catalogs/download": { "post": request(
            "Bring the most recent catalogs into the helper's folder; one download at a time",
            json!({}),
            download,
            &["409", "413", "415"],
        ) },
        "/recommendations": { "post": request(
            "Ask the recommender about employees",
            json_body("EmployeeIds"),
            stream("RecommendationEvent", "How many employees are asked about, then the recording."),
            &["409", "413", "415"],
        ) },
        "/state": { "post": request(
            "Read open assignments and completions of employees",
            json_body("EmployeeIds"),
            stream("StateEvent", "What is waited for, then both tables as CSV."),
            &["409", "413", "415"],
        ) },
        "/publish": { "post": request(
            "Send a run's files and the catalogs it was made from to the outbound server; one publishing at a time",
            json!({
                "parameters": [{
                    "name": "host",
                    "in": "query",
                    "description": "The outbound host as the user typed it in; needed where the status tells a \
                        production_host. Another host than the configured one is refused.",
                    "schema": { "type": "string" },
                }],
                "requestBody": {
                    "required": true,
                    "description": "A ZIP (stored or deflated) of the run's files, up to 512 MiB and 2 GiB unpacked. The \
                        catalogs may be left out where the helper's folder has them.",
                    "content": { Expected::Zip.name(): zip },
                },
            }),
            publish,
            &["409", "413", "415", "500", "503"],
        ) },
        "/openapi.json": { "get": request(
            "This document",
            json!({}),
            answer(json!({ "type": "object" }), "OpenAPI 3.1."),
            &[],
        ) },
    })
}

/// A request that is answered with 200, or fails with one of these statuses or with one that any request may have.
fn request(summary: &str, rest: Value, answer: Value, failures: &[&str]) -> Value {
    let mut request = rest;
    request["summary"] = summary.into();
    request["responses"]["200"] = answer;
    for status in ["400", "401", "403", "408", "412", "421"].iter().chain(failures) {
        request["responses"][status] = json!({
            "description": describe(status),
            "content": { Expected::Json.name(): { "schema": { "$ref": "#/components/schemas/ApiError" } } },
        });
    }
    request
}

fn describe(status: &str) -> &'static str {
    match status {
        "400" => "The request makes no sense.",
        "401" => "The token is missing or another one.",
        "403" => "The request comes from another page, or the destination looks like production.",
        "404" => "There is nothing of this name.",
        "408" => "The request took too long, or its body paused for too long.",
        "409" => "The connection is not configured, or the same goes on already.",
        "412" => "The request is meant for another running helper.",
        "413" => "The body is longer than allowed.",
        "415" => "The request has not the content type that it needs.",
        "421" => "The Host is not this machine's.",
        "503" => "The helper was asked to end.",
        _ => "Something that should work did not.",
    }
}

fn answer(schema: Value, description: &str) -> Value {
    json!({ "description": description, "content": { Expected::Json.name(): { "schema": schema } } })
}

fn stream(event: &str, description: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{event}") });
    json!({ "description": description, "content": { CONTENT_TYPE: { "schema": schema } } })
}

fn json_body(name: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    json!({ "requestBody": { "required": true, "content": { Expected::Json.name(): { "schema": schema } } } })
}

fn in_path(name: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let count = json!({ "type": "integer", "minimum": 0 });
    let id = json!({ "type": "integer", "minimum": 1, "maximum": i64::MAX });
    let yes_or_no = json!({ "type": "boolean" });
    let or_null = json!({ "type": ["string", "null"] });
    let texts = json!({ "type": "array", "items": text });
    let transfer = object(json!({ "event": { "const": "progress" }, "name": text, "done": count, "total": count }));
    let failed = object(json!({ "event": { "const": "failed" }, "said": text }));
    let connection = json!({ "$ref": "#/components/schemas/Connection" });
    json!({
        "Connection": { "enum": ["sftp_inbound", "sftp_outbound", "recommender", "databricks"] },
        "Status": object(json!({
            "version": text,
            "instance": text,
            "environment": or_null,
            "sandbox": yes_or_no,
            "connections": { "type": "array", "items": object(json!({
                "connection": connection,
                "state": { "$ref": "#/components/schemas/ConnectionState" },
            })) },
            "warnings": texts,
        })),
        "ConnectionState": { "oneOf": [
            object(json!({ "state": { "const": "not_configured" } })),
            object(json!({ "state": { "const": "configured" }, "address": text, "production_host": or_null })),
            object(json!({ "state": { "const": "wrong" }, "said": text })),
        ] },
        "TestResult": object(json!({ "works": yes_or_no, "said": text })),
        "CatalogFile": object(json!({
            "name": text,
            "kind": { "enum": ["stand_alone_content", "course_catalog"] },
            "bytes": count,
            "most_recent": yes_or_no,
        })),
        "EmployeeIds": object(json!({ "employee_ids": { "type": "array", "items": id, "minItems": 1 } })),
        "DownloadEvent": { "oneOf": [
            transfer,
            object(json!({
                "event": { "const": "done" },
                "course_catalog": or_null,
                "standalone_content": or_null,
                "notes": texts,
            })),
            failed,
        ] },
        "RecommendationEvent": { "oneOf": [
            object(json!({ "event": { "const": "progress" }, "done": count, "failed": count, "total": count })),
            object(json!({ "event": { "const": "done" }, "recording": text, "notes": texts })),
            failed,
        ] },
        "StateEvent": { "oneOf": [
            object(json!({ "event": { "const": "progress" }, "said": text })),
            object(json!({ "event": { "const": "done" }, "assignments": text, "completions": text })),
            failed,
        ] },
        "PublishEvent": { "oneOf": [
            transfer,
            object(json!({ "event": { "const": "done" }, "files": texts, "notes": texts })),
            failed,
        ] },
        "ApiError": object(json!({ "error": text })),
    })
}

/// An object that has all of these properties.
fn object(properties: Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(|properties| properties.keys()).collect();
    json!({ "type": "object", "required": names, "properties": properties })
}
