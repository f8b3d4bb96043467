//! Some charts of a page, and the place of one of them.

use std::sync::Arc;

use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

/// Charts, and what a click on a bar does.
#[derive(Clone, Copy)]
pub(crate) struct Charts {
    /// What sets the ids of these charts apart from those of others on the page.
    pub(crate) id: &'static str,
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// Charts that these are compared with: their bars have the same scale.
    pub(crate) beside: Option<RwSignal<Arc<Vec<Chart>>>>,
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
