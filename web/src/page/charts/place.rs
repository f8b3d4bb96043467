//! Some charts of a page, what they are compared with, and the place of one of them.

use std::sync::Arc;

use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

/// Charts, and what a click on a bar does.
#[derive(Clone, Copy)]
pub(crate) struct Charts {
    /// What sets the ids of these charts apart from those of others on the page.
    pub(crate) id: &'static str,
    /// The figures.
    pub(crate) side: Side,
    /// Figures with the same rows that these are compared with.
    pub(crate) against: Option<Against>,
    /// Charts whose largest counts fix the scales: what is drawn may change, and its scale does not.
    pub(crate) scale: Option<RwSignal<Arc<Vec<Chart>>>>,
}

/// The figures of charts, with the bar that is chosen.
#[derive(Clone, Copy)]
pub(crate) struct Side {
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// The bar that is chosen.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// A bar is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// What charts are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Against {
    /// The other figures.
    pub(crate) side: Side,
    /// How they are drawn.
    pub(crate) how: How,
    /// What the charts are called, and what the others are.
    pub(crate) names: Signal<[String; 2]>,
}

/// How other figures are drawn beside those of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// A dashed outline around each bar; over time, a line.
    Outline,
    /// A bar of their own beside each bar.
    Pair,
}

/// One chart of several, as far as it is drawn.
#[derive(Clone, Copy)]
pub(crate) struct BarPlace {
    /// The charts that it is one of.
    pub(crate) charts: Charts,
    /// What is drawn; nothing while there are no figures.
    pub(crate) drawn: Memo<Option<Drawn>>,
    /// The id of its heading.
    pub(crate) heading: RwSignal<String>,
}

/// A chart with all that its drawing follows.
#[derive(Clone, PartialEq)]
pub(crate) struct Drawn {
    /// The figures.
    pub(crate) chart: Chart,
    /// The figures that they are compared with.
    pub(crate) other: Option<Other>,
    /// The count of the longest bar that there may be.
    pub(crate) most: u64,
}

/// The chart that another one is compared with.
#[derive(Clone, PartialEq)]
pub(crate) struct Other {
    /// Its figures.
    pub(crate) chart: Chart,
    /// How it is drawn.
    pub(crate) how: How,
    /// What the two are called.
    pub(crate) names: [String; 2],
}

/// Names a bar of a drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    /// 0 for the chart itself, 1 for the one that it is compared with.
    pub(crate) side: usize,
    /// The place of its row.
    pub(crate) row: usize,
    /// The place of its series.
    pub(crate) series: usize,
}

impl Charts {
    /// The figures of a side.
    pub(crate) fn side(&self, side: usize) -> Option<Side> {
        if side == 0 { Some(self.side) } else { self.against.map(|against| against.side) }
    }
}

impl Drawn {
    /// The chart of a side, if it is drawn by bars of its own.
    pub(crate) fn side(&self, side: usize) -> Option<&Chart> {
        match &self.other {
            _ if side == 0 => Some(&self.chart),
            Some(other) if other.how == How::Pair => Some(&other.chart),
            _ => None,
        }
    }

    /// What a bar counts.
    pub(crate) fn bar(&self, spot: Spot) -> Option<(Bar, u64)> {
        self.side(spot.side)?.rows.get(spot.row)?.bars.get(spot.series).copied()
    }

    /// The count that the count of a bar is a change of: in an outline chart that of the other side, in the second bar of a
    /// pair that of the first.
    pub(crate) fn before(&self, spot: Spot) -> Option<u64> {
        let other = self.other.as_ref()?;
        let chart = match (other.how, spot.side) {
            (How::Outline, 0) => &other.chart,
            (How::Pair, 1) => &self.chart,
            _ => return None,
        };
        Some(chart.rows.get(spot.row)?.bars.get(spot.series)?.1)
    }
}
