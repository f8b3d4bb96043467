//! The settings of a run and the files that all employees share, with the inputs that the core reads from them and from
//! the tables of a slice.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::{InputFile, InputSource};
use btcfake_core::inputs::inputs_reader::FileProblems;
use btcfake_core::inputs::reading::{read_inputs, read_sources};
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::plan::rhythm::SeriesDay;
use btcfake_core::plan::settings::Settings;
use btcfake_core::run::later_days::LaterDays;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::chunks::{OneAfterAnother, Workers};
use btcfake_core::text::problem::ProblemKind;
use pyo3::PyResult;
use pyo3::pybacked::PyBackedBytes;

use crate::found_slice::{FoundSlice, Tables, files_of};
use crate::problems::FoundProblem;
use crate::tables::TableFile;
use crate::{refusal, role_of};

/// A file: role, name, path for the run file, content.
pub(crate) type GivenFile = (String, String, Option<String>, Vec<u8>);

/// The tables of a slice, converted to the files of their kinds, each with its role.
pub(crate) type SliceFiles = Vec<(String, PyBackedBytes)>;

/// The settings of a run, its day in a series, and the files that all employees share.
#[derive(Clone)]
pub(crate) struct GivenRun {
    pub(crate) settings: Settings,
    pub(crate) files: Vec<(InputRole, GivenFile)>,
    pub(crate) series: Option<SeriesDay>,
}

impl GivenRun {
    /// The files of the run in the order in which a run file names them; built-in files replace missing ones.
    pub(crate) fn input_files<'f>(&'f self, tables: &'f [TableFile]) -> Vec<InputFile<'f>> {
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

    /// The inputs of a run with these tables, and the problems of all of its files.
    pub(crate) fn read(&self, tables: &[TableFile], workers: &impl Workers) -> (Inputs, Vec<FileProblems>) {
        let files = self.input_files(tables);
        let sources: Vec<InputSource<'_>> = files.iter().map(InputSource::of).collect();
        let (mut inputs, problems) = read_sources(&sources, self.settings.bad_rows, workers);
        if let Some(day) = self.series.filter(|series| series.day > 1) {
            let zone = self.settings.time_zone;
            let first = zone.date_of(day.rhythm.instants(zone).next().unwrap_or(self.settings.now));
            if let Some(later_days) = LaterDays::of_series(&inputs, day.rhythm, first) {
                later_days.apply(&mut inputs, first, zone.date_of(self.settings.now));
            }
        }
        (inputs, problems)
    }

    /// The simulation of nobody, by the files that all employees share.
    pub(crate) fn without_employees(&self) -> Simulation {
        Simulation::new(self.read(&[], &OneAfterAnother).0, self.settings)
    }

    /// The simulation of the whole run, all of whose inputs are files, and the problems of these files.
    pub(crate) fn whole(&self) -> (Simulation, Vec<FileProblems>) {
        let mut files = self.input_files(&[]);
        let given: Vec<InputRole> = files.iter().map(|file| file.role).collect();
        files.extend(InputFile::missing(&given, &self.settings));
        let (inputs, problems) = read_inputs(&files, self.settings.bad_rows);
        (Simulation::new(inputs, self.settings), problems)
    }

    /// The tables of a slice converted to files, the inputs read from these files, and the facts about them.
    ///
    /// # Errors
    /// A column that is missing or of another type.
    pub(crate) fn gathered(
        &self,
        tables: Tables,
        workers: &impl Workers,
    ) -> PyResult<(Vec<TableFile>, Inputs, FoundSlice)> {
        let mut files = files_of(tables, workers)?;
        let employees = files.first().ok_or_else(|| refusal("a slice has employees"))?;
        let mut found = FoundSlice::of(employees, &files);
        if found.ids.is_none() {
            return Ok((files, Inputs::default(), found));
        }
        // Most employees have no recommendations, so a slice without recommendations is no problem.
        files.retain(|file| file.role != InputRole::Recommendations || !file.bytes.is_empty());
        let (inputs, problems) = self.read_slice(&files, workers);
        found.problems = problems;
        (found.employees, found.open) = (inputs.employees.len(), inputs.state.open.len());
        found.skipped = inputs.skipped_rows;
        Ok((files, inputs, found))
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

    /// The simulation of a slice, by the files of its tables.
    ///
    /// # Errors
    /// The first problem that refuses a row, as JSON.
    pub(crate) fn slice(&self, files: SliceFiles) -> PyResult<Simulation> {
        let file = |(role, bytes): (String, PyBackedBytes)| Ok(TableFile::kept(role_of(&role)?, bytes.to_vec()));
        let files = files.into_iter().map(file).collect::<PyResult<Vec<_>>>()?;
        let (inputs, problems) = self.read_slice(&files, &OneAfterAnother);
        match problems.iter().find(|problem| problem.is_error()) {
            None => Ok(Simulation::new(inputs, self.settings)),
            Some(problem) => Err(refusal(serde_json::to_string(problem).map_err(refusal)?)),
        }
    }
}
