//! Batch job of the sandbox: loads published feeds into the state tables, once per run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::text::words::counted;
use chrono::NaiveDate;

use super::databricks::{LoadedRows, StateStore};
use super::vendor::Vendor;
use crate::files::reading::read_found;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Polling interval.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Time without changes after which a file counts as complete: other tools may write under the final name directly.
const SETTLED_AFTER: Duration = Duration::from_millis(500);

/// Longest time that a reader of the tables waits for feeds that have just arrived. A file that still grows then is loaded later.
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Key of a run: date, sequence number and random part of its files' names.
type RunName = (NaiveDate, u64, String);

/// Batch job for the folder of an outbound server.
#[derive(Clone, Debug)]
pub(super) struct BatchJob {
    folder: PathBuf,
    store: StateStore,
    zone: BusinessZone,
    vendor: Option<Vendor>,
    handled: Arc<Mutex<HandledRuns>>,
}

/// Runs that the job has handled.
#[derive(Debug, Default)]
struct HandledRuns {
    loaded: BTreeSet<RunName>,
    /// Unreadable runs, each with the time of its latest change; a run that was changed since is tried again.
    refused: BTreeMap<RunName, SystemTime>,
}

/// Feed with both files that the job reads.
struct PublishedFeed {
    completions: PathBuf,
    assignments: PathBuf,
    modified: SystemTime,
}

impl BatchJob {
    /// Creates a job that loads the runs of a folder into a store. After each run, the vendor delivers the catalogs of
    /// the day after it.
    pub(super) fn new(folder: PathBuf, store: StateStore, zone: BusinessZone, vendor: Option<Vendor>) -> BatchJob {
        BatchJob { folder, store, zone, vendor, handled: Arc::default() }
    }

    /// Polls for feeds until dropped. Reports to standard error.
    pub(super) async fn watch(self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let job = self.clone();
            let work = move || {
                job.vendor.iter().try_for_each(Vendor::deliver_today)?;
                job.load_new(SETTLED_AFTER)
            };
            let loaded = tokio::task::spawn_blocking(work).await;
            if let Ok(Err(failure)) = loaded {
                console::warn(failure.to_string());
            }
        }
    }

    /// Loads every new feed that has not changed for `settled_after`, in the order of dates. An unreadable feed is
    /// reported once and does not stop the others.
    ///
    /// # Errors
    /// A folder that cannot be listed, the first feed that cannot be loaded, or the first catalog that cannot be
    /// delivered.
    pub(super) fn load_new(&self, settled_after: Duration) -> Result<Vec<LoadedRows>, Failure> {
        let mut handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner);
        let mut loaded = Vec::new();
        let mut failed = None;
        for (run, feed) in feeds(&self.folder)? {
            if !feed.is_settled(settled_after) || handled.has(&run, &feed) {
                continue;
            }
            match self.load_one(&feed) {
                Ok(rows) => {
                    report(&feed, rows);
                    handled.refused.remove(&run);
                    let day_after = run.0.succ_opt();
                    handled.loaded.insert(run);
                    loaded.push(rows);
                    if let Some((vendor, day_after)) = self.vendor.as_ref().zip(day_after)
                        && let Err(failure) = vendor.deliver(day_after)
                    {
                        failed.get_or_insert(failure);
                    }
                }
                Err(failure) => {
                    let place = format!("{} and its assignments", shown_path(&feed.completions));
                    failed.get_or_insert(Failure::at(place, failure));
                    handled.refused.insert(run, feed.modified);
                }
            }
        }
        failed.map_or(Ok(loaded), Err)
    }

    /// Loads every feed that has arrived as a whole, for a reader that must not see the tables without it. Reports failures to
    /// standard error, as the polling job does.
    pub(super) fn load_arrived(&self) {
        const PAUSE: Duration = Duration::from_millis(50);
        let begun = Instant::now();
        while self.is_waited_for() && begun.elapsed() < LONGEST_WAIT {
            std::thread::sleep(PAUSE);
        }
        if let Err(failure) = self.load_new(SETTLED_AFTER) {
            console::warn(failure.to_string());
        }
    }

    /// Whether a feed is there that has not settled yet.
    fn is_waited_for(&self) -> bool {
        let handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner);
        feeds(&self.folder).is_ok_and(|feeds| {
            feeds.iter().any(|(run, feed)| !feed.is_settled(SETTLED_AFTER) && !handled.has(run, feed))
        })
    }

    fn load_one(&self, feed: &PublishedFeed) -> Result<LoadedRows, Failure> {
        let read = |path: &Path| read_found(path).of_file(path, "read");
        self.store.load_feed(&read(&feed.completions)?, &read(&feed.assignments)?, self.zone)
    }
}

impl HandledRuns {
    /// Whether a feed needs no work, as it is.
    fn has(&self, run: &RunName, feed: &PublishedFeed) -> bool {
        self.loaded.contains(run) || self.refused.get(run) == Some(&feed.modified)
    }
}

impl PublishedFeed {
    /// Whether its files have not changed for this time.
    fn is_settled(&self, settled_after: Duration) -> bool {
        // A time in the future does not show when the file was changed.
        self.modified.elapsed().map_or(true, |since| since >= settled_after)
    }
}

fn report(feed: &PublishedFeed, rows: LoadedRows) {
    let name = feed.completions.file_name().unwrap_or_default().to_string_lossy();
    let assignments = counted(rows.assignments, "new assignment");
    let completions = counted(rows.completions, "new completion");
    console::print_diagnostic(&format!("sandbox: loaded {name} and its assignments: {completions}, {assignments}"));
}

/// Complete feeds of a folder.
fn feeds(folder: &Path) -> Result<BTreeMap<RunName, PublishedFeed>, Failure> {
    let mut halves: BTreeMap<RunName, [Option<(PathBuf, SystemTime)>; 2]> = BTreeMap::new();
    let listing = fs::read_dir(folder).of_file(folder, "list")?;
    for entry in listing.flatten() {
        let Some(name) = entry.file_name().to_str().and_then(VendorName::parse) else { continue };
        let half = match name.kind {
            VendorKind::ContentUserCompletion => 0,
            VendorKind::NonCompletedAssignments => 1,
            _ => continue,
        };
        // Skip a file that was removed meanwhile.
        let Ok(modified) = entry.metadata().and_then(|metadata| metadata.modified()) else { continue };
        let run = (name.date, name.sequence, name.random);
        halves.entry(run).or_default()[half] = Some((entry.path(), modified));
    }
    let whole = halves.into_iter().filter_map(|(run, halves)| match halves {
        [Some((completions, first)), Some((assignments, second))] => {
            Some((run, PublishedFeed { completions, assignments, modified: first.max(second) }))
        }
        _ => None,
    });
    Ok(whole.collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::tests::waiting::HOUR;

    const COMPLETIONS: &str = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\
                               \"7\",\"100\",\"2026-01-29T10:00:00Z\",\"2026-01-29T10:30:00Z\"\n";
    const ASSIGNMENTS: &str = "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\
                               \"Start_Date_text\",\"DueDate_text\",\"ContentType\"\n";

    #[test]
    fn a_run_is_taken_in_once_when_it_is_whole() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("feeds");
        fs::create_dir(&folder).unwrap();
        let store = StateStore::open(&root.path().join("tables")).unwrap();
        let job = BatchJob::new(folder.clone(), store, BusinessZone::UTC, None);
        let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        let now = || job.load_new(Duration::ZERO);

        write("ContentUserCompletion_V2_2026_01_29_1_aaaaaa.csv", COMPLETIONS);
        write(".Non_Completed_Assignments_V2_2026_1_29_1_aaaaaa.csv.partial", ASSIGNMENTS);
        write("Non_Completed_Assignments_V2_2026_1_29_1_bbbbbb.csv", ASSIGNMENTS);
        assert_eq!(now().unwrap(), [], "halves of two runs");

        write("Non_Completed_Assignments_V2_2026_1_29_1_aaaaaa.csv", ASSIGNMENTS);
        assert_eq!(job.load_new(HOUR).unwrap(), [], "it may still grow");
        assert_eq!(now().unwrap(), [LoadedRows { assignments: 0, completions: 1 }]);
        assert_eq!(now().unwrap(), [], "once for each run");

        // An unreadable feed stops no other, is reported once, and is tried again after it changed.
        write("ContentUserCompletion_V2_2026_01_28_1_cccccc.csv", "half a ");
        write("Non_Completed_Assignments_V2_2026_1_28_1_cccccc.csv", ASSIGNMENTS);
        write("ContentUserCompletion_V2_2026_01_29_1_bbbbbb.csv", &COMPLETIONS.replace("100", "200"));
        let failure = now().unwrap_err().to_string();
        assert!(failure.contains("cccccc.csv and its assignments"), "{failure}");
        assert_eq!(now().unwrap(), []);
        std::thread::sleep(Duration::from_millis(20));
        write("ContentUserCompletion_V2_2026_01_28_1_cccccc.csv", &COMPLETIONS.replace("100", "300"));
        assert_eq!(now().unwrap(), [LoadedRows { assignments: 0, completions: 1 }]);
    }
}
