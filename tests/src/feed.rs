//! A reader of feeds for tests, and handwritten inputs.

#![allow(clippy::expect_used, clippy::panic)]

use btcfake_core::text::digest::sha256;
use serde_json::Value;

use crate::command_line::Folder;

/// The instant of most tests: Thursday, 2026-01-29, 18:00 UTC. Its shift opens at 10:00.
pub const NOW: &str = "2026-01-29T18:00:00Z";

/// The columns of `StandAloneContent`.
const CATALOG_COLUMNS: &str = "ContentId,ContentName,ContentAdminName,ContentDescriptions,ContentType,ContentTags,\
                               Daily_Dose,Daily_Dose_BA,CreateDate,Link,ContentNameFrench,ContentDescriptionFrench";

/// A `StandAloneContent` file of rows of ContentId, ContentName, `Daily_Dose_BA` and CreateDate.
#[must_use]
pub fn catalog(rows: &[[&str; 4]]) -> String {
    let mut text = format!("{CATALOG_COLUMNS}\n");
    for [id, name, dose, created] in rows {
        text.push_str(&format!("\"{id}\",\"{name}\",,,Media,,TRUE,{dose},{created},,,\n"));
    }
    text
}

/// Four Daily Doses and one other content, so that the random content is known. The doses are given in the order 1,000,001,
/// 1,000,003, 1,000,002: the latest first, and the higher id first for equal instants.
#[must_use]
pub fn small_catalog() -> String {
    catalog(&[
        ["1,000,004", "Oldest dose", "TRUE", "2025-01-01T00:00:00Z"],
        ["1,000,002", "Second dose", "true", "2026-01-27T09:00:00Z"],
        ["1,000,003", "Third dose", "True", "2026-01-27T09:00:00Z"],
        ["1,000,001", "First dose", "TRUE", "2026-01-28T08:24:06Z"],
        ["2,000", "The only other", "FALSE", "2026-01-01T00:00:00Z"],
    ])
}

/// A feed in a folder.
#[derive(Debug)]
pub struct Feed {
    /// The name of the completions file.
    pub completions_name: String,
    /// The name of the assignments file.
    pub assignments_name: String,
    /// The name of the dummy file.
    pub user_completion_name: String,
    /// The name of the run file.
    pub run_name: String,
    /// The completions file.
    pub completions: String,
    /// The assignments file.
    pub assignments: String,
    /// The dummy file.
    pub user_completion: Vec<u8>,
    /// The run file.
    pub run: Value,
}

impl Feed {
    /// The only feed of a folder.
    ///
    /// # Panics
    /// If the folder holds another file, or a file differs from the run file.
    #[must_use]
    pub fn only(folder: &Folder, out: &str) -> Feed {
        let names = folder.names(out);
        assert_eq!(names.len(), 4, "four files and nothing else: {names:?}");
        Feed::of_run(folder, out, names.iter().find(|name| name.starts_with("run_")).expect("a run file"))
    }

    /// The feed of a run file.
    ///
    /// # Panics
    /// If a file is missing or differs from the run file.
    #[must_use]
    pub fn of_run(folder: &Folder, out: &str, run_name: &str) -> Feed {
        let run: Value = serde_json::from_slice(&folder.bytes(&format!("{out}/{run_name}"))).expect("JSON");
        let outputs = run["outputs"].as_array().expect("outputs");
        let names: Vec<&str> = outputs.iter().filter_map(|output| output["name"].as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        for (name, output) in names.iter().zip(outputs) {
            let bytes = folder.bytes(&format!("{out}/{name}"));
            assert_eq!(output["bytes"], bytes.len(), "{name}");
            assert_eq!(output["sha256"], sha256(&bytes), "{name}");
        }
        Feed {
            completions_name: names[0].to_owned(),
            assignments_name: names[1].to_owned(),
            user_completion_name: names[2].to_owned(),
            run_name: run_name.to_owned(),
            completions: folder.text(&format!("{out}/{}", names[0])),
            assignments: folder.text(&format!("{out}/{}", names[1])),
            user_completion: folder.bytes(&format!("{out}/{}", names[2])),
            run: run.clone(),
        }
    }

    /// The rows of the completions file, without the header.
    #[must_use]
    pub fn completion_rows(&self) -> Vec<Vec<String>> {
        rows(&self.completions)
    }

    /// The rows of the assignments file, without the header.
    #[must_use]
    pub fn assignment_rows(&self) -> Vec<Vec<String>> {
        rows(&self.assignments)
    }

    /// Employee and content of each completion, in the order of the file.
    #[must_use]
    pub fn completed(&self) -> Vec<String> {
        self.completion_rows().iter().map(|row| format!("{} {}", row[0], row[1])).collect()
    }

    /// Employee and content of each open assignment, in the order of the file.
    #[must_use]
    pub fn left(&self) -> Vec<String> {
        self.assignment_rows().iter().map(|row| format!("{} {}", row[0], row[3])).collect()
    }
}

/// The rows of a vendor file without the header. Every field is quoted; quotes inside fields are not supported.
///
/// # Panics
/// If a line does not have the vendor's form.
#[must_use]
pub fn rows(text: &str) -> Vec<Vec<String>> {
    assert!(text.ends_with('\n') && !text.contains('\r'), "LF after every line");
    let is_quoted = |line: &str| line.len() > 1 && line.starts_with('"') && line.ends_with('"');
    assert!(text.lines().all(is_quoted) && !text.contains(",,"), "every field is quoted: {text}");
    let fields = |row: Result<csv::StringRecord, csv::Error>| -> Vec<String> {
        row.unwrap_or_else(|error| panic!("{error}: {text}")).iter().map(str::to_owned).collect()
    };
    csv::Reader::from_reader(text.as_bytes()).records().map(fields).collect()
}
