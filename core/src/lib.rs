//! The pure core of BTC Fake: everything that decides what is in a file.
//!
//! BTC is a training vendor. Every day it delivers a feed: CSV files with the trainings that a retailer's employees
//! completed and the assignments that they did not complete, and a dummy file. The core makes such a feed from a list
//! of employees: it reads the inputs, applies the rules to each employee, and writes the rows. docs/rules.md describes
//! the rules, docs/formats.md the files.
//!
//! The core maps bytes to bytes. It uses no files, network, clock or global random source. Each module ("room") imports
//! only from those before it: [`text`], [`mod@format`], [`sheet`], [`plan`], [`sample`], [`inputs`], [`rules`], [`run`],
//! [`breakage`], [`record`], [`report`], [`check`], [`compare`]. [`roster`] edits employees.csv, and [`api`] has the types
//! of the API between page and helper.
//!
//! Entry points: [`inputs::reading::read_inputs`], then [`run::simulation::Simulation::new`].

pub mod api;
pub mod breakage;
pub mod check;
pub mod compare;
pub mod format;
pub mod inputs;
pub mod plan;
pub mod record;
pub mod report;
pub mod roster;
pub mod rules;
pub mod run;
pub mod sample;
pub mod sheet;
pub mod text;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
