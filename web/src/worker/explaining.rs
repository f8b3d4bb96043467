//! The explanation of one employee's rows in a simulation.

use std::rc::Rc;

use btcfake_core::breakage::BreakList;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::rows_of_one::RowsOfOne;
use btcfake_core::report::explain::{Section, Sources, explain, find};
use btcfake_core::run::simulation::Simulation;

use super::picked_files::{PickedFile, PickedFiles};

/// Explains an employee. The lines of the files are read again, because a simulation does not keep them. If a file can no
/// longer be read, only its lines are missing from the explanation.
///
/// # Errors
/// The employee is not in the run; with similar ids, if any.
pub(super) async fn explained(
    simulation: &Simulation,
    files: (&[PickedFile], &PickedFiles),
    breaks: &BreakList,
    employee: u64,
) -> Result<Vec<Section>, String> {
    let employees = match InputFile::made_by_program(InputRole::Employees, simulation.settings()) {
        Some(made_up) => Some((made_up.name, Rc::new(made_up.bytes.into_owned()))),
        None => named(files, InputRole::Employees).await,
    };
    let assignments = named(files, InputRole::Assignments).await;
    let completions = named(files, InputRole::Completions).await;
    let sources = Sources {
        employees: employees.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice())),
        rows: RowsOfOne::read(
            employee,
            (bytes_of(&employees), simulation.settings().bad_rows),
            bytes_of(&assignments),
            bytes_of(&completions),
        ),
        breaks: Some(breaks),
    };
    let position =
        find(simulation.inputs(), simulation.settings(), sources.employees, employee).map_err(|why| why.to_string())?;
    Ok(explain(simulation, position, &sources).sections())
}

/// The name and the bytes of a file.
type NamedFile = (String, Rc<Vec<u8>>);

fn bytes_of(file: &Option<NamedFile>) -> Option<&[u8]> {
    file.as_ref().map(|(_, bytes)| bytes.as_slice())
}

/// The file of a role.
async fn named((files, kept): (&[PickedFile], &PickedFiles), role: InputRole) -> Option<NamedFile> {
    let picked = files.iter().find(|picked| picked.pick.role == role)?;
    Some((picked.file.name(), kept.get(picked).await.ok()?.bytes))
}
