//! Feeds that are broken on purpose: for testing that whoever reads a feed notices.
//!
//! A [`BreakList`] names the faults; [`break_feed`] gives them to the finished bytes of a feed. Which rows have a fault is
//! drawn from the seed, so that the same run is broken in the same way again; every fault has rows of its own, so that none
//! hides another. What was done is told as [`Damage`], which is enough to do it again.

mod fault;
mod list;
mod row_faults;
mod rows;
mod shape;
mod writing;

#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::format::file_name::VendorName;
use crate::simulation::{FeedNames, Simulation};
use crate::visible::shown_whole;
pub use fault::{Fault, FeedFile};
pub use list::{BreakList, Breakage, MOST_ROWS};

/// One thing that was broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Damage {
    /// The fault.
    #[serde(rename = "kind")]
    pub fault: Fault,
    /// Which of the feed's files has it.
    pub of: FeedFile,
    /// The name of that file; of one that is not there, the name that it would have.
    pub file: String,
    /// The line, from 1; nothing where it is about the whole file.
    pub line: Option<u32>,
    /// What was done, in people's words.
    pub said: String,
}

impl Damage {
    /// Where it is, and what was done.
    #[must_use]
    pub fn describe(&self) -> String {
        let line = self.line.map_or_else(String::new, |line| format!(":{line}"));
        shown_whole(&format!("{}{line}: {} ({})", self.file, self.said, self.fault.name()))
    }
}

/// The bytes of a feed as a run makes it.
#[derive(Clone, Debug, Default)]
pub struct FeedBytes {
    /// ContentUserCompletion.
    pub completions: Vec<u8>,
    /// `Non_Completed_Assignments`.
    pub assignments: Vec<u8>,
    /// UserCompletion.
    pub user_completion: Vec<u8>,
}

/// A feed with its faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenFeed {
    /// Name and bytes of each file that is there, in the order of the feed.
    pub files: Vec<(String, Vec<u8>)>,
    /// What was broken: by file, then by line.
    pub damage: Vec<Damage>,
}

/// The names of the files that a feed will have with its faults, in the order of the feed, without the run file.
#[must_use]
pub fn broken_names(names: &FeedNames, list: &BreakList) -> Vec<String> {
    let named = FeedFile::ALL.iter().copied().filter(|file| !list.has(Fault::MissingFile, *file));
    named.map(|file| broken_name(name_of(names, file), file, list).0).collect()
}

/// Gives a feed its faults.
///
/// # Errors
/// A feed with too few rows for a fault; the text says for which, and how many there are.
pub fn break_feed(simulation: &Simulation, feed: FeedBytes, list: &BreakList) -> Result<BrokenFeed, String> {
    let names = simulation.file_names();
    let mut broken = BrokenFeed { files: Vec::new(), damage: Vec::new() };
    let FeedBytes { completions, assignments, user_completion } = feed;
    for (file, bytes) in FeedFile::ALL.iter().copied().zip([completions, assignments, user_completion]) {
        let (name, dates) = broken_name(name_of(&names, file), file, list);
        let mut tell = |fault, line, said| {
            broken.damage.push(Damage { fault, of: file, file: name.clone(), line, said });
        };
        if let Some((right, wrong)) = dates {
            tell(Fault::WrongDateInName, None, format!("the name has the date {wrong} in place of {right}"));
        }
        if list.has(Fault::MissingFile, file) {
            tell(Fault::MissingFile, None, "the file is left out".to_owned());
            continue;
        }
        let bytes = if list.has(Fault::EmptyFile, file) {
            tell(Fault::EmptyFile, None, "the file has no bytes".to_owned());
            Vec::new()
        } else {
            writing::write(simulation, file, &name, bytes, list, &mut tell)?
        };
        broken.files.push((name, bytes));
    }
    crate::order::sort_by_key(&mut broken.damage, |one| (one.of, one.line, one.fault));
    Ok(broken)
}

fn name_of(names: &FeedNames, file: FeedFile) -> &str {
    match file {
        FeedFile::Completions => &names.completions,
        FeedFile::Assignments => &names.assignments,
        FeedFile::Dummy => &names.user_completion,
    }
}

/// The name that a file will have, and where its date is another, the right date and the wrong one.
fn broken_name(name: &str, file: FeedFile, list: &BreakList) -> (String, Option<(NaiveDate, NaiveDate)>) {
    const TOO_EARLY: Days = Days::new(7);
    let right = VendorName::parse(name).filter(|_| list.has(Fault::WrongDateInName, file));
    let dates = right.and_then(|right| Some((right.date.checked_sub_days(TOO_EARLY)?, right)));
    match dates {
        Some((wrong, right)) => (file.kind().name(wrong, &right.random), Some((right.date, wrong))),
        None => (name.to_owned(), None),
    }
}

/// The columns of a file that none of the faults needs.
fn free_columns(file: FeedFile, faults: &[Fault]) -> Vec<usize> {
    let is_needed = |column: &usize| faults.iter().any(|fault| fault.columns(file).contains(column));
    (0..file.columns().len()).filter(|column| !is_needed(column)).collect()
}
