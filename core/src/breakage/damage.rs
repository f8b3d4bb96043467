//! The record of changes made to a feed on purpose, detailed enough to find and to repeat them.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use crate::format::feed_file::FeedFile;
use crate::format::identifier::parse_content_id;
use crate::text::visible::shown_whole;

/// One change made to a feed on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The fault.
    #[serde(rename = "kind")]
    pub fault: Fault,
    /// The file of the feed that has it.
    pub of: FeedFile,
    /// The name of that file; for a file that is left out, the name that it would have.
    pub file: String,
    /// The line, from 1; `None` for a wrong date in the name, an empty file and a missing file.
    pub line: Option<u32>,
    /// The change, as a sentence.
    #[serde(rename = "said")]
    pub text: String,
}

/// What the sentence of a replaced field has between the new value and the old one.
pub(super) const IN_PLACE_OF: &str = "' in place of '";

impl Damage {
    /// File, line, sentence and name of the fault, with invisible characters escaped.
    #[must_use]
    pub fn describe(&self) -> String {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        shown_whole(&format!("{}{line}: {}", self.file, self.shown_text()))
    }

    /// The id in the place of which the fault put another one; `None` for any other change.
    pub(crate) fn replaced_id(&self) -> Option<u64> {
        let (_, id) = self.text.rsplit_once(IN_PLACE_OF)?;
        parse_content_id(id.strip_suffix('\'')?.as_bytes())
    }

    /// Sentence and name of the fault, with invisible characters escaped.
    #[must_use]
    pub fn shown_text(&self) -> String {
        shown_whole(&format!("{} ({})", self.text, self.fault.name()))
    }
}
