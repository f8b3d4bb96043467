//! Inspects each file as soon as it is picked, and keeps its problems, so that the page can ask for more of them.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::inspection::inspect;
use btcfake_core::inputs::mends::mends;
use btcfake_core::sheet::Columns;
use btcfake_core::text::problem::Problem;

use super::picked_files::{PickedBytes, PickedFile, PickedFiles};
use crate::messages::inspection::{FIRST_PROBLEMS, PROBLEMS_AT_A_TIME};
use crate::messages::{Inspected, Pick, ReportedProblem, ToPage};

/// The problems of the inspected files.
#[derive(Default)]
pub(super) struct InspectedFiles([Option<InspectedFile>; InputRole::ALL.len()]);

struct InspectedFile {
    pick: u32,
    columns: Columns,
    problems: Vec<Problem>,
}

impl InspectedFiles {
    /// Inspects a file and returns the answer for the page.
    pub(super) async fn inspect(&mut self, picked: &PickedFile, bad_rows: BadRows, files: &mut PickedFiles) -> ToPage {
        let Pick { role, number: pick, .. } = picked.pick;
        let PickedBytes { bytes, sha256 } = match files.keep(picked).await {
            Ok(kept) => kept,
            Err(why) => {
                self.forget(role);
                return ToPage::Unreadable { role, pick, why };
            }
        };
        let inspection = inspect(role, &bytes, bad_rows);
        let mends = mends(role, &bytes, bad_rows, &inspection.problems);
        // Errors come first, each severity in the order of the file.
        let (mut problems, warnings): (Vec<_>, Vec<_>) = inspection.problems.into_iter().partition(Problem::is_error);
        let errors = problems.len();
        problems.extend(warnings);
        let file = InspectedFile { pick, columns: Columns::of(&bytes), problems };
        let inspected = Inspected {
            contents: inspection.contents,
            bytes: bytes.len() as u64,
            sha256,
            errors,
            warnings: file.problems.len() - errors,
            first: file.reported(0, FIRST_PROBLEMS),
            converted: inspection.converted,
            mends,
            employee_set: inspection.who,
            types: inspection.types,
        };
        self.0[role as usize] = Some(file);
        ToPage::Inspected { role, pick, inspected: Box::new(inspected) }
    }

    /// Forgets a removed file.
    pub(super) fn forget(&mut self, role: InputRole) {
        self.0[role as usize] = None;
    }

    /// The next problems after the first `known`; none if `pick` is not the role's last pick.
    pub(super) fn problems(&self, role: InputRole, pick: u32, known: usize) -> Vec<ReportedProblem> {
        let file = self.0[role as usize].as_ref().filter(|file| file.pick == pick);
        file.map(|file| file.reported(known, PROBLEMS_AT_A_TIME)).unwrap_or_default()
    }
}

impl InspectedFile {
    fn reported(&self, from: usize, at_most: usize) -> Vec<ReportedProblem> {
        self.problems.iter().skip(from).take(at_most).map(|problem| self.reported_one(problem)).collect()
    }

    fn reported_one(&self, problem: &Problem) -> ReportedProblem {
        let (severity, place, kind) = problem.printed();
        let place = (!kind.is_of_whole_file()).then(|| self.columns.place_text(place));
        ReportedProblem { severity, place, text: kind.text_on_page() }
    }
}
