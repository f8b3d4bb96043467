//! The type of an employee: a dot in the type's colour, and its name.

use btcfake_core::format::employees::EmployeeType;
use leptos::prelude::*;

use crate::page::components::markup::markup;

/// The CSS class with the type's colour.
pub(crate) fn kind_class(kind: EmployeeType) -> &'static str {
    short_kind(kind)
}

/// The name without its verb, where there is little room.
pub(crate) fn short_kind(kind: EmployeeType) -> &'static str {
    match kind {
        EmployeeType::A => "all",
        EmployeeType::B => "one",
        EmployeeType::F => "none",
    }
}

/// The dot and the name with its letter: `completes all (a)`.
pub(crate) fn kind_mark(kind: EmployeeType) -> AnyView {
    let name = format!("{} ({})", kind.describe(), kind.letter());
    markup! { <span class="kind"><span class=format!("dot {}", kind_class(kind))></span>{name}</span> }
}
