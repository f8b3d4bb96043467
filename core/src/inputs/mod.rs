//! From files to inputs: every file of a run is read, its problems are collected, and its rows are joined by employee.
//!
//! Start at [`reading::read_inputs`]; [`inspection::inspect`] looks at one file by itself.

pub mod catalog;
pub mod employee_index;
pub mod input_file;
pub mod inspection;
pub mod reading;
pub mod state;
