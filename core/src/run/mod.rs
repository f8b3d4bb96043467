//! A run: the employees are simulated one after another, and their rows become the bytes of the feed.
//!
//! Start at [`simulation::Simulation::new`]; [`series::Series`] is a run for each of several days.

pub mod detail;
pub mod feed_names;
pub mod series;
pub mod simulation;
pub mod slice;
pub mod state_after;
pub mod tally;
