//! Shared parts of the web clients: connections, retries, web pages in place of answers, loopback addresses.

pub(crate) mod client;
pub(crate) mod loopback;
pub(crate) mod retry;
pub(crate) mod web_page;
