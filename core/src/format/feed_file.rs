//! The three CSV files of a feed.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use super::file_name::VendorKind;
use super::{completions, non_completed, user_completion};

/// One of the three CSV files of a feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FeedFile {
    /// ContentUserCompletion, the completions.
    Completions,
    /// `Non_Completed_Assignments`, the assignments that were not completed.
    Assignments,
    /// UserCompletion, the dummy file: the batch job requires it and does not read its content.
    Dummy,
}

impl FeedFile {
    /// The three files, in the order of the run file.
    pub const ALL: [FeedFile; 3] = [Self::Completions, Self::Assignments, Self::Dummy];

    /// The short name, as in `--break crlf@completions`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The kind of vendor file, which determines its name.
    #[must_use]
    pub fn kind(self) -> VendorKind {
        match self {
            Self::Completions => VendorKind::ContentUserCompletion,
            Self::Assignments => VendorKind::NonCompletedAssignments,
            Self::Dummy => VendorKind::UserCompletion,
        }
    }

    /// The columns of its header, in order.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Completions => &completions::COLUMNS,
            Self::Assignments => &non_completed::COLUMNS,
            Self::Dummy => &user_completion::COLUMNS,
        }
    }
}
