//! Records of a run: the run file, which is written beside a feed and repeats it; the recipe, which does the same as a
//! link; and the identity of the feed that was published last.

pub mod publication;
pub mod published_completions;
pub mod recipe;
pub mod run_record;
