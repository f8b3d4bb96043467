//! The rules of one employee's day: what the manager assigns, which trainings are completed, and when.
//!
//! [`day::EmployeeDay`] holds the outcome for one employee; docs/rules.md documents the rules for users.

pub mod day;
pub mod manager;
pub mod training;
