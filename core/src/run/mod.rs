//! A run: simulates the employees one after another and turns the outcome into the bytes of the feed.
//!
//! Start at [`simulation::Simulation::new`]; its [`batches`](simulation::Simulation::batches) are the feed.
//! [`series::Series`] is a run for each of several days.

pub mod detail;
pub mod feed;
pub mod feed_names;
pub mod later_days;
mod rows;
pub mod series;
pub mod simulation;
pub mod slice;
pub mod split;
pub mod state_after;
pub mod tally;
