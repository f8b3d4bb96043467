//! Connections that break, fall silent or are stopped.

use super::*;

#[tokio::test]
async fn what_was_done_before_a_connection_broke_is_told() {
    let faults = SftpFaults { cut_after: Some(400_000), ..SftpFaults::default() };
    let files = [(CATALOG, 10), (CONTENT, 2_000_000), ("CourseCatalog_V2_2026_1_28_1_abcdef.csv", 10)];
    let sandbox = sandbox(&files, faults).await;
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    assert_eq!(days.files.len(), 1, "{days:?}");
    assert_eq!(days.files[0].state, DayState::Downloaded);
    let broken = days.broken.unwrap();
    assert!(broken.starts_with(CONTENT) && broken.contains("(tried 3 times)"), "{broken}");
    assert_eq!(sandbox.names_here(), [CATALOG]);
}

#[tokio::test]
async fn a_connection_cut_in_mid_file_is_made_again() {
    let faults = SftpFaults { cut_after: Some(400_000), cuts: Some(2), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000), (CONTENT, 10)], faults).await;
    let retries = Mutex::new(0);
    let on_event = |event| {
        if matches!(event, TransferProgress::Retrying { .. }) {
            *retries.lock().unwrap() += 1;
        }
    };
    let mut client = sandbox.client().watched(on_event, CancellationToken::new());
    let downloaded = client.download_most_recent(sandbox.here.path(), today()).await.unwrap();
    assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(2_000_000));
    assert_eq!(*retries.lock().unwrap(), 2);
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
}

#[tokio::test]
async fn a_connection_cut_each_time_leaves_nothing() {
    let faults = SftpFaults { cut_after: Some(400_000), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    check_problem(&sandbox, SftpProblemKind::Cut, &["the connection broke", "(tried 3 times)"]).await;
}

#[tokio::test]
async fn silence_ends_a_download() {
    let faults = SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() };
    let mut sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    sandbox.silence = Duration::from_secs(2);
    let parts = &["no answer within 2 s", "(tried 3 times)"];
    in_time(check_problem(&sandbox, SftpProblemKind::TimedOut, parts)).await;
}

#[tokio::test]
async fn silence_at_the_greeting_is_limited_too() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut sandbox = sandbox(&[], SftpFaults::default()).await;
    sandbox.settings.host.port = silent.local_addr().unwrap().port();
    let mut client = sandbox.client();
    client.limits.connect = Duration::from_millis(300);
    let problem = in_time(client.list_catalogs()).await.unwrap_err();
    assert!(problem.to_string().contains("sends nothing within 0.3 s"), "{problem}");
}

#[tokio::test]
async fn a_wrong_size_leaves_nothing() {
    let sandbox = sandbox(&[(CATALOG, 100_000)], SftpFaults { wrong_sizes: true, ..SftpFaults::default() }).await;
    check_problem(&sandbox, SftpProblemKind::WrongSize, &["ended after 100,000 of the 100,001 bytes"]).await;
}

#[tokio::test]
async fn a_listed_file_that_vanishes_is_told() {
    let sandbox = sandbox(&[], SftpFaults { ghost: Some(CATALOG.to_owned()), ..SftpFaults::default() }).await;
    check_problem(&sandbox, SftpProblemKind::NotFound, &[CATALOG, "it is gone now"]).await;
}

/// A listener, and a token that is cancelled once bytes have arrived and none for half a second.
fn cancelled_in_silence() -> (impl FnMut(TransferProgress) + Send, CancellationToken) {
    const SILENCE: Duration = Duration::from_millis(500);
    let (sender, mut arrivals) = tokio::sync::mpsc::unbounded_channel();
    let token = CancellationToken::new();
    let cancel = token.clone();
    tokio::spawn(async move {
        let _first = arrivals.recv().await;
        while let Ok(Some(())) = tokio::time::timeout(SILENCE, arrivals.recv()).await {}
        cancel.cancel();
    });
    (move |_| _ = sender.send(()), token)
}

#[tokio::test]
async fn a_request_to_stop_ends_a_download_and_leaves_nothing() {
    let faults = SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 2_000_000)], faults).await;
    let (on_event, cancel) = cancelled_in_silence();
    let mut client = sandbox.client().watched(on_event, cancel);
    let stopped = client.download_most_recent(sandbox.here.path(), today()).await.unwrap_err();
    assert_eq!(stopped.kind, SftpProblemKind::Stopped, "{stopped}");
    assert_eq!(sandbox.names_here(), Vec::<String>::new());
}

#[tokio::test]
async fn a_listing_without_end_is_given_up() {
    let mut sandbox = sandbox(&[(CATALOG, 1)], SftpFaults { endless: true, ..SftpFaults::default() }).await;
    sandbox.settings.limits.most_names = 10_000;
    let parts = ["/in: the folder holds more than 10,000 names", "set a larger SFTP_MAX_LISTING_NAMES"];
    check_problem(&sandbox, SftpProblemKind::TooLarge, &parts).await;
    sandbox.settings.limits.largest_listing = 100_000;
    let parts = ["/in: the listing is longer than 100,000 bytes", "set a larger SFTP_MAX_LISTING_MB"];
    check_problem(&sandbox, SftpProblemKind::TooLarge, &parts).await;
}

#[tokio::test]
async fn a_connection_that_is_given_up_ends() {
    for faults in [SftpFaults::default(), SftpFaults { silent_after: Some(400_000), ..SftpFaults::default() }] {
        let sandbox = sandbox(&[(CATALOG, 2_000_000), (CONTENT, 1)], faults).await;
        let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        let (on_event, cancel) = cancelled_in_silence();
        let mut client = sandbox.client().watched(on_event, cancel);
        let _ = client.download_most_recent(sandbox.here.path(), today()).await;
        drop(client);
        wait_until("no more tasks than before", || tasks() <= before).await;
    }
}

/// Futures of the server must be `Send`.
#[test]
fn the_work_can_move_between_threads() {
    fn check<T: Send>(_: T) {}
    let settings = settings_of("/in");
    let run = RunFiles::default();
    let production = Production::default();
    check(SftpClient::new(&settings).download_most_recent(Path::new(""), today()));
    check(SftpClient::new(&settings).download_days(Path::new(""), today(), 0));
    check(SftpClient::new(&settings).publish(&run, &production));
    check(SftpClient::new(&settings).test());
}
