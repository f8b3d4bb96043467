//! Why: the whole way of one employee of a simulation, in words.

use std::rc::Rc;

use btcfake_core::breakage::BreakList;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::report::explain::{Section, Sources, explain, find};
use btcfake_core::run::simulation::Simulation;

use super::picked_files::{PickedFile, PickedFiles};

/// Explains an employee. The files have the lines that a simulation does not keep; one that was taken away and cannot be
/// read any more costs only these.
///
/// # Errors
/// An employee who is not in the run, with what was probably meant.
pub(super) async fn explained(
    simulation: &Simulation,
    files: (&[PickedFile], &PickedFiles),
    breaks: &BreakList,
    employee: u64,
) -> Result<Vec<Section>, String> {
    let employees = match InputFile::made_by_program(InputRole::Employees, simulation.settings()) {
        Some(made_up) => Some(Rc::new(made_up.bytes.into_owned())),
        None => bytes_of(files, InputRole::Employees).await,
    };
    let assignments = bytes_of(files, InputRole::Assignments).await;
    let completions = bytes_of(files, InputRole::Completions).await;
    let sources = Sources {
        employees: employees.as_deref().map(Vec::as_slice),
        assignments: assignments.as_deref().map(Vec::as_slice),
        completions: completions.as_deref().map(Vec::as_slice),
        breaks: Some(breaks),
    };
    let position = find(simulation.inputs(), sources.employees, employee).map_err(|why| why.to_string())?;
    Ok(explain(simulation, position, &sources).sections())
}

async fn bytes_of((files, kept): (&[PickedFile], &PickedFiles), role: InputRole) -> Option<Rc<Vec<u8>>> {
    let picked = files.iter().find(|picked| picked.pick.role == role)?;
    kept.bytes(picked).await.ok()
}
