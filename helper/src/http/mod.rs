//! What the clients of web services share: connections, retries, refusals that are web pages, loopback addresses.

pub(crate) mod client;
pub(crate) mod loopback;
pub(crate) mod retry;
#[cfg(test)]
pub(crate) mod test_server;
pub(crate) mod web_page;
