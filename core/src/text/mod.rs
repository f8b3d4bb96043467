//! Text for people, and what it is made of: problems with their places, counted words, similar names, digests, lines. No rule of
//! the domain stands here, and no other room of the core is known here.

pub mod digest;
pub mod digits;
pub mod lines;
pub mod note;
pub mod problem;
pub mod similar;
pub mod visible;
pub mod words;
