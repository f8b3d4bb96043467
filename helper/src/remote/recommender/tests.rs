//! Tests of the recommender client against made-up answers and the sandbox: failed calls, retries, pauses, cancellation.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use btcfake_core::format::recommendations::{self, Recommendation};
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::journal::Journal;
use super::*;
use crate::configuration::secret::{Secret, Secrets};
use crate::sandbox::recommender::{RecommenderFaults, RecommenderOptions, start_recommender};
use crate::tests::server::{TestReply, TestServer, employee_of, unknown_certificate};
use crate::tests::waiting::{HANGS_AFTER, in_time, wait_until};

const NOTHING: &str = r#"{"response": {"ml_recommendations": []}}"#;

const SECRET: &str = "recommended_content";

fn settings(url: String) -> RecommenderSettings {
    let secrets = Secrets::new([Secret::new(SECRET)]);
    RecommenderSettings { url, timeout: HANGS_AFTER, concurrency: 16, ca_file: None, tls_insecure: false, secrets }
}

/// Time limits for servers that never answer.
fn impatient(url: String) -> RecommenderSettings {
    RecommenderSettings { timeout: Duration::from_millis(400), ..settings(url) }
}

/// Time limit for a server that answers.
fn settings_for(reply: &TestReply, url: String) -> RecommenderSettings {
    if matches!(reply, TestReply::Hang | TestReply::Drip(200, _)) { impatient(url) } else { settings(url) }
}

/// Time limit for servers that answer some requests and never others; a busy one answers within it.
fn half_patient(url: String) -> RecommenderSettings {
    RecommenderSettings { timeout: Duration::from_secs(2), concurrency: 4, ..settings(url) }
}

fn ok(body: &str) -> TestReply {
    TestReply::Whole(200, "", body.to_owned())
}

/// Asks about employees from 1 on; returns the outcome, and the result of each in their order.
async fn all(settings: &RecommenderSettings, employees: u64) -> (AllAnswers, Vec<EmployeeAnswer>) {
    let ids: Vec<u64> = (1..=employees).collect();
    let mut asked = Vec::new();
    let mut listener = |one: &EmployeeAnswer, _| asked.push(one.clone());
    let outcome = ask_all(settings, &ids, &Answers::default(), &mut listener, &CancellationToken::new()).await.unwrap();
    asked.sort_by_key(|asked| asked.employee_id);
    (outcome, asked)
}

/// Asks about one employee; returns the outcome and the number of requests.
async fn check(reply: impl Fn() -> TestReply + Send + Sync + 'static, expected: &str, requests: usize) {
    let first = reply();
    let server = TestServer::start(move |_, _| reply()).await;
    let settings = settings_for(&first, server.url());
    let asked = ask_one(&settings, 7).await.unwrap();
    let found = match &asked.answer {
        Answer::Failed(_) => format!("failed: {}", asked.explained_failure().unwrap()),
        Answer::Recommendations(items) => format!("{} kept, {} left out", items.len(), asked.left_out().count()),
    };
    assert!(found.starts_with(expected), "{found}\nexpected {expected}");
    assert_eq!(server.count(), requests, "{expected}");
    let recorded = recommendations::read(asked.line.as_bytes(), |_| true);
    assert_eq!(recorded.value[0].answer, asked.answer);
    assert!(asked.line.ends_with('\n') && asked.line.matches('\n').count() == 1);
}

#[tokio::test]
async fn what_is_no_answer_is_a_failed_call() {
    let whole = |status, body: &'static str| move || TestReply::Whole(status, "", body.to_owned());
    check(whole(200, NOTHING), "0 kept, 0 left out", 1).await;
    check(whole(500, "boom"), "failed: HTTP 500 Internal Server Error: boom", 1).await;
    check(whole(500, "<html>boom</html>"), "failed: HTTP 500 Internal Server Error", 1).await;
    check(
        whole(404, "no such path"),
        "failed: HTTP 404 Not Found: no such path; check API_BASE_URL and API_ENDPOINT",
        1,
    )
    .await;
    check(whole(403, ""), "failed: HTTP 403 Forbidden; ask the API's owners to let this machine in", 1).await;
    check(whole(503, "later"), "failed: HTTP 503 Service Unavailable: later (3 attempts); try again later", 3).await;
    check(whole(200, "{\"response\": {\"ml_rec"), "failed: the answer is no JSON: the text ends", 1).await;
    check(whole(200, "hello"), "failed: the answer is no JSON: no JSON value stands", 1).await;
    check(
        || TestReply::Bytes(b"HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"name\":\"\xFF\"}".to_vec()),
        "failed: the answer is no JSON: it is not UTF-8 text",
        1,
    )
    .await;
    check(whole(200, ""), "failed: the answer is no JSON: nothing is in it", 1).await;
    check(whole(200, "[1]"), "failed: the answer is not a JSON object", 1).await;
    check(whole(200, "{\"error\": \"boom\"}"), "failed: the answer is an error: boom", 1).await;
    check(whole(200, "{\"error\": \"a\\u001b[2J\\nb\"}"), "failed: the answer is an error: a\\u{1b}[2J\\nb;", 1).await;
    check(whole(200, "{\"timing\": {}}"), "failed: the answer has no response", 1).await;
    check(whole(200, "{\"response\": {\"ml_recommendations\": [7, {}]}}"), "0 kept, 2 left out", 1).await;
    check(|| ok(&" ".repeat(9 << 20)), "failed: the answer is longer than 8 MiB", 1).await;
    check(
        || TestReply::Whole(302, "location: http://localhost:1/x\r\n", String::new()),
        "failed: HTTP 302 Found to localhost; redirects are not followed",
        1,
    )
    .await;
}

/// The status decides: its text is only read for some seconds.
#[tokio::test]
async fn a_refusal_whose_text_never_ends_is_shown_as_far_as_it_came() {
    let asked = in_time(check(
        || TestReply::Drip(500, "the gateway is out of order "),
        "failed: HTTP 500 Internal Server Error: the gateway is out of order; try again later",
        1,
    ));
    asked.await;
}

#[tokio::test]
async fn a_secret_that_the_recommender_sends_is_taken_out_of_texts_and_of_no_key() {
    let body = |name: &str| {
        let item = json!({ "recommended_content_id": 574_327, "recommended_content": name });
        json!({ "response": { "ml_recommendations": [item] } }).to_string()
    };
    let sent = body(&format!("About {SECRET}"));
    let server = TestServer::start(move |_, _| ok(&sent)).await;
    let asked = ask_one(&settings(server.url()), 7).await.unwrap();
    assert_eq!(asked.line, format!("{{\"ba_id\":7,\"body\":{}}}\n", body("About (secret)")));
    let kept = Recommendation { content_id: 574_327, name: "About (secret)".into() };
    assert_eq!(asked.answer, Answer::Recommendations(vec![kept]));
    for before in [0, 280, 290, 299, 400] {
        let message = format!("{}{SECRET}", "x".repeat(before));
        let server = TestServer::start(move |_, _| TestReply::Whole(400, "", message.clone())).await;
        let asked = ask_one(&settings(server.url()), 7).await.unwrap();
        assert!(!format!("{asked:?}").contains("recom"), "{asked:?}");
    }
}

#[tokio::test]
async fn what_is_cut_or_silent_is_tried_three_times() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{\"resp";
    let silent = "failed: timed out after 0.4 s (3 attempts); try again later, or raise API_TIMEOUT";
    tokio::join!(
        check(move || TestReply::Raw(cut.to_owned()), "failed: the connection broke off", 3),
        check(|| TestReply::Raw(String::new()), "failed: the connection broke off", 3),
        check(|| TestReply::Hang, silent, 3),
        check(|| TestReply::Drip(200, ""), silent, 3),
    );
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_noticed_after_a_few_calls() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (outcome, asked) = all(&settings(format!("http://127.0.0.1:{port}")), 2_000).await;
    assert_eq!(asked[0].failure(), Some("nothing listens there (connection refused) (3 attempts)"));
    assert_eq!(
        asked[1_999].failure().unwrap(),
        "not asked: the first 20 employees all failed, the last of them: nothing listens there (connection refused) (3 attempts)"
    );
    assert_eq!((asked.len(), outcome.failed), (2_000, 2_000));
    let recorded = recommendations::read(&outcome.recording, |_| true);
    assert_eq!((recorded.value.len(), recorded.problems.len()), (2_000, 0));
}

#[tokio::test]
async fn an_api_that_fails_for_everybody_is_not_asked_about_everybody() {
    for (reply, most) in
        [((|| TestReply::Whole(500, "", String::new())) as fn() -> TestReply, 20 + 16), (|| TestReply::Hang, 60)]
    {
        let server = TestServer::start(move |_, _| reply()).await;
        let (outcome, _) = all(&settings_for(&reply(), server.url()), 1_000).await;
        assert_eq!(outcome.failed, 1_000);
        assert!(outcome.gave_up.is_some() && server.count() <= most, "{}", server.count());
    }
}

#[tokio::test]
async fn an_api_that_dies_later_is_noticed_too() {
    let server = TestServer::start(|number, _| if number < 100 { ok(NOTHING) } else { ok("{\"error\": 1}") }).await;
    let (outcome, _) = all(&settings(server.url()), 1_000).await;
    assert_eq!(outcome.failed, 900);
    assert!((150..=166).contains(&server.count()), "{}", server.count());
    assert!(outcome.gave_up.unwrap().starts_with("the last 50 employees all failed"));
}

#[tokio::test]
async fn one_employees_failure_costs_no_other() {
    let server = TestServer::start(|_, request| match employee_of(request) {
        5 => TestReply::Whole(500, "", String::new()),
        id => ok(&format!(
            "{{\"response\": {{\n\"ml_recommendations\": [{{\"recommended_content_id\": {id}, \"recommended_content\": \"a \\\" b\"}}]}}}}"
        )),
    })
    .await;
    let mut heard = Vec::new();
    let ids: Vec<u64> = (1..=40).rev().collect();
    let mut listener = |asked: &EmployeeAnswer, progress: CallProgress| {
        heard.push((progress.done, progress.failed, progress.total, asked.clone()));
    };
    let (settings, cancel) = (settings(server.url()), CancellationToken::new());
    let outcome = ask_all(&settings, &ids, &Answers::default(), &mut listener, &cancel).await.unwrap();
    assert_eq!((outcome.failed, outcome.gave_up.as_deref()), (1, None));
    assert!(outcome.first_failure.is_some_and(|first| first.employee_id == 5 && first.why.starts_with("HTTP 500")));
    assert_eq!((heard.len(), heard[39].0, heard[39].1, heard[39].2), (40, 40, 1, 40));
    let recorded = recommendations::read(&outcome.recording, |_| true);
    assert_eq!(recorded.value.iter().map(|answer| answer.ba_id).collect::<Vec<_>>(), ids);
    for (.., asked) in &heard {
        let recorded = recorded.value.iter().find(|answer| answer.ba_id == asked.employee_id);
        assert_eq!(Some(&asked.answer), recorded.map(|answer| &answer.answer));
    }
    assert!(outcome.recording.starts_with(b"{\"ba_id\":40,\"body\":{\"response\":{\"ml_recommendations\":[{"));
}

/// A run that is taken up asks about those alone who have no answer yet, and its recording is that of a whole run.
#[tokio::test]
async fn what_is_known_is_not_asked_for() {
    let server = TestServer::start(|_, request| match employee_of(request) {
        30.. => TestReply::Whole(500, "", String::new()),
        _ => ok(NOTHING),
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let (settings, cancel) = (settings(server.url()), CancellationToken::new());
    let ids: Vec<u64> = (1..=32).collect();
    let mut stopped = Journal::of(folder.path(), &settings);
    let mut keep = |asked: &EmployeeAnswer, _| {
        if asked.failure().is_none() {
            stopped.keep(&asked.line);
        }
    };
    let half: Vec<u64> = ids.iter().copied().filter(|id| id % 2 == 0).collect();
    ask_all(&settings, &half, &Answers::default(), &mut keep, &cancel).await.unwrap();
    drop(stopped);
    let before = server.count();
    let (known, _) = Journal::of(folder.path(), &settings).take_up(&ids).unwrap();
    let mut asked = Vec::new();
    let mut listener = |one: &EmployeeAnswer, progress: CallProgress| asked.push((one.employee_id, progress.done));
    let outcome = ask_all(&settings, &ids, &known, &mut listener, &cancel).await.unwrap();
    assert_eq!((server.count() - before, asked.len(), outcome.failed), (18, 18, 3));
    assert_eq!(asked.iter().map(|(_, done)| *done).max(), Some(32));
    assert!(asked.iter().all(|(employee_id, _)| employee_id % 2 == 1 || *employee_id >= 30), "{asked:?}");
    assert_eq!(outcome.recording, all(&settings, 32).await.0.recording);
}

#[tokio::test]
async fn retry_after_is_obeyed() {
    let server = TestServer::start(|number, _| match number {
        0 => TestReply::Whole(429, "retry-after: 1\r\n", String::new()),
        _ => ok(NOTHING),
    })
    .await;
    let began = Instant::now();
    let asked = ask_one(&settings(server.url()), 7).await.unwrap();
    assert_eq!(asked.failure(), None);
    assert!(began.elapsed() >= Duration::from_secs(1), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_pause_that_is_too_long_to_obey_ends_the_call() {
    let server = TestServer::start(|_, _| TestReply::Whole(429, "retry-after: 301\r\n", String::new())).await;
    let asked = ask_one(&settings(server.url()), 7).await.unwrap();
    let failure = asked.failure().unwrap();
    assert!(failure.starts_with("HTTP 429") && failure.contains("a pause of 301 s (Retry-After)"), "{failure}");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn an_encoded_answer_is_called_so() {
    for (status, headers, message) in [
        (200, "content-encoding: gzip\r\n", "the answer is compressed (gzip), which nobody asked for"),
        (200, "content-encoding: br\r\n", "the answer is compressed (br), which nobody asked for"),
        (200, "content-encoding: zstd\r\n", "the answer is compressed (zstd), which nobody asked for"),
        (200, "content-encoding: deflate\r\n", "the answer is compressed (deflate), which nobody asked for"),
        (500, "content-encoding: gzip\r\n", "HTTP 500 Internal Server Error: the answer is compressed (gzip), which"),
    ] {
        check(move || TestReply::Whole(status, headers, NOTHING.to_owned()), &format!("failed: {message}"), 1).await;
    }
    check(|| TestReply::Whole(200, "content-encoding: identity\r\n", NOTHING.to_owned()), "0 kept", 1).await;
    let marked = |mark: &'static [u8]| {
        move || TestReply::Bytes([&b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n"[..], mark].concat())
    };
    check(marked(b"\x1F\x8B\x08\x00\x00\x00"), "failed: the answer is compressed (gzip, which no header says)", 1)
        .await;
    check(marked(b"\x28\xB5\x2F\xFD\x00\x00"), "failed: the answer is compressed (zstd, which no header says)", 1)
        .await;
    let server = TestServer::start(|_, _| ok(NOTHING)).await;
    let _ = ask_one(&settings(server.url()), 7).await.unwrap();
    assert!(server.requests.lock().unwrap()[0].contains("accept-encoding: identity\r\n"));
}

#[tokio::test]
async fn what_nobody_reads_costs_nothing() {
    for odd in ["NaN", "Infinity", "-Infinity", "[NaN, {\"x\": -Infinity}]", "1e400", "\"\\ud83d\""] {
        let answer = format!(
            "{{\"took\": {odd},\n \"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": 5, \"score\": {odd}}}]}}}}"
        );
        check(move || ok(&answer), "1 kept, 0 left out", 1).await;
        let answer = format!("{{\"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": {odd}}}]}}}}");
        check(move || ok(&answer), "0 kept, 1 left out", 1).await;
    }
    for error in ["\"\"", "null", "false", "0", "{}", "[]", "NaN"] {
        let answer = format!(
            "{{\"error\": {error}, \"response\": {{\"ml_recommendations\": [{{\"recommended_content_id\": 5}}]}}}}"
        );
        check(move || ok(&answer), "1 kept, 0 left out", 1).await;
    }
    check(|| ok("{\"x\": NaNs}"), "failed: the answer is no JSON: no JSON value stands", 1).await;
}

#[tokio::test]
async fn a_long_page_in_place_of_an_answer_is_read_in_its_beginning() {
    let page = format!("<html><body>The model is down {}</body></html>", "and out ".repeat(20_000));
    check(
        move || TestReply::Whole(500, "", page.clone()),
        "failed: HTTP 500 Internal Server Error: The model is down and",
        1,
    )
    .await;
    let cut = "HTTP/1.1 500 x\r\ncontent-length: 1000\r\n\r\nAbout recommended_co";
    let server = TestServer::start(move |_, _| TestReply::Raw(cut.to_owned())).await;
    let asked = ask_one(&settings(server.url()), 7).await.unwrap();
    assert_eq!(asked.failure(), Some("HTTP 500 Internal Server Error: About"), "half a secret is one, too");
}

#[tokio::test]
async fn a_cancelled_run_ends_at_once() {
    let server = Arc::new(TestServer::start(|_, _| TestReply::Hang).await);
    let settings = settings(server.url());
    let cancel = CancellationToken::new();
    let soon = cancel.clone();
    tokio::spawn(async move {
        wait_until("all calls are under way", || server.count() == 3).await;
        soon.cancel();
    });
    let failure =
        in_time(ask_all(&settings, &[1, 2, 3], &Answers::default(), &mut |_, _| {}, &cancel)).await.unwrap_err();
    assert!(matches!(failure, Failure::Interrupted), "{failure}");
}

#[tokio::test]
async fn a_certificate_is_trusted_by_the_companys_root_only() {
    let folder = tempfile::tempdir().unwrap();
    let ca_file = folder.path().join("root.pem");
    let acceptor = unknown_certificate(&ca_file);
    let server = TestServer::start_with(Some(acceptor), |_, _| ok(NOTHING)).await;
    let plain = settings(format!("https://127.0.0.1:{}", server.port));
    let refused = ask_one(&plain, 7).await.unwrap();
    assert_eq!(
        refused.explained_failure().unwrap(),
        "the server's certificate is not accepted: nobody whom this machine trusts has signed it; name the PEM file of \
         the company's root by API_CA_FILE"
    );
    let trusting = RecommenderSettings { ca_file: Some(ca_file), ..plain.clone() };
    assert_eq!(ask_one(&trusting, 7).await.unwrap().failure(), None);
    let other_host = RecommenderSettings { url: format!("https://localhost:{}", server.port), ..trusting };
    let refused = ask_one(&other_host, 7).await.unwrap().explained_failure().unwrap();
    assert!(refused.contains("certificate") && !refused.contains("API_CA_FILE"), "{refused}");
    assert!(refused.ends_with("check API_BASE_URL: it must name the host as its certificate does"), "{refused}");
    let insecure = RecommenderSettings { tls_insecure: true, ..plain.clone() };
    assert_eq!(ask_one(&insecure, 7).await.unwrap().failure(), None);
    let no_certificate = folder.path().join("empty.pem");
    std::fs::write(&no_certificate, "hello").unwrap();
    for file in [no_certificate, PathBuf::from("missing.pem")] {
        let settings = RecommenderSettings { ca_file: Some(file), ..plain.clone() };
        let failure = ask_one(&settings, 7).await.unwrap_err().to_string();
        assert!(
            failure.contains("empty.pem: no certificate") || failure.contains("missing.pem: cannot read"),
            "{failure}"
        );
    }
}

#[tokio::test]
async fn the_connection_is_tried_by_a_real_call() {
    for (reply, expected) in [
        (|| ok(NOTHING), Ok("answers; 0 recommendations for employee 7")),
        (|| ok(r#"{"error": "no model"}"#), Err("no model")),
        (|| TestReply::Whole(404, "", String::new()), Err("HTTP 404 Not Found; check API_BASE_URL and API_ENDPOINT")),
        (|| TestReply::Whole(503, "", String::new()), Err("HTTP 503 Service Unavailable")),
        (|| TestReply::Hang, Err("timed out after 0.4 s; try again later, or raise API_TIMEOUT")),
    ] as [(fn() -> TestReply, Result<&str, &str>); 5]
    {
        let server = TestServer::start(move |_, _| reply()).await;
        let settings = settings_for(&reply(), server.url());
        let (found, works) = match test_connection(&settings, 7).await {
            Ok(message) => (message, true),
            Err(failure) => (failure.to_string(), false),
        };
        let (part, is_expected_to_work) = expected.map_or_else(|part| (part, false), |message| (message, true));
        assert!(found.contains(part) && works == is_expected_to_work, "{part:?} is not in {found}");
        assert!(works || found.starts_with(&format!("the recommender at {}: ", settings.url)), "{found}");
        assert_eq!(employee_of(&server.requests.lock().unwrap()[0]), 7);
    }
}

#[test]
fn it_is_tried_with_an_employee_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("employees.csv");
    assert_eq!(employee_to_try(&file), 1);
    for (text, expected) in [
        ("employee_id,employee_edu_type\n# 5,a\n104829,a\n7,b\n", 104_829),
        ("employee_id,employee_edu_type\nx,a\n8,b\n", 8),
        ("nothing of the kind", 1),
    ] {
        std::fs::write(&file, text).unwrap();
        assert_eq!(employee_to_try(&file), expected, "{text}");
    }
}

fn sandbox_options(faults: RecommenderFaults) -> RecommenderOptions {
    let contents = (1..=50).map(|id| (id * 1_000, format!("Content {id}"))).collect();
    let today = "2026-01-29".parse().unwrap();
    RecommenderOptions { faults, delay: (Duration::ZERO, Duration::ZERO), ..RecommenderOptions::new(contents, today) }
}

#[tokio::test]
async fn the_sandbox_recommends_to_a_third() {
    let sandbox = start_recommender(sandbox_options(RecommenderFaults::default())).await.unwrap();
    let settings = settings(format!("{}/public/api/v1/mltr/v3/run", sandbox.base_url));
    let (_, asked) = all(&settings, 300).await;
    let counts = asked.iter().map(|asked| match &asked.answer {
        Answer::Recommendations(items) => items.len(),
        Answer::Failed(_) => usize::MAX,
    });
    let with_some = counts.clone().filter(|count| *count > 0).count();
    assert!((80..=120).contains(&with_some) && counts.max().unwrap() <= 6, "{with_some}");
    assert!(asked.iter().all(|asked| asked.problems.is_empty()));
    assert_eq!(all(&settings, 20).await.1[19].answer, asked[19].answer);
}

#[tokio::test]
async fn the_sandbox_fails_as_asked() {
    let faults = |change: fn(&mut RecommenderFaults)| {
        let mut faults = RecommenderFaults::default();
        change(&mut faults);
        faults
    };
    let mut checks = JoinSet::new();
    for (faults, failed, settings) in [
        (faults(|faults| faults.error_500 = 0.2), 4..=20, settings as fn(String) -> RecommenderSettings),
        (faults(|faults| faults.too_many_429 = 0.03), 0..=0, settings),
        (faults(|faults| faults.half_json = 0.2), 4..=20, settings),
        (faults(|faults| faults.error_in_disguise = 0.2), 4..=20, settings),
        (faults(|faults| faults.wrong_types = 1.0), 0..=0, settings),
        (faults(|faults| faults.drip = 0.06), 1..=10, half_patient),
        (faults(|faults| faults.hang = 0.06), 1..=10, half_patient),
    ] {
        checks.spawn(async move {
            let sandbox = start_recommender(sandbox_options(faults)).await.unwrap();
            let (outcome, _) = all(&settings(sandbox.base_url.clone()), 60).await;
            assert!(failed.contains(&outcome.failed), "{faults:?}: {}", outcome.failed);
        });
    }
    while let Some(checked) = checks.join_next().await {
        checked.unwrap();
    }
}

/// The configured number of calls is in flight: never fewer while employees wait, and never more.
#[tokio::test]
async fn calls_run_side_by_side() {
    const ROUNDS: usize = 5;
    let may_answer = Arc::new(Semaphore::new(0));
    let permits = Arc::clone(&may_answer);
    let server = TestServer::start(move |_, _| {
        let permits = Arc::clone(&permits);
        TestReply::After(Box::pin(async move { permits.acquire().await.unwrap().forget() }), NOTHING.to_owned())
    })
    .await;
    let settings = settings(server.url());
    let at_a_time = settings.concurrency;
    let answer_in_rounds = async {
        for round in 1..=ROUNDS {
            wait_until("all that may be are under way", || server.count() >= round * at_a_time).await;
            sleep(Duration::from_millis(100)).await;
            assert_eq!(server.count(), round * at_a_time);
            may_answer.add_permits(at_a_time);
        }
    };
    let ((outcome, _), ()) = tokio::join!(all(&settings, (ROUNDS * at_a_time) as u64), answer_in_rounds);
    assert_eq!(outcome.failed, 0);
}

#[test]
fn a_server_can_run_it_in_a_task() {
    fn is_send(_: impl Send) {}
    let (settings, cancel) = (settings("http://127.0.0.1:1".to_owned()), CancellationToken::new());
    let known = Answers::default();
    is_send(ask_all(&settings, &[7], &known, &mut |_, _| {}, &cancel));
    is_send(ask_one(&settings, 7));
    is_send(test_connection(&settings, 7));
}
