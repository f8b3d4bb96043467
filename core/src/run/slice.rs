//! The position of a simulation's employees in a larger run that is made in slices, each perhaps on another machine
//! (Spark).
//!
//! An employee's rows depend on the other employees only by their RequestIds, which count all open assignments by
//! employee id, then all employees in their order. With a [`Slice`], a simulation of some employees writes the
//! RequestIds of the whole run.

/// What a simulation of some of a run's employees must know about the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// The number of employees of the run before the first one of the simulation.
    pub employees_before: u64,
    /// The number of open assignments of all employees with lower ids.
    pub open_before: u64,
    /// The number of open assignments of all employees of the run; `None` if the simulation has all employees.
    pub open_in_all: Option<u64>,
}
