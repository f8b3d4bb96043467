//! Helpers of the tests in this package.
//!
//! [`command_line`] runs the real `btcfake` in temporary folders, [`feed`] reads feeds and holds handwritten inputs, [`live`]
//! starts a sandbox, [`sample_inputs`] writes made-up inputs. In wasm, only the core is tested, without these modules.

#[cfg(not(target_family = "wasm"))]
pub mod command_line;
#[cfg(not(target_family = "wasm"))]
pub mod feed;
#[cfg(not(target_family = "wasm"))]
pub mod live;
#[cfg(not(target_family = "wasm"))]
pub mod sample_inputs;
