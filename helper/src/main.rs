//! `btcfake`: BTC Fake's command line and the local server of its page.

mod commands;
mod configuration;
mod feed;
mod files;
mod http;
mod remote;
mod sandbox;
mod server;
mod terminal;
#[cfg(test)]
mod tests;

use std::process::ExitCode;

use clap::CommandFactory;
use commands::arguments;
use commands::cli::{Cli, Command};
use terminal::failure::Failure;
use terminal::{console, interrupt};

fn main() -> ExitCode {
    // A panic message may contain outside text.
    std::panic::set_hook(Box::new(|panic| console::print_diagnostic(&format!("btcfake {panic}; please report this"))));
    interrupt::take_file_limit_as_error();
    let (done, exit_code) = match arguments::read(std::env::args_os().collect()) {
        Ok(cli) => (run(cli.command.unwrap_or_default()), 0),
        Err(exit_code) => (Ok(()), exit_code),
    };
    let (failed, not_printed) = (done.err(), console::check_printed().err());
    let behind = if failed.is_none() { ", but the command did its work" } else { "" };
    failed.iter().for_each(|failure| console::print_diagnostic(&failure.to_string()));
    not_printed.iter().for_each(|failure| console::print_diagnostic(&format!("{failure}{behind}")));
    ExitCode::from(failed.or(not_printed).as_ref().map_or(exit_code, Failure::exit_code))
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
        Command::Breaks(arguments) => {
            commands::breaks::run(&arguments);
            Ok(())
        }
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Diff(arguments) => commands::diff::run(&arguments),
        Command::Recommend(arguments) => commands::recommend::run(&arguments),
        Command::Download(arguments) => commands::download::run(&arguments),
        Command::Publish(arguments) => commands::publish::run(&arguments),
        Command::Trust(arguments) => commands::trust::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(&arguments),
        Command::Sandbox(arguments) => commands::sandbox::run(&arguments),
        Command::Config(arguments) => commands::config::run(&arguments),
        Command::Doctor => commands::doctor::run(),
        Command::ShellCompletion(arguments) => {
            commands::shell_completion::run(&arguments, &mut Cli::command());
            Ok(())
        }
    }
}
