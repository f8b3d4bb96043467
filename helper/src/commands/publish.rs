//! `btcfake publish`: sends a run's files and catalogs to the outbound server.

use std::path::PathBuf;

use btcfake_core::record::publication::StateOrigin;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::{counted, size_text};
use clap::Args;

use super::sftp_connection::{configured_sftp, with_sftp_client};
use crate::configuration::{Configuration, SftpSide};
use crate::remote::publications::Publications;
use crate::remote::sftp::{Production, SftpProblem, find_run, refuse_production, run_files};
use crate::terminal::console;
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Options of `publish`.
#[derive(Debug, Args)]
pub(crate) struct PublishArguments {
    /// The folder of the run, or its run file, run_....json.
    #[arg(value_name = "DIR|RUN_FILE")]
    dir: PathBuf,
    /// The run file, if the folder has several.
    #[arg(long, value_name = "FILE")]
    run: Option<PathBuf>,
    /// Send even if the destination looks like production. The data is made up!
    #[arg(long)]
    allow_production: bool,
    /// Show no progress.
    #[arg(long, short)]
    quiet: bool,
}

/// Runs the command.
///
/// # Errors
/// A server that is not configured or looks like production, a run with missing or changed files, or any problem of
/// sending.
pub(crate) fn run(arguments: &PublishArguments) -> Result<(), Failure> {
    interrupt::listen();
    let configuration = Configuration::read()?;
    configuration.print_warnings(arguments.quiet);
    let settings = configured_sftp(&configuration, SftpSide::Outbound)?;
    let production = Production { environment: configuration.environment()?, allowed: arguments.allow_production };
    refuse_production(&settings, &production).map_err(SftpProblem::into_failure)?;
    let run_file = find_run(&arguments.dir, arguments.run.as_deref())?;
    let run = run_files(&run_file, &configuration.sftp_local_dir())?;
    let publications = Publications::of(&configuration, &settings);
    publications.concern(&run.identity, StateOrigin::Unknown).iter().for_each(console::note);
    let published =
        with_sftp_client(&settings, arguments.quiet, async |client| client.publish(&run, &production).await)?;
    published.notes.iter().chain(&publications.add(&run.identity, &run.completed)).for_each(console::note);
    let mut text = String::new();
    for file in &published.files {
        let state = if file.sent { "sent" } else { "the same file was there already" };
        text.push_str(&format!("{} ({}): {state}\n", shown_whole(&file.name), size_text(file.bytes)));
    }
    let sent = published.files.iter().filter(|file| file.sent).count();
    let folder = settings.remote_path.as_deref().unwrap_or_default();
    let before = if sent == 0 { "; this feed was published already" } else { "" };
    text.push_str(&format!("{} sent to {}:{folder}{before}\n", counted(sent, "file"), settings.host.name));
    console::print(&text);
    Ok(())
}
