//! The run file: the settings, inputs and outputs of a run, enough to repeat it to the byte.

use serde::{Deserialize, Serialize};

use crate::breakage::Damage;
use crate::format::input_role::InputRole;
use crate::format::record::BYTE_ORDER_MARK;
use crate::inputs::input_file::InputSource;
use crate::inputs::input_file::{InputFile, InputOrigin};
use crate::plan::rhythm::SeriesDay;
use crate::plan::settings::Settings;
use crate::sheet::Choices;
use crate::text::digest::{sha256, sha256_of_source};
use crate::text::json_error::json_words;
use crate::text::visible::shown_whole;

/// The content of the run file, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(expecting = "the JSON object of a run")]
pub struct RunRecord {
    /// The program: always `btcfake`.
    pub program: String,
    /// The version of the program that made the run.
    pub version: String,
    /// Seed, instant and settings.
    #[serde(flatten)]
    pub settings: Settings,
    /// The day of the series; `None` for a single run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesDay>,
    /// The input files.
    pub inputs: Vec<InputRecord>,
    /// The input tables of a run inside Databricks. Their rows are not recorded, so such a run can be repeated only
    /// where the tables are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRecord>,
    /// The size in bytes above which a file was split into several of its kind, in a run inside Databricks; `None` if
    /// each kind has one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_per_file: Option<u64>,
    /// The output files, without the run file itself.
    pub outputs: Vec<OutputRecord>,
    /// The damage done on purpose; empty for an intact feed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Damage>,
}

/// An input file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// The role in which the file was used.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: String,
    /// Its path relative to the folder of the run file; `None` for a run in the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// True if it is built into the program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in: bool,
    /// True if it is made up from the settings: the new population.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made_up: bool,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: String,
    /// The answers to its questions: sheet, encoding, header and names of columns. Absent if the file was clear without.
    #[serde(default, skip_serializing_if = "Choices::is_empty")]
    pub choices: Choices,
}

/// An input table of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRecord {
    /// The role of the table.
    pub role: InputRole,
    /// Its name as it was given: `catalog.schema.table`, or a name for rows that have no table.
    pub name: String,
}

/// An output file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl OutputRecord {
    /// The record of a file whose bytes are all in memory.
    #[must_use]
    pub fn of(name: &str, content: &[u8]) -> OutputRecord {
        OutputRecord { name: name.to_owned(), bytes: content.len() as u64, sha256: sha256(content) }
    }
}

impl InputRecord {
    /// The record of an input file, without a path.
    #[must_use]
    pub fn of(file: &InputFile<'_>) -> InputRecord {
        InputRecord::of_source(InputSource::of(file))
    }

    /// As [`InputRecord::of`], of a file whose bytes need not be in memory.
    #[must_use]
    pub fn of_source(file: InputSource<'_>) -> InputRecord {
        InputRecord::of_digested(file, sha256_of_source(file.source))
    }

    /// As [`InputRecord::of`], of a file whose size in bytes and SHA-256 are known.
    #[must_use]
    pub fn of_digested(file: InputSource<'_>, (bytes, sha256): (u64, String)) -> InputRecord {
        InputRecord {
            role: file.role,
            name: file.name.to_owned(),
            path: None,
            built_in: file.origin == InputOrigin::BuiltIn,
            made_up: file.origin == InputOrigin::MadeUp,
            bytes,
            sha256,
            choices: file.choices.clone(),
        }
    }
}

impl RunRecord {
    /// The record of a single, intact run by this version of the program.
    #[must_use]
    pub fn new(settings: Settings, inputs: Vec<InputRecord>, outputs: Vec<OutputRecord>) -> RunRecord {
        let (program, version) = ("btcfake".to_owned(), crate::VERSION.to_owned());
        let (series, tables, bytes_per_file, broken) = (None, Vec::new(), None, Vec::new());
        RunRecord { program, version, settings, series, inputs, tables, bytes_per_file, outputs, broken }
    }

    /// The bytes of the run file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising cannot fail: the record has no maps with keys other than text and no non-finite numbers.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Parses the bytes of a run file.
    ///
    /// # Errors
    /// [`NoRunFile`] if the bytes are not the JSON of a run file.
    pub fn from_bytes(bytes: &[u8]) -> Result<RunRecord, NoRunFile> {
        let json = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        serde_json::from_slice(json).map_err(|error| NoRunFile {
            place: (!error.is_data()).then(|| (error.line(), error.column().max(1))),
            reason: json_words(&error),
        })
    }
}

/// The error for bytes that are not the JSON of a run file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no run file: {}{}", shown_whole(.reason), place_words(*.place))]
pub struct NoRunFile {
    /// The line at which the JSON ends, from 1, and the byte within that line, from 1; `None` for JSON of something else.
    pub place: Option<(usize, usize)>,
    /// What is wrong.
    pub reason: String,
}

fn place_words(place: Option<(usize, usize)>) -> String {
    let words = |(line, column)| {
        format!(" (line {line}, column {column}); a run file is one JSON object, in a file run_....json")
    };
    place.map(words).unwrap_or_default()
}
