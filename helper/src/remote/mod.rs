//! Clients of the live connections.

pub(crate) mod databricks;
pub(crate) mod phrases;
pub(crate) mod publications;
pub(crate) mod recommender;
pub(crate) mod sftp;
