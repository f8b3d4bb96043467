//! Local files: reading with size limits, and writing all or none.

pub(crate) mod file_set;
pub(crate) mod file_source;
pub(crate) mod leftovers;
pub(crate) mod pipe_writer;
pub(crate) mod reading;
pub(crate) mod standard_input;
pub(crate) mod temporary_file;
pub(crate) mod threads;
