//! Breaking a feed on purpose, to test that the systems reading it notice.
//!
//! A [`BreakList`] names the faults; [`break_feed`] makes them in the finished bytes of a feed. The rows are drawn from
//! the run's seed and instant, so the same run is broken in the same way again. Each fault has rows of its own, so that
//! none hides another. A [`Damage`] records each change.

mod damage;
mod error;
mod fault;
mod list;
mod preset;
mod row_faults;
mod rows;
mod shape;
mod writing;

#[cfg(test)]
mod tests;

use chrono::{Days, NaiveDate};

use crate::format::feed_file::FeedFile;
use crate::format::file_name::VendorName;
use crate::run::feed::Feed;
use crate::run::feed_names::FeedNames;
use crate::run::simulation::Simulation;
pub use damage::Damage;
pub use error::{BreakListError, TooFewRows};
pub use fault::{Fault, FaultGroup, MOST_ROWS};
pub use list::{BreakList, Breakage};
pub use preset::Preset;

/// A feed with faults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrokenFeed {
    /// Name and bytes of each remaining file, in the order of the feed.
    pub files: Vec<(String, Vec<u8>)>,
    /// The changes, by file, then by line.
    pub damage: Vec<Damage>,
}

/// The names of the files of a broken feed, in the order of the feed, without the run file.
#[must_use]
pub fn broken_names(names: &FeedNames, list: &BreakList) -> Vec<String> {
    let named = FeedFile::ALL.iter().copied().filter(|file| !list.has(Fault::MissingFile, *file));
    named.map(|file| broken_name(names.name(file), file, list).0).collect()
}

/// Makes the faults of `list` in the files of a feed.
///
/// # Errors
/// [`TooFewRows`] if fewer rows of a file can have a fault than the list demands.
pub fn break_feed(simulation: &Simulation, feed: Feed, list: &BreakList) -> Result<BrokenFeed, TooFewRows> {
    let names = simulation.file_names();
    let mut broken = BrokenFeed { files: Vec::new(), damage: Vec::new() };
    let Feed { completions, assignments, user_completion, .. } = feed;
    for (file, bytes) in FeedFile::ALL.iter().copied().zip([completions, assignments, user_completion]) {
        let (name, dates) = broken_name(names.name(file), file, list);
        let mut report = |fault, line, text| {
            broken.damage.push(Damage { fault, of: file, file: name.clone(), line, text });
        };
        if let Some((right, wrong)) = dates {
            report(Fault::WrongDateInName, None, format!("the name has the date {wrong} in place of {right}"));
        }
        if list.has(Fault::MissingFile, file) {
            report(Fault::MissingFile, None, "the file is left out".to_owned());
            continue;
        }
        let bytes = if list.has(Fault::EmptyFile, file) {
            report(Fault::EmptyFile, None, "the file has no bytes".to_owned());
            Vec::new()
        } else {
            writing::write(simulation, file, &name, bytes, list, &mut report)?
        };
        broken.files.push((name, bytes));
    }
    broken.damage.sort_by_key(|one| (one.of, one.line, one.fault));
    Ok(broken)
}

/// The name of a file with its faults; if its date is falsified, also the right and the wrong date.
fn broken_name(name: &str, file: FeedFile, list: &BreakList) -> (String, Option<(NaiveDate, NaiveDate)>) {
    const TOO_EARLY: Days = Days::new(7);
    let right = VendorName::parse(name).filter(|_| list.has(Fault::WrongDateInName, file));
    let dates = right.and_then(|right| Some((right.date.checked_sub_days(TOO_EARLY)?, right)));
    match dates {
        Some((wrong, right)) => (file.kind().name(wrong, &right.random), Some((right.date, wrong))),
        None => (name.to_owned(), None),
    }
}
