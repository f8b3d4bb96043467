//! The area "Feed", for the feed of one day: inputs, live sources and settings on the left, the results on the right.

pub(crate) mod inputs;
pub(crate) mod results;

use leptos::prelude::*;

use crate::page::components::panes;
use crate::page::feed::inputs::inputs_pane;
use crate::page::feed::results::results_place;
use crate::page::state::PageState;

/// The area.
pub(crate) fn feed_area(state: PageState) -> AnyView {
    panes(inputs_pane(state), results_place(state))
}
