//! Servers on loopback that speak the protocols of the real ones, for trying everything without credentials.

pub(crate) mod databricks;
mod http;
pub(crate) mod recommender;
pub(crate) mod sftp;
