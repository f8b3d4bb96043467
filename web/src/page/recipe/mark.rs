//! The mark of a place in the browser's history whose recipe is set up already.

use leptos::prelude::*;

/// Marks this place in the browser's history as one whose recipe is set up already: who comes back to it, comes back to
/// the area and not to the settings of then. Another address may take its place.
pub(crate) fn leave_mark(address: Option<&str>) {
    let _ = window().history().and_then(|history| history.replace_state_with_url(&true.into(), "", address));
}

/// Whether this place has the mark.
pub(crate) fn is_marked() -> bool {
    window().history().and_then(|history| history.state()).is_ok_and(|state| state.is_truthy())
}
