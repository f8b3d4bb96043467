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
pub mod calendar;
pub mod catalog;
pub mod check;
pub mod digest;
pub mod draw;
pub mod employee;
pub mod explain;
pub mod figures;
pub mod format;
pub mod input;
pub mod manager;
pub mod mix;
pub mod new_population;
mod order;
pub mod population;
pub mod problem;
pub mod recipe;
pub mod report;
pub mod roster;
pub mod run_record;
pub mod sample;
pub mod series;
pub mod settings;
pub mod similar;
pub mod simulation;
pub mod state;
pub mod time_zone;
pub mod visible;
pub mod words;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
