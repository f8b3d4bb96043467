//! A run that ends early cancels its statement.

use super::*;

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
