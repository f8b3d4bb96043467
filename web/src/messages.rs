//! The messages between page and worker. Each file beside this one has the types of one subject.

mod check;
pub(crate) mod comparison;
pub(crate) mod feed_rows;
pub(crate) mod inspection;
mod packing;
mod pick;
pub(crate) mod population;
pub(crate) mod preview;
mod run;
mod run_question;
mod series;
mod sorting;
mod tables;
mod writer;

use btcfake_core::breakage::BreakList;
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::settings::Settings;
use serde::{Deserialize, Serialize};

pub(crate) use check::{
    CheckAnswer, CheckQuestion, ExpectedFault, ExpectedFaults, FINDINGS_ON_A_PAGE, FileReport, FindingsPage, Located,
    ShownFinding,
};
use comparison::{ComparedFeedFile, ComparisonOrder};
pub(crate) use feed_rows::{FeedRow, FeedRows};
pub(crate) use inspection::{Inspected, ReportedProblem};
pub(crate) use packing::{pack, unpack};
pub(crate) use pick::Pick;
use population::{FromPopulation, ToPopulation};
use preview::{FromPreview, ToPreview};
pub(crate) use run::{Group, Outcome, Stage};
pub(crate) use run_question::{ArchivePurpose, RunAnswer, RunQuestion};
pub(crate) use series::{SeriesOrder, SeriesReport};
pub(crate) use sorting::{Conversion, FromSorting, OriginalFile, ToSorting};
pub(crate) use tables::{EMPLOYEES_ON_A_PAGE, Found, Table, TableRows, WantedRows};
pub(crate) use writer::{FromWriter, OutputFile, ToWriter};

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
    /// A request about the last run.
    RunQuestion {
        /// The run.
        run: u32,
        /// The request.
        question: RunQuestion,
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
    /// The answer to a request about a run.
    RunAnswer {
        /// The run.
        run: u32,
        /// The answer.
        answer: RunAnswer,
    },
    /// About days in a row. The last message has the ZIP attached.
    Series(SeriesReport),
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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcfake_core::inputs::mends::Mend;
    use btcfake_core::inputs::sorting::Destination;
    use btcfake_core::plan::rhythm::{Rhythm, SeriesDay, parse_day};
    use btcfake_core::plan::settings::parse_now;
    use btcfake_core::sheet::{Choice, FoundColumn, Question};
    use btcfake_core::text::problem::Severity;

    #[test]
    fn messages_arrive_as_they_were_sent() {
        let settings = Settings {
            time_zone: "America/New_York".parse().unwrap(),
            bad_rows: BadRows::Skip,
            ..Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), u64::MAX)
        };
        let break_list = BreakList::parse("crlf,bad-date@assignments=3").unwrap();
        let original = OriginalFile {
            name: "Staff list.xlsx".to_owned(),
            bytes: u64::MAX,
            sha256: "ab".to_owned(),
            choices: vec![Choice::Sheet("Q1 é".to_owned())].into(),
        };
        let original = |role| (role == InputRole::Employees).then(|| original.clone());
        let picks = InputRole::ALL.map(|role| Pick { role, number: u32::MAX, original: original(role) }).to_vec();
        let run = ToWorker::Run { run: 7, settings, break_list, picks };
        let problem = ReportedProblem {
            severity: Severity::Error,
            place: Some("line 1, character 1".to_owned()),
            text: "é".to_owned(),
        };
        let question = Question::Column {
            wanted: "ba_id".to_owned(),
            found: vec![FoundColumn { name: "Id".to_owned(), found: "#7".to_owned() }],
        };
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
        for continues_sample in [false, true] {
            let (from, at) = (parse_day("2026-01-29").unwrap(), Rhythm::USUAL_TIME);
            let last = SeriesDay { rhythm: Rhythm { from, at, weekdays: true, continues_sample }, day: 366 };
            let series = ToWorker::Series(SeriesOrder { settings, last, picks: Vec::new() });
            assert_eq!(postcard::from_bytes::<ToWorker>(&postcard::to_allocvec(&series).unwrap()), Ok(series));
        }
        assert_eq!(postcard::from_bytes::<ToPage>(&postcard::to_allocvec(&found).unwrap()), Ok(found));
    }
}
