//! Property tests of the core over made-up inputs, one file per room.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod check;
mod format;
mod inputs;
mod report;
mod run;
mod sheets;
mod world;
