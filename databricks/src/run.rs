//! A run, as driver and tasks share it: its settings, and the files that all employees have in common.

use std::iter;
use std::sync::{Arc, OnceLock};

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::file_name::VendorName;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::input_file::InputSource;
use btcfake_core::inputs::inputs_reader::FileProblems;
use btcfake_core::inputs::reading::{read_inputs, read_sources};
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::inputs::state::{GivenTables, OpenAssignment};
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord, TableRecord};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::feed::{Batch, Feed};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::slice::Slice;
use btcfake_core::run::state_after::state_after;
use btcfake_core::run::tally::Tally;
use btcfake_core::sample::built_in_doses;
use btcfake_core::text::chunks::{OneAfterAnother, Workers};
use btcfake_core::text::problem::ProblemKind;
use chrono::{DateTime, Utc};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use pyo3_arrow::{PyRecordBatch, PyTable};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::problems::FoundProblem;
use crate::rows::{days, instants, record_batch};
use crate::tables::TableFile;
use crate::threads::Threads;
use crate::{name_of, refusal, role_of};

/// A file: role, name, path for the run file, content.
type GivenFile = (String, String, Option<String>, Vec<u8>);

/// The tables of a slice, each with its role: the employees, their state and their recommendations.
type Tables = Vec<(String, PyTable)>;

/// The tables of a slice, converted to the files of their kinds, each with its role.
type SliceFiles = Vec<(String, PyBackedBytes)>;

/// The same files as returned to Python.
type GatheredFiles<'py> = Vec<(String, Bound<'py, PyBytes>)>;

/// Open assignments, completions, new assignments, and their counts as JSON.
type MadeParts<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, Bound<'py, PyBytes>, String);

/// Completions, new assignments, and their counts as JSON.
type MadeRows<'py> = (Bound<'py, PyBytes>, Bound<'py, PyBytes>, String);

/// A line of a summary: group, label, value.
type SummaryLine = (String, String, String);

/// Facts about the tables of a slice, with the problems of their rows.
#[derive(Default, Serialize)]
struct FoundSlice {
    employees: usize,
    open: usize,
    /// Rows that were left out.
    skipped: usize,
    /// The lowest and the highest id of the employees; `None` without employees.
    ids: Option<(i64, i64)>,
    /// The lowest and the highest position; `None` without positions.
    positions: Option<(i64, i64)>,
    /// Whether the ids rise with the positions.
    is_in_order: bool,
    /// The first positions that more than one employee has.
    repeated_positions: Vec<i64>,
    /// The sum of the fingerprints of the tables, which wraps around. If the tables are read again, it shows whether the rows
    /// are the same.
    fingerprint: u64,
    nulls: Vec<(InputRole, &'static str, usize)>,
    problems: Vec<FoundProblem>,
}

impl FoundSlice {
    /// The facts that the employees' rows show, before the core reads the rows.
    fn of(employees: &TableFile) -> FoundSlice {
        let repeated_positions = employees.repeated_positions();
        let is_in_order = repeated_positions.is_empty() && employees.ids().is_sorted();
        FoundSlice {
            ids: employees.ids().min().zip(employees.ids().max()),
            positions: employees.positions().next().zip(employees.positions().last()),
            is_in_order,
            repeated_positions,
            ..FoundSlice::default()
        }
    }
}

/// The settings of a run and the files that all employees share. It can be pickled, so Spark can send it to the tasks.
#[pyclass(frozen, module = "btcfake._native")]
pub(crate) struct Run {
    settings: Settings,
    files: Vec<(InputRole, GivenFile)>,
    series: Option<SeriesDay>,
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
        Ok(Run { settings, files, series, whole: OnceLock::new() })
    }

    fn __getnewargs__(&self) -> PyResult<(String, Vec<GivenFile>, Option<String>)> {
        let settings = serde_json::to_string(&self.settings).map_err(refusal)?;
        let series = self.series.map(|day| serde_json::to_string(&day).map_err(refusal)).transpose()?;
        Ok((settings, self.files.iter().map(|(_, file)| file.clone()).collect(), series))
    }

    /// The run for tasks, without a mix: the employees of the tasks already have their final types.
    fn for_tasks(&self) -> Run {
        let settings = Settings { mix: None, population: None, ..self.settings };
        let files = self.files.iter().filter(|(role, _)| *role != InputRole::UserCompletionTemplate);
        Run { settings, files: files.cloned().collect(), series: self.series, whole: OnceLock::new() }
    }

    /// The problems of the files, as JSON.
    fn problems(&self, py: Python<'_>) -> PyResult<String> {
        as_json(&py.detach(|| self.read(&[], &OneAfterAnother)).1)
    }

    /// The problems of the files as JSON, for a run whose inputs are all files.
    fn whole_problems(&self, py: Python<'_>) -> PyResult<String> {
        as_json(&py.detach(|| self.whole()).1)
    }

    /// The names of the files: completions, assignments, dummy, run file.
    fn names(&self) -> (String, String, String, String) {
        let names = self.without_employees().file_names();
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
        let feed: Feed = self.without_employees().opening().collect();
        (PyBytes::new(py, &feed.completions), PyBytes::new(py, &feed.assignments))
    }

    /// The content of the dummy file.
    fn user_completion<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.without_employees().inputs().template)
    }

    /// Converts the tables of a slice, the employees first, to the files of their kinds. Also returns the facts about
    /// them as JSON.
    fn gather<'py>(&self, py: Python<'py>, tables: Tables) -> PyResult<(GatheredFiles<'py>, String)> {
        let (files, found) = py.detach(|| {
            let (files, _, found) = self.gathered(tables, &OneAfterAnother)?;
            Ok::<_, PyErr>((files, serde_json::to_string(&found).map_err(refusal)?))
        })?;
        let files = files.into_iter().map(|file| Ok((name_of(file.role)?, PyBytes::new(py, &file.bytes))));
        Ok((files.collect::<PyResult<_>>()?, found))
    }

    /// The run with all of its tables, the employees first, as files. Also returns the facts about the tables as JSON.
    fn with_tables(&self, py: Python<'_>, tables: Tables) -> PyResult<(Run, String)> {
        py.detach(|| {
            let (_, inputs, found) = self.gathered(tables, &Threads)?;
            let whole = OnceLock::from((Simulation::new(inputs, self.settings), Vec::new()));
            let run = Run { settings: self.settings, files: self.files.clone(), series: self.series, whole };
            Ok((run, serde_json::to_string(&found).map_err(refusal)?))
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
            let run = self.slice(files)?.as_slice(slice);
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
            Some(files) => tables_after(&self.slice(files)?),
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
        let files = self.input_files(&[]);
        let path = |role| self.files.iter().find(|(one, _)| *one == role).and_then(|(_, file)| file.2.clone());
        let records = files.iter().map(|file| InputRecord { path: path(file.role), ..InputRecord::of(file) });
        let table = |(role, name): (String, String)| Ok(TableRecord { role: role_of(&role)?, name });
        let output = |(name, bytes, sha256)| OutputRecord { name, bytes, sha256 };
        let inputs = employees.into_iter().chain(records).collect();
        let record = RunRecord::new(self.settings, inputs, outputs.into_iter().map(output).collect());
        let tables = tables.into_iter().map(table).collect::<PyResult<_>>()?;
        let record = RunRecord { series: self.series, tables, bytes_per_file, ..record };
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
        let (inputs, _) = self.read(&[], &OneAfterAnother);
        let is_given = |role: &str| given.iter().any(|one| one == role);
        let inputs = Inputs {
            given_tables: GivenTables { assignments: is_given("assignments"), completions: is_given("completions") },
            recommendations_given: inputs.recommendations_given || is_given("recommendations"),
            employees: Vec::new(),
            ..inputs
        };
        let run = Simulation::new(inputs, self.settings);
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
    /// The files of the run in the order in which a run file names them; built-in files replace missing ones.
    fn input_files<'f>(&'f self, tables: &'f [TableFile]) -> Vec<InputFile<'f>> {
        let mut files: Vec<InputFile<'f>> =
            tables.iter().map(|table| InputFile::given(table.role, "", &table.bytes[..])).collect();
        let given = self.files.iter().map(|(role, (_, name, _, bytes))| InputFile::given(*role, name, &bytes[..]));
        files.extend(given);
        let missing: Vec<InputRole> =
            InputRole::ALL.into_iter().filter(|role| !files.iter().any(|file| file.role == *role)).collect();
        for role in missing {
            files.extend(InputFile::built_in(role));
        }
        files.sort_by_key(|file| file.role);
        files
    }

    fn read(&self, tables: &[TableFile], workers: &impl Workers) -> (Inputs, Vec<FileProblems>) {
        let files = self.input_files(tables);
        let sources: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
        let (mut inputs, problems) = read_sources(&sources, self.settings.bad_rows, workers);
        if let Some(day) = self.series.filter(|_| inputs.catalog_is_built_in) {
            let zone = self.settings.time_zone;
            let first = zone.date_of(day.rhythm.instants(zone).next().unwrap_or(self.settings.now));
            inputs.catalog.add_doses(&built_in_doses(first, first, zone.date_of(self.settings.now)));
        }
        (inputs, problems)
    }

    fn without_employees(&self) -> Simulation {
        Simulation::new(self.read(&[], &OneAfterAnother).0, self.settings)
    }

    fn whole(&self) -> &(Simulation, Vec<FileProblems>) {
        self.whole.get_or_init(|| {
            let mut files = self.input_files(&[]);
            let given: Vec<InputRole> = files.iter().map(|file| file.role).collect();
            files.extend(InputFile::missing(&given, &self.settings));
            let (inputs, problems) = read_inputs(&files, self.settings.bad_rows);
            (Simulation::new(inputs, self.settings), problems)
        })
    }

    /// The tables of a slice converted to files, the inputs read from these files, and the facts about them.
    fn gathered(&self, tables: Tables, workers: &impl Workers) -> PyResult<(Vec<TableFile>, Inputs, FoundSlice)> {
        let mut files = files_of(tables, workers)?;
        let employees = files.first().ok_or_else(|| refusal("a slice has employees"))?;
        let mut found = FoundSlice::of(employees);
        found.nulls = files.iter().flat_map(|file| file.nulls().map(|(name, rows)| (file.role, name, rows))).collect();
        found.fingerprint = files.iter().map(TableFile::fingerprint).fold(0, u64::wrapping_add);
        if found.ids.is_none() {
            return Ok((files, Inputs::default(), found));
        }
        // Most employees have no recommendations, so a slice without recommendations is no problem.
        files.retain(|file| file.role != InputRole::Recommendations || !file.bytes.is_empty());
        let (inputs, problems) = self.read_slice(&files, workers);
        let (employees, open, skipped) = (inputs.employees.len(), inputs.state.open.len(), inputs.skipped_rows);
        Ok((files, inputs, FoundSlice { employees, open, skipped, problems, ..found }))
    }

    /// The inputs of a slice, and the problems of its rows.
    fn read_slice(&self, files: &[TableFile], workers: &impl Workers) -> (Inputs, Vec<FoundProblem>) {
        let (inputs, problems) = self.read(files, workers);
        let skipping = self.settings.bad_rows == BadRows::Skip;
        let mut found = Vec::new();
        for FileProblems { role, problems, .. } in &problems {
            // The problems of the files that all slices share were reported on the driver.
            let Some(file) = files.iter().find(|file| file.role == *role) else { continue };
            // If bad rows are left out, a slice without any good row is no problem: other slices may have some.
            let reported = problems.iter().filter(|problem| !(skipping && problem.kind == ProblemKind::NoEmployees));
            found.extend(reported.map(|problem| FoundProblem::of_row(*role, file.row(problem.place.line), problem)));
        }
        (inputs, found)
    }

    fn slice(&self, files: SliceFiles) -> PyResult<Simulation> {
        let file = |(role, bytes): (String, PyBackedBytes)| Ok(TableFile::kept(role_of(&role)?, bytes.to_vec()));
        let files = files.into_iter().map(file).collect::<PyResult<Vec<_>>>()?;
        let (inputs, problems) = self.read_slice(&files, &OneAfterAnother);
        match problems.iter().find(|problem| problem.is_error()) {
            None => Ok(Simulation::new(inputs, self.settings)),
            Some(problem) => Err(refusal(serde_json::to_string(problem).map_err(refusal)?)),
        }
    }
}

/// The tables of a slice as the files of their kinds, the employees first. Of the others, rows of further employees are
/// left out.
fn files_of(tables: Tables, workers: &impl Workers) -> PyResult<Vec<TableFile>> {
    let tables = tables.into_iter().map(|(role, table)| Ok((role_of(&role)?, table.into_inner().0)));
    let tables: Vec<(InputRole, Vec<RecordBatch>)> = tables.collect::<PyResult<_>>()?;
    let Some(((role, batches), others)) = tables.split_first() else { return Ok(Vec::new()) };
    let employees = TableFile::of(*role, batches, |_| true)?;
    let ids: FxHashSet<i64> = if others.is_empty() { FxHashSet::default() } else { employees.ids().collect() };
    let files = workers.each(others.len(), |number| {
        let (role, batches) = &others[number];
        TableFile::of(*role, batches, |id| id.is_some_and(|id| ids.contains(&id)))
    });
    iter::once(Ok(employees)).chain(files).collect()
}

/// The state tables after a run.
fn tables_after(run: &Simulation) -> PyResult<(PyRecordBatch, PyRecordBatch)> {
    let state = state_after(run);
    let employees = run.inputs().employees.iter().map(|employee| employee.id).enumerate();
    let open = employees.clone().flat_map(|(at, id)| state.open.of(at).iter().map(move |row| (id, row)));
    let done = employees.flat_map(|(at, id)| state.completed.of(at).iter().map(move |row| (id, row)));
    let (open, done): (Vec<_>, Vec<_>) = (open.collect(), done.collect());
    let moments = |moment: fn(&OpenAssignment) -> DateTime<Utc>| {
        instants(open.iter().map(|(_, row)| moment(row).timestamp_micros()).collect())
    };
    let types = open.iter().map(|(_, row)| &*row.content_type);
    let assignments: [(&str, ArrayRef); 6] = [
        ("ba_id", ids(open.iter().map(|row| row.0))),
        ("content_id", ids(open.iter().map(|(_, row)| row.content_id))),
        ("assignment_date", moments(|row| row.assigned)),
        ("assignment_begin_date", moments(|row| row.begin)),
        ("assignment_due_date", moments(|row| row.due)),
        ("content_type", Arc::new(StringArray::from_iter_values(types))),
    ];
    let completions: [(&str, ArrayRef); 3] = [
        ("ba_id", ids(done.iter().map(|row| row.0))),
        ("content_id", ids(done.iter().map(|(_, row)| row.content_id))),
        ("completion_date", days(done.iter().map(|(_, row)| row.day))),
    ];
    Ok((record_batch(assignments.into_iter())?, record_batch(completions.into_iter())?))
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

fn ids(ids: impl Iterator<Item = u64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(ids.map(u64::cast_signed)))
}
