//! Publishing: nothing is overwritten, and a folder that cannot be read or written is reported.

use std::fs;

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{NOW, small_catalog};

use super::{CATALOG, CONTENT, Sshd, big_catalog};

#[test]
fn a_folder_that_cannot_be_written_or_found_is_reported() {
    let Some(sshd) = Sshd::start("", "internal-sftp -R") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    let refused = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
    assert!(refused.stderr.contains("permission denied"), "{}", refused.stderr);
    assert_eq!(sshd.folder.names("out"), Vec::<String>::new());
    let nowhere =
        sshd.run(&here, &[("SFTP_OUTBOUND_REMOTE_PATH", "/no/where")], &["publish", "generated_files"]).exits(1);
    assert!(
        nowhere.stderr.contains("/no/where: there is no such folder; check SFTP_OUTBOUND_REMOTE_PATH"),
        "{}",
        nowhere.stderr
    );
}

#[test]
fn a_drop_folder_for_writing_only_takes_a_feed() {
    const HIDDEN: &str = "stat,lstat,fstat,opendir,readdir,realpath,read,fsync,limits";
    for (denied, is_warned) in [
        (HIDDEN.to_owned(), false),
        (format!("{HIDDEN},hardlink"), true),
        (format!("{HIDDEN},hardlink,rename,remove"), true),
        ("rename,hardlink".to_owned(), true),
    ] {
        let Some(sshd) = Sshd::start("", &format!("internal-sftp -P {denied}")) else { return };
        let sshd = sshd.with_catalogs(10);
        let here = Folder::new();
        simulate(&sshd, &here);
        let outcome = sshd.run(&here, &[], &["publish", "generated_files"]).exits(0);
        assert!(outcome.stdout.contains("4 files sent"), "{denied}: {}", outcome.stdout);
        assert_eq!(
            outcome.stderr.contains("SFTP_OUTBOUND_TEMPORARY_NAME=none"),
            is_warned,
            "{denied}: {}",
            outcome.stderr
        );
        let (left, whole): (Vec<_>, Vec<_>) =
            sshd.folder.names("out").into_iter().partition(|name| name.starts_with('.'));
        assert_eq!(whole.len(), 4, "{denied}: {whole:?}");
        assert!(left.iter().all(|name| outcome.stderr.contains(name.as_str())), "{denied}: {}", outcome.stderr);
        for name in whole.iter().filter(|name| *name != CONTENT) {
            let sent = sshd.folder.bytes(&format!("out/{name}"));
            assert_eq!(sent, here.bytes(&format!("generated_files/{name}")), "{denied}: {name}");
        }
        // Nothing is overwritten, whether the folder can be listed or not.
        let dummy = whole.iter().find(|name| name.starts_with("UserCompletion")).unwrap();
        sshd.folder.write(&format!("out/{dummy}"), "of somebody else");
        let refused = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
        assert_eq!(sshd.folder.text(&format!("out/{dummy}")), "of somebody else", "{denied}: {}", refused.stderr);
    }
}

fn simulate(sshd: &Sshd, here: &Folder) {
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n2,f\n");
    let run = ["simulate", "--now", NOW, "--seed", "1", "--quiet"];
    let content = sshd.folder.path(&format!("in/{CONTENT}")).display().to_string();
    here.write(&format!("downloaded_files/{CONTENT}"), fs::read(content).unwrap());
    let _ = here.run(&run).exits(0);
}

#[test]
fn a_run_is_published_and_nothing_is_overwritten() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    let publish = |settings: &[(&str, &str)], more: &[&str]| {
        sshd.run(&here, settings, &[&["publish", "generated_files"], more].concat())
    };
    let published = publish(&[], &[]).exits(0);
    assert!(published.stdout.contains("4 files sent"), "{}", published.stdout);
    assert!(published.stderr.contains("no CourseCatalog_V2 goes"), "{}", published.stderr);
    let names = sshd.folder.names("out");
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().all(|name| !name.starts_with("run_") && !name.starts_with('.')), "{names:?}");
    for name in names.iter().filter(|name| *name != CONTENT) {
        assert_eq!(sshd.folder.bytes(&format!("out/{name}")), here.bytes(&format!("generated_files/{name}")));
    }
    let again = publish(&[], &[]).exits(0);
    assert!(again.stdout.contains("0 files sent"), "{}", again.stdout);

    // If a file is missing there, the others are not sent again. If one differs there, nothing is sent.
    let dummy = names.iter().find(|name| name.starts_with("UserCompletion")).unwrap();
    fs::remove_file(sshd.folder.path(&format!("out/{dummy}"))).unwrap();
    assert!(publish(&[], &[]).exits(0).stdout.contains("1 file sent"));
    fs::remove_file(sshd.folder.path(&format!("out/{dummy}"))).unwrap();
    sshd.folder.write(&format!("out/{CONTENT}"), "another");
    let refused = publish(&[], &[]).exits(1);
    for part in [format!("there, with other bytes: {CONTENT}\n"), format!("not there: {dummy}\n")] {
        assert!(refused.stderr.contains(&part), "{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("the same call finishes the rest"), "{}", refused.stderr);
    assert!(refused.stderr.contains("another file of this name already"), "{}", refused.stderr);
    assert_eq!(sshd.folder.names("out").len(), 3);
    assert_eq!(sshd.folder.text(&format!("out/{CONTENT}")), "another");

    // Production, by the path, by what a link leads to, by the environment.
    for folder in ["retail-prod", "elsewhere"] {
        fs::create_dir_all(sshd.folder.path(folder)).unwrap();
    }
    std::os::unix::fs::symlink(sshd.folder.path("retail-prod"), sshd.folder.path("harmless")).unwrap();
    for (name, value) in [
        ("SFTP_OUTBOUND_REMOTE_PATH", sshd.folder.path("retail-prod").display().to_string()),
        ("SFTP_OUTBOUND_REMOTE_PATH", sshd.folder.path("harmless").display().to_string()),
        ("BTCFAKE_ENV", "Prod".to_owned()),
    ] {
        let refused = publish(&[(name, &value)], &[]).exits(1);
        assert!(refused.stderr.contains("--allow-production"), "{}", refused.stderr);
        assert_eq!(sshd.folder.names("retail-prod"), Vec::<String>::new());
    }
    let harmless = sshd.folder.path("harmless").display().to_string();
    let _ = publish(&[("SFTP_OUTBOUND_REMOTE_PATH", &harmless)], &["--allow-production"]).exits(0);
    assert_eq!(sshd.folder.names("retail-prod").len(), 4);

    // A changed file is not published.
    let dummy_here = here.path(&format!("generated_files/{dummy}"));
    fs::write(dummy_here, "changed").unwrap();
    let elsewhere = sshd.folder.path("elsewhere").display().to_string();
    let changed = publish(&[("SFTP_OUTBOUND_REMOTE_PATH", &elsewhere)], &[]).exits(1);
    assert!(changed.stderr.contains("it was changed since; nothing was sent"), "{}", changed.stderr);
    assert_eq!(sshd.folder.names("elsewhere"), Vec::<String>::new());
}

/// Catalogs in the local folder may come from another server or an earlier day.
#[test]
fn a_live_run_is_made_from_what_it_downloads_and_from_nothing_else() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let here = Folder::new();
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
    let newer = [
        ("CourseCatalog_V2_2026_1_30_1_abcdef.csv", big_catalog(10)),
        ("StandAloneContent_v2_2026_1_30_1_abcdef.csv", small_catalog()),
    ];
    newer.iter().for_each(|(name, text)| {
        here.write(&format!("downloaded_files/{name}"), text);
    });
    let run = |more: &[&str]| {
        let arguments = ["run", "--now", NOW, "--seed", "1", "--quiet", "--out", "made"];
        sshd.run(&here, &[], &[&arguments, more].concat())
    };
    let refused = run(&[]).exits(1);
    assert!(refused.stderr.contains("there is no StandAloneContent in "), "{}", refused.stderr);
    assert!(!here.path("made").exists());

    sshd.folder.write(&format!("in/{CONTENT}"), small_catalog());
    let outcome = run(&["--json"]).exits(0);
    assert!(outcome.stdout.contains("\"there is no CourseCatalog_V2 in "), "{}", outcome.stdout);
    let inputs = |folder: &str| {
        let run = here.names(folder).into_iter().find(|name| name.starts_with("run_")).unwrap();
        let run: serde_json::Value = serde_json::from_slice(&here.bytes(&format!("{folder}/{run}"))).unwrap();
        let names = run["inputs"].as_array().unwrap().iter().filter_map(|input| input["name"].as_str());
        names.filter(|name| name.contains("_2026_")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(inputs("made"), [CONTENT]);

    sshd.folder.write(&format!("in/{CATALOG}"), big_catalog(10));
    fs::remove_dir_all(here.path("made")).unwrap();
    let _ = run(&[]).exits(0);
    let mut both = inputs("made");
    both.sort();
    assert_eq!(both, [CATALOG, CONTENT]);
}

#[test]
fn the_built_in_sample_is_never_published() {
    let Some(sshd) = Sshd::start("", "internal-sftp") else { return };
    let here = Folder::new();
    here.write("input/employees.csv", "employee_id,employee_edu_type\n1,a\n");
    let _ = here.run(&["simulate", "--now", NOW, "--quiet"]).exits(0);
    let published = sshd.run(&here, &[], &["publish", "generated_files"]).exits(0);
    assert!(published.stderr.contains("made from the built-in sample"), "{}", published.stderr);
    assert_eq!(sshd.folder.names("out").len(), 3);
}

#[test]
fn a_full_disk_of_the_server_is_reported_and_leaves_nothing() {
    let Some(sshd) = Sshd::start("trap '' XFSZ; ulimit -f 400; ", "internal-sftp") else { return };
    let sshd = sshd.with_catalogs(10);
    let here = Folder::new();
    simulate(&sshd, &here);
    here.write(&format!("downloaded_files/{CATALOG}"), big_catalog(10_000));
    fs::remove_dir_all(here.path("generated_files")).unwrap();
    let _ = here.run(&["simulate", "--now", NOW, "--seed", "1", "--quiet"]).exits(0);
    let full = sshd.run(&here, &[], &["publish", "generated_files"]).exits(1);
    assert!(full.stderr.contains("the server refuses it"), "{}", full.stderr);
    assert_eq!(sshd.folder.names("out"), Vec::<String>::new());
}
