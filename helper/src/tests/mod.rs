//! What tests of several rooms share: a server that misbehaves as a test defines, and waiting.

pub(crate) mod server;
pub(crate) mod waiting;
