//! Command line: commands, options and their help texts.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::identifier::{HIGHEST_ID, parse_plain_id};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::rhythm::{parse_day, parse_time};
use btcfake_core::plan::settings::{parse_now, parse_seed};
use btcfake_core::record::recipe::{choice_option, parse_choice};
use btcfake_core::sample::SampleRecipe;
use btcfake_core::sheet::{Choice, InputChoices, Subject};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use reqwest::Url;

use crate::configuration::SftpSide;
use crate::sandbox::Faults;
use crate::server::listen_address;

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
        Command::Serve(ServeArguments { listen: ServeArguments::DEFAULT, open: false, sandbox: false, fault: None })
    }
}

/// Options of `simulate`.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Inputs and settings of the feed.
    #[command(flatten)]
    pub(crate) files: FileArguments,
    /// The folder of the feed, and what is printed.
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Inputs and settings of a run from files.
#[derive(Debug, Args)]
pub(crate) struct FileArguments {
    /// Population and settings of the feed.
    #[command(flatten)]
    pub(crate) feed: FeedArguments,
    /// The StandAloneContent catalog: contents that a manager can assign [default: the most recent one in
    /// SFTP_LOCAL_DIR (downloaded_files); if there is none, a built-in sample].
    #[arg(long, value_name = "FILE")]
    pub(crate) standalone_content: Option<PathBuf>,
    /// The CourseCatalog: names of contents that StandAloneContent lacks [default: the most recent one in
    /// SFTP_LOCAL_DIR, if there is one].
    #[arg(long, value_name = "FILE")]
    pub(crate) course_catalog: Option<PathBuf>,
    /// The state table content_assignments, as CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) assignments: Option<PathBuf>,
    /// The state table content_completion, as CSV.
    #[arg(long, value_name = "FILE")]
    pub(crate) completions: Option<PathBuf>,
    /// Recorded answers of the recommender, one JSON object a line.
    #[arg(long, value_name = "FILE")]
    pub(crate) recommendations: Option<PathBuf>,
}

impl FileArguments {
    /// The options that name an input, and what they name.
    pub(crate) fn input_files(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let others = [
            ("--standalone-content", &self.standalone_content),
            ("--course-catalog", &self.course_catalog),
            ("--assignments", &self.assignments),
            ("--completions", &self.completions),
            ("--recommendations", &self.recommendations),
        ];
        self.feed.input_files().chain(others.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?))))
    }
}

/// Options of `series`: its days, and the options of `simulate`, but for the instant.
#[derive(Debug, Args)]
#[command(mut_arg("now", |now| now.hide(true)), mut_arg("break_list", |list| list.hide(true)))]
pub(crate) struct SeriesArguments {
    /// The first day, such as 2026-01-29, in the business time zone.
    #[arg(long, value_name = "DATE", value_parser = parse_day, conflicts_with = "now")]
    pub(crate) from: NaiveDate,
    /// The number of days with a feed, from 1 to 366.
    #[arg(long, value_name = "N")]
    pub(crate) days: u32,
    /// The time of day of each run, on the business time zone's wall clock.
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "18:00")]
    pub(crate) at: NaiveTime,
    /// Skip Saturdays and Sundays; they do not count as days.
    #[arg(long)]
    pub(crate) weekdays: bool,
    /// Inputs and settings of each feed.
    #[command(flatten)]
    pub(crate) files: FileArguments,
    /// The folder of the feeds, and what is printed.
    #[command(flatten)]
    pub(crate) output: OutputArguments,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Population and settings of the feed.
    #[command(flatten)]
    pub(crate) feed: FeedArguments,
    /// The folder of the feed, and what is printed.
    #[command(flatten)]
    pub(crate) output: OutputArguments,
    /// Continue a stopped run: the recommender is asked only for missing answers.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Publish the feed to the outbound SFTP server [default: SFTP_PUBLISH_ENABLED].
    #[arg(long)]
    pub(crate) publish: bool,
    /// Publish even if the destination looks like production. The data is made up!
    #[arg(long)]
    pub(crate) allow_production: bool,
}

/// Population and settings of any feed, without the options for other inputs and for the folder of its files.
#[derive(Debug, Args)]
pub(crate) struct FeedArguments {
    /// The employees: a CSV file with the columns employee_id and employee_edu_type [default: EMPLOYEES_FILE, or
    /// input/employees.csv].
    #[arg(long, value_name = "FILE")]
    pub(crate) employees: Option<PathBuf>,
    /// The share of each type in percent, such as a=60,b=30,f=10: as few employees as possible get another type. The
    /// same seed changes the same employees.
    #[arg(long, value_name = "SHARES")]
    pub(crate) mix: Option<Mix>,
    /// Make up N employees in place of an employees.csv; their types are those of --mix [default: a=60,b=30,f=10].
    #[arg(long, value_name = "N", conflicts_with = "employees", allow_negative_numbers = true, value_parser = NewPopulation::parse_count)]
    pub(crate) new_population: Option<u32>,
    /// The ids of the new population, such as 300000-399999 [default: 300000-2147483647].
    #[arg(long, value_name = "FROM-TO", requires = "new_population")]
    pub(crate) ids: Option<IdRange>,
    /// The template of the dummy file [default: USER_COMPLETION_TEMPLATE_FILE; if it does not exist, a built-in one].
    #[arg(long, value_name = "FILE")]
    pub(crate) user_completion_template: Option<PathBuf>,
    /// The instant of the run, such as 2026-01-29T18:00:00Z; in UTC if no offset is given [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    pub(crate) now: Option<DateTime<Utc>>,
    /// The business time zone, an IANA name [default: BUSINESS_TIMEZONE, or UTC].
    #[arg(long, value_name = "NAME")]
    pub(crate) timezone: Option<BusinessZone>,
    /// The seed of all random choices, a whole number from 0 to 2^64 - 1 [default: drawn, and shown in the summary].
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = parse_seed)]
    pub(crate) seed: Option<u64>,
    /// Leave out bad rows of employees.csv, with a warning for each, instead of refusing the file.
    #[arg(long)]
    pub(crate) skip_bad_rows: bool,
    /// Answers to the questions of inputs.
    #[command(flatten)]
    pub(crate) choices: ChoiceArguments,
    /// The style of RequestIds.
    #[arg(long, value_name = "STYLE", value_enum, default_value_t = RequestIds::Numeric)]
    pub(crate) request_id: RequestIds,
    /// Break the feed on purpose, to test whether its reader notices: KIND, KIND@FILE, KIND=N or KIND@FILE=N, separated
    /// by commas, such as crlf,repeated-row=3,bad-date@assignments.
    ///
    /// FILE is completions, assignments or dummy; N is the number of rows. `btcfake breaks` lists the kinds, and
    /// presets that the list may have, too.
    #[arg(long = "break", value_name = "LIST", value_parser = BreakList::parse)]
    pub(crate) break_list: Option<BreakList>,
}

/// Answers to the questions of inputs that are no plain CSV, each about one input. An input is named like its option, and each
/// option may be given several times.
#[derive(Debug, Args)]
pub(crate) struct ChoiceArguments {
    /// The sheet of a workbook, such as employees=Staff. INPUT is an input by the name of its option: employees,
    /// standalone-content, course-catalog, assignments or completions.
    #[arg(long, value_name = "INPUT=SHEET", value_parser = |text: &str| parse_choice(Subject::Sheet, text))]
    sheet: Vec<(InputRole, Choice)>,
    /// The name that a column has in a file, such as 'employees.employee_id=Personnel number'; #2 is the second column.
    #[arg(long, value_name = "INPUT.COLUMN=NAME", value_parser = |text: &str| parse_choice(Subject::Column, text))]
    column: Vec<(InputRole, Choice)>,
    /// The encoding of a text that is not in UTF-8: employees=windows-1252.
    #[arg(long, value_name = "INPUT=ENCODING", value_parser = |text: &str| parse_choice(Subject::Encoding, text))]
    encoding: Vec<(InputRole, Choice)>,
    /// A file without a header, whose columns are in the usual order: employees=none.
    #[arg(long, value_name = "INPUT=none", value_parser = |text: &str| parse_choice(Subject::Header, text))]
    header: Vec<(InputRole, Choice)>,
}

impl ChoiceArguments {
    /// The answers by input.
    ///
    /// # Errors
    /// A message if a question has two answers.
    pub(crate) fn by_input(&self) -> Result<InputChoices, String> {
        let mut choices = InputChoices::default();
        for (role, answer) in [&self.sheet, &self.column, &self.encoding, &self.header].into_iter().flatten() {
            let contradicts = |other: &&Choice| other.answers_same(answer) && *other != answer;
            if let Some(other) = choices.of(*role).iter().find(contradicts) {
                let (one, other) = (choice_option(*role, other), choice_option(*role, answer));
                return Err(format!("{one} and {other} answer the same question; leave one of them out"));
            }
            choices.add(*role, answer.clone());
        }
        Ok(choices)
    }
}

impl FeedArguments {
    /// The options that name an input, and what they name.
    pub(crate) fn input_files(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = [("--employees", &self.employees), ("--user-completion-template", &self.user_completion_template)];
        files.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?)))
    }
}

/// The folder for the files of a feed, and what is printed about the run.
#[derive(Debug, Default, Args)]
pub(crate) struct OutputArguments {
    /// The folder for the files [default: OUTPUT_DIR, or generated_files].
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    pub(crate) out: Option<PathBuf>,
    /// Begin the completions file and the assignments file with a byte order mark.
    #[arg(long)]
    pub(crate) bom: bool,
    /// Write what happened to each employee into this file, one JSON object a line. An existing file is replaced.
    #[arg(long, value_name = "FILE", value_parser = written_path())]
    pub(crate) details: Option<PathBuf>,
    /// Print the summary as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print nothing but errors (and, with --json, the summary).
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print what happened to each employee, also in runs of more than 50.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// The style of RequestIds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RequestIds {
    /// A unique number, as in the vendor's files.
    Numeric,
    /// `fake:DD` with today's day, so that fake rows can be found in a table.
    FakeDay,
}

impl From<RequestIds> for RequestIdStyle {
    fn from(style: RequestIds) -> RequestIdStyle {
        match style {
            RequestIds::Numeric => RequestIdStyle::Numeric,
            RequestIds::FakeDay => RequestIdStyle::FakeDay,
        }
    }
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// The run file, run_....json; or a recipe, or a file with one. - reads either from standard input.
    #[arg(value_name = "RUN_FILE|RECIPE")]
    pub(crate) run_file: PathBuf,
    /// A folder with inputs; may be given several times. It is searched before the usual places: the recorded place,
    /// the folder of the run file, the current folder, and input and downloaded_files in it.
    #[arg(long, value_name = "DIR")]
    pub(crate) input_dir: Vec<PathBuf>,
    /// Write the files again, into this folder. Required for a recipe.
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    pub(crate) out: Option<PathBuf>,
}

/// Options of `explain`.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// The employee's id.
    #[arg(value_name = "ID", value_parser = employee_id)]
    pub(crate) employee: u64,
    /// The run file, run_....json, or a recipe; its inputs are found as by `replay`.
    #[arg(long, value_name = "RUN_FILE", conflicts_with_all = [
        "employees", "standalone_content", "course_catalog", "assignments", "completions", "recommendations",
        "user_completion_template", "now", "timezone", "seed", "mix", "new_population", "ids", "skip_bad_rows",
        "request_id", "break_list", "sheet", "column", "encoding", "header",
    ])]
    pub(crate) run: Option<PathBuf>,
    /// A folder with inputs of --run, as for `replay`; may be given several times.
    #[arg(long, value_name = "DIR", requires = "run")]
    pub(crate) input_dir: Vec<PathBuf>,
    /// What the run is made from.
    #[command(flatten)]
    pub(crate) files: FileArguments,
    /// Print the explanation as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print no notes and warnings.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Options of `breaks`.
#[derive(Debug, Args)]
pub(crate) struct BreaksArguments {
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `shell-completion`.
#[derive(Debug, Args)]
pub(crate) struct ShellCompletionArguments {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Options of `recipe`.
#[derive(Debug, Args)]
pub(crate) struct RecipeArguments {
    /// The run file, run_....json; - for standard input.
    #[arg(value_name = "RUN_FILE")]
    pub(crate) run_file: PathBuf,
    /// The page's address for the link.
    #[arg(long, value_name = "ADDRESS", default_value = "http://127.0.0.1:8787/", value_parser = page_address)]
    pub(crate) page: String,
    /// Print the code: the part of the link after the #, without an address.
    #[arg(long, conflicts_with = "page")]
    pub(crate) code: bool,
    /// Print the recipe as a JSON file.
    #[arg(long, conflicts_with_all = ["page", "code"])]
    pub(crate) json: bool,
}

/// Options of `sample`.
#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// The folder for the files.
    #[arg(value_name = "DIR", value_parser = written_path())]
    pub(crate) dir: PathBuf,
    /// The number of employees.
    #[arg(long, value_name = "N", default_value_t = SampleRecipe::EMPLOYEES, allow_negative_numbers = true, value_parser = SampleRecipe::parse_size)]
    pub(crate) employees: usize,
    /// The number of contents in StandAloneContent; the course catalog has five times as many rows.
    #[arg(long, value_name = "N", default_value_t = SampleRecipe::CONTENTS, allow_negative_numbers = true, value_parser = SampleRecipe::parse_size)]
    pub(crate) contents: usize,
    /// The seed: the same seed, sizes and day give the same files.
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = parse_seed)]
    pub(crate) seed: u64,
    /// The instant for which the sample is made, such as 2026-01-29T12:00:00Z [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    pub(crate) now: Option<DateTime<Utc>>,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Files of any kind, or folders of them; - for standard input.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Answers to the questions of inputs.
    #[command(flatten)]
    pub(crate) choices: ChoiceArguments,
}

/// Options of `diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The two feeds, each a folder, a run file or a vendor file; with --to, only the files of the first feed.
    #[arg(value_name = "FEED", required = true)]
    pub(crate) feeds: Vec<PathBuf>,
    /// The files of the second feed, if the feeds are given as several vendor files.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) to: Vec<PathBuf>,
    /// Print all differences and the counts as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// Print the settings, with the meaning of each, as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Options of `recommend`.
#[derive(Debug, Args)]
pub(crate) struct RecommendArguments {
    /// The employee's id.
    #[arg(value_name = "ID", value_parser = employee_id)]
    pub(crate) employee: u64,
    /// Append the answer, or a failed call, to this file, in the format of `simulate --recommendations`.
    #[arg(long, value_name = "FILE", value_parser = written_path())]
    pub(crate) record: Option<PathBuf>,
    /// Print the recommendations as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Reads an employee's id.
fn employee_id(text: &str) -> Result<u64, String> {
    parse_plain_id(text.as_bytes()).ok_or_else(|| format!("an id is digits only, from 1 to {HIGHEST_ID}"))
}

/// Reads the web address of a page, to which a recipe is added after a `#`.
fn page_address(text: &str) -> Result<String, &'static str> {
    let is_web = Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.fragment().is_none());
    is_web
        .then(|| text.to_owned())
        .ok_or("write a web address such as https://host/page/, without a #, which the recipe follows")
}

/// Options of `download`.
#[derive(Debug, Args)]
pub(crate) struct DownloadArguments {
    /// All catalogs dated from N days ago to today, both included; 0 is today only.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = clap::value_parser!(u32).range(0..=36_500))]
    pub(crate) days: Option<u32>,
    /// The folder for the files [default: SFTP_LOCAL_DIR, or downloaded_files; with --days: temp_files].
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    pub(crate) dest: Option<PathBuf>,
    /// The instant that decides what today is [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    pub(crate) now: Option<DateTime<Utc>>,
    /// Show no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

impl DownloadArguments {
    /// Default folder for the files of several days.
    pub(crate) const DAYS_FOLDER: &str = "temp_files";
}

/// Options of `publish`.
#[derive(Debug, Args)]
pub(crate) struct PublishArguments {
    /// The folder of the run, or its run file, run_....json.
    #[arg(value_name = "DIR|RUN_FILE")]
    pub(crate) dir: PathBuf,
    /// The run file, if the folder has several.
    #[arg(long, value_name = "FILE")]
    pub(crate) run: Option<PathBuf>,
    /// Send even if the destination looks like production. The data is made up!
    #[arg(long)]
    pub(crate) allow_production: bool,
    /// Show no progress.
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Options of `trust`.
#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// The server.
    #[arg(value_name = "SERVER", value_enum)]
    pub(crate) side: SftpSide,
    /// Trust the key without a question, because you know that its fingerprint is right.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The address to listen on: a port (8787), localhost or an IP address, or both (localhost:8787).
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address::parse, default_value_t = ServeArguments::DEFAULT)]
    pub(crate) listen: SocketAddr,
    /// Open the page in the browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// Start the sandbox and connect the page to it: SFTP, recommender and Databricks on this machine, with made-up
    /// data. Nothing real is reached.
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// Faults of the sandbox; `btcfake sandbox --help` lists them.
    #[arg(long, value_name = "LIST", requires = "sandbox", value_parser = Faults::parse)]
    pub(crate) fault: Option<Faults>,
}

/// Options of `sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// The folder for its files, which is kept; an earlier sandbox there continues [default: a temporary folder,
    /// removed at the end].
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    pub(crate) dir: Option<PathBuf>,
    /// Faults, separated by commas, such as sftp-cut=2MB,api-500=0.1,api-slow=3s,databricks-429=0.2.
    ///
    /// Sizes: sftp-cut and sftp-silent, after that many bytes of a connection; sftp-cuts=N cuts only the first N.
    /// Shares from 0 to 1 of the employees: api-500, api-429, api-error-in-200, api-half-json, api-wrong-types,
    /// api-drip, api-hang. Shares of the requests: databricks-429, databricks-503. Times: api-slow, databricks-pending.
    /// Texts: sftp-ghost=NAME (listed, but does not exist), databricks-failed=MESSAGE. Without a value:
    /// sftp-wrong-sizes, sftp-short-reads, sftp-asks-password (keyboard-interactive), databricks-expired-token,
    /// databricks-expired-links.
    #[arg(long, value_name = "LIST", value_parser = Faults::parse)]
    pub(crate) fault: Option<Faults>,
    /// The instant that decides what today is [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    pub(crate) now: Option<DateTime<Utc>>,
}

impl ServeArguments {
    /// Default address of the page.
    pub(crate) const DEFAULT: SocketAddr = listen_address::DEFAULT;
}

/// Takes the path of what is written: `-` would become a folder or file of that name.
fn written_path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| {
        if path == Path::new("-") {
            return Err(
                "- stands for standard input, and nothing is written to standard output; name a folder or file (one \
                        that is called - is ./-)",
            );
        }
        Ok(path)
    })
}
