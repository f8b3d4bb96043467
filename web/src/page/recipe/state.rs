//! The recipe that the page was opened with, and the link that was made.

use leptos::prelude::*;
use std::sync::Arc;

use btcfake_core::record::recipe::RecipeReading;

/// What the fragment of a link begins with that holds a recipe.
pub(crate) const BEGINNING: &str = "#recipe=";

/// The recipe that was opened, and the link that was made. A copy is a handle on the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct RecipeState {
    /// What the page was opened with, if it was a recipe.
    pub(crate) opened: RwSignal<Option<Arc<RecipeReading>>>,
    /// The link that was asked for.
    pub(crate) link: RwSignal<LinkState>,
}

/// The link that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// None was.
    #[default]
    NotYet,
    /// There is none, and why.
    Missing(Vec<String>),
    /// The link, and whether the browser copied it.
    Made(String, bool),
}
