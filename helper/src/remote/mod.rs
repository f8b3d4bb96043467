//! The live connections: one client for each.

pub(crate) mod databricks;
pub(crate) mod phrases;
pub(crate) mod recommender;
pub(crate) mod sftp;
