//! The helper and its live connections: their state, and the actions of people on them. An answer to an outdated request is
//! dropped by its number.

pub(crate) mod catalogs;
mod employees;
mod helper;
pub(crate) mod jobs;
pub(crate) mod publishing;
mod state;

pub(crate) use state::{HelperState, JobState, Live, LiveStep, StateReading, TestState};
