//! A table in a box, in which a wide table scrolls.

use leptos::prelude::*;

use crate::page::components::markup::markup;

/// The table. `heading` is the id of the heading that names it; `body` follows the row of column names.
pub(crate) fn table_box(heading: &str, columns: &[impl AsRef<str>], body: AnyView) -> AnyView {
    let head = |column: &str| markup! { <th scope="col">{column.to_owned()}</th> };
    let heads = columns.iter().map(|column| head(column.as_ref())).collect_view();
    markup! {
        <div class="table-box" tabindex="0" role="group" aria-labelledby=heading.to_owned()>
            <table aria-labelledby=heading.to_owned()>
                <thead><tr>{heads}</tr></thead>
                {body}
            </table>
        </div>
    }
}
