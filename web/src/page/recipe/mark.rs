//! The mark of an entry of the browser's history whose recipe was set up already.

use leptos::prelude::*;

/// Marks the current entry of the browser's history as set up: coming back to it shows the area, but does not set the recipe
/// again. `address`, if given, replaces the entry's address.
pub(crate) fn mark_as_set_up(address: Option<&str>) {
    let _ = window().history().and_then(|history| history.replace_state_with_url(&true.into(), "", address));
}

/// Whether the current entry is marked as set up.
pub(crate) fn is_set_up() -> bool {
    window().history().and_then(|history| history.state()).is_ok_and(|state| state.is_truthy())
}
