//! Options of commands that make a feed: inputs, settings, and the folder of its files.

use std::path::{Path, PathBuf};

use btcfake_core::breakage::BreakList;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::settings::{parse_now, parse_seed};
use btcfake_core::record::recipe::{choice_option, parse_choice};
use btcfake_core::sheet::{Choice, InputChoices, Subject};
use chrono::{DateTime, Utc};
use clap::{Args, ValueEnum};

use crate::commands::argument_values::written_path;

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

impl FeedArguments {
    /// The options that name an input, and what they name.
    pub(crate) fn input_files(&self) -> impl Iterator<Item = (&'static str, &Path)> {
        let files = [("--employees", &self.employees), ("--user-completion-template", &self.user_completion_template)];
        files.into_iter().filter_map(|(option, path)| Some((option, path.as_deref()?)))
    }
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
