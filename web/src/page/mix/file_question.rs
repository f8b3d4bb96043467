//! The open question about the file with the employees, which stands where the employees would be.

use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

use super::state::Population;
use crate::page::components::shown;
use crate::page::feed::inputs::open_question;

/// The question with its answers; nothing if none is open.
pub(crate) fn file_question(population: Population) -> AnyView {
    shown(move || {
        let name = format!("{}: ", population.file_name());
        let file = population.employees_slot().file;
        file.with(|file| open_question(population.page, InputRole::Employees, file.inspected()?, &name))
    })
}
