//! The changes that broke a feed: enough for people to find them, and to do them again.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use crate::format::feed_file::FeedFile;
use crate::text::visible::shown_whole;

/// One change that broke a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The fault.
    #[serde(rename = "kind")]
    pub fault: Fault,
    /// Which of the feed's files has it.
    pub of: FeedFile,
    /// The name of that file; of one that is not there, the name that it would have.
    pub file: String,
    /// The line, from 1; nothing where it is about the whole file.
    pub line: Option<u32>,
    /// The change, as a sentence.
    #[serde(rename = "said")]
    pub text: String,
}

impl Damage {
    /// Place and sentence.
    #[must_use]
    pub fn describe(&self) -> String {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        shown_whole(&format!("{}{line}: {} ({})", self.file, self.text, self.fault.name()))
    }
}
