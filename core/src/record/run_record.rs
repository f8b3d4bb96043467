//! The run file: what a run was made from and what came of it, enough to repeat it to the byte.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::breakage::Damage;
use crate::format::input_role::InputRole;
use crate::inputs::input_file::{InputFile, InputOrigin};
use crate::plan::rhythm::SeriesDay;
use crate::plan::settings::Settings;
use crate::text::digest::sha256;
use crate::text::visible::shown_whole;

/// What the run file holds, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// The program: always `btcfake`.
    pub program: String,
    /// The version of the program that made the run.
    pub version: String,
    /// Seed, instant and settings.
    #[serde(flatten)]
    pub settings: Settings,
    /// Which day of a series it is; nothing for a run by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<SeriesDay>,
    /// The files that went in.
    pub inputs: Vec<InputRecord>,
    /// The files that came out, without the run file itself.
    pub outputs: Vec<OutputRecord>,
    /// The damage that was done on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<Damage>,
}

/// A file that went into a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// What the file was used as.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: String,
    /// Where it was, as seen from the folder of the run file; nothing for a run in the browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it is built into the program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub built_in: bool,
    /// Whether it is made up by the settings: the new population.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub made_up: bool,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: String,
}

/// A file that came out of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputRecord {
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub sha256: String,
}

impl InputRecord {
    /// The record of an input file, without a path.
    #[must_use]
    pub fn of(file: &InputFile<'_>) -> InputRecord {
        InputRecord {
            role: file.role,
            name: file.name.clone(),
            path: None,
            built_in: file.origin == InputOrigin::BuiltIn,
            made_up: file.origin == InputOrigin::MadeUp,
            bytes: file.bytes.len() as u64,
            sha256: sha256(&file.bytes),
        }
    }
}

impl RunRecord {
    /// The record of a run by this version of the program, by itself and not broken.
    #[must_use]
    pub fn new(settings: Settings, inputs: Vec<InputRecord>, outputs: Vec<OutputRecord>) -> RunRecord {
        let (program, version) = ("btcfake".to_owned(), crate::VERSION.to_owned());
        RunRecord { program, version, settings, series: None, inputs, outputs, broken: Vec::new() }
    }

    /// The bytes of the run file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A record holds nothing that JSON cannot: no map with other keys than text, no number that is not finite.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads the bytes of a run file.
    ///
    /// # Errors
    /// [`NoRunFile`] for bytes that are not the JSON of a run file.
    pub fn from_bytes(bytes: &[u8]) -> Result<RunRecord, NoRunFile> {
        serde_json::from_slice(bytes).map_err(|error| NoRunFile {
            line: error.line(),
            column: error.column(),
            reason: error.to_string(),
        })
    }
}

/// Bytes that are not the JSON of a run file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoRunFile {
    /// The line at which reading stopped, from 1.
    pub line: usize,
    /// The byte in that line, from 1.
    pub column: usize,
    /// The message of the JSON reader, with line and column.
    pub reason: String,
}

impl fmt::Display for NoRunFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown_whole(&format!("this is no run file: {}", self.reason)))
    }
}

impl std::error::Error for NoRunFile {}
