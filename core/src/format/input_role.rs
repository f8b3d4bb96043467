//! What a file is used as in a run.

use serde::{Deserialize, Serialize};

/// What a file is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputRole {
    /// employees.csv: the population.
    Employees,
    /// StandAloneContent: what a manager can assign.
    StandaloneContent,
    /// The course catalog: more names of contents.
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
    /// All roles, in the order in which they are told.
    pub const ALL: [InputRole; 7] = [
        Self::Employees,
        Self::StandaloneContent,
        Self::CourseCatalog,
        Self::Assignments,
        Self::Completions,
        Self::Recommendations,
        Self::UserCompletionTemplate,
    ];
}
