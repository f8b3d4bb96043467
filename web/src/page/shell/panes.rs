//! Two panes side by side: on the left what is set, on the right what comes of it. Narrow screens show them one below the
//! other.

use leptos::prelude::*;

use crate::page::components::markup;

/// The panes. `left` consists of sections, the last of which may be a run bar, which stays in view.
pub(crate) fn panes(left: AnyView, right: AnyView) -> AnyView {
    markup! {
        <div class="panes">
            <div class="pane-left panel">{left}</div>
            <div class="pane-right">{right}</div>
        </div>
    }
}
