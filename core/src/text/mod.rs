//! Building blocks of messages: problems with their places, escaped outside text, counted words, similar names,
//! digests, separators, names of production. This room knows no rule of the domain and imports from no other room of the core.

pub mod chunks;
pub mod digest;
pub mod digits;
pub mod json_error;
pub mod lines;
pub mod note;
pub mod problem;
mod problem_kind;
mod problem_message;
pub mod production;
pub mod separator;
pub(crate) mod shared_texts;
pub mod similar;
pub mod visible;
pub mod whole_number;
pub mod words;
