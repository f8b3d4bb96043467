//! Tests of SFTP servers that refuse optional requests, answer wrongly, slowly or endlessly, or have no space.

use super::odd_server::{
    CLOSE, EXTENDED, FSTAT, OPEN, OPENDIR, OddServer, REALPATH, REMOVE, RENAME, Renames, STAT, SftpScript, WRITE,
    odd_sftp,
};
use super::*;

/// Publishes a run of three small files.
async fn publish_to(server: &OddServer) -> Result<Published, String> {
    let here = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = here.path().join(name);
        fs::write(&path, bytes).unwrap();
        RunFile { name: name.to_owned(), path, bytes: bytes.len() as u64, sha256: sha256(bytes) }
    };
    let files = vec![file("a.csv", b"aaa"), file("b.csv", &bytes(100_000)), file("c.csv", b"")];
    let run = RunFiles { files, ..RunFiles::default() };
    let mut client = client_of(&server.settings);
    let published = in_time(client.publish(&run, &Production::default())).await;
    published.map_err(|failure| failure.to_string())
}

fn refused(kinds: &[u8], code: u32) -> std::collections::HashMap<u8, u32> {
    kinds.iter().map(|kind| (*kind, code)).collect()
}

const WITH_ALL: [&str; 3] = ["fsync@openssh.com", "limits@openssh.com", "hardlink@openssh.com"];

#[tokio::test]
async fn a_refusal_of_what_is_optional_stops_no_delivery() {
    const OPTIONAL: [u8; 5] = [STAT, FSTAT, OPENDIR, REALPATH, EXTENDED];
    for code in [2, 3, 4, 8, 31] {
        let one_by_one = OPTIONAL.iter().map(std::slice::from_ref);
        for kinds in one_by_one.chain([&OPTIONAL[..], &[STAT, OPENDIR, RENAME], &[RENAME, REMOVE]]) {
            let script =
                SftpScript { refused: refused(kinds, code), extensions: WITH_ALL.to_vec(), ..SftpScript::default() };
            let server = odd_sftp(script, &[]).await;
            let published = publish_to(&server).await.unwrap_or_else(|text| panic!("{kinds:?} {code}: {text}"));
            assert!(published.files.iter().all(|file| file.sent), "{kinds:?} {code}");
            assert_eq!(server.bytes("b.csv"), bytes(100_000), "{kinds:?} {code}");
            let whole: Vec<String> = server.names().into_iter().filter(|name| !name.starts_with('.')).collect();
            assert_eq!(whole, ["a.csv", "b.csv", "c.csv"], "{kinds:?} {code}");
            // Files that could not be removed are named, unless the server reports that they do not exist.
            for left in server.names().iter().filter(|name| code != 2 && name.starts_with('.')) {
                assert!(
                    published.notes.iter().any(|note| note.text.contains(left.as_str())),
                    "{kinds:?} {code}: {left}"
                );
            }
        }
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_seen_is_never_overwritten() {
    for (extensions, kinds) in
        [(&WITH_ALL[..], &[STAT, OPENDIR][..]), (&[], &[STAT, OPENDIR]), (&WITH_ALL, &[STAT, OPENDIR, EXTENDED])]
    {
        let script = SftpScript {
            refused: refused(kinds, 3),
            extensions: extensions.to_vec(),
            hides_files: true,
            renames: Renames::Overwriting,
            ..SftpScript::default()
        };
        let server = odd_sftp(script, &[("b.csv", b"of somebody else")]).await;
        let text = publish_to(&server).await.unwrap_err();
        assert_eq!(server.bytes("b.csv"), b"of somebody else", "{text}");
        assert!(text.contains("another one of this name is there") && text.contains("b.csv"), "{text}");
        assert_eq!(server.names(), ["a.csv", "b.csv"], "{text}");
    }
}

#[tokio::test]
async fn a_listing_that_is_too_long_stops_no_delivery() {
    let mut server = odd_sftp(SftpScript::default(), &[("x", b""), ("y", b""), ("z", b"")]).await;
    server.settings.limits.most_names = 2;
    assert!(publish_to(&server).await.unwrap().files.iter().all(|file| file.sent));
}

#[tokio::test]
async fn a_missing_right_is_named() {
    for (kinds, parts) in [
        (&[OPEN][..], &["a.csv", "permission denied", "ask who runs it for the right"][..]),
        (&[WRITE], &["permission denied"]),
    ] {
        let server = odd_sftp(SftpScript { refused: refused(kinds, 3), ..SftpScript::default() }, &[]).await;
        let text = publish_to(&server).await.unwrap_err();
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        assert_eq!(server.names(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_rename_in_words_only_is_noticed() {
    for (kinds, sizeless) in [(&[][..], false), (&[], true), (&[STAT], false), (&[STAT], true)] {
        let script =
            SftpScript { renames: Renames::InWordsOnly, refused: refused(kinds, 3), sizeless, ..SftpScript::default() };
        let server = odd_sftp(script, &[]).await;
        let notes = publish_to(&server).await.unwrap().notes;
        if kinds.is_empty() {
            assert!(notes.iter().any(|note| note.text.contains("renamed it, and the file is not there")), "{notes:?}");
        }
        assert_eq!(server.names(), ["a.csv", "b.csv", "c.csv"], "{kinds:?} {sizeless}");
        assert_eq!(server.bytes("b.csv"), bytes(100_000), "{kinds:?} {sizeless}");
    }
}

/// Server that hides existing files and reports success for hard links it does not make.
#[tokio::test]
async fn a_link_in_words_only_is_noticed() {
    for (kinds, hides_points) in [(&[STAT, OPENDIR][..], false), (&[], true), (&[STAT], true), (&[OPENDIR], true)] {
        for renames in [Renames::InWordsOnly, Renames::Properly] {
            let script = SftpScript {
                renames,
                refused: refused(kinds, 3),
                extensions: WITH_ALL.to_vec(),
                hides_files: true,
                hides_points,
                ..SftpScript::default()
            };
            let server = odd_sftp(script, &[]).await;
            let published = publish_to(&server).await.unwrap_or_else(|text| panic!("{kinds:?} {renames:?}: {text}"));
            assert_eq!(server.names(), ["a.csv", "b.csv", "c.csv"], "{kinds:?} {renames:?}: {published:?}");
            assert_eq!(server.bytes("b.csv"), bytes(100_000), "{kinds:?} {renames:?}");
            let is_noted =
                published.notes.iter().any(|note| note.text.contains("linked it, and the file is not there"));
            assert_eq!(is_noted, renames == Renames::InWordsOnly, "{kinds:?}: {published:?}");
        }
    }
}

#[tokio::test]
async fn a_file_that_comes_while_ours_is_sent_is_never_overwritten() {
    let script = SftpScript { renames: Renames::Overwriting, rival: true, ..SftpScript::default() };
    let server = odd_sftp(script, &[]).await;
    let text = publish_to(&server).await.unwrap_err();
    assert!(text.contains("another file of this name") && text.contains("b.csv"), "{text}");
    assert_eq!(server.bytes("b.csv"), b"of somebody else", "{text}");
}

#[tokio::test]
async fn a_server_that_shows_no_sizes_gets_temporary_names() {
    let server = odd_sftp(SftpScript { sizeless: true, ..SftpScript::default() }, &[]).await;
    let notes = publish_to(&server).await.unwrap().notes;
    assert!(server.created.lock().unwrap().iter().all(|name| name.starts_with('.')), "{notes:?}");
    assert_eq!(server.names(), ["a.csv", "b.csv", "c.csv"]);
}

#[tokio::test]
async fn the_temporary_name_is_the_one_of_the_settings() {
    for (setting, forbids, created, has_note) in [
        (".*.partial", None, &[".a.csv.", ".b.csv.", ".c.csv."][..], false),
        ("prefix", Some("."), &["tmp_", "tmp_", "tmp_"], false),
        ("*.filepart", Some("."), &["a.csv.", "b.csv.", "c.csv."], false),
        ("none", Some("."), &["a.csv", "b.csv", "c.csv"], false),
        // Temporary names are refused: the file's own name is used.
        (".*.partial", Some("."), &["a.csv", "b.csv", "c.csv"], true),
    ] {
        let mut server = odd_sftp(SftpScript { forbids, ..SftpScript::default() }, &[]).await;
        server.settings.temporary_name = TemporaryName::parse(setting).unwrap();
        let published = publish_to(&server).await.unwrap();
        assert_eq!(server.names(), ["a.csv", "b.csv", "c.csv"], "{setting}");
        let names = server.created.lock().unwrap().clone();
        assert!(
            names.len() == 3 && names.iter().zip(created).all(|(name, begins)| name.starts_with(begins)),
            "{setting}: {names:?}"
        );
        let notes = joined(&published.notes);
        assert_eq!(notes.contains("SFTP_OUTBOUND_TEMPORARY_NAME=none"), has_note, "{notes}");
    }
}

#[tokio::test]
async fn a_file_under_its_own_name_is_whole_or_taken_away() {
    let script = SftpScript { refused: refused(&[WRITE], 14), ..SftpScript::default() };
    let mut server = odd_sftp(script, &[]).await;
    server.settings.temporary_name = TemporaryName::None;
    let text = publish_to(&server).await.unwrap_err();
    assert!(text.contains("no room left"), "{text}");
    assert_eq!(server.names(), Vec::<String>::new());
}

#[tokio::test]
async fn no_room_is_named_for_that_only() {
    for (code, message, is_full) in [
        (14, None, true),
        (15, Some("over quota"), true),
        (4, Some("No space left on device"), true),
        (4, None, false),
        (4, Some("Failure"), false),
        (31, None, false),
    ] {
        let server =
            odd_sftp(SftpScript { refused: refused(&[WRITE], code), message, ..SftpScript::default() }, &[]).await;
        let text = publish_to(&server).await.unwrap_err();
        assert_eq!(text.contains("room"), is_full, "{code}: {text}");
        assert!(text.contains(&format!("(code {code})")), "{text}");
    }
}

async fn download_from(settings: &SftpSettings) -> Result<Vec<u8>, SftpProblem> {
    download_within(settings, HANGS_AFTER).await
}

/// Downloads the course catalog, with a time limit per answer.
async fn download_within(settings: &SftpSettings, silence: Duration) -> Result<Vec<u8>, SftpProblem> {
    let here = tempfile::tempdir().unwrap();
    let mut client = client_of(settings);
    client.limits = TimeLimits { connect: HANGS_AFTER, sign_in: HANGS_AFTER, silence };
    let downloaded = in_time(client.download_most_recent(here.path(), today())).await?;
    Ok(fs::read(downloaded.course_catalog.unwrap()).unwrap())
}

#[tokio::test]
async fn a_path_that_leads_to_no_or_several_places_is_taken() {
    for real_paths in [vec![], vec![""], vec!["/in", "/elsewhere"], vec!["relative"]] {
        let script = SftpScript { real_paths: Some(real_paths.clone()), ..SftpScript::default() };
        let server = odd_sftp(script, &[]).await;
        let published = publish_to(&server).await.unwrap_or_else(|text| panic!("{real_paths:?}: {text}"));
        assert!(published.files.iter().all(|file| file.sent), "{real_paths:?}");
    }
    let script = SftpScript { real_paths: Some(vec!["/in", "/vendor/prod/in"]), ..SftpScript::default() };
    let server = odd_sftp(script, &[]).await;
    let text = publish_to(&server).await.unwrap_err();
    assert!(text.contains("the path /in leads to /vendor/prod/in, which looks like production"), "{text}");
    assert_eq!(server.names(), Vec::<String>::new());
}

#[tokio::test]
async fn the_server_s_own_words_for_a_refusal_are_shown() {
    for (code, message, parts) in [
        (2, "This area is archived", &["there is no such file or folder: This area is archived"][..]),
        (2, "No such file.", &["there is no such file or folder; check"]),
        (3, "Only from 8 to 18 h", &["(permission denied): Only from 8 to 18 h", "ask who runs it for the right"]),
        (3, "Permission denied", &["the server does not allow it (permission denied); ask"]),
        (3, "no\u{202e}t now\r\n", &["(permission denied): no\\u{202e}t now"]),
    ] {
        let script = SftpScript { refused: refused(&[WRITE], code), message: Some(message), ..SftpScript::default() };
        let text = publish_to(&odd_sftp(script, &[]).await).await.unwrap_err();
        let shown = btcfake_core::text::visible::shown_whole(&text);
        assert!(parts.iter().all(|part| shown.contains(part)), "{code} {message}: {shown}");
    }
}

#[tokio::test]
async fn an_upload_whose_end_is_never_confirmed_ends_in_time() {
    let script = SftpScript { unanswered: vec![CLOSE], ..SftpScript::default() };
    let mut server = odd_sftp(script, &[]).await;
    server.settings.limits.operation = Duration::from_secs(5);
    let text = publish_to(&server).await.unwrap_err();
    assert!(text.contains("no answer within") || text.contains("is not done within 5 s (SFTP_TIMEOUT)"), "{text}");
    // No file has its own name; possible leftovers under temporary names are listed.
    let names = server.names();
    assert!(
        !names.is_empty() && names.iter().all(|name| name.starts_with('.') && text.contains(name.as_str())),
        "{text}"
    );
}

#[tokio::test]
async fn an_answer_that_is_given_only_once_costs_nothing() {
    for code in [2, 3, 4, 8] {
        let script = SftpScript { refused_later: refused(&[FSTAT], code), ..SftpScript::default() };
        let server = odd_sftp(script, &[(CATALOG, &bytes(300_000))]).await;
        assert_eq!(download_from(&server.settings).await.unwrap(), bytes(300_000), "{code}");
    }
}

/// The file has 300,000 bytes, so it takes several reads.
#[tokio::test]
async fn the_listing_counts_where_the_size_of_a_file_is_refused_or_wrong() {
    for (size, kinds) in [
        (None, &[STAT, FSTAT, REALPATH][..]),
        (Some(0), &[]),
        (Some(7), &[]),
        (Some(400_000), &[]),
        (Some(u64::MAX), &[]),
    ] {
        let script = SftpScript { size, refused: refused(kinds, 3), ..SftpScript::default() };
        let server = odd_sftp(script, &[(CATALOG, &bytes(300_000))]).await;
        assert_eq!(download_from(&server.settings).await.unwrap(), bytes(300_000), "{size:?}");
    }
    // An upload is also compared by the listing.
    let server = odd_sftp(SftpScript { size: Some(0), ..SftpScript::default() }, &[]).await;
    assert!(publish_to(&server).await.unwrap().files.iter().all(|file| file.sent));
    assert!(publish_to(&server).await.unwrap().files.iter().all(|file| !file.sent));
}

#[tokio::test]
async fn a_file_that_is_too_large_is_not_read() {
    for size in [None, Some(5)] {
        let mut server = odd_sftp(SftpScript { size, ..SftpScript::default() }, &[(CATALOG, &bytes(2_000))]).await;
        server.settings.limits.largest_file = 1_000;
        let problem = download_from(&server.settings).await.unwrap_err();
        assert_eq!(problem.kind, SftpProblemKind::TooLarge);
        let text = problem.to_string();
        assert!(text.contains("2,000 bytes or more; 1,000 are allowed") && text.contains("SFTP_MAX_FILE_MB"), "{text}");
    }
}

#[tokio::test]
async fn what_nobody_asked_for_does_not_go_on_for_ever() {
    for (script, part) in [
        (SftpScript { foreign: u32::MAX, ..SftpScript::default() }, "goes on answering what it was not asked"),
        (SftpScript { empty_listing: true, ..SftpScript::default() }, "goes on sending empty parts of a listing"),
    ] {
        let server = odd_sftp(script, &[(CATALOG, b"x")]).await;
        let text = download_from(&server.settings).await.unwrap_err().to_string();
        assert!(text.contains(part), "{text}");
    }
    // A few unsolicited replies are ignored.
    let server = odd_sftp(SftpScript { foreign: 3, ..SftpScript::default() }, &[(CATALOG, b"x")]).await;
    assert_eq!(download_from(&server.settings).await.unwrap(), b"x");
}

#[tokio::test]
async fn text_in_place_of_sftp_is_shown() {
    for text in ["Welcome to the server!\r\n", "Hi\n"] {
        let server = odd_sftp(SftpScript { text: Some(text), ..SftpScript::default() }, &[]).await;
        let problem = download_within(&server.settings, Duration::from_secs(1)).await.unwrap_err();
        assert_eq!(problem.kind, SftpProblemKind::NoSftp, "{problem}");
        let shown = problem.to_string();
        assert!(shown.contains(text.trim()) && shown.contains("a script that runs at each login"), "{shown}");
    }
}

#[tokio::test]
async fn an_operation_has_one_budget_of_time() {
    let script = SftpScript { silent: true, ..SftpScript::default() };
    let mut server = odd_sftp(script, &[(CATALOG, b"x")]).await;
    server.settings.limits.operation = Duration::from_secs(5);
    // Two answers of three seconds each exceed the time limit.
    let problem = download_within(&server.settings, Duration::from_secs(3)).await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::OutOfTime, "{problem}");
    let text = problem.to_string();
    assert!(text.contains("the operation as a whole is not done within 5 s (SFTP_TIMEOUT)"), "{text}");
}

#[tokio::test]
async fn a_transfer_that_is_too_slow_ends() {
    let script = SftpScript { drips: Some(Duration::from_millis(20)), ..SftpScript::default() };
    let mut server = odd_sftp(script, &[(CATALOG, &bytes(100_000))]).await;
    server.settings.limits.operation = Duration::from_secs(5);
    server.settings.limits.slowest = 1_000_000;
    let problem = download_from(&server.settings).await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::OutOfTime, "{problem}");
    let text = problem.to_string();
    assert!(text.contains("the transfer is too slow") && text.contains("SFTP_MIN_SPEED"), "{text}");
    assert!(!text.contains("tried"), "{text}");
}
