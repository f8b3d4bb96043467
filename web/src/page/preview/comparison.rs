//! Which two previews are shown against each other, and how.

use leptos::prelude::*;

use super::state::Shown;
use crate::page::charts::How;

/// Two previews, of which one is shown against the other.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    /// What sets its elements apart from those of others on the page; each side has its own.
    pub(crate) ids: [&'static str; 2],
    /// What is shown, and what it is compared with.
    pub(crate) sides: [Shown; 2],
    /// How the other is drawn.
    pub(crate) how: How,
    /// What the two are called.
    pub(crate) names: Signal<[String; 2]>,
    /// The preview whose largest counts fix the scales.
    pub(crate) scale: Shown,
}
