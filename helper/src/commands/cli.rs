//! Command line: the commands with their help texts. Each has its options in its own module.

use clap::{Parser, Subcommand};

use crate::commands::breaks::BreaksArguments;
use crate::commands::check::CheckArguments;
use crate::commands::config::ConfigArguments;
use crate::commands::diff::DiffArguments;
use crate::commands::download::DownloadArguments;
use crate::commands::explain::ExplainArguments;
use crate::commands::publish::PublishArguments;
use crate::commands::recipe::RecipeArguments;
use crate::commands::recommend::RecommendArguments;
use crate::commands::replay::ReplayArguments;
use crate::commands::run::RunArguments;
use crate::commands::sample::SampleArguments;
use crate::commands::sandbox::SandboxArguments;
use crate::commands::series::SeriesArguments;
use crate::commands::serve::ServeArguments;
use crate::commands::shell_completion::ShellCompletionArguments;
use crate::commands::simulate::SimulateArguments;
use crate::commands::trust::TrustArguments;

/// Makes the CSV files of a training vendor (BTC), for employees of your choice, to test the batch job that reads them.
#[derive(Debug, Parser)]
#[command(name = "btcfake", version, max_term_width = 100)]
pub(crate) struct Cli {
    /// The command; without one, the page is served.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make one day's feed from files.
    ///
    /// One of the files may be -, which is standard input.
    Simulate(SimulateArguments),
    /// Make a feed for each of several days in a row, each with the state after the day before.
    ///
    /// Each day has its own folder, named after it, with its files and its run file. The same command continues a
    /// stopped series: existing days are skipped.
    Series(SeriesArguments),
    /// Repeat a run from its run file, and report whether the bytes are the same; or make a run from a recipe.
    ///
    /// A recipe is a link copied on the page, or its part after the #. Put it into quotes, because & has a meaning
    /// in a shell. Files are found by name, or by content if they have other names.
    Replay(ReplayArguments),
    /// Explain the rows of one employee in a run, decision by decision. Nothing is written.
    ///
    /// Prints open assignments, Daily Doses given or not and why, the random content, recommendations kept and dropped,
    /// completions, and why no more were completed. The run is that of a run file, or the one that `simulate` would
    /// make with the same options.
    Explain(ExplainArguments),
    /// Print a link with which others make the same run, on the page or by replay; or the same as a code or a file.
    ///
    /// It has seed, time and settings, and name, size and SHA-256 of each input file, but not their content.
    Recipe(RecipeArguments),
    /// Write realistic made-up inputs into a folder.
    Sample(SampleArguments),
    /// Make one day's feed from the configured live sources; --publish sends it.
    ///
    /// Catalogs come from the inbound SFTP server, open assignments and completions from Databricks, recommendations
    /// from the recommender. A source that is not configured is skipped with a note; a configured source that fails
    /// stops the run.
    Run(RunArguments),
    /// Check files: report the kind of each, and every place where it breaks the format or the rules.
    ///
    /// Several files are also compared with each other. State tables must be those from before the run.
    Check(CheckArguments),
    /// List the faults and presets for --break, what each does, and what a batch job should do about it.
    Breaks(BreaksArguments),
    /// Compare two feeds by employee and content: rows added, gone or changed, and in which columns.
    ///
    /// A feed is a folder with one feed, a run file, or vendor files. The order of rows, quotes and line ends make no
    /// difference; RequestIds are counted separately. The exit code is 0 for the same rows, 1 for different rows, 2 if
    /// the feeds cannot be compared.
    Diff(DiffArguments),
    /// Ask the recommender about one employee.
    Recommend(RecommendArguments),
    /// Download the vendor's catalogs from the inbound SFTP server.
    ///
    /// Downloads the most recent CourseCatalog and StandAloneContent; with --days, all of both kinds of these days.
    Download(DownloadArguments),
    /// Send a run's three files and its catalogs to the outbound SFTP server.
    ///
    /// An existing file is never overwritten. One with the same bytes counts as sent; so a second call completes a
    /// failed one.
    Publish(PublishArguments),
    /// Show the key of an SFTP host, and trust it from now on if you agree.
    Trust(TrustArguments),
    /// Serve the page for the browser.
    Serve(ServeArguments),
    /// Run servers on this machine in the place of the real ones, and print the .env that connects to them.
    ///
    /// SFTP in both directions, the recommender and Databricks, with made-up data and new passwords. A published feed
    /// is loaded into the state tables, so that the next run knows it.
    Sandbox(SandboxArguments),
    /// Print every setting with its value and source, and every invalid value.
    Config(ConfigArguments),
    /// Check every setting and connection, one by one, and report how to mend each failure.
    Doctor,
    /// Print a script by which a shell completes commands and options at the Tab key.
    ///
    /// For bash: `source <(btcfake shell-completion bash)`, in ~/.bashrc for every new shell.
    ShellCompletion(ShellCompletionArguments),
}

impl Default for Command {
    fn default() -> Command {
        Command::Serve(ServeArguments::default())
    }
}
