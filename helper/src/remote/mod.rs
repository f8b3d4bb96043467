//! The live connections: one client for each.

pub(crate) mod sftp;
