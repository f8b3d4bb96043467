//! The messages between page and worker. They travel as postcard bytes, with files and blobs attached: postcard adds a
//! fraction of JSON's code to the programs.

mod check;
pub(crate) mod comparison;
mod feed_rows;
mod pick;
pub(crate) mod population;
pub(crate) mod preview;
mod series;
mod sorting;
mod writer;

use btcfake_core::breakage::BreakList;
use btcfake_core::format::employees::{BadRows, EmployeeType};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::publication::RunIdentity;
use btcfake_core::report::charts::Chart;
use btcfake_core::report::explain::Section;
use btcfake_core::report::figures::Bar;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::problem::Severity;
use js_sys::{Array, Uint8Array};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};

pub(crate) use check::{
    CheckAnswer, CheckQuestion, ExpectedFault, ExpectedFaults, FINDINGS_ON_A_PAGE, FileReport, FindingsPage,
    ShownFinding,
};
use comparison::{ComparedFeedFile, ComparisonOrder};
pub(crate) use feed_rows::{FeedRow, FeedRows, RowsQuestion};
pub(crate) use pick::Pick;
use population::{FromPopulation, ToPopulation};
use preview::{FromPreview, ToPreview};
pub(crate) use series::{SeriesNews, SeriesOrder};
pub(crate) use sorting::{FromSorting, ToSorting};
pub(crate) use writer::{FromWriter, OutputFile, ToWriter};

/// The number of problems of a file that the worker sends unasked.
pub(crate) const FIRST_PROBLEMS: usize = 200;

/// The number of problems that the worker sends for each request for more.
pub(crate) const PROBLEMS_AT_A_TIME: usize = 500;

/// How many employees a page of a table shows.
pub(crate) const EMPLOYEES_ON_A_PAGE: usize = 50;

/// How many lines of an output file its preview shows.
pub(crate) const PREVIEW_LINES: usize = 50;

/// A message from the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToWorker {
    /// Look at a file. Attached: the file.
    Inspect {
        /// The pick of the file, which the answer repeats.
        pick: Pick,
        /// What happens to bad rows of employees.csv.
        bad_rows: BadRows,
    },
    /// A file was taken away.
    Forget {
        /// The file's role.
        role: InputRole,
    },
    /// Send more problems of an inspected file.
    MoreProblems {
        /// The file's role.
        role: InputRole,
        /// The page's number of the pick.
        pick: u32,
        /// The number of problems that the page has already.
        known: usize,
    },
    /// Run the simulation. Attached: the files, in the order of the picks.
    Run {
        /// The number of the run; every answer names it.
        run: u32,
        /// Its settings.
        settings: Settings,
        /// What is broken on purpose.
        break_list: BreakList,
        /// Which picks the attached files are.
        picks: Vec<Pick>,
    },
    /// Send rows of a table of the last run.
    Rows {
        /// The run.
        run: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The table.
        table: Table,
        /// Which rows.
        wanted: WantedRows,
        /// If given, only rows that this bar of a chart counts.
        behind: Option<Bar>,
    },
    /// Send rows of a file of the last run.
    FeedRows {
        /// The run.
        run: u32,
        /// Which rows.
        question: RowsQuestion,
    },
    /// Explain the rows of one employee in the last run.
    Explain {
        /// The run.
        run: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The employee's id.
        employee: u64,
    },
    /// Put the files of the last run into one ZIP.
    Archive {
        /// The run.
        run: u32,
        /// What it is for; the answer names it.
        purpose: ArchivePurpose,
    },
    /// Make the inputs of the day after the last run.
    NextDay {
        /// The run.
        run: u32,
        /// If the catalogs are a sample's: its day, where 1 is January 1 of year 1. The answer then has the sample's catalogs
        /// of the next day, too.
        sample: Option<i32>,
    },
    /// Make days in a row. Attached: the files.
    Series(SeriesOrder),
    /// A request about the check of files.
    Check(CheckQuestion),
    /// Compare two feeds. Attached: their files.
    Compare(ComparisonOrder),
    /// Files without a place, or with an open question. Attached: the files.
    Sorting(ToSorting),
    /// Make the files of a sample.
    Sample {
        /// The number of the request; the answer names it.
        request: u32,
        /// The day that the sample's state ends with, where 1 is January 1 of year 1.
        day: i32,
    },
    /// Send the ids of all employees. Attached: employees.csv.
    EmployeeIds {
        /// The number of the request; the answer names it.
        request: u32,
        /// Which pick the file is.
        pick: Pick,
        /// What happens to bad rows.
        bad_rows: BadRows,
    },
    /// For the population's worker.
    Population(ToPopulation),
    /// For the preview's worker.
    Preview(ToPreview),
    /// From another worker: a file to write.
    Writer(ToWriter),
}

/// What a ZIP is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ArchivePurpose {
    /// The user downloads it.
    Download,
    /// The helper publishes it. The number of the request.
    Publish(u32),
}

/// A message from the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToPage {
    /// The worker listens.
    Ready,
    /// The result of inspecting a file.
    Inspected {
        /// The file's role.
        role: InputRole,
        /// The page's number of the pick.
        pick: u32,
        /// The result.
        inspected: Box<Inspected>,
    },
    /// A file that cannot be read.
    Unreadable {
        /// The file's role.
        role: InputRole,
        /// The page's number of the pick.
        pick: u32,
        /// Why, in plain words.
        why: String,
    },
    /// More problems of a file.
    MoreProblems {
        /// The file's role.
        role: InputRole,
        /// The page's number of the pick.
        pick: u32,
        /// The number of problems that the page had already.
        known: usize,
        /// The next problems.
        problems: Vec<ReportedProblem>,
    },
    /// How far a run is.
    Progress {
        /// The run.
        run: u32,
        /// How far.
        stage: Stage,
    },
    /// A run that failed.
    Failed {
        /// The run.
        run: u32,
        /// Why, in plain words.
        why: String,
    },
    /// A run that is done. Attached: a blob for each file.
    Done {
        /// The run.
        run: u32,
        /// Its results.
        outcome: Box<Outcome>,
    },
    /// Rows of a table.
    Rows {
        /// The run.
        run: u32,
        /// The number of the request.
        request: u32,
        /// The table.
        table: Table,
        /// Whose rows they are.
        found: Found,
        /// The cells of each row.
        rows: Vec<Vec<String>>,
    },
    /// Rows of a file, or why there are none.
    FeedRows {
        /// The number of the request.
        request: u32,
        /// The rows.
        rows: Result<FeedRows, String>,
    },
    /// The explanation of one employee's rows.
    Explained {
        /// The number of the request.
        request: u32,
        /// The explanation, or why there is none.
        explained: Result<Vec<Section>, String>,
    },
    /// All files of a run in one ZIP. Attached: its blob.
    Archive {
        /// The run.
        run: u32,
        /// What it is for.
        purpose: ArchivePurpose,
        /// Its name.
        name: String,
    },
    /// The worker no longer has the run whose table or ZIP was requested.
    Gone {
        /// The run.
        run: u32,
    },
    /// A ZIP that could not be made.
    ArchiveFailed {
        /// The run.
        run: u32,
        /// What it was for.
        purpose: ArchivePurpose,
        /// Why, in plain words.
        why: String,
    },
    /// The inputs of the day after a run, which are attached.
    NextDay {
        /// The run.
        run: u32,
        /// The role of each; or why there are none, in plain words.
        roles: Result<Vec<InputRole>, String>,
    },
    /// About days in a row. The last message has the ZIP attached.
    Series(SeriesNews),
    /// An answer about the check of files.
    Checked(CheckAnswer),
    /// The comparison of two feeds, file by file, or why there is none.
    Compared(Result<Vec<ComparedFeedFile>, String>),
    /// About files without a place, or with a question that was answered.
    Sorted(FromSorting),
    /// The files of a sample, which are attached.
    Sample {
        /// The number of the request.
        request: u32,
        /// The role of each.
        roles: Vec<InputRole>,
    },
    /// The ids of all employees. Attached: the JSON body of the request to the helper; nothing if they cannot be had.
    EmployeeIds {
        /// The number of the request.
        request: u32,
        /// How many there are, or why they cannot be had.
        found: Result<usize, String>,
    },
    /// From the population's worker.
    Population(FromPopulation),
    /// From the preview's worker.
    Preview(FromPreview),
    /// To another worker: about the file that is written for it.
    Writer(FromWriter),
}

/// The result of inspecting one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inspected {
    /// Its contents in plain words.
    pub(crate) contents: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// The number of errors: problems that refuse the file.
    pub(crate) errors: usize,
    /// The number of warnings: problems that do not.
    pub(crate) warnings: usize,
    /// The first problems.
    pub(crate) first: Vec<ReportedProblem>,
    /// The conversion that made the file readable, in one line; `None` for a file that is read as it is.
    pub(crate) converted: Option<String>,
    /// The ways to go on with a refused file, the likeliest first.
    pub(crate) mends: Vec<Mend>,
    /// For employees.csv, the SHA-256 of the sorted ids, which identifies the set of employees; empty for other files.
    pub(crate) employee_set: String,
    /// The number of employees of each type, in the order of [`EmployeeType::ALL`]; nothing for other files.
    pub(crate) types: Option<[usize; EmployeeType::ALL.len()]>,
}

/// One problem as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportedProblem {
    /// Whether it refuses the file.
    pub(crate) severity: Severity,
    /// File, line, column and message.
    pub(crate) text: String,
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stage {
    /// The files are being read.
    Reading,
    /// Employees are being simulated.
    Simulating {
        /// How many are done.
        done: usize,
        /// How many there are.
        of: usize,
    },
}

/// The results of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Outcome {
    /// How many employees there are.
    pub(crate) employees: usize,
    /// The counts of the run.
    pub(crate) tally: Tally,
    /// The summary, in groups of labelled lines.
    pub(crate) groups: Vec<Group>,
    /// The Daily Doses of the run, by id and name.
    pub(crate) daily_doses: Vec<String>,
    /// Results that people may not have intended.
    pub(crate) warnings: Vec<String>,
    /// Things left out or missing.
    pub(crate) notes: Vec<String>,
    /// What was broken on purpose, and where.
    pub(crate) broken: Vec<String>,
    /// The files, the run file last.
    pub(crate) files: Vec<OutputFile>,
    /// The recipe of the run.
    pub(crate) recipe: String,
    /// Identifies the run when it is compared with the last publication.
    pub(crate) identity: RunIdentity,
    /// The tables with rows, and the number of employees in each.
    pub(crate) tables: Vec<(Table, usize)>,
    /// The charts of the run.
    pub(crate) charts: Vec<Chart>,
    /// Chart labels in French, for contents with a French name in a catalog: content id, and label.
    pub(crate) french: Vec<(u64, String)>,
}

/// Lines of the summary under one heading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Group {
    /// The heading.
    pub(crate) title: String,
    /// Label and value of each line.
    pub(crate) lines: Vec<(String, String)>,
}

/// A table of what happened to employees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Table {
    /// Trainings done.
    Completed,
    /// Employees who got no Daily Dose because of a conflict.
    SkippedForDailyDose,
    /// Daily Doses that one employee was not given.
    DosesLeftOut,
    /// Employees for whom no random content remained.
    WithoutRandomContent,
    /// Recommendations that were dropped.
    DroppedRecommendations,
    /// Calls of the recommender that failed.
    FailedCalls,
}

impl Table {
    /// All tables, in the order in which they are shown.
    pub(crate) const ALL: [Table; 6] = [
        Self::Completed,
        Self::SkippedForDailyDose,
        Self::DosesLeftOut,
        Self::WithoutRandomContent,
        Self::DroppedRecommendations,
        Self::FailedCalls,
    ];
}

/// Which rows of a table are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WantedRows {
    /// A page of employees, from 0.
    Page(usize),
    /// One employee, by id.
    Employee(u64),
}

/// Whose rows were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Found {
    /// Those of a page of employees.
    Page {
        /// Which page, from 0.
        page: usize,
        /// How many employees there are on all pages.
        employees: usize,
    },
    /// Those of one employee.
    Employee {
        /// The employee.
        id: u64,
        /// The employee's type.
        kind: EmployeeType,
    },
    /// No such employee is in the run.
    Nobody {
        /// The id that was asked for.
        id: u64,
    },
}

/// Encodes a message as it travels: an array of its bytes, then the attachments.
pub(crate) fn pack<M: Serialize>(message: &M, attached: impl IntoIterator<Item = JsValue>) -> JsValue {
    // Postcard can write all of these types. If it could not, the other side would drop the empty bytes.
    let bytes = postcard::to_allocvec(message).unwrap_or_default();
    std::iter::once(JsValue::from(Uint8Array::from(bytes.as_slice()))).chain(attached).collect::<Array>().into()
}

/// Decodes a message and its attachments; `None` for data that is no message.
pub(crate) fn unpack<M: DeserializeOwned>(data: &JsValue) -> Option<(M, Vec<JsValue>)> {
    let mut parts = Array::from(data).to_vec().into_iter();
    let bytes = parts.next()?.dyn_into::<Uint8Array>().ok()?.to_vec();
    let message = postcard::from_bytes(&bytes).ok()?;
    Some((message, parts.collect()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcfake_core::inputs::sorting::Destination;
    use btcfake_core::plan::settings::parse_now;
    use btcfake_core::sheet::Question;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let settings = Settings {
            time_zone: "America/New_York".parse().unwrap(),
            bad_rows: BadRows::Skip,
            ..Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), u64::MAX)
        };
        let break_list = BreakList::parse("crlf,bad-date@assignments=3").unwrap();
        let picks = InputRole::ALL.map(|role| Pick { role, number: u32::MAX }).to_vec();
        let run = ToWorker::Run { run: 7, settings, break_list, picks };
        let problem = ReportedProblem { severity: Severity::Error, text: "employees.csv:17:8: é".to_owned() };
        let question = Question::Column { wanted: "ba_id".to_owned(), found: vec![(7, "Id".to_owned())] };
        let inspected = Inspected {
            contents: "1 employee".to_owned(),
            bytes: u64::MAX,
            sha256: "ab".to_owned(),
            errors: 1,
            warnings: 4_000_000_000,
            first: vec![problem],
            converted: Some("read as UTF-16".to_owned()),
            mends: vec![Mend::SkipBadRows, Mend::Move(Destination::Check), Mend::Answer(question), Mend::Remove],
            employee_set: String::new(),
            types: Some([1, 0, 0]),
        };
        let found = ToPage::Inspected { role: InputRole::Employees, pick: u32::MAX, inspected: Box::new(inspected) };
        assert_eq!(postcard::from_bytes::<ToWorker>(&postcard::to_allocvec(&run).unwrap()), Ok(run));
        assert_eq!(postcard::from_bytes::<ToPage>(&postcard::to_allocvec(&found).unwrap()), Ok(found));
    }
}
