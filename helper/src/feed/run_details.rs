//! Details of a run's employees, simulated again for a list or for printing.

use btcfake_core::run::detail::{Detail, details};
use btcfake_core::run::simulation::Simulation;

use crate::terminal::console;

/// Details of all employees, in the order of employees.csv.
pub(crate) fn all_details(simulation: &Simulation) -> Vec<Detail> {
    let mut all = Vec::new();
    for_each_detail(simulation, |detail| all.push(detail.clone()));
    all
}

/// Prints the details of all employees under a title, one line each.
pub(crate) fn print_details(simulation: &Simulation, title: &str) {
    console::print(&format!("{title}\n"));
    for_each_detail(simulation, |detail| {
        console::print(&format!("  {} {}\n", detail.employee_id(), detail.describe()));
    });
}

/// Calls `take` with every detail of a run in order. Days are simulated again, so details need not be stored.
fn for_each_detail(simulation: &Simulation, mut take: impl FnMut(&Detail)) {
    for position in 0..simulation.employee_count() {
        details(&simulation.employee_day(position), &simulation.inputs().catalog).iter().for_each(&mut take);
    }
}
