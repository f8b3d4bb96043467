//! `btcfake shell-completion`: prints the script by which a shell completes commands, options and their values.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::generate;

use crate::commands::cli::{Cli, ShellCompletionArguments};
use crate::terminal::console;

/// Runs the command. The script is printed as it is: nothing in it comes from outside.
pub(crate) fn run(arguments: &ShellCompletionArguments) {
    let mut script = Vec::new();
    generate(arguments.shell, &mut Cli::command(), "btcfake", &mut script);
    console::printed(io::stdout().lock().write_all(&script));
}
