//! Servers on loopback that speak the protocols of the real ones, for trying everything without credentials.
//!
//! [`Sandbox`] runs all of them together, with initial contents and a batch job that loads published feeds. [`Faults`]
//! makes them misbehave.

mod batch_job;
pub(crate) mod databricks;
mod faults;
mod filling;
mod http;
pub(crate) mod recommender;
pub(crate) mod sftp;
mod vendor;
mod world;

pub(crate) use faults::Faults;
pub(crate) use vendor::Vendor;
pub(crate) use world::{Sandbox, SandboxOptions};
