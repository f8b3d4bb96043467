//! The live connections: one client for each.

pub(crate) mod databricks;
mod http;
pub(crate) mod recommender;
mod retry;
#[cfg(test)]
mod test_server;
