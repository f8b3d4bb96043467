//! The live connections: one client for each.
