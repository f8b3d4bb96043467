//! How messages identify a file that was picked.

use btcfake_core::format::input_role::InputRole;
use serde::{Deserialize, Serialize};

use super::sorting::OriginalFile;

/// Identifies a picked file. The worker reads each pick once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pick {
    /// What the file is used as.
    pub(crate) role: InputRole,
    /// The page's number of the pick, unique within a visit.
    pub(crate) number: u32,
    /// The original file, if the picked one is a CSV that was made of it by people's answers.
    pub(crate) original: Option<OriginalFile>,
}
