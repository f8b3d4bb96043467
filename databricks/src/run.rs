//! The run for Python: what driver and tasks ask of the core.

use std::sync::OnceLock;

use btcfake_core::format::file_name::VendorName;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::inputs_reader::FileProblems;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::inputs::state::GivenTables;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord, TableRecord};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::slice::Slice;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::chunks::OneAfterAnother;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::PyRecordBatch;

use crate::found_slice::Tables;
use crate::given_run::{GivenFile, GivenRun, SliceFiles};
use crate::problems::FoundProblem;
use crate::state_after::tables_after;
use crate::threads::Threads;
use crate::{name_of, refusal, role_of};

/// The files of the tables of a slice, each with its role.
type GatheredFiles<'py> = Vec<(String, Bound<'py, PyBytes>)>;

/// Open assignments, completions, new assignments, and their counts as JSON.
type MadeParts<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Bound<'py, PyBytes>, String);

/// Completions, new assignments, and their counts as JSON.
type MadeRows<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, String);

/// A line of a summary: group, label, value.
type SummaryLine = (String, String, String);

/// The settings of a run and the files that all employees share. It can be pickled, so Spark can send it to the tasks.
#[pyclass(frozen, module = "btcfake._native")]
pub(crate) struct Run {
    given: GivenRun,
    /// The simulation of the whole run, with the problems of its files; made on first use, if the driver or a data
    /// source has all inputs.
    whole: OnceLock<(Simulation, Vec<FileProblems>)>,
}

#[pymethods]
impl Run {
    /// A run, by its settings, its files and, in a series, its day.
    #[new]
    #[pyo3(signature = (settings, files, series=None))]
    fn new(settings: &str, files: Vec<GivenFile>, series: Option<&str>) -> PyResult<Run> {
        let settings = serde_json::from_str(settings).map_err(refusal)?;
        let series = series.map(|day| serde_json::from_str(day).map_err(refusal)).transpose()?;
        let files = files.into_iter().map(|file| Ok((role_of(&file.0)?, file))).collect::<PyResult<_>>()?;
        Ok(Run::of(GivenRun { settings, files, series }))
    }

    fn __getnewargs__(&self) -> PyResult<(String, Vec<GivenFile>, Option<String>)> {
        let GivenRun { settings, files, series } = &self.given;
        let settings = serde_json::to_string(settings).map_err(refusal)?;
        let series = series.map(|day| serde_json::to_string(&day).map_err(refusal)).transpose()?;
        Ok((settings, files.iter().map(|(_, file)| file.clone()).collect(), series))
    }

    /// The run for tasks, without a mix: the employees of the tasks already have their final types.
    fn for_tasks(&self) -> Run {
        let mut given = self.given.clone();
        given.settings = Settings { mix: None, population: None, ..given.settings };
        given.files.retain(|(role, _)| *role != InputRole::UserCompletionTemplate);
        Run::of(given)
    }

    /// The problems of the files, as JSON.
    fn problems(&self, py: Python<'_>) -> PyResult<String> {
        as_json(&py.detach(|| self.given.read(&[], &OneAfterAnother)).1)
    }

    /// The problems of the files as JSON, for a run whose inputs are all files.
    fn whole_problems(&self, py: Python<'_>) -> PyResult<String> {
        as_json(&py.detach(|| self.whole()).1)
    }

    /// The names of the files: completions, assignments, dummy, run file.
    fn names(&self) -> (String, String, String, String) {
        let names = self.given.without_employees().file_names();
        (names.completions, names.assignments, names.user_completion, names.run)
    }

    /// The name of one of several files of completions or assignments.
    #[staticmethod]
    fn name_in_sequence(first: &str, sequence: u64) -> PyResult<String> {
        let name = VendorName::parse(first).ok_or_else(|| refusal(format!("{first} is no name of the vendor's")))?;
        Ok(VendorName { sequence, ..name }.spelled())
    }

    /// The headers of completions and assignments.
    fn heads<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let feed: Feed = self.given.without_employees().opening().collect();
        (PyBytes::new(py, &feed.completions), PyBytes::new(py, &feed.assignments))
    }

    /// The content of the dummy file.
    fn user_completion<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.given.without_employees().inputs().template)
    }

    /// Converts the tables of a slice, the employees first, to the files of their kinds. Also returns the facts about
    /// them as JSON.
    fn gather<'py>(&self, py: Python<'py>, tables: Tables) -> PyResult<(GatheredFiles<'py>, String)> {
        let (files, found) = py.detach(|| {
            let (files, _, found) = self.given.gathered(tables, &OneAfterAnother)?;
            Ok::<_, PyErr>((files, serde_json::to_string(&found).map_err(refusal)?))
        })?;
        let files = files.into_iter().map(|file| Ok((name_of(file.role)?, PyBytes::new(py, &file.bytes))));
        Ok((files.collect::<PyResult<_>>()?, found))
    }

    /// The run with all of its tables, the employees first, as files. Also returns the facts about the tables as JSON.
    fn with_tables(&self, py: Python<'_>, tables: Tables) -> PyResult<(Run, String)> {
        py.detach(|| {
            let (_, inputs, found) = self.given.gathered(tables, &Threads)?;
            let whole = OnceLock::from((Simulation::new(inputs, self.given.settings), Vec::new()));
            Ok((Run { given: self.given.clone(), whole }, serde_json::to_string(&found).map_err(refusal)?))
        })
    }

    /// Makes a slice's parts of the feed: the assignments that stay open, the completions, the new assignments, and
    /// their counts as JSON. `place` has the number of employees and of open assignments in the slices before, and the
    /// number of open assignments of all employees. `with_open` asks for the open assignments, `with_new` for the
    /// completions and new assignments; parts that are not asked for are empty.
    fn make<'py>(
        &self,
        py: Python<'py>,
        files: SliceFiles,
        place: (u64, u64, u64),
        with_open: bool,
        with_new: bool,
    ) -> PyResult<MadeParts<'py>> {
        let (open, new, tally) = py.detach(|| {
            let (employees_before, open_before, open_in_all) = place;
            let slice = Slice { employees_before, open_before, open_in_all: Some(open_in_all) };
            let run = self.given.slice(files)?.as_slice(slice);
            // The first batch has the headers, which the driver writes.
            let open: Feed = with_open.then(|| run.opening().skip(1)).into_iter().flatten().collect();
            let new: Feed = with_new.then(|| run.simulate(0..run.employee_count(), false)).into_iter().collect();
            let mut tally = open.tally.clone();
            tally.add(&new.tally);
            Ok::<_, PyErr>((open, new, serde_json::to_string(&tally).map_err(refusal)?))
        })?;
        let bytes = |bytes: &[u8]| PyBytes::new(py, bytes);
        Ok((bytes(&open.assignments), bytes(&new.completions), bytes(&new.assignments), tally))
    }

    /// The state after the day, as rows of content_assignments (only open ones) and of content_completion: of a slice
    /// with these files or, without `files`, of the whole run.
    #[pyo3(signature = (files=None))]
    fn state_after(&self, py: Python<'_>, files: Option<SliceFiles>) -> PyResult<(PyRecordBatch, PyRecordBatch)> {
        py.detach(|| match files {
            Some(files) => tables_after(&self.given.slice(files)?),
            None => tables_after(&self.whole().0),
        })
    }

    /// The number of employees of a run whose inputs are all files.
    fn employees(&self, py: Python<'_>) -> usize {
        py.detach(|| self.whole().0.employee_count())
    }

    /// The completions and the new assignments of the employees at positions from `first` to before `end`, without
    /// headers, and their counts as JSON, for a whole run.
    fn rows_at<'py>(&self, py: Python<'py>, first: usize, end: usize) -> PyResult<MadeRows<'py>> {
        let (feed, tally) = py.detach(|| counted([self.whole().0.simulate(first..end, false)]))?;
        Ok((PyBytes::new(py, &feed.completions), PyBytes::new(py, &feed.assignments), tally))
    }

    /// One part, `part` (from 0) of `parts`, of the assignments that stay open, without a header, and their counts as
    /// JSON, for a whole run.
    fn open_of_part<'py>(&self, py: Python<'py>, part: usize, parts: usize) -> PyResult<(Bound<'py, PyBytes>, String)> {
        let (feed, tally) = py.detach(|| counted(self.whole().0.opening().skip(1).skip(part).step_by(parts.max(1))))?;
        Ok((PyBytes::new(py, &feed.assignments), tally))
    }

    /// The run file. `employees` is a JSON record that precedes the records of the run's own files; tables are given as
    /// role and name, outputs as name, size and SHA-256.
    #[pyo3(signature = (employees, tables, outputs, bytes_per_file))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        employees: Option<&str>,
        tables: Vec<(String, String)>,
        outputs: Vec<(String, u64, String)>,
        bytes_per_file: Option<u64>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let employees: Option<InputRecord> =
            employees.map(|record| serde_json::from_str(record).map_err(refusal)).transpose()?;
        let files = self.given.input_files(&[]);
        let path = |role| self.given.files.iter().find(|(one, _)| *one == role).and_then(|(_, file)| file.2.clone());
        let records = files.iter().map(|file| InputRecord { path: path(file.role), ..InputRecord::of(file) });
        let table = |(role, name): (String, String)| Ok(TableRecord { role: role_of(&role)?, name });
        let output = |(name, bytes, sha256)| OutputRecord { name, bytes, sha256 };
        let inputs = employees.into_iter().chain(records).collect();
        let record = RunRecord::new(self.given.settings, inputs, outputs.into_iter().map(output).collect());
        let tables = tables.into_iter().map(table).collect::<PyResult<_>>()?;
        let record = RunRecord { series: self.given.series, tables, bytes_per_file, ..record };
        Ok(PyBytes::new(py, &record.to_bytes()))
    }

    /// The summary of the run as text, as JSON, and in rows of group, label and value. It is made from the counts of
    /// the slices, each as JSON, and from the names of the run's files.
    fn summary(
        &self,
        tallies: Vec<String>,
        given: Vec<String>,
        counts: (u64, u64, u64, u64),
        files: Vec<String>,
    ) -> PyResult<(String, String, Vec<SummaryLine>)> {
        let mut tally = Tally::default();
        for part in tallies {
            tally.add(&serde_json::from_str(&part).map_err(refusal)?);
        }
        let (inputs, _) = self.given.read(&[], &OneAfterAnother);
        let is_given = |role: &str| given.iter().any(|one| one == role);
        let inputs = Inputs {
            given_tables: GivenTables { assignments: is_given("assignments"), completions: is_given("completions") },
            recommendations_given: inputs.recommendations_given || is_given("recommendations"),
            employees: Vec::new(),
            ..inputs
        };
        let run = Simulation::new(inputs, self.given.settings);
        let (employees_total, comment_rows, skipped_rows, changed_by_mix) = counts;
        let summary =
            Summary { employees_total, comment_rows, skipped_rows, changed_by_mix, files, ..Summary::new(&run, tally) };
        let line =
            |title: &str, (label, value): &(&str, String)| (title.to_owned(), (*label).to_owned(), value.clone());
        let groups = summary.groups();
        let lines = groups.iter().flat_map(|group| group.lines.iter().map(|one| line(group.title, one))).collect();
        Ok((summary.text(), serde_json::to_string_pretty(&summary).map_err(refusal)?, lines))
    }
}

impl Run {
    fn of(given: GivenRun) -> Run {
        Run { given, whole: OnceLock::new() }
    }

    fn whole(&self) -> &(Simulation, Vec<FileProblems>) {
        self.whole.get_or_init(|| self.given.whole())
    }
}

/// Joins batches to one feed, with its counts as JSON.
fn counted(batches: impl IntoIterator<Item = Batch>) -> PyResult<(Feed, String)> {
    let feed: Feed = batches.into_iter().collect();
    let tally = serde_json::to_string(&feed.tally).map_err(refusal)?;
    Ok((feed, tally))
}

fn as_json(problems: &[FileProblems]) -> PyResult<String> {
    let of_file = |file: &FileProblems| -> Vec<FoundProblem> {
        file.problems.iter().map(|problem| FoundProblem::of_file(file.role, &file.name, problem)).collect()
    };
    serde_json::to_string(&problems.iter().flat_map(of_file).collect::<Vec<_>>()).map_err(refusal)
}
