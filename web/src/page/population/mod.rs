//! The area "Population": the employees, edited, mixed or made up.

use leptos::prelude::*;

/// The area.
pub(super) fn population_area() -> AnyView {
    view! {
        <section aria-labelledby="population-heading">
            <h2 id="population-heading">"Population"</h2>
        </section>
    }
    .into_any()
}
