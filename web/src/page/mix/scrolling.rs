//! The position of the grid's scroll bar, which spans all rows while [`ROWS`] are in view.

use leptos::html::Div;
use leptos::prelude::*;
use web_sys::HtmlDivElement;

use crate::messages::population::PopulationView;

/// The number of rows in view, without the header.
pub(crate) const ROWS: usize = 13;

/// The position of the first row in view among `found` rows, by the scroll bar.
pub(crate) fn first_in_view(grid: &HtmlDivElement, found: usize) -> usize {
    let room = f64::from(grid.scroll_height() - grid.client_height());
    let hidden = found.saturating_sub(ROWS);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the place of a row is a whole number")]
    let first = if room > 0.0 { (f64::from(grid.scroll_top()) / room * to_f64(hidden)).round() as usize } else { 0 };
    first.min(hidden)
}

/// Moves the scroll bar so that the row at `place` is in view, and returns the position of the first row in view.
pub(crate) fn reveal(grid: NodeRef<Div>, view: &PopulationView, place: usize) -> usize {
    let first = view.first.clamp(place.saturating_sub(ROWS - 1), place);
    if let Some(grid) = grid.get_untracked().filter(|_| first != view.first) {
        let room = f64::from(grid.scroll_height() - grid.client_height());
        let hidden = view.found.saturating_sub(ROWS).max(1);
        #[allow(clippy::cast_possible_truncation, reason = "a pixel more or less does not matter")]
        grid.set_scroll_top((to_f64(first) / to_f64(hidden) * room).round() as i32);
    }
    first
}

#[allow(clippy::cast_precision_loss, reason = "there are fewer rows than a float counts exactly")]
fn to_f64(number: usize) -> f64 {
    number as f64
}
