//! Messages about files that are added without a role.

use btcfake_core::format::input_role::InputRole;
use serde::{Deserialize, Serialize};

/// A request of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AddQuestion {
    /// Which roles the attached files have.
    Roles,
    /// Make sample files, the state of which ends with a day: its number since the first day of the common era.
    Sample(i32),
}

/// An answer of the worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum AddAnswer {
    /// The role of each file, or why a run does not use it.
    Roles(Vec<Result<InputRole, String>>),
    /// The roles of the sample files, which are attached.
    Sample(Vec<InputRole>),
}
