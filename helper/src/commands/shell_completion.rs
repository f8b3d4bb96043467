//! `btcfake shell-completion`: prints the script by which a shell completes commands, options and their values.

use std::io::{self, Write};

use clap::{Args, Command};
use clap_complete::generate;

use crate::terminal::console;

/// Options of `shell-completion`.
#[derive(Debug, Args)]
pub(crate) struct ShellCompletionArguments {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: clap_complete::Shell,
}

/// Runs the command for the command line `cli`. The script is printed as it is: nothing in it comes from outside.
pub(crate) fn run(arguments: &ShellCompletionArguments, cli: &mut Command) {
    let mut script = Vec::new();
    generate(arguments.shell, cli, "btcfake", &mut script);
    console::printed(io::stdout().lock().write_all(&script));
}
