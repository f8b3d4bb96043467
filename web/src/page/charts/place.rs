//! Some charts of a page, and the place of one of them.

use std::sync::Arc;

use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

/// Charts, and what a click on a bar does.
#[derive(Clone, Copy)]
pub(in super::super) struct Charts {
    /// What sets the ids of these charts apart from those of others on the page.
    pub(in super::super) id: &'static str,
    /// The charts.
    pub(in super::super) charts: RwSignal<Arc<Vec<Chart>>>,
    /// Charts that these are compared with: their bars have the same scale.
    pub(in super::super) beside: Option<RwSignal<Arc<Vec<Chart>>>>,
    /// The bar that is chosen.
    pub(in super::super) chosen: RwSignal<Option<Bar>>,
    /// A bar is chosen, or none any more.
    pub(in super::super) choose: Callback<Option<Bar>>,
}

/// One chart of several, as far as it is drawn.
#[derive(Clone, Copy)]
pub(super) struct BarPlace {
    /// The charts that it is one of.
    pub(super) charts: Charts,
    /// Its figures; nothing while there are none.
    pub(super) chart: Memo<Option<Chart>>,
    /// The id of its heading.
    pub(super) heading: RwSignal<String>,
}
