//! The area "History": earlier runs.

use leptos::prelude::*;

/// The area.
pub(super) fn history_area() -> AnyView {
    view! {
        <section aria-labelledby="history-heading">
            <h2 id="history-heading">"History"</h2>
        </section>
    }
    .into_any()
}
