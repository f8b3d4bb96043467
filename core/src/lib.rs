//! BTC Fake's pure core: everything that decides what is in a file.
//!
//! Bytes come in and bytes go out; no file, network, clock or global source of chance is touched here. The way of the
//! data is the order of the modules: [`input`] reads the files by way of [`mod@format`] and joins them to [`catalog`],
//! [`state`] and [`population`]; [`simulation`] goes through the employees by the rules of [`calendar`], [`manager`] and
//! [`employee`], and writes the rows; [`report`] and [`run_record`] tell what happened, [`recipe`] how it is had again,
//! [`figures`] what there is to see in it, and [`explain`] why it is so for one employee.
//!
//! Where to start: [`input::read_inputs`], then [`simulation::Simulation::new`].

pub mod api;
pub mod breakage;
pub mod check;
pub mod format;
pub mod inputs;
pub mod plan;
pub mod record;
pub mod report;
pub mod roster;
pub mod rules;
pub mod run;
pub mod sample;
pub mod text;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
