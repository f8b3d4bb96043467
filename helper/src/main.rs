//! `btcfake`: BTC Fake's command line and the local server of its page.

mod accept;
mod cli;
mod commands;
mod configuration;
mod console;
mod details_file;
mod env_file;
mod failure;
mod feed;
mod feed_folder;
mod feed_writer;
mod input_files;
mod interrupt;
mod leftovers;
mod listen_address;
mod needed_files;
mod page;
mod remote;
mod repeatable;
mod routes;
mod sandbox;
mod secret;
mod series_folder;
mod server;
mod standard_input;
#[cfg(test)]
mod waiting;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use failure::Failure;

fn main() -> ExitCode {
    let command = Cli::parse().command.unwrap_or_default();
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            console::complain(&failure.to_string());
            ExitCode::from(failure.exit_code())
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Simulate(arguments) => commands::simulate::run(&arguments),
        Command::Series(arguments) => commands::series::run(&arguments),
        Command::Replay(arguments) => commands::replay::run(&arguments),
        Command::Explain(arguments) => commands::explain::run(&arguments),
        Command::Recipe(arguments) => commands::recipe::run(&arguments),
        Command::Sample(arguments) => commands::sample::run(&arguments),
        Command::Run(arguments) => commands::run::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Recommend(arguments) => commands::recommend::run(&arguments),
        Command::Download(arguments) => commands::download::run(&arguments),
        Command::Publish(arguments) => commands::publish::run(&arguments),
        Command::Trust(arguments) => commands::trust::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(&arguments),
        Command::Sandbox(arguments) => commands::sandbox::run(&arguments),
        Command::Config(arguments) => commands::config::run(&arguments),
        Command::Doctor => commands::doctor::run(),
    }
}
