//! A run's inputs: those given, plus those its run file lists as absent; and its instant.

use std::borrow::Cow;

use super::compared::{FileFacts, Inputs};
use super::known_catalog::KnownCatalog;
use super::record::contradicted_name;
use crate::check::facts::Examined;
use crate::check::recorded_run::RecordedRun;
use crate::check::report::SourceFile;
use crate::check::runs::GivenRun;
use crate::check::state_assignment::StateAssignment;
use crate::format::completions_table::PastCompletion;
use crate::format::standalone_content::Content;
use crate::plan::calendar::Calendar;

/// The inputs of a run. A field is `None` if it is not known what the run had.
pub(in crate::check) struct Known<'f> {
    record: Option<&'f RecordedRun>,
    /// The name of the run file, if it was given.
    pub(super) run_file: Option<&'f str>,
    /// True if seed and instant of the run file contradict the names of the run.
    is_contradicted: bool,
    /// The assignments before the run; empty if the run had no table.
    pub(in crate::check) assignments: Option<&'f [StateAssignment]>,
    /// The assignments before the run, or before the first day of its series; empty if there was no table.
    pub(in crate::check) assignments_at_first: Option<&'f [StateAssignment]>,
    /// The completions before the run; empty if the run had no table.
    pub(in crate::check) completions: Option<&'f [PastCompletion]>,
    /// Pairs of employee and recommended content; empty if the run had no recommendations.
    pub(in crate::check) recommendations: Option<Cow<'f, [(u64, u64)]>>,
    /// Whether the state tables of the set are those of the run.
    pub(in crate::check) has_given_state: bool,
    catalog: KnownCatalog<'f>,
}

impl<'f> Known<'f> {
    /// The inputs of one of `runs` runs. The state tables describe a single moment, so they apply to the only run of a set,
    /// else to runs whose run files name them; of a series to the first day.
    pub(in crate::check) fn of(
        files: &'f [Examined<'_>],
        inputs: &Inputs<'f>,
        run: &GivenRun,
        runs: usize,
    ) -> Known<'f> {
        let record = run.recorded(files);
        let run_file = run.record.map(|index| files[index].given.name);
        let had_none = |role: &str| record.is_some_and(|record| record.is_sound && !record.has_input(role));
        let is_carried_on = record.is_some_and(RecordedRun::is_carried_on);
        let is_of_run = |table: usize, role: &str| {
            let SourceFile { name, source, .. } = &files[table].given;
            runs == 1 || record.is_some_and(|record| record.names_input(role, name, source.size() as u64))
        };
        let assigned = inputs.assignments_table.filter(|table| is_of_run(table.index, "assignments"));
        let completed = inputs.completions_table.filter(|table| is_of_run(table.index, "completions"));
        let are_of_run = assigned.is_some() == inputs.assignments_table.is_some()
            && completed.is_some() == inputs.completions_table.is_some();
        let assigned_at_first = if is_carried_on { inputs.assignments_table } else { assigned };
        let assignments_at_first = rows_before(assigned_at_first, had_none("assignments"));
        let catalog = KnownCatalog::of(record, if let [one] = inputs.standalone[..] { Some(one) } else { None });
        let recommendations = match inputs.recommendations.as_slice() {
            [] => had_none("recommendations").then_some(Cow::Borrowed(&[][..])),
            [one] => catalog.recommended(one),
            several => {
                let mut all = several.concat();
                all.sort();
                Some(Cow::Owned(all))
            }
        };
        Known {
            record,
            run_file,
            is_contradicted: record
                .is_some_and(|record| contradicted_name(run_file.unwrap_or_default(), record).is_some()),
            assignments: assignments_at_first.filter(|_| !is_carried_on),
            assignments_at_first,
            completions: rows_before(completed, had_none("completions")).filter(|_| !is_carried_on),
            has_given_state: are_of_run && (runs == 1 || !is_carried_on),
            recommendations,
            catalog,
        }
    }

    /// True if seed and instant of the run file contradict the names of the run.
    pub(super) fn is_contradicted(&self) -> bool {
        self.is_contradicted
    }

    /// The calendar of the run.
    pub(in crate::check) fn calendar(&self) -> Option<Calendar> {
        self.record.filter(|_| !self.is_contradicted).and_then(|record| record.calendar)
    }

    /// The seed of the run.
    pub(super) fn seed(&self) -> Option<u64> {
        self.record.filter(|_| !self.is_contradicted).and_then(|record| record.seed)
    }

    /// The assignable contents: those of the only StandAloneContent, or the built-in ones if the run used them, with
    /// those that they get over the days of a series.
    pub(super) fn contents(&self) -> Option<Cow<'f, [Content]>> {
        self.catalog.contents()
    }
}

/// The rows of a state table: those of the given one, or none if the run had no table. `None` if neither is known.
fn rows_before<T>(table: Option<FileFacts<'_, [T]>>, had_none: bool) -> Option<&[T]> {
    table.map(|table| table.value).or(had_none.then_some(&[]))
}
