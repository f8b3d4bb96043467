//! Bars that lie: a row for each label. Where a row has two bars, the pale one and the full one share its line: one after the
//! other if they are parts of a whole, else the full one in the pale one, which it is a part of.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::{Bar, Chart, ChartRow};
use leptos::prelude::*;

use super::bar::{Area, BarLook, bar_view, hundredths, rectangle};
use super::place::{BarPlace, Drawn};
use crate::page::components::kind_class;

/// Heights in pixels: of a row without its label, of a label above a bar, of a bar, of a bar in another one.
const ROW: usize = 32;
const LABEL: usize = 22;
const BAR: usize = 20;
const INNER: usize = 10;

/// Labels with more characters stand above their bars, all of a chart.
const SHORT: usize = 18;

/// The room in hundredths of a percent of the width: of labels before bars, of the longest bar after such labels, and of
/// one below a label. Counts stand after the bars.
const BEFORE: u64 = 36_00;
const LONGEST_AFTER: u64 = 46_00;
const LONGEST_BELOW: u64 = 82_00;

/// Where the rows of a chart stand.
struct Layout {
    /// The height of a label above its bar.
    above: usize,
    /// Where bars begin, and the length of the longest, in hundredths of a percent.
    begin: u64,
    longest: u64,
}

/// Whether the bars of a row are parts of a whole.
pub(crate) fn is_stacked(bar: Bar) -> bool {
    matches!(bar, Bar::Completions(..))
}

/// The drawing of the bars, its height in pixels, and the labels that lie over it.
pub(crate) fn lines(place: BarPlace, drawn: &Drawn<'_>) -> (AnyView, usize, AnyView) {
    let chart = drawn.chart;
    let layout = Layout::of(chart);
    let height = (layout.above + ROW) * chart.rows.len();
    let first = chart.rows.iter().flat_map(|row| &row.bars).position(|(_, count)| *count > 0);
    let rows = chart.rows.iter().enumerate();
    let bars = rows.clone().map(|(index, row)| row_view(place, drawn, &layout, (index, row), first)).collect_view();
    let grid = drawn.scale.marks().map(|mark| {
        let x = hundredths(layout.begin + drawn.scale.part(mark, layout.longest));
        view! { <line class="grid" x1=x.clone() x2=x y1="0" y2=height.to_string()></line> }
    });
    let axis = drawn.scale.marks().map(|mark| {
        let x = hundredths(layout.begin + drawn.scale.part(mark, layout.longest));
        let y = (height + 16).to_string();
        view! { <text class="axis" x=x y=y text-anchor=if mark == 0 { "start" } else { "middle" }>{content_id_text(mark)}</text> }
    });
    let labels = rows.map(|(index, row)| label(row, index * (layout.above + ROW), &layout)).collect_view();
    (
        view! { <g aria-hidden="true">{grid.collect_view()}{axis.collect_view()}</g>{bars} }.into_any(),
        height + 20,
        labels.into_any(),
    )
}

impl Layout {
    fn of(chart: &Chart) -> Layout {
        let is_below = chart.rows.iter().any(|row| row.label.chars().count() > SHORT);
        match is_below {
            true => Layout { above: LABEL, begin: 0, longest: LONGEST_BELOW },
            false => Layout { above: 0, begin: BEFORE, longest: LONGEST_AFTER },
        }
    }
}

fn row_view(
    place: BarPlace,
    drawn: &Drawn<'_>,
    layout: &Layout,
    (index, row): (usize, &ChartRow),
    first: Option<usize>,
) -> AnyView {
    let Layout { above, begin, longest } = *layout;
    let top = index * (above + ROW) + above;
    let series = row.bars.len();
    let stacks = row.bars.first().is_some_and(|(bar, _)| is_stacked(*bar));
    let length = |count| drawn.scale.part(count, longest);
    let mut from = begin;
    let mut bars = Vec::new();
    for (at, (bar, count)) in row.bars.iter().enumerate() {
        let is_inner = !stacks && at > 0;
        let (thick, length) = (if is_inner { INNER } else { BAR }, length(*count));
        let mark = |thick: usize| {
            let y = (top + (ROW - thick) / 2).to_string();
            Area([hundredths(from), y, hundredths(length), thick.to_string()])
        };
        // The first bar of a row can be clicked in all of the row; what is drawn later lies above it.
        let ground = match at {
            0 => Area(["0".to_owned(), top.to_string(), "100%".to_owned(), ROW.to_string()]),
            _ => mark(ROW),
        };
        let number = index * series + at;
        bars.push(bar_view(
            place,
            BarLook {
                bar: (*bar, *count),
                number,
                label: drawn.chart.bar_label(row, at),
                class: class_of(*bar),
                ground,
                mark: mark(thick),
                is_tab_stop: Some(number) == first,
            },
        ));
        if stacks {
            from += length;
        }
    }
    let counts: Vec<u64> = row.bars.iter().map(|(_, count)| *count).collect();
    let (end, message) = match counts.as_slice() {
        counts if stacks => (counts.iter().sum(), content_id_text(counts.iter().sum())),
        [whole, part] => (*whole, format!("{} of {}", content_id_text(*part), content_id_text(*whole))),
        counts => (counts[0], content_id_text(counts[0])),
    };
    let ghost = ghost_view(drawn, row, layout, top);
    let message_at = hundredths(begin + length(end));
    view! {
        {bars}
        {ghost}
        <text aria-hidden="true" x=message_at dx="6" y=(top + ROW / 2 + 4).to_string()>{message}</text>
    }
    .into_any()
}

/// The outline of what is compared: the whole of a row's parts, else the last bar.
fn ghost_view(drawn: &Drawn<'_>, row: &ChartRow, layout: &Layout, top: usize) -> Option<AnyView> {
    let counts: Option<Vec<u64>> = row.bars.iter().map(|(bar, _)| drawn.ghost_of(*bar)).collect();
    let counts = counts?;
    let stacks = row.bars.first().is_some_and(|(bar, _)| is_stacked(*bar));
    let count = if stacks { counts.iter().sum() } else { *counts.last()? };
    let y = (top + (ROW - BAR) / 2).to_string();
    let width = hundredths(drawn.scale.part(count, layout.longest));
    Some(rectangle("ghost", Area([hundredths(layout.begin), y, width, BAR.to_string()])))
}

/// The colour: that of the employee's type, else the usual one; pale for what is recommended, and for what was assigned.
fn class_of(bar: Bar) -> String {
    match bar {
        Bar::Completions(kind, source) => {
            let pale = if source == btcfake_core::rules::training::Source::Ai { " pale" } else { "" };
            format!("{}{pale}", kind_class(kind))
        }
        Bar::OnLists(_) => "pale".to_owned(),
        _ => String::new(),
    }
}

/// What a row stands for, over the drawing. Where it is wider than the chart it is cut; its bars have it whole, to the
/// mouse and aloud, and so has the table.
fn label(row: &ChartRow, top: usize, layout: &Layout) -> AnyView {
    let width = if layout.above > 0 { "100%".to_owned() } else { hundredths(BEFORE - 1_00) };
    let height = if layout.above > 0 { LABEL } else { ROW };
    view! {
        <span
            class="label"
            aria-hidden="true"
            style:top=format!("{top}px")
            style:width=width
            style:line-height=format!("{height}px")
        >
            {row.label.clone()}
        </span>
    }
    .into_any()
}
