//! Servers on loopback that speak the protocols of the real ones, for trying everything without credentials.
//!
//! [`Sandbox`] is all of them together, filled and with a batch job that takes in what is published; [`Faults`] makes them
//! misbehave.

mod batch_job;
pub(crate) mod databricks;
mod faults;
mod filling;
mod http;
pub(crate) mod recommender;
pub(crate) mod sftp;
mod world;

pub(crate) use faults::Faults;
pub(crate) use world::{Sandbox, SandboxOptions};
