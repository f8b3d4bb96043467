//! The tables about the employees of a run. The worker sends one page of a table at a time.

use btcfake_core::format::employees::EmployeeType;
use serde::{Deserialize, Serialize};

/// How many employees a page of a table shows.
pub(crate) const EMPLOYEES_ON_A_PAGE: usize = 50;

/// A table of what happened to employees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Table {
    /// Trainings done.
    Completed,
    /// Employees who got no Daily Dose because of a conflict.
    SkippedForDailyDose,
    /// Daily Doses that one employee was not given.
    DosesLeftOut,
    /// Employees for whom no random content remained.
    WithoutRandomContent,
    /// Recommendations that were dropped.
    DroppedRecommendations,
    /// Calls of the recommender that failed.
    FailedCalls,
}

impl Table {
    /// All tables, in the order in which they are shown.
    pub(crate) const ALL: [Table; 6] = [
        Self::Completed,
        Self::SkippedForDailyDose,
        Self::DosesLeftOut,
        Self::WithoutRandomContent,
        Self::DroppedRecommendations,
        Self::FailedCalls,
    ];
}

/// Which rows of a table are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WantedRows {
    /// A page of employees, from 0.
    Page(usize),
    /// One employee, by id.
    Employee(u64),
}

/// Rows of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TableRows {
    /// The employees that they are about.
    pub(crate) found: Found,
    /// The cells of each row.
    pub(crate) rows: Vec<Vec<String>>,
}

/// Whose rows were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Found {
    /// Those of a page of employees.
    Page {
        /// Which page, from 0.
        page: usize,
        /// How many employees there are on all pages.
        employees: usize,
    },
    /// Those of one employee.
    Employee {
        /// The employee.
        id: u64,
        /// The employee's type.
        kind: EmployeeType,
    },
    /// No such employee is in the run.
    Nobody {
        /// The id that was asked for.
        id: u64,
    },
}
