//! How page and worker name a file that was picked.

use btcfake_core::format::input_role::InputRole;
use serde::{Deserialize, Serialize};

/// A file that was picked. It is read once by the worker, which knows it by this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pick {
    /// What the file is used as.
    pub(crate) role: InputRole,
    /// The page's number of the pick; no two picks of a page have the same.
    pub(crate) number: u32,
}
