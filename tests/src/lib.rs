//! What the tests of this package have in common.
//!
//! [`command_line`] runs the real `btcfake` in folders of its own; [`feed`] reads what it wrote and knows the inputs
//! that the tests write by hand; [`live`] has a sandbox. None is there in wasm, where only the core is tested.

#[cfg(not(target_family = "wasm"))]
pub mod command_line;
#[cfg(not(target_family = "wasm"))]
pub mod feed;
#[cfg(not(target_family = "wasm"))]
pub mod live;
