//! Where the employees of a simulation stand in a run that is made in slices, each by itself and perhaps on another machine.
//!
//! Most of an employee's rows depend on nobody else. RequestIds do: they count through all open assignments by employee id,
//! then through all employees in their order. With a [`Slice`] a simulation gives its employees the RequestIds of the whole run.

/// What a simulation of some of a run's employees must know of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    /// How many employees of the run come before the first of the simulation.
    pub employees_before: u64,
    /// How many open assignments the employees with lower ids have.
    pub open_before: u64,
    /// How many open assignments all employees of the run have; `None` for those of the simulation.
    pub open_in_all: Option<u64>,
}
