//! Properties of the core over made-up inputs, one file for each room that they are about.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod check;
mod format;
mod inputs;
mod report;
mod run;
mod world;
