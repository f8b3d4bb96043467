//! Tests of the Databricks client against the sandbox and against made-up answers: results, refusals, cancellation, secrets.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use btcfake_core::format::employees::{self, BadRows};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::{SampleRecipe, files};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::configuration::secret::Secret;
use crate::http::client::Endpoint;
use crate::http::retry::Backoff;
use crate::sandbox::databricks::{
    DatabricksFaults, DatabricksOptions, LoadedRows, SandboxDatabricks, start_databricks,
};
use crate::tests::server::{TestReply, TestServer, unknown_certificate};
use crate::tests::waiting::{HANGS_AFTER, in_time, wait_until};

const TOKEN: &str = "dapi0123456789abcdef";

const QUICK: Patience = Patience {
    request: HANGS_AFTER,
    statement: HANGS_AFTER,
    attempts: 6,
    backoff: Backoff { first: Duration::from_millis(5), longest: Duration::from_millis(50) },
    first_look: Duration::from_millis(5),
    last_look: Duration::from_millis(50),
};

/// Time limits for servers that never answer.
const IMPATIENT: Patience = Patience { request: Duration::from_millis(300), attempts: 2, ..QUICK };

const ASSIGNMENTS: &str = "\
ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type
7,100,2026-01-19T10:00:00.123456Z,2026-01-19,2026-01-19T10:00:00Z,2026-01-31T13:13:59Z,Media
7,200,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,\"a, \"\"b\"\"\"
7,300,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
8,100,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
9223372036854775807,9223372036854775807,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
";

const COMPLETIONS: &str = "ba_id,content_id,completion_date\n7,300,2026-01-21\n7,301,2025-12-01\n9,1,2025-12-01\n";

fn settings(base_url: &str, token: &str) -> DatabricksSettings {
    DatabricksSettings {
        base_url: base_url.to_owned(),
        token: Secret::new(token),
        warehouse_id: "5a4db0c5f00dcafe".to_owned(),
        catalog: "retail_systems_dev".to_owned(),
        schema: "store_enablement".to_owned(),
        ca_file: None,
    }
}

async fn sandbox(options: DatabricksOptions) -> (SandboxDatabricks, DatabricksSettings, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox = start_databricks(&folder.path().join("state.sqlite"), options).await.unwrap();
    sandbox.store.add_tables(ASSIGNMENTS.as_bytes(), COMPLETIONS.as_bytes()).unwrap();
    let settings = settings(&sandbox.host, sandbox.token.expose());
    assert!(sandbox.http_path.ends_with(&settings.warehouse_id));
    (sandbox, settings, folder)
}

async fn read(settings: &DatabricksSettings, ids: &[u64], patience: Patience) -> Result<FetchedTables, Failure> {
    let result = read_state_patiently(settings, ids, &mut |_| {}, &CancellationToken::new(), patience).await;
    if let Err(failure) = &result {
        assert!(!format!("{failure} {failure:?}").contains(settings.token.expose()), "{failure}");
    }
    result
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Rows of `ASSIGNMENTS` or `COMPLETIONS` with a prefix, below the header.
fn expected(table: &str, beginnings: &[&str]) -> String {
    let rows = table.lines().skip(1).filter(|row| beginnings.iter().any(|beginning| row.starts_with(beginning)));
    table.lines().take(1).chain(rows).map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn the_state_of_the_employees_asked_about_comes() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let state = read(&settings, &[9, 7, 5, 7, u64::MAX / 2], QUICK).await.unwrap();
    assert_eq!(text(&state.assignments), expected(ASSIGNMENTS, &["7,100", "7,200", "9223372036854775807"]));
    assert_eq!(text(&state.completions), expected(COMPLETIONS, &["7,", "9,"]));
    assert_eq!((state.assignment_rows, state.completion_rows), (3, 3));
    let nobody = read(&settings, &[], QUICK).await.unwrap();
    assert_eq!(text(&nobody.assignments), expected(ASSIGNMENTS, &[]));
    assert_eq!(text(&nobody.completions), expected(COMPLETIONS, &[]));
}

/// What the core reads from two state tables.
fn understood(employees: &[u8], assignments: &[u8], completions: &[u8]) -> String {
    let files = [
        InputFile::given(InputRole::Employees, "employees.csv", employees),
        InputFile::given(InputRole::Assignments, "content_assignments.csv", assignments),
        InputFile::given(InputRole::Completions, "content_completion.csv", completions),
    ];
    let (inputs, problems) = read_inputs(&files, BadRows::Refuse);
    assert_eq!(problems, []);
    assert!(!inputs.employees.is_empty());
    format!("{:?}", inputs.state)
}

#[tokio::test]
async fn the_core_understands_the_same_as_from_files() {
    let today = "2026-01-29".parse().unwrap();
    let recipe = SampleRecipe { seed: 1, today, employees: 200, contents: 200 };
    let sample: Vec<_> = files(&recipe).collect();
    let file = |name: &str| &*sample.iter().find(|file| file.name.contains(name)).unwrap().bytes;
    let (employees, assignments, completions) =
        (file("employees"), file("content_assignments"), file("content_completion"));
    let (sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    sandbox.store.add_tables(assignments, completions).unwrap();
    let ids: Vec<u64> = employees::read(employees, BadRows::Refuse).value.rows.iter().map(|row| row.id).collect();
    let state = read(&settings, &ids, QUICK).await.unwrap();
    assert!(state.assignment_rows > 50 && state.completion_rows > 50, "{state:?}");
    let from_files = understood(employees, assignments, completions);
    assert!(from_files == understood(employees, &state.assignments, &state.completions));
}

fn many_completions() -> String {
    let rows = (1..=30_000).map(|id| format!("{},{},2026-01-01\n", id % 15_000 + 1, id));
    format!("ba_id,content_id,completion_date\n{}", rows.collect::<String>())
}

#[tokio::test]
async fn large_results_come_in_parts_inline_or_by_links() {
    let header = expected(ASSIGNMENTS, &[]);
    let ids: Vec<u64> = (1..=15_000).collect();
    let mut results = Vec::new();
    for (inline_rows, expired_links) in [(100_000, false), (100, false), (100, true)] {
        let faults = DatabricksFaults { expired_links, ..DatabricksFaults::default() };
        let options = DatabricksOptions { inline_rows, chunk_rows: 1_000, faults, ..DatabricksOptions::default() };
        let (sandbox, settings, _folder) = sandbox(options).await;
        sandbox.store.add_tables(header.as_bytes(), many_completions().as_bytes()).unwrap();
        let state = read(&settings, &ids, QUICK).await.unwrap();
        assert_eq!(state.completion_rows, 30_000 + 3);
        results.push(state);
    }
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn busy_answers_are_asked_for_again() {
    let faults = DatabricksFaults { too_many_429: 0.2, unavailable_503: 0.2, ..DatabricksFaults::default() };
    let options = DatabricksOptions { chunk_rows: 1, faults, ..DatabricksOptions::default() };
    let (_sandbox, settings, _folder) = sandbox(options).await;
    let patience = Patience { attempts: 12, ..QUICK };
    assert_eq!(read(&settings, &[7], patience).await.unwrap().completion_rows, 2);
}

#[tokio::test]
async fn a_slow_statement_is_waited_for() {
    // The statement advances once progress was reported.
    const TOLD: [&str; 2] =
        ["open assignments: the SQL warehouse starts or is busy (", "open assignments: the statement runs ("];
    let step = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&step);
    let server = TestServer::start(move |_, _| {
        let state = ["PENDING", "RUNNING", "SUCCEEDED"][seen.load(Ordering::SeqCst)];
        let (status, none) = (json!({ "state": state }), json!({ "total_row_count": 0 }));
        TestReply::Whole(200, "", json!({ "statement_id": "a-1", "status": status, "manifest": none }).to_string())
    })
    .await;
    let mut heard = Vec::new();
    let mut listener = |message: &str| {
        if TOLD
            .get(step.load(Ordering::SeqCst))
            .is_some_and(|reported| message.starts_with(reported) && message.ends_with(" s)"))
        {
            step.fetch_add(1, Ordering::SeqCst);
        }
        heard.push(message.to_owned());
    };
    let cancel = CancellationToken::new();
    read_state_patiently(&settings(&server.url(), TOKEN), &[7], &mut listener, &cancel, QUICK).await.unwrap();
    for message in ["open assignments: asked", "open assignments: 0 rows", "completions: 0 rows"] {
        assert!(heard.iter().any(|heard| heard == message), "{message}: {heard:?}");
    }
    assert_eq!(step.load(Ordering::SeqCst), TOLD.len(), "{heard:?}");
}

#[tokio::test]
async fn what_the_sandbox_refuses_is_explained() {
    let right = settings("", "");
    for (change, part) in [
        (
            (|settings| settings.token = Secret::new("dapi-other")) as fn(&mut DatabricksSettings),
            "set DATABRICKS_TOKEN",
        ),
        (|settings| settings.warehouse_id = "gone".to_owned(), "there is no usable SQL warehouse gone"),
        (|settings| settings.catalog = "nope".to_owned(), "there is no catalog nope"),
        (|settings| settings.schema = "nope".to_owned(), "there is no schema nope in the catalog retail_systems_dev"),
    ] {
        let (_sandbox, mut settings, _folder) = sandbox(DatabricksOptions::default()).await;
        change(&mut settings);
        let failure = read(&settings, &[7], QUICK).await.unwrap_err().to_string();
        assert!(failure.contains(part), "{failure}");
        let tested = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap_err();
        assert!(tested.to_string().contains(part), "{tested}");
    }
    let faults = DatabricksFaults { expired_token: true, ..DatabricksFaults::default() };
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions { faults, ..DatabricksOptions::default() }).await;
    let failure = read(&settings, &[7], QUICK).await.unwrap_err().to_string();
    assert!(failure.contains("wrong or has expired; make a new one"), "{failure}");
    assert_eq!(right.schema, settings.schema);
}

#[tokio::test]
async fn the_connection_can_be_tried() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let message = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap();
    assert_eq!(message, "both state tables in retail_systems_dev.store_enablement can be read");
}

/// Reads from a server that answers every statement with this, and returns the message.
async fn failure_of(answer: serde_json::Value) -> String {
    let server = TestServer::start(move |_, _| TestReply::Whole(200, "", answer.to_string())).await;
    read(&settings(&server.url(), TOKEN), &[7], QUICK)
        .await
        .map_or_else(|failure| failure.to_string(), |_| "none".into())
}

#[tokio::test]
async fn failed_statements_are_explained() {
    for (message, part) in [
        ("[TABLE_OR_VIEW_NOT_FOUND] The table or view cannot be found.", "a state table is not in retail_systems_dev"),
        ("[INSUFFICIENT_PERMISSIONS] Insufficient privileges", "ask for USE CATALOG on retail_systems_dev"),
        ("PERMISSION_DENIED: User does not have USE SCHEMA on Schema", "ask for USE CATALOG on retail_systems_dev"),
        ("[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column", "has other columns than it should"),
        ("Warehouse 5a4d was stopped", "does not run; start it"),
        (
            "[DIVIDE_BY_ZERO] warehouse_day column",
            "the statement failed (BAD_REQUEST). Databricks says: [DIVIDE_BY_ZERO]",
        ),
        ("[UC_NO_PERM] cannot inline view v: user lacks SELECT", "says: [UC_NO_PERM] cannot inline view v"),
        ("The warehouse_day of the cluster is odd", "the statement failed (BAD_REQUEST)"),
        ("Inline byte limit exceeded.", "the statement failed (BAD_REQUEST). Databricks says: Inline byte limit"),
        ("Something else\nhappened to dapi0123456789abcdef", "says: Something else happened to (secret)"),
        ("Something else happened to dapi%30123456789abcdef", "says: Something else happened to (secret)"),
    ] {
        let error = json!({ "error_code": "BAD_REQUEST", "message": message });
        let answer = json!({ "statement_id": "a-1", "status": { "state": "FAILED", "error": error } });
        let failure = failure_of(answer).await;
        assert!(failure.starts_with("Databricks: ") && failure.contains(part), "{failure}");
    }
    let state = |state: &str| json!({ "statement_id": "a-1", "status": { "state": state } });
    assert!(failure_of(state("CANCELED")).await.contains("somebody cancelled the statement"));
    assert!(failure_of(state("CLOSED")).await.contains("closed the statement"));
    assert!(failure_of(json!({ "hello": 1 })).await.contains("is no Databricks workspace"));
    assert!(
        failure_of(json!({ "statement_id": "../x", "status": { "state": "PENDING" } })).await.contains("no Databricks")
    );
}

#[tokio::test]
async fn a_result_that_is_not_whole_is_refused() {
    let succeeded = |manifest: serde_json::Value, result: serde_json::Value| json!({ "statement_id": "a-1", "status": { "state": "SUCCEEDED" }, "manifest": manifest, "result": result });
    let row = json!([["7", "1", null, null, null, null, null]]);
    let one = json!({ "total_row_count": 1 });
    let link = |index: u64| json!({ "external_link": "https://127.0.0.1:1", "chunk_index": index });
    for (answer, part) in [
        (succeeded(json!({ "truncated": true }), json!({})), "cut off by a limit of the workspace; ask"),
        (succeeded(json!({ "total_row_count": 2 }), json!({ "data_array": row })), "should have 2 rows, but 1 came"),
        (succeeded(json!({}), json!({ "data_array": row })), "does not say how many rows"),
        (
            succeeded(json!({ "total_row_count": 0 }), json!({ "data_array": row, "next_chunk_index": 1 })),
            "should have 0 rows, but 1 came",
        ),
        (
            succeeded(one.clone(), json!({ "chunk_index": 1, "data_array": row })),
            "part 1 of the result came in place of",
        ),
        (
            succeeded(one.clone(), json!({ "external_links": [link(3)] })),
            "part 3 of the result came in place of part 0",
        ),
        (succeeded(json!(null), json!(null)), "does not say how many rows"),
        (succeeded(one.clone(), json!({ "next_chunk_index": 0 })), "run in a circle; try again"),
        (succeeded(one.clone(), json!({ "data_array": [["7"]] })), "a row has 1 values in place of 7"),
        (
            succeeded(one.clone(), json!({ "data_array": [["7", "1", "soon", null, null, null, null]] })),
            "row 1 (employee 7, content 1) of content_assignments cannot be used: 'soon' is no point in time",
        ),
        (succeeded(one.clone(), json!({ "data_array": [["7", "1", [], null, null, null, null]] })), "neither text nor"),
        (
            succeeded(one.clone(), json!({ "data_array": [["7", null, null, null, null, null, "Me\0dia"]] })),
            "row 1 (employee 7) of content_assignments cannot be used: its content_type holds the character NUL",
        ),
        (
            succeeded(one.clone(), json!({ "external_links": [{ "external_link": "http://storage.example/s3cret" }] })),
            "its link is not encrypted",
        ),
        (
            succeeded(
                one.clone(),
                json!({ "external_links": [{ "external_link": "https://s3cret:x@storage.example/" }] }),
            ),
            "its link holds a user's name or a password",
        ),
        (
            succeeded(
                one.clone(),
                json!({ "external_links": [{
                    "external_link": "https://127.0.0.1:1",
                    "http_headers": (0..40_000).map(|i| (format!("x-{i}"), "1".to_owned())).collect::<std::collections::BTreeMap<_, _>>(),
                }] }),
            ),
            "its link brings more than 50 headers",
        ),
    ] {
        let failure = failure_of(answer).await;
        assert!(failure.contains(part) && !failure.contains("s3cret"), "{failure}");
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_says_nothing_against_the_host() {
    let whole = json!({ "statement_id": "a-1", "status": { "state": "SUCCEEDED" }, "result": {} }).to_string();
    for (answer, part) in [
        (whole[..40].to_owned(), "Databricks: an answer was cut off after 40 bytes; try again"),
        ("{}".to_owned(), "is no Databricks workspace; check DATABRICKS_HOST"),
        ("hello".to_owned(), "is no Databricks workspace; check DATABRICKS_HOST"),
        (String::new(), "is no Databricks workspace; check DATABRICKS_HOST"),
    ] {
        let server = TestServer::start(move |_, _| TestReply::Whole(200, "", answer.clone())).await;
        let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
        assert!(failure.contains(part), "{failure}");
    }
}

/// Server that makes each chunk of a result from its index.
async fn failure_of_chunks(
    chunk: impl Fn(u64) -> serde_json::Value + Send + Sync + 'static,
    patience: Patience,
) -> String {
    let server = TestServer::start(move |_, request| {
        let index = request.split_once("/result/chunks/").map(|(_, rest)| rest.split(' ').next().unwrap());
        let answer = match index {
            Some(index) => chunk(index.parse().unwrap()),
            None => json!({
                "statement_id": "a-1", "status": { "state": "SUCCEEDED" }, "manifest": { "total_row_count": 2 },
                "result": { "chunk_index": 0, "next_chunk_index": 1 },
            }),
        };
        TestReply::Whole(200, "", answer.to_string())
    })
    .await;
    read(&settings(&server.url(), TOKEN), &[7], patience).await.unwrap_err().to_string()
}

#[tokio::test]
async fn parts_without_end_or_in_place_of_others_are_refused() {
    let row = || json!([["7", "1", null, null, null, null, null]]);
    let repeated = move |index| json!({ "chunk_index": 1, "next_chunk_index": index + 1, "data_array": row() });
    let message = failure_of_chunks(repeated, QUICK).await;
    assert!(message.contains("part 1 of the result came in place of part 2"), "{message}");
    let too_many = move |index| json!({ "chunk_index": index, "next_chunk_index": index + 1, "data_array": row() });
    let message = failure_of_chunks(too_many, QUICK).await;
    assert!(message.contains("should have 2 rows, but 3 came"), "{message}");
    let long = |index: u64| json!({ "chunk_index": index, "next_chunk_index": u64::MAX });
    let message = in_time(failure_of_chunks(long, QUICK)).await;
    assert!(message.contains("run in a circle"), "{message}");
}

#[tokio::test]
async fn parts_without_rows_are_followed_a_few_times_only() {
    let nothing = |index: u64| json!({ "chunk_index": index, "next_chunk_index": index + 1, "data_array": [] });
    let bare = |index: u64| json!({ "next_chunk_index": index + 1 });
    let last_row_then_nothing = |index: u64| {
        let rows = if index < 3 { json!([["7", "1", null, null, null, null, null]]) } else { json!(null) };
        json!({ "chunk_index": index, "next_chunk_index": index + 1, "data_array": rows })
    };
    for (chunk, came) in
        [(nothing as fn(u64) -> serde_json::Value, 0), (bare as fn(u64) -> _, 0), (last_row_then_nothing, 2)]
    {
        let message = in_time(failure_of_chunks(chunk, QUICK)).await;
        let expected =
            format!("17 parts of the result hold no rows, one after another, and more should follow; {came} of 2");
        assert!(message.contains(&expected), "{message}");
    }
}

#[tokio::test]
async fn an_answer_about_another_statement_is_refused() {
    let server = TestServer::start(|number, _| {
        let answer = json!({ "statement_id": format!("a-{number}"), "status": { "state": "PENDING" } });
        TestReply::Whole(200, "", answer.to_string())
    })
    .await;
    let message = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    assert!(message.contains("about another statement"), "{message}");
}

#[tokio::test]
async fn what_nobody_reads_in_an_answer_costs_nothing() {
    for odd in ["NaN", "-Infinity", "1e400", "\"\"", "false", "0", "[]", "{}", "null"] {
        let answer = format!(
            r#"{{"statement_id": "a-1", "status": {{"state": "SUCCEEDED", "error": {odd}, "x": {odd}}}, "x": {odd},
                "manifest": {{"total_row_count": "0", "truncated": null, "x": {odd}}},
                "result": {{"chunk_index": 0, "row_count": {odd}, "data_array": []}}}}"#
        );
        let server = TestServer::start(move |_, _| TestReply::Whole(200, "", answer.clone())).await;
        let state = read(&settings(&server.url(), TOKEN), &[7], QUICK).await;
        assert!(state.is_ok(), "{odd}: {state:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_are_not_taken_for_some() {
    let mut answer = json!({
        "statement_id": "a-1", "status": { "state": "SUCCEEDED" }, "manifest": { "total_row_count": 1 },
        "result": { "data_array": [["7", "1", null, null, null, null, "Media"]] },
    })
    .to_string()
    .into_bytes();
    let media = answer.windows(5).position(|bytes| bytes == b"Media").unwrap();
    answer[media] = 0xFF;
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", answer.len());
    let whole = [head.as_bytes(), &answer].concat();
    let server = TestServer::start(move |_, _| TestReply::Bytes(whole.clone())).await;
    let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    assert!(failure.contains("is no Databricks workspace"), "{failure}");
}

/// A body with too large a declared length is refused without reading it.
#[tokio::test]
async fn a_part_in_the_storage_has_a_most() {
    for (length, is_too_long) in [(256_u64 << 20, false), ((256 << 20) + 1, true), (1 << 40, true)] {
        let server = TestServer::start(move |_, _| {
            TestReply::Raw(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n[]"))
        })
        .await;
        let link: protocol::ExternalLink = serde_json::from_value(json!({ "external_link": server.url() })).unwrap();
        let connection = Endpoint { url: &server.url(), ca_file: None, tls_insecure: false };
        let read = storage::rows(&connection.client().unwrap(), &link, &server.url(), HANGS_AFTER).await;
        let message = read.map(|_| ()).unwrap_err();
        assert_eq!(message == "the answer is longer than 256 MiB", is_too_long, "{length}: {message}");
    }
}

#[test]
fn a_table_has_a_most() {
    let mut table = TableCsv::new(StateTable::Completions);
    table.longest = 100;
    let rows = |rows: usize| vec![vec![Value::from("7"), Value::from("1"), Value::from("2026-01-01")]; rows];
    assert!(table.add(rows(3)).is_ok());
    let refused = table.add(rows(10)).unwrap_err().to_string();
    assert!(refused.contains("content_completion holds more than 0 MiB"), "{refused}");
}

/// Message about a request that is refused like this, and the number of attempts.
async fn refusal(status: u16, headers: &'static str, body: &str) -> (String, usize) {
    let body = body.to_owned();
    let server = TestServer::start(move |_, _| TestReply::Whole(status, headers, body.clone())).await;
    let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    (failure, server.count())
}

const KEPT_OUT: &str =
    "Databricks does not let this machine in from its network; connect to the company's network or VPN";
const NO_TOKENS: &str = "does not let the token's user work by this kind of token";
const NO_USER: &str = "the token's user is deactivated, or not in this workspace";
const NO_WORKSPACE: &str = "is disabled or gone; check DATABRICKS_HOST";
const NO_WAREHOUSE: &str = "the token's user may not use the SQL warehouse 5a4db0c5f00dcafe";
const BAD_TOKEN: &str = "Databricks does not accept the token";
const UNEXPLAINED: &str = "Databricks, or something on the way to it, refuses the request (HTTP 403)";

/// Refusals that the platform documents or that were observed, in each of their forms.
#[tokio::test]
async fn each_refusal_is_called_what_it_is() {
    let json = |code: &str, message: &str| json!({ "error_code": code, "message": message }).to_string();
    let gateway = |message: &str| json!({ "error_code": 403, "message": message }).to_string();
    let page = |text: &str| {
        format!("<html><head><title>Error 403</title><style>p {{}}</style></head><body><p>{text}</p></body></html>")
    };
    let blocked = "Source IP address: 192.0.2.7 is blocked by Databricks IP ACL for workspace: 1234 [ReqId: x]";
    for (status, body, meaning) in [
        (403, gateway(blocked), KEPT_OUT),
        (403, blocked.to_owned(), KEPT_OUT),
        (403, page(blocked), KEPT_OUT),
        (401, gateway(blocked), KEPT_OUT),
        (400, json("BAD_REQUEST", blocked), KEPT_OUT),
        (404, page(blocked), KEPT_OUT),
        (403, json("PERMISSION_DENIED", blocked), KEPT_OUT),
        (403, "Unauthorized network access to workspace: 1234".to_owned(), KEPT_OUT),
        (403, gateway("Unauthorized network access to workspace: 1234"), KEPT_OUT),
        (403, gateway("Public access is not allowed for workspace: 1234"), KEPT_OUT),
        (403, page("The workspace has Private Link enabled"), KEPT_OUT),
        (403, json("", "IP access list check failed"), KEPT_OUT),
        (403, page("Your IP address is not in the allowlist"), KEPT_OUT),
        (
            403,
            json!({ "error": { "code": "Forbidden", "message": "denied by the network policy" } }).to_string(),
            KEPT_OUT,
        ),
        (
            403,
            json!({ "error": "access_denied", "error_description": "AADSTS53003: Conditional Access" }).to_string(),
            KEPT_OUT,
        ),
        (403, page("Blocked by the company's web proxy"), KEPT_OUT),
        (403, gateway("Invalid access token. [ReqId: x]"), BAD_TOKEN),
        (403, page("Invalid access token."), BAD_TOKEN),
        (400, json("BAD_REQUEST", "Invalid access token"), BAD_TOKEN),
        (403, gateway("Access token expired"), BAD_TOKEN),
        (401, json("UNAUTHENTICATED", "Request had invalid authentication credentials"), BAD_TOKEN),
        (401, gateway("Credential was not sent or was of an unsupported type for this API."), BAD_TOKEN),
        (401, "Unauthorized".to_owned(), BAD_TOKEN),
        (403, gateway("Provided access token does not have required scopes: sql"), "its scopes leave that out"),
        (
            403,
            json("PERMISSION_DENIED", "This API is disabled for users without the databricks-sql-access entitlement."),
            "lacks an entitlement",
        ),
        (403, json("PERMISSION_DENIED", "Personal access tokens are disabled for this workspace"), NO_TOKENS),
        (403, gateway("Token authentication is not enabled"), NO_TOKENS),
        (403, gateway("The token was disabled by an administrator"), NO_TOKENS),
        (403, json("PERMISSION_DENIED", "User does not have permission to use tokens."), NO_TOKENS),
        (403, gateway("User is deactivated"), NO_USER),
        (403, gateway("User a@example.com is inactive in workspace 1234"), NO_USER),
        (401, json("PERMISSION_DENIED", "The service principal is not active"), NO_USER),
        (403, gateway("User is not a member of this workspace"), NO_USER),
        (
            403,
            json!({ "schemas": ["urn:ietf:params:scim:api"], "detail": "User not found", "status": "403" }).to_string(),
            NO_USER,
        ),
        (403, json("WORKSPACE_DISABLED", "It is off"), NO_WORKSPACE),
        (403, gateway("Workspace 1234 has been disabled"), NO_WORKSPACE),
        (403, page("This workspace was cancelled"), NO_WORKSPACE),
        (403, json("PERMISSION_DENIED", "The subscription has ended"), NO_WORKSPACE),
        (404, json("NOT_FOUND", "Workspace 1234 does not exist"), NO_WORKSPACE),
        (
            403,
            gateway("Unauthorized access to Org: 1234"),
            "does not let this user in, or not from this machine's network",
        ),
        (
            403,
            page("Access to this workspace is denied"),
            "does not let this user in, or not from this machine's network",
        ),
        (
            403,
            json(
                "PERMISSION_DENIED",
                "network-team@example.com is not authorized to use or monitor this SQL Endpoint.",
            ),
            NO_WAREHOUSE,
        ),
        (403, json("PERMISSION_DENIED", "User not authorized"), NO_WAREHOUSE),
        (403, page("Forbidden"), UNEXPLAINED),
        (403, "Request blocked. Sign in: your session token is missing".to_owned(), UNEXPLAINED),
        (403, json!({ "message": "Forbidden" }).to_string(), UNEXPLAINED),
        (404, json("FEATURE_DISABLED", "The SQL API is off"), "is switched off in this workspace"),
        (404, json("ENDPOINT_NOT_FOUND", "No API found for 'POST /sql/statements'"), "is another of Databricks' hosts"),
        (404, json("NOT_FOUND", "The statement a-1 was not found"), "does not know the statement any more"),
        (404, json("RESOURCE_DOES_NOT_EXIST", "SQL warehouse 5a does not exist"), "there is no usable SQL warehouse"),
        (400, json("INVALID_PARAMETER_VALUE", "5a4db is not a valid endpoint id."), "there is no usable SQL warehouse"),
        (
            400,
            json("INVALID_PARAMETER_VALUE", "Byte limit out of range"),
            "refuses the request (HTTP 400, INVALID_PARAMETER_VALUE)",
        ),
        (400, json("MALFORMED_REQUEST", "Invalid JSON given"), "refuses the request (HTTP 400, MALFORMED_REQUEST)"),
        (
            400,
            json("MALFORMED_REQUEST", "Could not parse request object: Unrecognized token 'x'"),
            "refuses the request (HTTP 400, MALFORMED_REQUEST)",
        ),
        (
            400,
            json("INVALID_PARAMETER_VALUE", "Invalid value for page_token"),
            "refuses the request (HTTP 400, INVALID_PARAMETER_VALUE)",
        ),
        (
            403,
            json("PERMISSION_DENIED", "User jane@industrial.example is not authorized"),
            "may not use the SQL warehouse",
        ),
        (403, json("PERMISSION_DENIED", "User vpclark@example.com has no permission"), "may not use the SQL warehouse"),
        (404, page("Not here"), "no Databricks workspace answers at"),
        (407, page("Sign in"), "the network's proxy asks for a sign-in"),
        (429, json("REQUEST_LIMIT_EXCEEDED", "Too many requests"), "has too much to do (HTTP 429)"),
        (429, json("RESOURCE_EXHAUSTED", "Too many queries"), "has too much to do (HTTP 429)"),
        (503, json("TEMPORARILY_UNAVAILABLE", "Later"), "is not available at the moment (HTTP 503)"),
        (503, json("WORKSPACE_TEMPORARILY_UNAVAILABLE", "Later"), "is not available at the moment (HTTP 503)"),
        (503, page("Down for maintenance"), "Databricks answers HTTP 503 Service Unavailable"),
        (504, json("DEADLINE_EXCEEDED", "Slow"), "in the time that it allows itself (HTTP 504)"),
        (500, json("INTERNAL_ERROR", "Oops"), "Databricks answers HTTP 500"),
    ] {
        let (failure, requests) = refusal(status, "", &body).await;
        assert!(failure.contains(meaning), "{body}\n{failure}\nexpected: {meaning}");
        assert!(failure.contains("says: ") && !failure.contains(['<', '{']), "{body}\n{failure}");
        assert_eq!(failure.contains("make a new one"), meaning == BAD_TOKEN, "{failure}");
        assert_eq!(requests, if matches!(status, 429 | 502..=504) { QUICK.attempts as usize } else { 1 }, "{failure}");
    }
}

#[tokio::test]
async fn a_refusal_that_stands_in_headers_alone_is_read_there() {
    for (status, headers, meaning) in [
        (403, "x-databricks-reason-phrase: Public access is not allowed for workspace: 1\r\n", KEPT_OUT),
        (403, "x-databricks-reason-phrase: Invalid access token.\r\n", BAD_TOKEN),
        (403, "", UNEXPLAINED),
        (401, "", BAD_TOKEN),
        (303, "location: https://x.example/login.html?error=private-link-validation-error:9&k=s3cret\r\n", KEPT_OUT),
        (302, "location: https://login.example/oauth2?x=s3cret\r\n", "to login.example to sign in"),
        (302, "location: /login.html?next_url=s3cret\r\n", "to sign in, as for a browser"),
        (301, "location: https://other.example/s3cret\r\n", "a redirect to other.example, which is not followed"),
        (301, "", "a redirect, which is not followed"),
    ] {
        let (failure, requests) = refusal(status, headers, "").await;
        assert!(failure.contains(meaning) && !failure.contains("s3cret"), "{headers}\n{failure}");
        assert_eq!(requests, 1, "{failure}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_called_one() {
    let page =
        format!("\u{feff}<!DOCTYPE html><html><title>Guest Wi-Fi</title><script>x</script>Sign in {TOKEN}</html>");
    let (failure, _) = refusal(200, "", &page).await;
    assert!(failure.contains("a web page answers at http://127.0.0.1"), "{failure}");
    assert!(failure.ends_with("The page says: Guest Wi-Fi Sign in (secret)"), "{failure}");
    let long = format!("<html>Sign in {}", "<script>".repeat(1 << 20));
    let (failure, _) = in_time(refusal(200, "", &long)).await;
    assert!(failure.ends_with("The page says: Sign in"), "{failure}");
}

#[tokio::test]
async fn a_statement_that_is_kept_out_by_the_network_is_called_so() {
    for message in [
        "PERMISSION_DENIED: Unauthorized network access to workspace: 1234. SQLSTATE: KCUC4",
        "[UC_REQUEST_FAILED] Source IP address: 192.0.2.7 is blocked by Databricks IP ACL for workspace: 1234",
    ] {
        let error = json!({ "error_code": "BAD_REQUEST", "message": message });
        let answer = json!({ "statement_id": "a-1", "status": { "state": "FAILED", "error": error } });
        let failure = failure_of(answer).await;
        assert!(failure.contains(KEPT_OUT) && failure.contains("1234"), "{failure}");
    }
}

#[tokio::test]
async fn an_encoded_answer_is_called_so() {
    for (status, headers, message) in [
        (200, "content-encoding: gzip\r\n", "the answer is compressed (gzip), which nobody asked for"),
        (200, "content-encoding: br\r\n", "compressed (br)"),
        (403, "content-encoding: zstd\r\n", "The answer says: the answer is compressed (zstd)"),
    ] {
        let (failure, requests) = refusal(status, headers, "{}").await;
        assert!(failure.contains(message), "{failure}");
        assert_eq!(requests, 1, "{failure}");
    }
    let marked = b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n\x1F\x8B\x08\x00".to_vec();
    let server = TestServer::start(move |_, _| TestReply::Bytes(marked.clone())).await;
    let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    assert!(failure.contains("compressed (gzip, which no header says)"), "{failure}");
    assert!(server.requests.lock().unwrap()[0].contains("accept-encoding: identity\r\n"));
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_fetched_once() {
    let server = TestServer::start(|_, _| TestReply::Whole(200, "", " ".repeat((64 << 20) + 1))).await;
    let message = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
    assert!(
        message.ends_with("the answer is longer than 64 MiB") && server.count() == 1,
        "{message} {}",
        server.count()
    );
}

/// Headers that a link must not set.
const NOT_ITS_OWN: [&str; 14] = [
    "authorization",
    "content-length",
    "transfer-encoding",
    "connection",
    "range",
    "cookie",
    "proxy-authorization",
    "expect",
    "upgrade",
    "te",
    "trailer",
    "keep-alive",
    "x-line",
    "x-number",
];

#[tokio::test]
async fn several_links_at_once_are_followed() {
    let server = TestServer::start(|_, request| {
        let host = request.split("host: ").nth(1).unwrap().lines().next().unwrap();
        let row = |id: &str| json!([[id, "1", null, null, null, null, null]]).to_string();
        let link = |index: u64, next: Option<u64>| {
            json!({
                "external_link": format!("http://{host}/storage/{index}"),
                "chunk_index": index,
                "next_chunk_index": next,
                "http_headers": {
                    "x-key": "k", "authorization": "Bearer x", "Host": "evil.example", "Content-Length": "5",
                    "transfer-encoding": "chunked", "Connection": "close", "accept-encoding": "gzip", "range": "bytes=0-1",
                    "cookie": "a=b", "proxy-authorization": "x", "expect": "100-continue", "upgrade": "h2c", "te": "x",
                    "trailer": "x", "keep-alive": "1", "bad name": "x", "x-line": "a\r\nhost: evil.example", "x-number": 1,
                },
            })
        };
        let answer = if let Some((_, rest)) = request.split_once("GET /storage/") {
            let head = request.to_lowercase();
            let is_asked_right = head.contains("x-key: k\r\n")
                && head.contains(&format!("host: {host}\r\n"))
                && head.contains("accept-encoding: identity\r\n")
                && NOT_ITS_OWN.iter().all(|header| !head.contains(&format!("\n{header}:")));
            row(if is_asked_right { &rest[..1] } else { "wrong" })
        } else if request.contains("/result/chunks/2") {
            json!({ "external_links": [link(2, None)] }).to_string()
        } else if request.contains("content_assignments` AS a") {
            json!({
                "statement_id": "a-1", "status": { "state": "SUCCEEDED" }, "manifest": { "total_row_count": 3 },
                "result": { "external_links": [link(0, Some(1)), link(1, Some(2))] },
            })
            .to_string()
        } else {
            let (status, none) = (json!({ "state": "SUCCEEDED" }), json!({ "total_row_count": 0 }));
            json!({ "statement_id": "a-2", "status": status, "manifest": none }).to_string()
        };
        TestReply::Whole(200, "", answer)
    })
    .await;
    let state = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap();
    assert_eq!(text(&state.assignments).lines().skip(1).collect::<Vec<_>>(), ["0,1,,,,,", "1,1,,,,,", "2,1,,,,,"]);
}

#[tokio::test]
async fn refusals_never_show_the_token() {
    for (status, body) in [
        (500, format!("Authorization: Bearer {TOKEN}")),
        (500, format!("{}{TOKEN}", "x".repeat(290))),
        (400, json!({ "error_code": "X", "message": format!("bad {TOKEN}") }).to_string()),
        (401, json!({ "error_code": TOKEN, "message": TOKEN }).to_string()),
        (403, String::new()),
        (404, "<html>not found</html>".to_owned()),
        (302, String::new()),
        (503, TOKEN.to_owned()),
        (200, TOKEN.to_owned()),
    ] {
        let server =
            TestServer::start(move |_, _| TestReply::Whole(status, "location: http://localhost:1/\r\n", body.clone()));
        let server = server.await;
        let failure = read(&settings(&server.url(), TOKEN), &[7], QUICK).await.unwrap_err().to_string();
        assert!(!failure.contains("dapi"), "{failure}");
        assert_eq!(server.count(), if status == 503 { 6 } else { 1 }, "{status}");
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let failure = read(&settings(&format!("http://127.0.0.1:{port}"), TOKEN), &[7], QUICK).await.unwrap_err();
    assert!(failure.to_string().contains("connection refused"), "{failure}");
    let silent = TestServer::start(|_, _| TestReply::Drip(200, "")).await;
    let failure = read(&settings(&silent.url(), TOKEN), &[7], IMPATIENT).await.unwrap_err();
    assert_eq!(failure.to_string(), "Databricks: timed out after 0.3 s (2 attempts)");
    let unusable = read(&settings(&silent.url(), "a\nb"), &[7], QUICK).await.unwrap_err();
    assert!(unusable.to_string().contains("characters that no token has"), "{unusable}");
}

#[tokio::test]
async fn ids_and_token_travel_as_they_should() {
    let server = TestServer::start(|_, _| TestReply::Whole(400, "", String::new())).await;
    let _ = read(&settings(&server.url(), TOKEN), &[7, 8], QUICK).await.unwrap_err();
    let request = server.requests.lock().unwrap()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /api/2.0/sql/statements HTTP/1.1"), "{head}");
    assert!(head.contains(&format!("authorization: Bearer {TOKEN}")), "{head}");
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["parameters"], json!([{ "name": "ids", "value": "[7, 8]", "type": "STRING" }]));
    let statement = body["statement"].as_str().unwrap();
    assert!(statement.contains("FROM `retail_systems_dev`.`store_enablement`.`content_assignments`"), "{statement}");
    assert_eq!(statement.matches(":ids").count(), 1);
}

/// Server whose statements never end.
async fn endless() -> Arc<TestServer> {
    let pending = json!({ "statement_id": "a-1", "status": { "state": "PENDING" } }).to_string();
    Arc::new(TestServer::start(move |_, _| TestReply::Whole(200, "", pending.clone())).await)
}

fn cancels(server: &TestServer) -> usize {
    let requests = server.requests.lock().unwrap();
    requests.iter().filter(|request| request.starts_with("POST /api/2.0/sql/statements/a-1/cancel ")).count()
}

#[tokio::test]
async fn a_cancelled_run_cancels_its_statement() {
    let server = endless().await;
    let cancel = CancellationToken::new();
    let (soon, seen) = (cancel.clone(), Arc::clone(&server));
    tokio::spawn(async move {
        wait_until("the server was asked three times", || seen.count() >= 3).await;
        soon.cancel();
    });
    let settings = settings(&server.url(), TOKEN);
    let failure = read_state_patiently(&settings, &[7], &mut |_| {}, &cancel, QUICK).await.unwrap_err();
    assert!(matches!(failure, Failure::Interrupted), "{failure}");
    assert_eq!(cancels(&server), 1);
}

#[tokio::test]
async fn a_run_that_is_cancelled_while_it_submits_cancels_its_statement() {
    let pending = json!({ "statement_id": "a-1", "status": { "state": "PENDING" } }).to_string();
    let cancel = CancellationToken::new();
    let cancelled = cancel.clone();
    let answer =
        move |_: usize, _: &str| TestReply::After(Box::pin(cancelled.clone().cancelled_owned()), pending.clone());
    let server = Arc::new(TestServer::start(answer).await);
    let (soon, seen) = (cancel.clone(), Arc::clone(&server));
    tokio::spawn(async move {
        wait_until("the statement was submitted", || seen.count() > 0).await;
        soon.cancel();
    });
    let settings = settings(&server.url(), TOKEN);
    let failure = read_state_patiently(&settings, &[7], &mut |_| {}, &cancel, QUICK).await.unwrap_err();
    assert!(matches!(failure, Failure::Interrupted), "{failure}");
    assert_eq!(cancels(&server), 1);
}

#[test]
fn a_server_can_run_it_in_a_task() {
    fn is_send(_: impl Send) {}
    let (settings, cancel) = (settings("http://127.0.0.1:1", TOKEN), CancellationToken::new());
    is_send(read_state(&settings, &[7], &mut |_| {}, &cancel));
    is_send(test_connection(&settings, &mut |_| {}, &cancel));
}

#[tokio::test]
async fn a_statement_that_takes_too_long_is_cancelled() {
    let server = endless().await;
    let patience = Patience { statement: Duration::from_millis(300), ..QUICK };
    let failure = read(&settings(&server.url(), TOKEN), &[7], patience).await.unwrap_err().to_string();
    assert!(failure.contains("took longer than 0.005 minutes and was cancelled"), "{failure}");
    assert_eq!(cancels(&server), 1);
}

#[tokio::test]
async fn a_published_feed_is_the_next_runs_state() {
    let (sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let completions = "\u{feff}\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\
        \"7\",\"100\",\"2026-01-29T23:00:00Z\",\"2026-01-29T23:30:00Z\"\n\
        \"7\",\"2,033,875\",\"2026-01-29T10:00:00Z\",\"2026-01-29T10:05:00Z\"\n\
        \"7\",\"301\",\"2026-01-29T10:10:00Z\",\"2026-01-29T10:15:00Z\"\n";
    let assignments = "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\"Start_Date_text\",\"DueDate_text\",\"ContentType\"\n\
        \"7\",\"2026-01-20T00:00:00Z\",\"1\",\"200\",\"2026-01-20T00:00:00Z\",\"2026-01-27T00:00:00Z\",\"a, \"\"b\"\"\"\n\
        \"7\",\"2026-01-29T10:00:00Z\",\"2\",\"1,500\",\"2026-01-26T00:01:00Z\",\"2026-01-31T13:13:59Z\",\"Media\"\n";
    let zone: BusinessZone = "Europe/Paris".parse().unwrap();
    let loaded = sandbox.store.load_feed(completions.as_bytes(), assignments.as_bytes(), zone).unwrap();
    assert_eq!(loaded, LoadedRows { assignments: 1, completions: 3 }, "301 was done before, on another day");
    let again = sandbox.store.load_feed(completions.as_bytes(), assignments.as_bytes(), zone).unwrap();
    assert_eq!(again, LoadedRows { assignments: 0, completions: 0 });
    let state = read(&settings, &[7], QUICK).await.unwrap();
    let new = "7,1500,2026-01-29T10:00:00Z,2026-01-29,2026-01-26T00:01:00Z,2026-01-31T13:13:59Z,Media\n";
    assert_eq!(text(&state.assignments), format!("{}{new}", expected(ASSIGNMENTS, &["7,200"])));
    assert_eq!(
        text(&state.completions),
        "ba_id,content_id,completion_date\n7,100,2026-01-30\n7,300,2026-01-21\n7,301,2025-12-01\n7,301,2026-01-29\n\
         7,2033875,2026-01-29\n"
    );
    let broken = sandbox.store.load_feed(
        b"\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\"7\",\"x\",\"\",\"\"\n",
        assignments.as_bytes(),
        zone,
    );
    assert!(broken.unwrap_err().to_string().contains("line 2 has an unreadable value"));
    assert_eq!(sandbox.store.rows(statements::StateTable::Completions).unwrap(), 6);
}

#[tokio::test]
async fn the_sandbox_runs_no_other_statement() {
    let (_sandbox, settings, _folder) = sandbox(DatabricksOptions::default()).await;
    let cancel = CancellationToken::new();
    let warehouse = Warehouse::new(&settings, QUICK, &cancel).unwrap();
    for statement in ["DROP TABLE content_assignments", "", "SELECT 1 FROM `a`.`b`.`content_assignments`"] {
        let failure = warehouse.run(statement, &[], &mut |_| {}, &mut |_| Ok(())).await.unwrap_err().to_string();
        assert!(failure.contains("The sandbox runs the statements of btcfake only"), "{failure}");
    }
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_companys_root_only() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("root.pem");
    let succeeded = |_: usize, _: &str| {
        let (status, none) = (json!({ "state": "SUCCEEDED" }), json!({ "total_row_count": 0 }));
        let answer = json!({ "statement_id": "s1", "status": status, "manifest": none, "result": {} });
        TestReply::Whole(200, "", answer.to_string())
    };
    let server = TestServer::start_with(Some(unknown_certificate(&ca_file)), succeeded).await;
    let settings = settings(&format!("https://127.0.0.1:{}", server.port), "dapi");
    let refused = test_connection(&settings, &mut |_| {}, &CancellationToken::new()).await.unwrap_err().to_string();
    assert!(refused.contains("nobody whom this machine trusts has signed it; name the PEM file"), "{refused}");
    assert_eq!(server.count(), 0);
    let trusting = DatabricksSettings { ca_file: Some(ca_file), ..settings };
    let _ = test_connection(&trusting, &mut |_| {}, &CancellationToken::new()).await;
    assert!(server.count() > 0, "nothing came through the certificate");
}
