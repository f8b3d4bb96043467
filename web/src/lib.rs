//! BTC Fake's page, as two programs: the page in a window, and the worker that simulates.
//!
//! `messages` is all that the two say to each other. `page` is what people see; it holds no file's content, starts workers
//! by `client` and asks the local helper, where there is one, by `helper_client`. `worker` reads the files, runs the
//! simulation of `btcfake_core` and keeps what came of it. Trunk builds each program with its own feature only, so that
//! neither carries the other.

#![cfg_attr(
    not(all(feature = "page", feature = "worker")),
    allow(dead_code, reason = "each program uses its side of the messages")
)]

mod browser_error;
#[cfg(feature = "page")]
mod client;
#[cfg(feature = "page")]
mod helper_client;
mod locale;
mod messages;
#[cfg(feature = "page")]
mod page;
#[cfg(feature = "worker")]
mod worker;

#[cfg(feature = "page")]
pub use page::start as start_page;
#[cfg(feature = "worker")]
pub use worker::start as start_worker;
