//! BTC Fake's pure core: everything that decides what is in a file.
//!
//! Bytes come in and bytes go out; no file, network, clock or global random source is touched here. The modules are rooms
//! in one direction, each built on those before it: [`text`], [`mod@format`], [`sheet`], [`plan`], [`sample`], [`inputs`], [`rules`],
//! [`run`], [`breakage`], [`record`], [`report`], [`check`], [`compare`]; [`roster`] edits employees.csv, and [`api`] has the types
//! between page and helper.
//!
//! Where to start: [`inputs::reading::read_inputs`], then [`run::simulation::Simulation::new`].

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
