//! Downloads: whole files, those that are there already, days, and what is passed over.

use super::*;

#[tokio::test]
async fn the_most_recent_files_arrive_byte_for_byte() {
    // Sizes around multiples of a chunk.
    for count in [0, 1, 32 * 1024 - 1, 64 * 1024, 64 * 1024 + 1, 5_000_000] {
        let files = [(CATALOG, count), (CONTENT, 10), ("CourseCatalog_V2_2026_1_28_9_old.csv", 5), ("x.txt", 1)];
        let sandbox = sandbox(&files, SftpFaults::default()).await;
        let downloaded = sandbox.download().await.unwrap();
        assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(count), "{count}");
        assert_eq!(fs::read(downloaded.standalone_content.unwrap()).unwrap(), bytes(10));
        assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    }
}

#[tokio::test]
async fn short_and_empty_answers_are_not_the_end() {
    let faults = SftpFaults { short_reads: true, ..SftpFaults::default() };
    let sandbox = sandbox(&[(CATALOG, 1_000_000), (CONTENT, 7)], faults).await;
    let downloaded = sandbox.download().await.unwrap();
    assert_eq!(fs::read(downloaded.course_catalog.unwrap()).unwrap(), bytes(1_000_000));
}

#[tokio::test]
async fn a_file_that_is_there_is_left_alone_or_replaced_once_the_new_one_is_whole() {
    let sandbox = sandbox(&[(CATALOG, 300), (CONTENT, 20)], SftpFaults::default()).await;
    fs::write(sandbox.here.path().join(CATALOG), vec![b'x'; 300]).unwrap();
    sandbox.give_the_same_time(CATALOG);
    fs::write(sandbox.here.path().join(CONTENT), "other").unwrap();
    // A leftover of a killed download, and a file that only looks like one.
    fs::write(sandbox.here.path().join(".CourseCatalog_V2_2026_1_1_1_x.csv.partial"), "half").unwrap();
    fs::write(sandbox.here.path().join(".notes.partial"), "mine").unwrap();
    let downloaded = sandbox.download().await.unwrap();
    let message = joined(&downloaded.notes);
    assert!(message.contains(&format!("{CATALOG}: already there (300 bytes)")), "{message}");
    assert!(message.contains(&format!("{CONTENT}: downloaded (20 bytes), in place of one of 5 bytes")), "{message}");
    assert_eq!(fs::read(sandbox.here.path().join(CONTENT)).unwrap(), bytes(20));
    assert_eq!(sandbox.names_here(), [".notes.partial", CATALOG, CONTENT]);

    // A new catalog of the same size as the one before; the downloaded file has the server's time.
    let again = joined(&sandbox.download().await.unwrap().notes);
    assert!(
        again.contains(&format!("{CATALOG}: already")) && again.contains(&format!("{CONTENT}: already")),
        "{again}"
    );
    let there = fs::File::options().write(true).open(sandbox.there.path().join("in").join(CATALOG)).unwrap();
    there.set_modified(std::time::SystemTime::now() + Duration::from_secs(60)).unwrap();
    let message = joined(&sandbox.download().await.unwrap().notes);
    assert!(message.contains(&format!("{CATALOG}: downloaded (300 bytes), in place of one of 300 bytes")), "{message}");
    assert_eq!(fs::read(sandbox.here.path().join(CATALOG)).unwrap(), bytes(300));
}

/// Other users of the folder may have links to places where this user has no permission.
#[cfg(unix)]
#[tokio::test]
async fn a_link_of_somebody_else_stops_nothing() {
    let sandbox = sandbox(&[(CATALOG, 30), (CONTENT, 20)], SftpFaults::default()).await;
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("private"), "private").unwrap();
    let link = |name: &str, target: &Path| {
        std::os::unix::fs::symlink(target, sandbox.there.path().join("in").join(name)).unwrap();
    };
    let private = "CourseCatalog_V2_2026_1_29_7_private.csv";
    link(private, &outside.path().join("private"));
    link("CourseCatalog_V2_2026_1_29_8_circle.csv", Path::new("CourseCatalog_V2_2026_1_29_8_circle.csv"));
    link("CourseCatalog_V2_2026_1_29_9_nowhere.csv", Path::new("nowhere"));
    link("CourseCatalog_V2_2025_1_1_1_private.csv", &outside.path().join("private"));
    let downloaded = sandbox.download().await.unwrap();
    let notes = joined(&downloaded.notes);
    assert!(notes.contains(private) && notes.contains("permission denied") && notes.contains("passed over"), "{notes}");
    assert!(!notes.contains("2025"), "what is not wanted is not looked at: {notes}");
    assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    let failed: Vec<_> = days.files.iter().filter(|file| matches!(file.state, DayState::Failed(_))).collect();
    assert_eq!(failed.iter().filter_map(|file| Some(&file.file.as_ref()?.0[..])).next(), Some(private), "{failed:?}");
    assert_eq!((days.broken, days.files.iter().filter(|file| file.state == DayState::AlreadyThere).count()), (None, 2));
}

#[tokio::test]
async fn days_are_told_one_by_one() {
    let files = [
        (CATALOG, 4),
        ("StandAloneContent_v2_2026_01_28_1_a.csv", 3),
        ("StandAloneContent_v2_2026_1_28_2_b.csv", 3),
        ("CourseCatalog_V2_2026_1_26_1_old.csv", 3),
        ("CourseCatalog_V2_2026_1_30_1_tomorrow.csv", 3),
    ];
    let sandbox = sandbox(&files, SftpFaults { ghost: Some(CONTENT.to_owned()), ..SftpFaults::default() }).await;
    fs::write(sandbox.here.path().join("StandAloneContent_v2_2026_1_28_2_b.csv"), "abc").unwrap();
    sandbox.give_the_same_time("StandAloneContent_v2_2026_1_28_2_b.csv");
    let days = sandbox.client().download_days(sandbox.here.path(), today(), 1).await.unwrap();
    let on_event: Vec<String> = days
        .files
        .iter()
        .map(|file| {
            let name = file.file.as_ref().map_or("-", |(name, _)| name);
            let state = match &file.state {
                DayState::Failed(problem) => format!("Failed: {}", problem.contains("gone now")),
                state => format!("{state:?}"),
            };
            format!("{} {name} {state}", file.date)
        })
        .collect();
    assert_eq!(
        on_event,
        [
            format!("2026-01-29 {CATALOG} Downloaded"),
            format!("2026-01-29 {CONTENT} Failed: true"),
            "2026-01-28 - Missing".to_owned(),
            "2026-01-28 StandAloneContent_v2_2026_01_28_1_a.csv Downloaded".to_owned(),
            "2026-01-28 StandAloneContent_v2_2026_1_28_2_b.csv AlreadyThere".to_owned(),
        ]
    );
    assert_eq!(sandbox.names_here().len(), 3);
}

/// A name of 255 bytes leaves no room for the longer name of the partial file.
#[tokio::test]
async fn a_name_that_is_too_long_stops_no_other() {
    for length in [247, 255] {
        let beginning = "CourseCatalog_V2_2026_1_29_9_";
        let long = format!("{beginning}{}.csv", "x".repeat(length - beginning.len() - 4));
        let sandbox = sandbox(&[(CATALOG, 30), (CONTENT, 20), (&long, 1)], SftpFaults::default()).await;
        let notes = joined(&sandbox.download().await.unwrap().notes);
        assert!(notes.contains(&format!("{long}: its name is too long")) && notes.contains("passed over"), "{notes}");
        let days = sandbox.client().download_days(sandbox.here.path(), today(), 0).await.unwrap();
        assert_eq!((days.broken, days.files.len()), (None, 3));
        assert_eq!(sandbox.names_here(), [CATALOG, CONTENT]);
    }
}

#[tokio::test]
async fn a_folder_of_ten_thousand_names_is_no_problem() {
    let sandbox = sandbox(&[(CATALOG, 1), (CONTENT, 1)], SftpFaults::default()).await;
    for number in 0..10_000 {
        fs::write(sandbox.there.path().join(format!("in/inventory_{number}.csv")), "").unwrap();
    }
    sandbox.download().await.unwrap();
}
