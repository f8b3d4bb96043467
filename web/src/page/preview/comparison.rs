//! The description of two previews that are shown against each other.

use leptos::prelude::*;

use super::state::MixPreview;
use crate::page::charts::ComparisonStyle;

/// Two previews to be compared.
#[derive(Clone, Copy)]
pub(crate) struct Comparison {
    /// The beginning of the element ids of each side, unique on the page.
    pub(crate) ids: [&'static str; 2],
    /// The preview, and the one that it is compared with.
    pub(crate) sides: [MixPreview; 2],
    /// How the second preview is drawn.
    pub(crate) how: ComparisonStyle,
    /// The names of the two.
    pub(crate) names: Signal<[String; 2]>,
    /// The preview whose largest counts fix the scales.
    pub(crate) scale: MixPreview,
}
