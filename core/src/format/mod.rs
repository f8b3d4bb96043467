//! One module for each file format: bytes to rows and problems, rows to bytes.
//!
//! The building blocks come first: [`record`] takes CSV apart and knows where each field stands, [`table`] adds the
//! header, [`identifier`] and [`instant`] read and write ids and points in time, [`quoted`] writes the vendor's CSV,
//! [`lenient_json`] reads JSON that holds NaN.

pub mod identifier;
pub mod instant;
pub mod lenient_json;
pub mod quoted;
pub mod record;
pub mod table;

pub mod assignments_table;
pub mod completions;
pub mod completions_table;
pub mod course_catalog;
pub mod employees;
pub mod file_name;
pub mod non_completed;
pub mod recommendations;
pub mod standalone_content;
pub mod user_completion;
