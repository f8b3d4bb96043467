//! The area "Check": vendor files held to the format and the rules.

use leptos::prelude::*;

/// The area.
pub(super) fn check_area() -> AnyView {
    view! {
        <section aria-labelledby="check-heading">
            <h2 id="check-heading">"Check"</h2>
        </section>
    }
    .into_any()
}
