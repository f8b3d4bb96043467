//! Servers on loopback that speak the protocols of the real ones, for trying everything without credentials.

mod http;
pub(crate) mod recommender;
