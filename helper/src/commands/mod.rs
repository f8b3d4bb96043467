//! Commands, a module for each with its options and its work, and what they share: `cli` and `arguments`, `argument_values`, and for
//! feeds `feed_arguments`, `feed_order`, `chosen_inputs`, `made_feed`.

pub(crate) mod argument_values;
pub(crate) mod arguments;
pub(crate) mod breaks;
pub(crate) mod check;
pub(crate) mod chosen_inputs;
pub(crate) mod cli;
pub(crate) mod config;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod download;
pub(crate) mod explain;
pub(crate) mod feed_arguments;
pub(crate) mod feed_order;
pub(crate) mod made_feed;
pub(crate) mod publish;
pub(crate) mod recipe;
pub(crate) mod recommend;
pub(crate) mod replay;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod sandbox;
pub(crate) mod series;
pub(crate) mod serve;
pub(crate) mod sftp_connection;
pub(crate) mod shell_completion;
pub(crate) mod simulate;
pub(crate) mod trust;
