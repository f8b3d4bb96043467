//! The role of a file that was given without one, by what is in it.

use crate::format::file_kind::{CheckedKind, recognise, unknown};
use crate::format::input_role::InputRole;
use crate::sheet::role_after_conversion;

/// The role in which a run uses a file. The beginning of a large file is enough, but not of a workbook.
///
/// # Errors
/// Why a run does not use it, to follow the file's name: `this is the vendor file of ..., which a run makes`.
pub fn role_of(name: &str, bytes: &[u8]) -> Result<InputRole, String> {
    match recognise(name, bytes) {
        CheckedKind::Employees => Ok(InputRole::Employees),
        CheckedKind::StandAloneContent => Ok(InputRole::StandaloneContent),
        CheckedKind::CourseCatalog => Ok(InputRole::CourseCatalog),
        CheckedKind::ContentAssignments => Ok(InputRole::Assignments),
        CheckedKind::ContentCompletion => Ok(InputRole::Completions),
        CheckedKind::Recommendations => Ok(InputRole::Recommendations),
        CheckedKind::UserCompletion => Ok(InputRole::UserCompletionTemplate),
        kind @ (CheckedKind::ContentUserCompletion | CheckedKind::NonCompletedAssignments | CheckedKind::RunFile) => {
            Err(format!("this is a {}, which a run makes and does not read", kind.describe()))
        }
        CheckedKind::Unknown => role_after_conversion(bytes).ok_or_else(|| unknown(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{SampleRecipe, files};
    use chrono::NaiveDate;

    #[test]
    fn files_of_a_sample_have_the_roles_of_their_order() {
        let today = NaiveDate::from_ymd_opt(2026, 1, 29).unwrap_or_default();
        let sample = files(&SampleRecipe { seed: 1, today, employees: 20, contents: 50 });
        let roles: Vec<_> = sample.map(|file| role_of("any", &file.bytes)).collect();
        assert_eq!(roles, InputRole::ALL[..6].iter().map(|role| Ok(*role)).collect::<Vec<_>>());
    }

    #[test]
    fn what_a_run_does_not_use_is_refused_with_the_reason() {
        for (bytes, expected) in [
            ("1 2 3", "neither the header nor the name"),
            ("", "the file is empty"),
            ("\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n", "which a run makes"),
        ] {
            let why = role_of("any", bytes.as_bytes()).err().unwrap_or_default();
            assert!(why.contains(expected), "{bytes}: {why}");
        }
    }

    #[test]
    fn other_separators_are_converted_first() {
        assert_eq!(role_of("pasted", b"Employee ID\tEmployee Edu Type\n7\ta\n"), Ok(InputRole::Employees));
    }
}
