//! The employees of a run, if the driver has all of them: from a file, from a new population, or from a table to which
//! a mix is applied.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema};
use btcfake_core::format::employees::{Employee, push_header, push_row};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::problem::{Problem, ProblemKind};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::{PyRecordBatch, PyTable};

use crate::problems::FoundProblem;
use crate::refusal;
use crate::tables::TableFile;

/// Employees with the types that they have in the run, in their order.
#[pyclass(frozen, module = "btcfake._native")]
pub(crate) struct KnownEmployees {
    run: Simulation,
    problems: Vec<FoundProblem>,
    record: Option<InputRecord>,
    repeated_positions: Vec<i64>,
}

#[pymethods]
impl KnownEmployees {
    /// The employees of an employees.csv, or of the new population that the settings ask for.
    #[staticmethod]
    #[pyo3(signature = (settings, name=None, bytes=None))]
    fn of_file(py: Python<'_>, settings: &str, name: Option<&str>, bytes: Option<Vec<u8>>) -> PyResult<KnownEmployees> {
        let settings: Settings = serde_json::from_str(settings).map_err(refusal)?;
        let file = match (name, bytes) {
            (Some(name), Some(bytes)) => Some(InputFile::given(InputRole::Employees, name, bytes)),
            _ => None,
        };
        py.detach(|| {
            let file = file.or_else(|| InputFile::made_by_program(InputRole::Employees, &settings));
            let file = file.ok_or_else(|| refusal("the settings ask for no new population"))?;
            let record = Some(InputRecord::of(&file));
            let name = file.name.clone();
            let of_file = |problem: &_| Some(FoundProblem::of_file(InputRole::Employees, &name, problem));
            Ok(KnownEmployees { record, ..KnownEmployees::read(file, settings, of_file) })
        })
    }

    /// The employees of a table, in the order of position.
    #[staticmethod]
    fn of_table(py: Python<'_>, settings: &str, table: PyTable) -> PyResult<KnownEmployees> {
        let settings: Settings = serde_json::from_str(settings).map_err(refusal)?;
        py.detach(|| {
            let mut table = TableFile::of(InputRole::Employees, &table.into_inner().0, |_| true)?;
            let file = InputFile::given(InputRole::Employees, "employees", std::mem::take(&mut table.bytes));
            // The Python package reports a table without rows: it knows the name of the table.
            let of_row = |problem: &Problem| {
                let is_of_row = problem.kind != ProblemKind::NoEmployees;
                is_of_row.then(|| FoundProblem::of_row(InputRole::Employees, table.row(problem.place.line), problem))
            };
            let repeated_positions = table.repeated_positions();
            Ok(KnownEmployees { repeated_positions, ..KnownEmployees::read(file, settings, of_row) })
        })
    }

    /// The first positions that more than one employee of a table has.
    fn repeated_positions(&self) -> Vec<i64> {
        self.repeated_positions.clone()
    }

    /// The problems of the employees, as JSON.
    fn problems(&self) -> PyResult<String> {
        serde_json::to_string(&self.problems).map_err(refusal)
    }

    /// Numbers of comment rows, of bad rows that were left out, and of employees whose type the mix changed.
    fn counts(&self) -> (usize, usize, usize) {
        let inputs = self.run.inputs();
        (inputs.comment_rows, inputs.skipped_rows, self.run.changed_by_mix())
    }

    /// The record of the file for the run file, as JSON; `None` for a table.
    fn record(&self) -> PyResult<Option<String>> {
        self.record.as_ref().map(|record| serde_json::to_string(record).map_err(refusal)).transpose()
    }

    fn __len__(&self) -> usize {
        self.run.employee_count()
    }

    /// The employees at positions from `first` to before `end`, as an employees.csv.
    fn file<'py>(&self, py: Python<'py>, first: usize, end: usize) -> Bound<'py, PyBytes> {
        let mut out = Vec::new();
        push_header(&mut out);
        for employee in self.employees(first, end) {
            push_row(&mut out, employee.id, employee.kind);
        }
        PyBytes::new(py, &out)
    }

    /// The employees at positions from `first` to before `end`, with the columns position, employee_id and
    /// employee_edu_type.
    fn rows(&self, first: usize, end: usize) -> PyResult<PyRecordBatch> {
        let employees = self.employees(first, end);
        let number = |number: u64| number.cast_signed();
        let field = |name: &str, kind: DataType| Field::new(name, kind, false);
        let schema = Schema::new(vec![
            field("position", DataType::Int64),
            field("employee_id", DataType::Int64),
            field("employee_edu_type", DataType::Utf8),
        ]);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from_iter_values((first as u64..).take(employees.len()).map(number))),
            Arc::new(Int64Array::from_iter_values(employees.iter().map(|employee| number(employee.id)))),
            Arc::new(StringArray::from_iter_values(
                employees.iter().map(|employee| employee.kind.letter().to_string()),
            )),
        ];
        RecordBatch::try_new(Arc::new(schema), columns).map(PyRecordBatch::new).map_err(refusal)
    }
}

impl KnownEmployees {
    fn employees(&self, first: usize, end: usize) -> &[Employee] {
        self.run.inputs().employees.get(first..end.min(self.run.employee_count())).unwrap_or_default()
    }

    fn read(
        file: InputFile<'_>,
        settings: Settings,
        found: impl Fn(&Problem) -> Option<FoundProblem>,
    ) -> KnownEmployees {
        let (inputs, problems) = read_inputs(&[file], settings.bad_rows);
        let problems = problems.iter().flat_map(|file| &file.problems).filter_map(found).collect();
        KnownEmployees {
            run: Simulation::new(inputs, settings),
            problems,
            record: None,
            repeated_positions: Vec::new(),
        }
    }
}
