//! BTC Fake's pure core: everything that decides what is in a file.
//!
//! Bytes come in and bytes go out; no file, network, clock or global source of chance is touched here.

pub mod draw;
pub mod format;
pub mod problem;
pub mod sample;
