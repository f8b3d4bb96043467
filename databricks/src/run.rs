//! A run, as driver and tasks share it: its settings, and the files that all employees have in common.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::{FileProblems, Inputs, read_inputs};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord, TableRecord};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::feed::Feed;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::slice::Slice;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::problem::ProblemKind;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::PyTable;

use crate::problems::FoundProblem;
use crate::refusal;
use crate::tables::TableFile;

/// A file: role, name, path as the run file says it, content.
type GivenFile = (String, String, Option<String>, Vec<u8>);

/// A line of a summary: group, label, value.
type SummaryLine = (String, String, String);

/// The settings of a run and the files that all employees share. It can be pickled, and so goes with the tasks.
#[pyclass(frozen, module = "btcfake._native")]
pub(crate) struct Run {
    settings: Settings,
    files: Vec<(InputRole, GivenFile)>,
}

#[pymethods]
impl Run {
    #[new]
    fn new(settings: &str, files: Vec<GivenFile>) -> PyResult<Run> {
        let settings = serde_json::from_str(settings).map_err(refusal)?;
        let role = |file: GivenFile| {
            let role = serde_json::from_value(file.0.clone().into()).map_err(refusal)?;
            Ok((role, file))
        };
        Ok(Run { settings, files: files.into_iter().map(role).collect::<PyResult<_>>()? })
    }

    fn __getnewargs__(&self) -> PyResult<(String, Vec<GivenFile>)> {
        let settings = serde_json::to_string(&self.settings).map_err(refusal)?;
        Ok((settings, self.files.iter().map(|(_, file)| file.clone()).collect()))
    }

    /// The run for tasks: their employees have their types already.
    fn for_tasks(&self) -> Run {
        let settings = Settings { mix: None, population: None, ..self.settings };
        let files = self.files.iter().filter(|(role, _)| *role != InputRole::UserCompletionTemplate);
        Run { settings, files: files.cloned().collect() }
    }

    /// The problems of the files, as JSON.
    fn problems(&self, py: Python<'_>) -> PyResult<String> {
        let (_, problems) = py.detach(|| self.read(&[]));
        let of_file = |file: &FileProblems| -> Vec<FoundProblem> {
            file.problems.iter().map(|problem| FoundProblem::of_file(file.role, &file.name, problem)).collect()
        };
        serde_json::to_string(&problems.iter().flat_map(of_file).collect::<Vec<_>>()).map_err(refusal)
    }

    /// The names of the files: completions, assignments, dummy, run file.
    fn names(&self) -> (String, String, String, String) {
        let names = self.without_employees().file_names();
        (names.completions, names.assignments, names.user_completion, names.run)
    }

    /// What completions and assignments begin with.
    fn heads<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, Bound<'py, PyBytes>) {
        let feed: Feed = self.without_employees().opening().collect();
        (PyBytes::new(py, &feed.completions), PyBytes::new(py, &feed.assignments))
    }

    /// The content of the dummy file.
    fn user_completion<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.without_employees().inputs().template)
    }

    /// How many employees and open assignments a slice has, how many rows were left out, and its problems as JSON.
    #[pyo3(signature = (employees, assignments=None, completions=None))]
    fn survey(
        &self,
        py: Python<'_>,
        employees: PyTable,
        assignments: Option<PyTable>,
        completions: Option<PyTable>,
    ) -> PyResult<(usize, usize, usize, String)> {
        py.detach(|| {
            let (inputs, problems) = self.read_slice(employees, assignments, completions)?;
            let problems = serde_json::to_string(&problems).map_err(refusal)?;
            Ok((inputs.employees.len(), inputs.state.open.len(), inputs.skipped_rows, problems))
        })
    }

    /// The open assignments of a slice that are left, and their counts as JSON.
    #[pyo3(signature = (employees, assignments, completions, open_before))]
    fn open_left<'py>(
        &self,
        py: Python<'py>,
        employees: PyTable,
        assignments: Option<PyTable>,
        completions: Option<PyTable>,
        open_before: u64,
    ) -> PyResult<(Bound<'py, PyBytes>, String)> {
        let (open, tally) = py.detach(|| {
            let slice = Slice { open_before, ..Slice::default() };
            let run = self.slice(employees, assignments, completions, slice)?;
            // The headers come first, and are written by the driver.
            let feed: Feed = run.opening().skip(1).collect();
            Ok::<_, PyErr>((feed.assignments, serde_json::to_string(&feed.tally).map_err(refusal)?))
        })?;
        Ok((PyBytes::new(py, &open), tally))
    }

    /// The completions and the new assignments of a slice, and their counts as JSON.
    #[pyo3(signature = (employees, assignments, completions, employees_before, open_in_all))]
    fn completed_and_new<'py>(
        &self,
        py: Python<'py>,
        employees: PyTable,
        assignments: Option<PyTable>,
        completions: Option<PyTable>,
        employees_before: u64,
        open_in_all: u64,
    ) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyBytes>, String)> {
        let (feed, tally) = py.detach(|| {
            let slice = Slice { employees_before, open_before: 0, open_in_all: Some(open_in_all) };
            let run = self.slice(employees, assignments, completions, slice)?;
            let feed = Feed::from_iter([run.simulate(0..run.employees(), false)]);
            let tally = serde_json::to_string(&feed.tally).map_err(refusal)?;
            Ok::<_, PyErr>((feed, tally))
        })?;
        Ok((PyBytes::new(py, &feed.completions), PyBytes::new(py, &feed.assignments), tally))
    }

    /// The run file. Inputs come as JSON records before those of the run's own files, tables as role and name, outputs as name,
    /// size and SHA-256.
    #[pyo3(signature = (employees, tables, outputs))]
    fn record<'py>(
        &self,
        py: Python<'py>,
        employees: Option<&str>,
        tables: Vec<(String, String)>,
        outputs: Vec<(String, u64, String)>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let employees: Option<InputRecord> =
            employees.map(|record| serde_json::from_str(record).map_err(refusal)).transpose()?;
        let files = self.input_files(&[]);
        let path = |role| self.files.iter().find(|(one, _)| *one == role).and_then(|(_, file)| file.2.clone());
        let records = files.iter().map(|file| InputRecord { path: path(file.role), ..InputRecord::of(file) });
        let table = |(role, name): (String, String)| {
            Ok(TableRecord { role: serde_json::from_value(role.into()).map_err(refusal)?, name })
        };
        let output = |(name, bytes, sha256)| OutputRecord { name, bytes, sha256 };
        let inputs = employees.into_iter().chain(records).collect();
        let record = RunRecord::new(self.settings, inputs, outputs.into_iter().map(output).collect());
        let tables = tables.into_iter().map(table).collect::<PyResult<_>>()?;
        Ok(PyBytes::new(py, &RunRecord { tables, ..record }.to_bytes()))
    }

    /// The summary of the run as text, as JSON, and in rows of group, label and value, from the counts of its slices, each as JSON.
    fn summary(
        &self,
        tallies: Vec<String>,
        state_given: (bool, bool),
        counts: (u64, u64, u64, u64),
    ) -> PyResult<(String, String, Vec<SummaryLine>)> {
        let mut tally = Tally::default();
        for part in tallies {
            tally.add(&serde_json::from_str(&part).map_err(refusal)?);
        }
        let (inputs, _) = self.read(&[]);
        let run = Simulation::new(Inputs { state_given, employees: Vec::new(), ..inputs }, self.settings);
        let (employees_total, comment_rows, skipped_rows, changed_by_mix) = counts;
        let summary =
            Summary { employees_total, comment_rows, skipped_rows, changed_by_mix, ..Summary::new(&run, tally) };
        let line =
            |title: &str, (label, value): &(&str, String)| (title.to_owned(), (*label).to_owned(), value.clone());
        let groups = summary.groups();
        let lines = groups.iter().flat_map(|group| group.lines.iter().map(|one| line(group.title, one))).collect();
        Ok((summary.text(), serde_json::to_string_pretty(&summary).map_err(refusal)?, lines))
    }
}

impl Run {
    /// The files of the run, and the built-in ones where there are none, in the order in which a run file names them.
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

    fn read(&self, tables: &[TableFile]) -> (Inputs, Vec<FileProblems>) {
        read_inputs(&self.input_files(tables), self.settings.bad_rows)
    }

    fn without_employees(&self) -> Simulation {
        Simulation::new(self.read(&[]).0, self.settings)
    }

    /// The inputs of a slice, and the problems of its rows.
    fn read_slice(
        &self,
        employees: PyTable,
        assignments: Option<PyTable>,
        completions: Option<PyTable>,
    ) -> PyResult<(Inputs, Vec<FoundProblem>)> {
        let employees = TableFile::of_employees(employees)?;
        let ids = employees.ids();
        let mut tables = vec![employees];
        for (role, table) in [(InputRole::Assignments, assignments), (InputRole::Completions, completions)] {
            if let Some(table) = table {
                tables.push(TableFile::of_state(role, table, &ids)?);
            }
        }
        let (inputs, problems) = self.read(&tables);
        let skipping = self.settings.bad_rows == BadRows::Skip;
        let mut found = Vec::new();
        for FileProblems { role, problems, .. } in &problems {
            // The problems of the files that all slices share were told on the driver.
            let Some(table) = tables.iter().find(|table| table.role == *role) else { continue };
            // That one slice keeps no employee refuses no run.
            let told = problems.iter().filter(|problem| !(skipping && problem.kind == ProblemKind::NoEmployees));
            found.extend(told.map(|problem| FoundProblem::of_row(*role, table.row(problem.place.line), problem)));
        }
        Ok((inputs, found))
    }

    fn slice(
        &self,
        employees: PyTable,
        assignments: Option<PyTable>,
        completions: Option<PyTable>,
        slice: Slice,
    ) -> PyResult<Simulation> {
        let (inputs, problems) = self.read_slice(employees, assignments, completions)?;
        match problems.iter().find(|problem| problem.is_error()) {
            None => Ok(Simulation::new(inputs, self.settings).as_slice(slice)),
            Some(problem) => Err(refusal(serde_json::to_string(problem).map_err(refusal)?)),
        }
    }
}
