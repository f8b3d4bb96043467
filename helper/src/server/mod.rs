//! Local server: the page, the API, and the connections.

pub(crate) mod accept;
pub(crate) mod end_signals;
pub(crate) mod listen_address;
pub(crate) mod page;
pub(crate) mod routes;
pub(crate) mod serving;
