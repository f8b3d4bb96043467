//! The data of a comparison: the files of a run, the inputs of the set, and the findings.

use std::ops::ControlFlow;

use crate::check::facts::{Examined, Facts};
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::findings::Findings;
use crate::check::pairs::{Pair, PairedRows};
use crate::check::runs::GivenRun;
use crate::check::state_assignment::StateAssignment;
use crate::format::completions_table::PastCompletion;
use crate::format::employees::Employee;
use crate::format::identifier::content_id_text;
use crate::format::standalone_content::Content;
use crate::plan::mix::Mix;
use crate::text::chunks::ByteSource;

/// The findings between files, by the position of the file where they are placed.
pub(super) struct Disagreements {
    pub(super) files: Vec<Findings>,
}

impl Disagreements {
    /// No findings, for this number of files.
    pub(super) fn none(files: usize) -> Disagreements {
        Disagreements { files: (0..files).map(|_| Findings::default()).collect() }
    }

    /// Adds an error about a field of a pair's row. `text` is called with the pair and its content's id as text.
    pub(super) fn add<F: Into<FindingDraft>>(
        &mut self,
        file: FileFacts<'_, PairedRows<'_>>,
        kind: FindingKind,
        pair: &Pair,
        column: usize,
        text: impl FnOnce(&Pair, &str) -> F,
    ) {
        self.files[file.index].add(kind, pair.line, || {
            pair.found(&file.value.file, column, text(pair, &content_id_text(pair.content())))
        });
    }

    /// Appends the findings of the next comparison, as [`Workers::in_order`](crate::text::chunks::Workers::in_order) calls it.
    pub(super) fn take(&mut self, next: Disagreements) -> ControlFlow<()> {
        self.files.iter_mut().zip(next.files).for_each(|(findings, next)| findings.append(next, 0));
        ControlFlow::Continue(())
    }

    /// Adds an error about a whole file.
    pub(super) fn add_to_file(&mut self, file: usize, kind: FindingKind, text: impl Into<FindingDraft>) {
        self.files[file].report(kind, text);
    }
}

/// The facts of a file, with its position among the files and its name.
pub(super) struct FileFacts<'f, T: ?Sized> {
    pub(super) index: usize,
    pub(super) name: &'f str,
    pub(super) value: &'f T,
}

impl<T: ?Sized> Clone for FileFacts<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for FileFacts<'_, T> {}

/// The completions and assignments of a run, if they have usable rows, and the run's mix.
pub(super) struct ComparedRun<'f, 'a> {
    pub(super) completions: Option<FileFacts<'f, PairedRows<'a>>>,
    pub(super) assignments: Option<FileFacts<'f, PairedRows<'a>>>,
    /// The date in the names, unless the rows contradict it.
    pub(super) date: Option<chrono::NaiveDate>,
    /// The mix in the run file, and the seed by which it was applied.
    pub(super) mix: Option<(Mix, u64)>,
}

impl<'f, 'a> ComparedRun<'f, 'a> {
    pub(super) fn of(files: &'f [Examined<'a>], run: &GivenRun) -> ComparedRun<'f, 'a> {
        let rows = |index: Option<usize>| {
            let index = index?;
            let Facts::Rows(value) = &files[index].facts else { return None };
            value.is_usable().then_some(FileFacts { index, name: files[index].given.name, value })
        };
        let (completions, assignments) = (rows(run.completions), rows(run.assignments));
        // If most trainings are after the date in the name, that date is not the run's.
        let is_wrong = completions.is_some_and(|file| file.value.doubts.len() > file.value.file.rows / 2);
        let date = run.key.as_ref().map(|key| key.date).filter(|_| !is_wrong);
        let mix = run.recorded(files).and_then(|record| record.mix);
        ComparedRun { completions, assignments, date, mix }
    }

    /// True if a row of the employee cannot be read. Then it is unknown whether anything is missing.
    pub(super) fn is_unread(&self, employee: u64) -> bool {
        self.each().any(|file| file.value.file.is_unread(employee))
    }

    pub(super) fn each(&self) -> impl Iterator<Item = FileFacts<'f, PairedRows<'a>>> {
        [self.completions, self.assignments].into_iter().flatten()
    }
}

/// The inputs of the set.
pub(in super::super) struct Inputs<'f> {
    pub(super) employees: Option<FileFacts<'f, [Employee]>>,
    pub(super) standalone: Vec<&'f [Content]>,
    pub(super) recommendations: Vec<&'f [(u64, u64)]>,
    pub(super) assignments_table: Option<FileFacts<'f, [StateAssignment]>>,
    pub(super) assignments_source: Option<&'f dyn ByteSource>,
    pub(super) completions_table: Option<FileFacts<'f, [PastCompletion]>>,
}

impl<'f> Inputs<'f> {
    pub(in super::super) fn of(files: &'f [Examined<'_>]) -> Inputs<'f> {
        let mut inputs = Inputs {
            employees: only(
                files,
                |facts| if let Facts::Employees(rows) = facts { Some(rows.as_slice()) } else { None },
            ),
            standalone: Vec::new(),
            recommendations: Vec::new(),
            assignments_table: only(files, |facts| match facts {
                Facts::AssignmentsTable(rows) => Some(rows.as_slice()),
                _ => None,
            }),
            assignments_source: None,
            completions_table: only(files, |facts| match facts {
                Facts::CompletionsTable(rows) => Some(rows.as_slice()),
                _ => None,
            }),
        };
        if let Some(table) = inputs.assignments_table {
            inputs.assignments_source = Some(files[table.index].given.source);
        }
        for file in files {
            match &file.facts {
                Facts::StandAloneContent(contents) => inputs.standalone.push(contents),
                Facts::Recommendations(pairs) => inputs.recommendations.push(pairs),
                _ => {}
            }
        }
        inputs
    }
}

/// The facts of the only file of a kind; `None` if there are none or several.
fn only<'f, T: ?Sized>(
    files: &'f [Examined<'_>],
    pick: impl Fn(&'f Facts<'_>) -> Option<&'f T>,
) -> Option<FileFacts<'f, T>> {
    let mut picked = files
        .iter()
        .enumerate()
        .filter_map(|(index, file)| pick(&file.facts).map(|value| FileFacts { index, name: file.given.name, value }));
    let first = picked.next();
    if picked.next().is_some() { None } else { first }
}
