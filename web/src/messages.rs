//! Everything that page and worker say to each other: types in one place. They travel as bytes of postcard,
//! whose reading and writing is a small part of the code that JSON would take, with files and blobs attached.

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

/// The number of problems of a file that the worker sends without being asked.
pub(crate) const PROBLEMS_TOLD: usize = 200;

/// The number of problems that it sends at a time when it is asked for more.
pub(crate) const PROBLEMS_AT_A_TIME: usize = 500;

/// How many employees a page of a table shows.
pub(crate) const EMPLOYEES_ON_A_PAGE: usize = 50;

/// How many lines of an output file its preview shows.
pub(crate) const PREVIEW_LINES: usize = 50;

/// What the page says to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToWorker {
    /// Look at a file. Attached: the file.
    Inspect {
        /// Which pick it is; the answer names it.
        pick: Pick,
        /// What happens to bad rows of employees.csv.
        bad_rows: BadRows,
    },
    /// A file was taken away.
    Forget {
        /// What it was used as.
        role: InputRole,
    },
    /// Tell more problems of a file that was looked at.
    MoreProblems {
        /// What it is used as.
        role: InputRole,
        /// Which pick of the page it is.
        pick: u32,
        /// How many are known to the page.
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
    /// Tell rows of a table about the last run.
    Rows {
        /// The run.
        run: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The table.
        table: Table,
        /// Which rows.
        wanted: WantedRows,
        /// Only what this bar of a chart counts.
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
        /// The day of the sample that the catalogs are of, counted from the first day of the common era; its vendor's catalogs of
        /// the next day are wanted, too.
        sample: Option<i32>,
    },
    /// Make days in a row. Attached: the files.
    Series(SeriesOrder),
    /// Something about files that are checked.
    Check(CheckQuestion),
    /// Compare two feeds. Attached: their files.
    Compare(ComparisonOrder),
    /// Files without a place, or with an open question. Attached: the files.
    Sorting(ToSorting),
    /// Make the files of a sample.
    Sample {
        /// The number of the request; the answer names it.
        request: u32,
        /// The day that the sample's state ends with, counted from the first day of the common era.
        day: i32,
    },
    /// Tell the ids of all employees. Attached: employees.csv.
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
    /// Something for the preview.
    Preview(ToPreview),
    /// From another worker: a file to write.
    Writer(ToWriter),
}

/// What a ZIP is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ArchivePurpose {
    /// The user keeps it.
    Download,
    /// The helper publishes what is in it: the number of the request.
    Publish(u32),
}

/// What the worker says to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToPage {
    /// The worker listens.
    Ready,
    /// What is in a file.
    Inspected {
        /// What it is used as.
        role: InputRole,
        /// Which pick of the page it is.
        pick: u32,
        /// What is in it.
        inspected: Box<Inspected>,
    },
    /// A file that cannot be read.
    Unreadable {
        /// What it is used as.
        role: InputRole,
        /// Which pick of the page it is.
        pick: u32,
        /// Why, in plain words.
        why: String,
    },
    /// More problems of a file.
    MoreProblems {
        /// What it is used as.
        role: InputRole,
        /// Which pick of the page it is.
        pick: u32,
        /// How many the page knew.
        known: usize,
        /// Those that follow.
        problems: Vec<ReportedProblem>,
    },
    /// How far a run is.
    Progress {
        /// The run.
        run: u32,
        /// How far.
        stage: Stage,
    },
    /// A run that came to nothing.
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
        /// What came of it.
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
    /// The whole way of one employee.
    Explained {
        /// The number of the request.
        request: u32,
        /// It in words, or why there is none.
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
    /// Tables or the ZIP of a run were asked for that the worker does not have any more.
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
        /// What each is used as; or why there are none, in plain words.
        roles: Result<Vec<InputRole>, String>,
    },
    /// About days in a row. Attached: the ZIP in the end.
    Series(SeriesNews),
    /// Something about files that were checked.
    Checked(CheckAnswer),
    /// The comparison of two feeds, file by file, or why there is none.
    Compared(Result<Vec<ComparedFeedFile>, String>),
    /// About files without a place, or with a question that was answered.
    Sorted(FromSorting),
    /// The files of a sample, which are attached.
    Sample {
        /// The number of the request.
        request: u32,
        /// What each is used as.
        roles: Vec<InputRole>,
    },
    /// The ids of all employees. Attached: the JSON that the helper is asked with, or nothing.
    EmployeeIds {
        /// The number of the request.
        request: u32,
        /// How many there are, or why they cannot be had.
        found: Result<usize, String>,
    },
    /// From the population's worker.
    Population(FromPopulation),
    /// Something of the preview.
    Preview(FromPreview),
    /// To another worker: about the file that is written for it.
    Writer(FromWriter),
}

/// What the worker found in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Inspected {
    /// What is in it, in people's words.
    pub(crate) contents: String,
    /// Its size in bytes.
    pub(crate) bytes: u64,
    /// Its SHA-256, in lower-case hexadecimal digits.
    pub(crate) sha256: String,
    /// How many problems refuse it.
    pub(crate) errors: usize,
    /// How many do not.
    pub(crate) warnings: usize,
    /// The first problems.
    pub(crate) first: Vec<ReportedProblem>,
    /// What was converted before the file could be read, in a line; `None` for a file that is read as it is.
    pub(crate) converted: Option<String>,
    /// What people can do with a file that is refused, the likeliest first.
    pub(crate) mends: Vec<Mend>,
    /// Which employees an employees.csv has, whatever their types; see the core's `Inspection`.
    pub(crate) who: String,
    /// The number of employees of each type, in the order of [`EmployeeType::ALL`]; nothing for other files.
    pub(crate) types: Option<[usize; EmployeeType::ALL.len()]>,
}

/// One problem as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReportedProblem {
    /// Whether it refuses the file.
    pub(crate) severity: Severity,
    /// File, line, column and what is wrong.
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

/// What came of a run.
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
    /// Results that may be other than intended.
    pub(crate) warnings: Vec<String>,
    /// Things left out or missing.
    pub(crate) notes: Vec<String>,
    /// What was broken on purpose, and where.
    pub(crate) broken: Vec<String>,
    /// The files, the run file last.
    pub(crate) files: Vec<OutputFile>,
    /// The recipe of the run.
    pub(crate) recipe: String,
    /// The run, to compare it with the last publishing.
    pub(crate) identity: RunIdentity,
    /// The tables that have something to show, and of how many employees.
    pub(crate) tables: Vec<(Table, usize)>,
    /// What there is to see in it.
    pub(crate) charts: Vec<Chart>,
    /// Labels of the charts with a content's French name, where a catalog has one: id of the content, and label.
    pub(crate) french: Vec<(u64, String)>,
}

/// Some lines of the summary that belong together.
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
    /// Employees who got no Daily Dose for a conflict.
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

/// A message as it travels: an array of its bytes and what is attached.
pub(crate) fn pack<M: Serialize>(message: &M, attached: impl IntoIterator<Item = JsValue>) -> JsValue {
    // These types hold nothing that postcard cannot write; and bytes that are no message are dropped by the other side.
    let bytes = postcard::to_allocvec(message).unwrap_or_default();
    std::iter::once(JsValue::from(Uint8Array::from(bytes.as_slice()))).chain(attached).collect::<Array>().into()
}

/// Takes a message apart. What is none is nothing.
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
    fn messages_arrive_as_they_were_said() {
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
            who: String::new(),
            types: Some([1, 0, 0]),
        };
        let found = ToPage::Inspected { role: InputRole::Employees, pick: u32::MAX, inspected: Box::new(inspected) };
        assert_eq!(postcard::from_bytes::<ToWorker>(&postcard::to_allocvec(&run).unwrap()), Ok(run));
        assert_eq!(postcard::from_bytes::<ToPage>(&postcard::to_allocvec(&found).unwrap()), Ok(found));
    }
}
