//! Two panes side by side: inputs on the left, results on the right. Narrow screens show them one below the other.

use leptos::prelude::*;

use crate::page::components::markup::markup;

/// The panes. `left` consists of sections; its last one may be a run bar, which stays in view.
pub(crate) fn panes(left: AnyView, right: AnyView) -> AnyView {
    markup! {
        <div class="panes">
            <div class="pane-left panel">{left}</div>
            <div class="pane-right">{right}</div>
        </div>
    }
}
