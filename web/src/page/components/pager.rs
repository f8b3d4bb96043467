//! The buttons that turn the pages of a long list.

use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;

use crate::messages::EMPLOYEES_ON_A_PAGE;
use crate::page::components::button::Action;
use crate::page::components::presses::Presses;

/// The buttons to the previous and the next page. Pages count from 0; `of` names the list for screen readers.
pub(crate) fn page_buttons(
    of: &str,
    page: impl Fn() -> usize + Copy + Send + Sync + 'static,
    pages: impl Fn() -> usize + Copy + Send + Sync + 'static,
    turn_to: impl Fn(usize) + Copy + 'static,
) -> [AnyView; 2] {
    let button = |label, step: fn(usize) -> Option<usize>| {
        let next = move || step(page()).filter(|next| *next < pages());
        let turn = move || untrack(next).into_iter().for_each(turn_to);
        Action { hidden_label: format!("page of {of}"), presses: Presses::Each, ..Action::new(label) }
            .button_unless(move || next().is_none(), turn)
    };
    [button("Previous", |page| page.checked_sub(1)), button("Next", |page| page.checked_add(1))]
}

/// The position in a list of employees, such as "Page 2 of 5 (120 employees)". Pages count from 0.
pub(crate) fn page_of_employees(page: usize, employees: usize) -> String {
    let pages = employees.div_ceil(EMPLOYEES_ON_A_PAGE).max(1);
    format!("Page {} of {} ({})", grouped(page + 1), grouped(pages), counted(employees, "employee"))
}
