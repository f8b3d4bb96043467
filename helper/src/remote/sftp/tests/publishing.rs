//! Publishing: whole, never over another file, never to production.

use super::*;

/// Run of three files, one of them large.
fn run(folder: &Path) -> RunFiles {
    let file = |name: &str, count: usize| {
        let path = folder.join(name);
        fs::write(&path, bytes(count)).unwrap();
        RunFile { name: name.to_owned(), path, bytes: count as u64, sha256: sha256(&bytes(count)) }
    };
    RunFiles { files: vec![file("a.csv", 10), file("b.csv", 3_000_000), file("c.csv", 0)], ..RunFiles::default() }
}

#[tokio::test]
async fn a_run_is_published_whole() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    let published = sandbox.publish(&run).await.unwrap();
    assert!(published.files.iter().all(|file| file.sent));
    assert_eq!(sandbox.names_there(), ["a.csv", "b.csv", "c.csv"]);
    assert_eq!(fs::read(sandbox.there.path().join("in/b.csv")).unwrap(), bytes(3_000_000));
    let again = sandbox.publish(&run).await.unwrap();
    assert!(again.files.iter().all(|file| !file.sent));
}

#[tokio::test]
async fn a_password_that_comes_back_is_not_shown_nor_a_part_of_it() {
    const PASSWORD: &str = "Sup3rSecretPw!XYZ";
    // Wherever the text is cut, inside the password or not.
    for before in [0, 5, 290, 295, 299, 400] {
        let refuses_saying = Some(format!("{}{PASSWORD} is odd", "x".repeat(before)));
        let mut sandbox = sandbox(&[], SftpFaults { refuses_saying, ..SftpFaults::default() }).await;
        sandbox.settings.secrets = Secrets::new([Secret::new(PASSWORD)]);
        let message = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
        assert!(message.contains("the server refuses it") && !message.contains("Sup"), "{before}: {message}");
    }
}

#[tokio::test]
async fn what_a_broken_publishing_left_undone_is_finished_by_a_second_call() {
    let faults = SftpFaults { cut_after: Some(1_000_000), ..SftpFaults::default() };
    let broken = sandbox(&[], faults).await;
    let here = tempfile::tempdir().unwrap();
    let run = run(here.path());
    let text = broken.publish(&run).await.unwrap_err();
    assert!(text.contains("the connection broke (tried 3 times)"), "{text}");
    assert!(text.contains("in /in now, whole: a.csv\nnot there: b.csv, c.csv"), "{text}");
    // Of three attempts, only the last one's leftover remains: it could not be removed.
    let left = broken.names_there();
    assert_eq!(left.len(), 2, "{left:?}");
    let partial = &left[0];
    assert!(partial.starts_with(".b.csv.") && partial.ends_with(".partial") && left[1] == "a.csv", "{left:?}");
    let (young, foreign) = (".a.csv.0123456789abcdef.partial", ".other.csv.0123456789abcdef.partial");
    for (name, minutes) in [(partial.as_str(), 90), (foreign, 90), (young, 30)] {
        let file =
            fs::File::options().create(true).append(true).open(broken.there.path().join("in").join(name)).unwrap();
        file.set_modified(std::time::SystemTime::now() - Duration::from_secs(minutes * 60)).unwrap();
    }
    let mended = broken.mended().await;
    let published = mended.publish(&run).await.unwrap();
    assert_eq!(published.files.iter().map(|file| file.sent).collect::<Vec<_>>(), [false, true, true]);
    assert_eq!(mended.names_there(), [young, foreign, "a.csv", "b.csv", "c.csv"]);
    assert_eq!(fs::read(mended.there.path().join("in/b.csv")).unwrap(), bytes(3_000_000));
}

/// The second call stops within the file that the first call is sending, until the first is done; then it continues to
/// its end or is stopped.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_calls_at_a_time_do_not_meet_in_a_file() {
    const SIZE: usize = 20_000_000;
    for is_stopped in [false, true] {
        let sandbox = sandbox(&[], SftpFaults::default()).await;
        let mut run = run(sandbox.here.path());
        fs::write(&run.files[1].path, bytes(SIZE)).unwrap();
        run.files[1] = RunFile { bytes: SIZE as u64, sha256: sha256(&bytes(SIZE)), ..run.files[1].clone() };
        let (in_the_middle, wait_for_first) = std::sync::mpsc::channel();
        let (second_began, wait_for_second) = std::sync::mpsc::channel();
        let (first_done, wait_for_end) = std::sync::mpsc::channel();
        let (cancel, production) = (CancellationToken::new(), Production::default());
        let (wait_for_second, wait_for_end) = (Mutex::new(wait_for_second), Mutex::new(wait_for_end));
        let is_at = |event: &TransferProgress, least: u64| matches!(event, TransferProgress::Bytes { name, done, .. } if name == "b.csv" && *done >= least);
        let (mut first_waits, mut second_waits) = (true, true);
        let on_first_event = |event| {
            if first_waits && is_at(&event, 10_000_000) {
                first_waits = false;
                in_the_middle.send(()).unwrap();
                wait_for_second.lock().unwrap().recv_timeout(HANGS_AFTER).unwrap();
            }
        };
        let on_second_event = |event| {
            if second_waits && is_at(&event, 1) {
                second_waits = false;
                second_began.send(()).unwrap();
                wait_for_end.lock().unwrap().recv_timeout(HANGS_AFTER).unwrap();
                if is_stopped {
                    cancel.cancel();
                }
            }
        };
        let (first, second) = std::thread::scope(|threads| {
            let runtime = tokio::runtime::Handle::current();
            let first = threads.spawn({
                let (runtime, sandbox, run, production) = (runtime.clone(), &sandbox, &run, &production);
                move || {
                    let mut client = sandbox.client().watched(on_first_event, CancellationToken::new());
                    let done = runtime.block_on(client.publish(run, production));
                    first_done.send(()).unwrap();
                    done
                }
            });
            wait_for_first.recv_timeout(HANGS_AFTER).unwrap();
            let mut client = sandbox.client().watched(on_second_event, cancel.clone());
            let second = threads
                .spawn({
                    let (run, production) = (&run, &production);
                    move || runtime.block_on(client.publish(run, production))
                })
                .join()
                .unwrap();
            (first.join().unwrap(), second)
        });
        let sent = |published: &Published| published.files.iter().map(|file| file.sent).collect::<Vec<_>>();
        assert_eq!(sent(&first.unwrap()), [true, true, true]);
        assert_eq!(second.ok().as_ref().map(sent), (!is_stopped).then(|| vec![false, false, false]));
        assert_eq!(fs::read(sandbox.there.path().join("in/b.csv")).unwrap(), bytes(SIZE));
        assert_eq!(sandbox.names_there(), ["a.csv", "b.csv", "c.csv"]);
    }
}

#[tokio::test]
async fn a_publishing_that_is_stopped_says_what_is_there() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    for (stops_at, message) in [
        ("a.csv", "stopped before the end; nothing was sent"),
        ("b.csv", "stopped before the end\nin /in now, whole: a.csv"),
    ] {
        let cancel = CancellationToken::new();
        let on_event = |event| {
            if matches!(&event, TransferProgress::Bytes { name, .. } if name == stops_at) {
                cancel.cancel();
            }
        };
        let mut client = sandbox.client().watched(on_event, cancel.clone());
        let stopped = client.publish(&run, &Production::default()).await.unwrap_err();
        assert!(stopped.to_string().starts_with(message), "{stops_at}: {stopped}");
    }
}

#[tokio::test]
async fn a_name_that_exists_is_never_overwritten() {
    for (name, count, part) in [("c.csv", 5, "c.csv (5 bytes, ours has 0)"), ("b.csv", 3_000_000, "the same size")] {
        let sandbox = sandbox(&[], SftpFaults::default()).await;
        let foreign = vec![b'x'; count];
        fs::write(sandbox.there.path().join("in").join(name), &foreign).unwrap();
        let text = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
        assert!(text.contains(part), "{text}");
        assert_eq!(sandbox.names_there(), [name]);
        assert_eq!(fs::read(sandbox.there.path().join("in").join(name)).unwrap(), foreign);
    }
}

#[tokio::test]
async fn a_folder_that_must_not_be_written_is_told() {
    let ServedFolder { there, .. } = sandbox(&[], SftpFaults::default()).await;
    let sandbox = serve(there, false, SftpFaults::default()).await;
    let text = sandbox.publish(&run(sandbox.here.path())).await.unwrap_err();
    assert!(text.contains("permission denied"), "{text}");
    assert_eq!(sandbox.names_there(), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_was_changed_is_not_published() {
    let sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    fs::write(&run.files[1].path, vec![b'x'; 3_000_000]).unwrap();
    let text = sandbox.publish(&run).await.unwrap_err();
    assert!(text.contains("was changed while it was sent"), "{text}");
    assert_eq!(sandbox.names_there(), ["a.csv"]);
}

#[tokio::test]
async fn production_is_refused_before_anything_is_connected() {
    let mut sandbox = sandbox(&[], SftpFaults::default()).await;
    let run = run(sandbox.here.path());
    let dev = Production::default();
    let environment = Production { environment: Some("prod".to_owned()), allowed: false };
    let refused = |settings: &SftpSettings, production| refuse_production(settings, production).is_err();
    assert!(refused(&sandbox.settings, &environment) && !refused(&sandbox.settings, &dev));
    let named = SftpSettings {
        host: SftpHost { name: "sftp-prod.example.com".to_owned(), ..sandbox.settings.host.clone() },
        ..sandbox.settings.clone()
    };
    assert!(refused(&named, &dev) && !refused(&named, &Production { allowed: true, ..dev.clone() }));
    sandbox.settings.remote_path = Some("/prod1/in".to_owned());
    let text = sandbox.publish(&run).await.unwrap_err();
    assert!(text.contains("looks like production") && text.contains("--allow-production"), "{text}");
    fs::create_dir_all(sandbox.there.path().join("prod1/in")).unwrap();
    let allowed = Production { environment: None, allowed: true };
    sandbox.client().publish(&run, &allowed).await.unwrap();
    assert_eq!(names(&sandbox.there.path().join("prod1/in")), ["a.csv", "b.csv", "c.csv"]);
}
