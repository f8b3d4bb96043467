//! Terminal interface of commands: standard output and error, failures with exit codes, Ctrl-C.

pub(crate) mod console;
pub(crate) mod end_request;
pub(crate) mod failure;
pub(crate) mod interrupt;
pub(crate) mod network_runtime;
pub(crate) mod pace;
pub(crate) mod shown_path;
