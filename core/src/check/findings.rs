//! What a check has found so far: the first findings of every sort in full, the rest as a number.
//!
//! A file whose every row is wrong would cost more memory as a list of texts than as a file; nobody reads the
//! thousandth line of the same complaint. So texts are made only for what is kept.

use std::mem::{Discriminant, discriminant};

use super::report::Disagreement;
use crate::text::problem::{KEPT_OF_A_KIND, Place, Problem, ProblemKind};

/// How many findings of one sort are told one by one.
pub(super) const KEPT_OF_A_SORT: usize = KEPT_OF_A_KIND;

/// The sorts of findings that can come up in row after row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    BlankLine,
    Column,
    Encoding,
    ByteOrderMark,
    Quotes,
    Unquoted,
    FieldCount,
    Employee,
    Content,
    Instant,
    Ends,
    Long,
    Future,
    Repeated,
    Apart,
    Order,
    Overlap,
    RequestId,
    RepeatedRequest,
    ContentType,
    UnknownEmployee,
    EmployeeType,
    EmployeeOrder,
    CompletedAndListed,
    UnknownContent,
    Unexplained,
    NotListed,
    OtherDates,
    OpenOrder,
    ListOrder,
    CompletedBefore,
    DoseTwice,
    TypeOfDays,
    NewDates,
    NewContentType,
    Shift,
    NotGiven,
    WronglyGiven,
    NotDone,
    /// What the reader of an input told: which kind, and whether it refuses the file.
    OfInput(Discriminant<ProblemKind>, bool),
}

/// What was found.
#[derive(Default)]
pub(super) struct Findings {
    problems: Vec<Problem>,
    tallies: Vec<Tally>,
}

struct Tally {
    sort: Sort,
    kept: usize,
    left_out: usize,
    first_left_out: Option<Place>,
    last_line: u32,
}

impl Findings {
    /// Adds what can come up in many rows. The text, and the place with it, are made only where the finding is kept.
    pub(super) fn add(&mut self, sort: Sort, line: u32, finding: impl FnOnce() -> (Place, String)) {
        if self.keeps(sort, line) {
            let (place, said) = finding();
            self.say(place, said);
        }
    }

    /// Whether one more finding of a sort is kept.
    fn keeps(&mut self, sort: Sort, line: u32) -> bool {
        let known = self.tallies.iter().position(|tally| tally.sort == sort);
        let index = known.unwrap_or_else(|| {
            self.tallies.push(Tally { sort, kept: 0, left_out: 0, first_left_out: None, last_line: 0 });
            self.tallies.len() - 1
        });
        let tally = &mut self.tallies[index];
        if tally.kept < KEPT_OF_A_SORT {
            tally.kept += 1;
            return true;
        }
        tally.left_out += 1;
        tally.first_left_out.get_or_insert(Place::new(line, 1));
        tally.last_line = tally.last_line.max(line);
        false
    }

    /// Adds what comes up once in a file.
    pub(super) fn say(&mut self, place: Place, said: String) {
        self.push(Problem::error(place, ProblemKind::Feed { said }));
    }

    /// Adds what the reader of an input told.
    pub(super) fn take_over(&mut self, problem: Problem) {
        let sort = Sort::OfInput(discriminant(&problem.kind), problem.is_error());
        if self.keeps(sort, problem.place.line) {
            self.push(problem);
        }
    }

    /// Adds a problem of any kind.
    pub(super) fn push(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Whether anything was found that is more than a warning.
    pub(super) fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    /// Everything that was found, in the order of the file.
    pub(super) fn into_problems(mut self) -> Vec<Problem> {
        for tally in std::mem::take(&mut self.tallies) {
            if let Some(place) = tally.first_left_out {
                let kind = ProblemKind::More { more: tally.left_out, told: KEPT_OF_A_SORT, line: tally.last_line };
                let is_warning = matches!(tally.sort, Sort::OfInput(_, false));
                self.push(if is_warning { Problem::warning(place, kind) } else { Problem::error(place, kind) });
            }
        }
        self.problems.sort_by_key(|problem| problem.place);
        self.problems
    }

    /// The same as disagreements, placed in a file.
    pub(super) fn into_disagreements(self, file: &str) -> Vec<Disagreement> {
        let problems = self.into_problems().into_iter();
        problems
            .map(|problem| Disagreement {
                file: file.to_owned(),
                place: problem.place,
                said: problem.kind.to_string(),
                count: problem.count(),
            })
            .collect()
    }
}
