//! Some charts of a page, and the place of one of them.

use std::sync::Arc;

use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

use super::scale::Scale;

/// Charts, and what a click on a bar does.
#[derive(Clone, Copy)]
pub(crate) struct Charts {
    /// What sets the ids of these charts apart from those of others on the page.
    pub(crate) id: &'static str,
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// Charts that these are compared with: their bars have the same scale.
    pub(crate) beside: Option<RwSignal<Arc<Vec<Chart>>>>,
    /// Charts whose figures are drawn as outlines behind these. With them the scale only grows, so that bars that change
    /// can be followed.
    pub(crate) ghost: Option<RwSignal<Arc<Vec<Chart>>>>,
    /// The bar that is chosen.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// A bar is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// One chart of several, as far as it is drawn.
#[derive(Clone, Copy)]
pub(crate) struct BarPlace {
    /// The charts that it is one of.
    pub(crate) charts: Charts,
    /// Its figures; nothing while there are none.
    pub(crate) chart: Memo<Option<Chart>>,
    /// The id of its heading.
    pub(crate) heading: RwSignal<String>,
}

/// What a chart is drawn from.
pub(crate) struct Drawn<'c> {
    /// The chart.
    pub(crate) chart: &'c Chart,
    /// The chart whose figures are drawn as outlines.
    pub(crate) ghost: Option<&'c Chart>,
    /// The scale.
    pub(crate) scale: Scale,
}

impl Drawn<'_> {
    /// What the outlines count for a bar.
    pub(crate) fn ghost_of(&self, bar: Bar) -> Option<u64> {
        let bars = self.ghost?.rows.iter().flat_map(|row| &row.bars);
        Some(bars.into_iter().find(|(one, _)| *one == bar).map_or(0, |(_, count)| *count))
    }
}
