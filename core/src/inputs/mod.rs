//! From files to inputs: reads every file of a run, collects the problems, and joins the rows by employee.
//!
//! Start at [`reading::read_inputs`]; [`inspection::inspect`] reads a single file, [`sorting::sort`] finds the places of
//! files without a role.

pub mod catalog;
pub mod employee_index;
pub mod input_file;
pub mod inputs_reader;
pub mod inspection;
pub mod mends;
pub mod reading;
pub mod rows_of_one;
pub mod run_inputs;
pub mod single_file;
pub mod sorting;
pub mod state;
