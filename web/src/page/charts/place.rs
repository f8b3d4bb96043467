//! Some charts of a page, and the place of one of them.

use std::sync::Arc;

use btcfake_core::report::charts::{Chart, ChartRow};
use btcfake_core::report::figures::Bar;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::scale::Scale;
use crate::page::components::change_text;

/// Charts, and what a click on a bar does.
#[derive(Clone, Copy)]
pub(crate) struct Charts {
    /// What sets the ids of these charts apart from those of others on the page.
    pub(crate) id: &'static str,
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// Charts with the same rows that these are compared with. Rows are lower then, so that several charts fit on a screen.
    pub(crate) against: Option<Against>,
    /// Charts whose longest bars fix the scales: what is drawn may change, and its scale does not.
    pub(crate) scale: Option<RwSignal<Arc<Vec<Chart>>>>,
    /// The bar that is chosen.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// A bar is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// What charts are compared with.
#[derive(Clone, Copy)]
pub(crate) struct Against {
    /// The other charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// How they are drawn.
    pub(crate) how: How,
    /// What the charts are called, and what the others are.
    pub(crate) names: Signal<[String; 2]>,
    /// The bar of the others that is chosen.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// A bar of the others is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// How charts are drawn that others are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// As outlines around the bars; over time, as a line.
    Outline,
    /// As bars of their own beside the bars.
    Pair,
}

/// One chart of several, as far as it is drawn.
#[derive(Clone, Copy)]
pub(crate) struct BarPlace {
    /// The charts that it is one of.
    pub(crate) charts: Charts,
    /// Its figures; nothing while there are none.
    pub(crate) chart: Memo<Option<Chart>>,
    /// The figures that they are compared with.
    pub(crate) other: Memo<Option<Chart>>,
    /// The id of its heading.
    pub(crate) heading: RwSignal<String>,
}

/// What a chart is drawn from.
pub(crate) struct Drawn<'c> {
    /// The chart.
    pub(crate) chart: &'c Chart,
    /// The chart that it is compared with, how, and what the two are called.
    pub(crate) other: Option<(&'c Chart, How, [String; 2])>,
    /// The scale.
    pub(crate) scale: Scale,
}

impl Drawn<'_> {
    /// The charts that have bars, with their sides: 0 for the chart, 1 for the other one of a pair.
    pub(crate) fn sides(&self) -> impl Iterator<Item = (usize, &Chart)> + Clone {
        let other = self.other.as_ref().filter(|(_, how, _)| *how == How::Pair).map(|(chart, ..)| *chart);
        std::iter::once(self.chart).chain(other).enumerate()
    }

    /// Whether the other chart has bars of its own.
    pub(crate) fn is_pair(&self) -> bool {
        self.sides().count() > 1
    }

    /// The row that is drawn as an outline, by its place.
    pub(crate) fn outline(&self, index: usize) -> Option<&ChartRow> {
        let (chart, how, _) = self.other.as_ref()?;
        chart.rows.get(index).filter(|_| *how == How::Outline)
    }

    /// The row that a row of a side is a change of: its outline, or for the second of a pair the first.
    pub(crate) fn before(&self, side: usize, index: usize) -> Option<&ChartRow> {
        if side == 1 { self.chart.rows.get(index) } else { self.outline(index) }
    }

    /// What a bar is called, with its count and the change.
    pub(crate) fn label(&self, side: usize, index: usize, series: usize) -> Option<String> {
        let (_, chart) = self.sides().nth(side)?;
        let row = chart.rows.get(index)?;
        let (_, count) = row.bars.get(series)?;
        let name = match &self.other {
            Some((.., names)) if self.is_pair() => format!("{}, ", names[side]),
            _ => String::new(),
        };
        let before =
            self.before(side, index).and_then(|row| row.bars.get(series)).filter(|(_, before)| before != count);
        let change = before.map(|(_, before)| format!(", {}", change_text(*count, *before))).unwrap_or_default();
        Some(format!("{name}{}: {}{change}", chart.bar_label(row, series), number_text(*count)))
    }
}
