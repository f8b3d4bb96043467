//! The recipe that the page was opened with, and the link that was made.

use leptos::prelude::*;
use std::sync::Arc;

use btcfake_core::record::recipe::RecipeReading;

/// The beginning of an address fragment with a recipe.
pub(crate) const BEGINNING: &str = "#recipe=";

/// The opened recipe, and the link that was made. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct RecipeState {
    /// The recipe that the page was opened with, if any.
    pub(crate) opened: RwSignal<Option<Arc<RecipeReading>>>,
    /// The link that people asked for.
    pub(crate) link: RwSignal<LinkState>,
}

/// The link that people asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// They did not ask.
    #[default]
    NotYet,
    /// No link can be made; what is missing.
    Missing(Vec<String>),
    /// The link, and whether the browser copied it.
    Made(String, bool),
}
