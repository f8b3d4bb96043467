//! The state of a group of charts, and of one chart in it.

use std::sync::Arc;

use btcfake_core::report::charts::{Chart, ChartRow};
use btcfake_core::report::figures::Bar;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::scale::Scale;
use crate::page::components::change_text;

/// A group of charts, and the action of a click on a bar.
#[derive(Clone, Copy)]
pub(crate) struct Charts {
    /// The beginning of the ids of these charts, unique on the page.
    pub(crate) id: &'static str,
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// The charts with the same rows to compare these with. Their rows are lower, so that several charts fit on a screen.
    pub(crate) against: Option<ComparedCharts>,
    /// Charts whose longest bars fix the scales, so that scales stay while figures change.
    pub(crate) scale: Option<RwSignal<Arc<Vec<Chart>>>>,
    /// The chosen bar.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// Called when a bar is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// The charts that others are compared with.
#[derive(Clone, Copy)]
pub(crate) struct ComparedCharts {
    /// The other charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// How they are drawn.
    pub(crate) how: ComparisonStyle,
    /// The names of the charts and of the others.
    pub(crate) names: Signal<[String; 2]>,
    /// The chosen bar of the others.
    pub(crate) chosen: RwSignal<Option<Bar>>,
    /// Called when a bar of the others is chosen, or none any more.
    pub(crate) choose: Callback<Option<Bar>>,
}

/// How the charts of [`ComparedCharts`] are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ComparisonStyle {
    /// As outlines around the bars, or as a line where one axis is time.
    Outline,
    /// As further bars beside the bars.
    Pair,
}

/// One chart of a group.
#[derive(Clone, Copy)]
pub(crate) struct ChartContext {
    /// The group.
    pub(crate) charts: Charts,
    /// Its figures; `None` while there are none.
    pub(crate) chart: Memo<Option<Chart>>,
    /// The figures that it is compared with.
    pub(crate) other: Memo<Option<Chart>>,
    /// The id of its heading.
    pub(crate) heading: RwSignal<String>,
}

/// Everything that one drawing of a chart needs.
pub(crate) struct DrawingInput<'c> {
    /// The chart.
    pub(crate) chart: &'c Chart,
    /// The chart that it is compared with, how that is drawn, and the names of the two.
    pub(crate) other: Option<(&'c Chart, ComparisonStyle, [String; 2])>,
    /// The scale.
    pub(crate) scale: Scale,
    /// Its width in pixels; `None` if it does not matter, or is not known yet.
    pub(crate) width: Option<u32>,
}

impl DrawingInput<'_> {
    /// The charts that are drawn as bars, each with its side: 0 for the chart, 1 for the other one of a pair.
    pub(crate) fn sides(&self) -> impl Iterator<Item = (usize, &Chart)> + Clone {
        let other = self.other.as_ref().filter(|(_, how, _)| *how == ComparisonStyle::Pair).map(|(chart, ..)| *chart);
        std::iter::once(self.chart).chain(other).enumerate()
    }

    /// Whether the other chart has bars of its own.
    pub(crate) fn is_pair(&self) -> bool {
        self.sides().count() > 1
    }

    /// The row of the other chart at this index, if it is drawn as an outline.
    pub(crate) fn outline(&self, index: usize) -> Option<&ChartRow> {
        let (chart, how, _) = self.other.as_ref()?;
        chart.rows.get(index).filter(|_| *how == ComparisonStyle::Outline)
    }

    /// The row that a side's row is compared with: its outline, or for side 1 the row of side 0.
    pub(crate) fn before(&self, side: usize, index: usize) -> Option<&ChartRow> {
        if side == 1 { self.chart.rows.get(index) } else { self.outline(index) }
    }

    /// The name of a bar with its count and its change.
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
