//! The run file: what a run was made from and what came of it, enough to repeat it to the byte.

use serde::{Deserialize, Serialize};

use crate::breakage::Damage;
use crate::format::input_role::InputRole;
use crate::inputs::input_file::{InputFile, InputOrigin};
use crate::plan::rhythm::SeriesDay;
use crate::plan::settings::Settings;
use crate::text::digest::{ByteDigest, sha256};
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
    /// The tables that went in, for a run inside Databricks. Their rows are kept nowhere, so that such a run is repeated where
    /// the tables are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRecord>,
    /// The files that came out, without the run file itself.
    pub outputs: Vec<OutputRecord>,
    /// What was broken on purpose.
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

/// A table that went into a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRecord {
    /// What the table was used as.
    pub role: InputRole,
    /// Its name as it was given: `catalog.schema.table`, or what stands for rows that have no table.
    pub name: String,
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

impl OutputRecord {
    /// The record of a file whose bytes all went through `digest`.
    #[must_use]
    pub fn new(name: &str, digest: ByteDigest) -> OutputRecord {
        let (bytes, sha256) = digest.finish();
        OutputRecord { name: name.to_owned(), bytes, sha256 }
    }
}

impl RunRecord {
    /// The record of a run by this version of the program.
    #[must_use]
    pub fn new(settings: Settings, inputs: Vec<InputRecord>, outputs: Vec<OutputRecord>) -> RunRecord {
        let (program, version) = ("btcfake".to_owned(), crate::VERSION.to_owned());
        RunRecord { program, version, settings, series: None, inputs, tables: Vec::new(), outputs, broken: Vec::new() }
    }

    /// The same with what was broken on purpose.
    #[must_use]
    pub fn with_damage(self, broken: Vec<Damage>) -> RunRecord {
        RunRecord { broken, ..self }
    }

    /// The bytes of the run file.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // A record holds nothing that JSON cannot: no map with other keys than text, no number that is not finite.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Reads a run file.
    ///
    /// # Errors
    /// What is wrong with it, with line and column.
    pub fn from_bytes(bytes: &[u8]) -> Result<RunRecord, String> {
        serde_json::from_slice(bytes).map_err(|error| shown_whole(&format!("this is no run file: {error}")))
    }
}
