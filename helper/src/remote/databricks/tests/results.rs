//! A result that is not whole, too large or of something else is refused.

use super::*;

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
