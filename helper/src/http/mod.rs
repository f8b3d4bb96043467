//! Shared parts of the web clients: connections, retries, web pages in place of answers, loopback addresses.

pub(crate) mod client;
pub(crate) mod loopback;
pub(crate) mod retry;
#[cfg(test)]
pub(crate) mod test_server;
pub(crate) mod web_page;
