//! The helper and its live connections: their state, and the actions of people on them. An answer to an outdated request is
//! dropped by its number.

mod catalogs;
mod employees;
mod helper;
mod jobs;
mod publishing;
mod state;

pub(crate) use catalogs::CATALOGS;
pub(crate) use jobs::roles_from;
pub(crate) use publishing::ARCHIVE_GONE;
pub(crate) use state::{HelperState, JobState, Live, LiveStep, TestState};
