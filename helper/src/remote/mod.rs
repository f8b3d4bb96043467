//! The live connections: one client for each.

pub(crate) mod databricks;
pub(crate) mod http;
pub(crate) mod recommender;
mod retry;
pub(crate) mod sftp;
#[cfg(test)]
pub(crate) mod test_server;
mod web_page;
