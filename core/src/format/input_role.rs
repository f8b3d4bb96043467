//! The roles of input files in a run.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// The role in which a run uses a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "kebab-case")]
pub enum InputRole {
    /// employees.csv: the population.
    Employees,
    /// StandAloneContent: the assignable contents.
    StandaloneContent,
    /// CourseCatalog: further names of contents.
    CourseCatalog,
    /// The state table `content_assignments`.
    Assignments,
    /// The state table `content_completion`.
    Completions,
    /// Recorded answers of the recommender.
    Recommendations,
    /// The template of the dummy file.
    UserCompletionTemplate,
}

impl InputRole {
    /// All roles, in the order of display.
    pub const ALL: [InputRole; 7] = [
        Self::Employees,
        Self::StandaloneContent,
        Self::CourseCatalog,
        Self::Assignments,
        Self::Completions,
        Self::Recommendations,
        Self::UserCompletionTemplate,
    ];

    /// Its name in options of the command line and in recipes: `standalone-content`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// True if its file is a table, which may be a workbook or have other separators and names of columns.
    #[must_use]
    pub fn is_table(self) -> bool {
        !matches!(self, Self::Recommendations | Self::UserCompletionTemplate)
    }
}
