//! The runs of a set: files whose names share the date and the random part.

use chrono::{DateTime, NaiveDate};

use super::facts::{Examined, Facts};
use super::recorded_run::RecordedRun;
use super::vendor_name::RunKey;
use crate::format::file_kind::FileKind;
use crate::format::file_name::VendorKind;
use crate::format::{completions, non_completed};

/// The files of one run, by their positions among the given ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct GivenRun {
    /// Date and random part; `None` if no name can be read.
    pub(super) key: Option<RunKey>,
    pub(super) completions: Option<usize>,
    pub(super) assignments: Option<usize>,
    pub(super) user_completion: Option<usize>,
    pub(super) record: Option<usize>,
    /// The files that continue those of the run.
    pub(super) continuing: Vec<usize>,
}

/// The runs of a set, in the order of their dates.
pub(super) struct Runs {
    pub(super) runs: Vec<GivenRun>,
    /// The files whose names differ from that of the only run.
    pub(super) strays: Vec<usize>,
}

impl GivenRun {
    /// The kinds of the files that a run delivers to the vendor.
    pub(super) const FEED: [VendorKind; 3] =
        [VendorKind::ContentUserCompletion, VendorKind::NonCompletedAssignments, VendorKind::UserCompletion];

    /// The positions of these files, if given.
    pub(super) fn feed(&self) -> [Option<usize>; 3] {
        [self.completions, self.assignments, self.user_completion]
    }

    /// The files of the run that were given.
    pub(super) fn files(&self) -> impl Iterator<Item = usize> {
        let of_kinds = [self.completions, self.assignments, self.user_completion, self.record];
        of_kinds.into_iter().flatten().chain(self.continuing.iter().copied())
    }

    /// The readable fields of its run file, if that was given.
    pub(super) fn recorded<'f>(&self, files: &'f [Examined<'_>]) -> Option<&'f RecordedRun> {
        match &files[self.record?].facts {
            Facts::Record(record) => Some(record),
            _ => None,
        }
    }

    /// Adds a file that a run makes, unless the run has one of its kind; returns whether it was added.
    fn take(&mut self, index: usize, kind: FileKind) -> bool {
        let place = match kind {
            FileKind::ContentUserCompletion => &mut self.completions,
            FileKind::NonCompletedAssignments => &mut self.assignments,
            FileKind::UserCompletion => &mut self.user_completion,
            // A run file: files of other kinds are in no run.
            _ => &mut self.record,
        };
        let is_free = place.is_none();
        place.get_or_insert(index);
        is_free
    }
}

/// Groups the files of a set into runs. If no two files are of one kind, they are one run, and files with a deviating
/// name are strays.
pub(super) fn group(files: &[Examined<'_>]) -> Runs {
    let mut runs = group_firsts(files);
    for run in &mut runs.runs {
        let of_run: Vec<usize> = run.files().collect();
        let continues = |index: &usize| files[*index].continues.is_some_and(|first| of_run.contains(&first));
        run.continuing = (0..files.len()).filter(continues).collect();
    }
    runs
}

/// As [`group`], without the files that continue others.
fn group_firsts(files: &[Examined<'_>]) -> Runs {
    let is_of_run = |index: &usize| files[*index].checked.kind.vendor_kind().is_some();
    let of_runs: Vec<usize> =
        (0..files.len()).filter(is_of_run).filter(|index| files[*index].continues.is_none()).collect();
    let mut one = GivenRun::default();
    if of_runs.iter().all(|index| one.take(*index, files[*index].checked.kind)) {
        one.key = key_of(files, &of_runs, &one);
        let strays = of_runs.iter().copied().filter(|index| differs(files, *index, one.key.as_ref())).collect();
        let runs = if of_runs.is_empty() { Vec::new() } else { vec![one] };
        return Runs { runs, strays };
    }
    let mut runs: Vec<GivenRun> = Vec::new();
    for index in of_runs {
        let file = &files[index];
        let Some(key) = file.run.as_ref() else { continue };
        let taken = runs.iter_mut().filter(|run| run.key.as_ref() == Some(key));
        if !taken.into_iter().any(|run| run.take(index, file.checked.kind)) {
            let mut run = GivenRun { key: Some(key.clone()), ..GivenRun::default() };
            run.take(index, file.checked.kind);
            runs.push(run);
        }
    }
    runs.sort_by(|a, b| a.key.cmp(&b.key));
    Runs { runs, strays: Vec::new() }
}

/// The key of the only run, chosen among the names: the one with the day of the run file's instant, else that near the
/// last completion, else near the last assignment, else the most frequent one; of equal ones that of the earlier file.
fn key_of(files: &[Examined<'_>], of_runs: &[usize], run: &GivenRun) -> Option<RunKey> {
    let keys: Vec<&RunKey> = of_runs.iter().filter_map(|index| files[*index].run.as_ref()).collect();
    // Mostly they are the same, and no last row needs to be searched for.
    if keys.iter().all(|key| *key == keys[0]) {
        return keys.first().map(|key| (*key).clone());
    }
    let recorded = run.recorded(files).and_then(|record| record.calendar).map(|calendar| calendar.today);
    let completed = last_date(files, run.completions, completions::COMPLETED);
    let assigned = last_date(files, run.assignments, non_completed::CREATED);
    // The rows are in UTC, so the date in the business time zone may be one day earlier or later.
    let is_near = |date: Option<NaiveDate>, key: &RunKey| {
        date.is_some_and(|date| (date - key.date).num_days().unsigned_abs() <= 1)
    };
    let rank = |key: &RunKey| {
        let frequency = keys.iter().filter(|other| **other == key).count();
        (recorded == Some(key.date), is_near(completed, key), is_near(assigned, key), frequency)
    };
    keys.iter().rev().max_by_key(|key| rank(key)).map(|key| (*key).clone())
}

/// The date of the instant in the last row of a file.
fn last_date(files: &[Examined<'_>], index: Option<usize>, column: usize) -> Option<NaiveDate> {
    let Facts::Rows(rows) = &files[index?].facts else { return None };
    let last = rows.pairs.iter().max_by_key(|pair| pair.line)?;
    DateTime::from_timestamp(rows.instant(last, column)?, 0).map(|instant| instant.date_naive())
}

fn differs(files: &[Examined<'_>], index: usize, key: Option<&RunKey>) -> bool {
    files[index].run.as_ref().is_some_and(|found| Some(found) != key)
}
