//! How messages identify a file that was picked.

use btcfake_core::format::input_role::InputRole;
use serde::{Deserialize, Serialize};

/// Identifies a picked file. The worker reads each pick once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pick {
    /// What the file is used as.
    pub(crate) role: InputRole,
    /// The page's number of the pick, unique within a visit.
    pub(crate) number: u32,
}
