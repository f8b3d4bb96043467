//! Settings from options, environment and `.env`, and the files that are found without being named.

use btcfake_tests::command_line::Folder;
use btcfake_tests::feed::{Feed, NOW, catalog, small_catalog};
use serde_json::Value;

use super::{EMPLOYEES, folder, simulate};

#[test]
fn settings_come_from_the_environment_and_env_and_the_environment_wins() {
    let folder = folder();
    folder.write("people/staff.csv", EMPLOYEES).write("template.csv", "dummy\n");
    folder.write("sftp/StandAloneContent_v2_2026_1_29_1_abc.csv", small_catalog());
    folder.write(
        ".env",
        "# settings\nEMPLOYEES_FILE=people/staff.csv\nOUTPUT_DIR='from env file'\nSFTP_LOCAL_DIR=\"sftp\"\n\
         USER_COMPLETION_TEMPLATE_FILE=template.csv\nBUSINESS_TIMEZONE=Asia/Tokyo\nSFTP_INBOUND_PASSWORD=secret\n",
    );
    let _ = folder.run(&["simulate", "--now", "2026-01-29T18:00:00Z"]).exits(0);
    let feed = Feed::only(&folder, "from env file");
    assert_eq!(feed.completed().len(), 5);
    assert_eq!(feed.user_completion, b"dummy\n");
    assert!(feed.run_name.starts_with("run_2026_1_30_1_"), "in Tokyo it is the 30th: {}", feed.run_name);
    let _ = folder
        .run_with(&[("OUTPUT_DIR", "from environment"), ("BUSINESS_TIMEZONE", "UTC")], &["simulate", "--now", NOW])
        .exits(0);
    assert!(Feed::only(&folder, "from environment").run_name.starts_with("run_2026_1_29_1_"));
    let _ = folder
        .run_with(&[("OUTPUT_DIR", "x")], &["simulate", "--now", NOW, "--out", "from option", "--timezone", "UTC"])
        .exits(0);
    assert!(Feed::only(&folder, "from option").run_name.starts_with("run_2026_1_29_1_"));
    assert_eq!(folder.names("x"), [""; 0]);
}

#[test]
fn without_any_setting_the_usual_places_serve() {
    let folder = Folder::new();
    folder.write("input/employees.csv", EMPLOYEES);
    folder.write("downloaded_files/StandAloneContent_v2_2026_1_29_1_abc.csv", small_catalog());
    let _ = folder.run(&["simulate", "--now", NOW]).exits(0);
    assert_eq!(Feed::only(&folder, "generated_files").completed().len(), 5);
}

#[test]
fn placeholders_count_as_not_set_with_a_warning() {
    let folder = folder();
    folder.write(".env", "OUTPUT_DIR=your_output_dir_here\n");
    let outcome = folder.run_with(&[("EMPLOYEES_FILE", "employees.csv")], &["simulate", "--now", NOW]).exits(0);
    assert!(outcome.stderr.contains("warning: OUTPUT_DIR is still the placeholder"), "{}", outcome.stderr);
    assert_eq!(folder.names("generated_files").len(), 4);
}

#[test]
fn a_broken_env_file_is_named_without_its_secrets() {
    let folder = folder();
    folder.write(".env", "# passwords\nSFTP_INBOUND_PASSWORD='hunter2 and\n");
    let outcome = simulate(&folder, &[]);
    assert_eq!(outcome.code, Some(1), "{outcome:?}");
    assert!(outcome.stderr.contains(".env:2:1: ") && outcome.stderr.contains("SFTP_INBOUND_PASSWORD"), "{outcome:?}");
    assert!(!outcome.stderr.contains("hunter2"), "{}", outcome.stderr);
    // Unquoted values may have any characters of passwords; the byte order mark and line ends are those of Notepad.
    folder.write(".env", "\u{feff}SFTP_INBOUND_PASSWORD=hunter2 'and #$x\r\nOUTPUT_DIR=my out\r\n");
    let _ = folder.run(&["simulate", "--employees", "employees.csv", "--now", NOW]).exits(0);
    assert_eq!(folder.names("my out").len(), 4);
}

#[test]
fn the_most_recent_catalog_of_the_folder_is_taken() {
    let folder = folder();
    let dose = |id: &str| catalog(&[[id, "Dose", "TRUE", "2026-01-01T00:00:00Z"]]);
    for (name, id) in [
        ("StandAloneContent_v2_2026_01_28_1_zzz.csv", "1"),
        ("StandAloneContent_v2_2026_1_30_2_aaa.csv", "2"),
        ("standalonecontent_V2_2026_01_30_10_abc.CSV", "3"),
        ("StandAloneContent_v2_2026_1_30_11_abc.csv.filepart", "4"),
        ("StandAloneContent_v2_2026_1_31_1_abc.csv", "5"),
        ("StandAloneContent_v2_2026_2_30_1_abc.csv", "6"),
        ("StandAloneContent_v3_2026_1_30_12_abc.csv", "7"),
        ("CourseCatalog_V2_2025_1_30_1_abc.csv", "8"),
        ("notes.txt", "9"),
    ] {
        folder.write(&format!("sftp/{name}"), dose(id));
    }
    let columns = "CourseId,CourseName,CourseAdminName,CourseTags,ModuleName,ModuleId,ModuleDescription,ContentName,\
        ContentAdminName,ContentId,ContentDescriptions,ContentType,ContentId_List,ContentTags,CreateDate,Link_Content,\
        Course_Link,DailyDose,DailyDoseBAs,CourseDailyDose,CourseDailyDoseBAs,CourseNameFrench,\
        CourseDescriptionFrench,ContentNameFrench,ContentDescriptionFrench,Description\n";
    folder.write(
        "sftp/CourseCatalog_V2_2025_1_30_1_abc.csv",
        format!("{columns},,,,,,,A name from a course,,77,,,,,,,,,,,,,,,,\n"),
    );
    folder.write("sftp/StandAloneContent_v2_2026_1_30_99_abc.csv/inside.txt", "a folder of that name");
    folder.write(
        "c.csv",
        "{\"ba_id\":88,\"body\":{\"response\":{\"ml_recommendations\":[{\"recommended_content_id\":77}]}}}\n",
    );
    let arguments =
        ["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out", "--recommendations", "c.csv"];
    let outcome = folder.run_with(&[("SFTP_LOCAL_DIR", "sftp")], &arguments).exits(0);
    assert!(outcome.stdout.contains("  3 \"Dose\"\n"), "{}", outcome.stdout);
    assert!(
        outcome.stdout.contains("completed 77 \"A name from a course\" (recommender: recommendation)"),
        "{}",
        outcome.stdout
    );
    assert_eq!(
        outcome.stderr,
        "sftp/StandAloneContent_v2_2026_1_31_1_abc.csv: warning: passed over: its date is after tomorrow\n"
    );
    // Of files with the same date and number, the one that was changed last is taken.
    folder.write("sftp/StandAloneContent_v2_2026_1_30_10_later.csv", dose("10"));
    let out = ["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out2"];
    let outcome = folder.run_with(&[("SFTP_LOCAL_DIR", "sftp")], &out).exits(0);
    assert!(outcome.stdout.contains("  10 \"Dose\"\n"), "{}", outcome.stdout);
}

#[test]
fn without_a_catalog_the_built_in_sample_is_announced() {
    let folder = folder();
    let outcome = folder.run(&["simulate", "--employees", "employees.csv", "--now", NOW, "--out", "out"]).exits(0);
    assert!(
        outcome.stdout.contains("Note: no StandAloneContent file: the contents are those of the built-in sample"),
        "{}",
        outcome.stdout
    );
    let feed = Feed::only(&folder, "out");
    assert_eq!(feed.completion_rows().len(), 5);
    let built_in: Vec<&Value> =
        feed.run["inputs"].as_array().unwrap().iter().filter(|input| input["built_in"] == true).collect();
    assert_eq!(built_in.len(), 2);
}
