//! File formats, one module each: bytes to rows and problems, and rows to bytes.
//!
//! The building blocks come first: [`raw_row`] splits CSV into fields with their places, [`record`] skips comments and
//! blank rows, [`table`] adds the header, [`identifier`] and [`instant`] parse and write ids and instants,
//! `written_time` parses what spreadsheets make of those, [`quoted`] writes the vendor's CSV, [`lenient_json`] reads
//! JSON with NaN.

pub(crate) mod blank;
mod foreign_format;
mod foreign_value;
pub mod identifier;
pub mod input_role;
pub mod instant;
mod json_pieces;
pub mod lenient_json;
pub mod quoted;
pub mod raw_row;
pub mod record;
pub(crate) mod spelling;
pub mod table;
mod written_time;

mod answer;
pub mod assignments_table;
pub mod completions;
pub mod completions_table;
pub mod course_catalog;
pub mod employees;
pub mod feed_file;
pub mod file_kind;
pub mod file_name;
pub mod non_completed;
pub mod recommendations;
pub mod standalone_content;
mod state_table;
pub mod user_completion;
mod usual_answer;
