//! The area "Feed": one day's feed. On the left the inputs, the live sources and the settings, on the right what the run
//! gave.

pub(crate) mod inputs;
pub(crate) mod results;

use leptos::prelude::*;

use crate::page::feed::inputs::inputs_pane;
use crate::page::feed::results::results_place;
use crate::page::shell::panes::panes;
use crate::page::state::PageState;

/// The area.
pub(crate) fn feed_area(state: PageState) -> AnyView {
    panes(inputs_pane(state), results_place(state))
}
