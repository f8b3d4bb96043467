//! Feeds: from input files to a feed in a folder, on several threads, all files or none; and from a run file back to
//! its inputs.

pub(crate) mod details_file;
pub(crate) mod details_place;
pub(crate) mod feed_folder;
pub(crate) mod feed_writer;
pub(crate) mod files_beside;
pub(crate) mod loaded_file;
pub(crate) mod needed_files;
pub(crate) mod output_file;
pub(crate) mod parsing;
pub(crate) mod recent_file;
pub(crate) mod replay_source;
pub(crate) mod run_details;
pub(crate) mod run_writer;
pub(crate) mod series_folder;
pub(crate) mod table_rows;
pub(crate) mod written_feed;
