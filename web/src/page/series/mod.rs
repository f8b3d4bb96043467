//! The area "Series": feeds of days in a row.

use leptos::prelude::*;

/// The area.
pub(super) fn series_area() -> AnyView {
    view! {
        <section aria-labelledby="series-heading">
            <h2 id="series-heading">"Series"</h2>
        </section>
    }
    .into_any()
}
