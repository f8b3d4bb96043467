//! A headline figure: its name, the number, and a line below, such as the change against another run.

use leptos::prelude::*;

use crate::page::components::markup::markup;

/// A headline figure.
pub(crate) struct Tile {
    /// What is counted.
    pub(crate) name: &'static str,
    /// The number, as the locale writes it.
    pub(crate) figure: String,
    /// The line below.
    pub(crate) below: AnyView,
}

/// The figure on a panel of its own.
pub(crate) fn tile(tile: Tile) -> AnyView {
    markup! {
        <div class="tile panel" role="group" aria-label=tile.name>
            <span class="hint">{tile.name}</span>
            <strong>{tile.figure}</strong>
            <span class="hint">{tile.below}</span>
        </div>
    }
}
