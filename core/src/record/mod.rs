//! Repeating a run: the run file, written beside a feed, and the recipe, which is a link. What was published last.

pub mod publication;
pub mod recipe;
pub mod recorder;
pub mod run_record;
