//! Bars that lie: a row for each label. Where a row has two bars, the pale one and the full one share its line: one after the
//! other if they are parts of a whole, else the full one in the pale one, which it is a part of.

use btcfake_core::report::charts::ChartRow;
use btcfake_core::report::figures::Bar;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::bar::{BarLook, Rectangle, bar_view, hundredths, rectangle};
use super::place::{BarPlace, Drawn};
use crate::page::components::{kind_class, markup, signed};

/// Labels with more characters stand above their bars, all of a chart.
const SHORT: usize = 18;

/// Where the rows of a chart stand: heights in pixels, widths in hundredths of a percent. Counts stand after the bars.
struct Layout {
    /// The height of a label above its bars.
    above: usize,
    /// Of the bars of one side.
    lane: usize,
    /// Of a row without its label.
    row: usize,
    /// Of a bar, and of a bar in another one.
    bars: [usize; 2],
    /// Where bars begin, and the length of the longest.
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
    let layout = Layout::of(drawn);
    let height = (layout.above + layout.row) * chart.rows.len();
    let first = chart.rows.iter().flat_map(|row| &row.bars).position(|(_, count)| *count > 0);
    let bars: Vec<AnyView> = (0..chart.rows.len())
        .flat_map(|index| drawn.sides().filter_map(move |(side, chart)| Some((side, index, chart.rows.get(index)?))))
        .map(|row| row_view(place, drawn, &layout, row, first))
        .collect();
    let grid = drawn.scale.marks().map(|mark| {
        let x = hundredths(layout.begin + drawn.scale.part(mark, layout.longest));
        view! { <line class="grid" x1=x.clone() x2=x y1="0" y2=height.to_string()></line> }
    });
    // A short scale has room for its ends, and a longer one for few large numbers.
    let last = drawn.scale.marks().count() - 1;
    let every = match (layout.longest >= 30_00, last > 3 && drawn.scale.top() >= 1_000) {
        (true, true) => 2,
        (true, false) => 1,
        (false, _) => last,
    };
    let axis = drawn.scale.marks().step_by(every).map(|mark| {
        let x = hundredths(layout.begin + drawn.scale.part(mark, layout.longest));
        let y = (height + 16).to_string();
        view! { <text class="axis" x=x y=y text-anchor=if mark == 0 { "start" } else { "middle" }>{number_text(mark)}</text> }
    });
    let labels = chart.rows.iter().enumerate();
    let labels = labels.map(|(index, row)| label(row, index * (layout.above + layout.row), &layout)).collect_view();
    (
        markup! { <g aria-hidden="true">{grid.collect_view()}{axis.collect_view()}</g>{bars} },
        height + 20,
        labels.into_any(),
    )
}

impl Layout {
    fn of(drawn: &Drawn<'_>) -> Layout {
        let has_long = drawn.chart.rows.iter().any(|row| row.label.chars().count() > SHORT);
        let usual = Layout { above: 0, lane: 32, row: 32, bars: [20, 10], begin: 40_00, longest: 42_00 };
        let compared = Layout { lane: 24, row: 24, bars: [16, 8], begin: 36_00, longest: 33_00, ..usual };
        match drawn.other {
            None if has_long => Layout { above: 22, begin: 0, longest: 82_00, ..usual },
            None => usual,
            // There is room beside the bars for the changes.
            Some(_) => Layout {
                lane: if drawn.is_pair() { 14 } else { compared.lane },
                row: if drawn.is_pair() { 32 } else { compared.row },
                bars: if drawn.is_pair() { [12, 6] } else { compared.bars },
                begin: if has_long { 56_00 } else { compared.begin },
                longest: if has_long { 22_00 } else { compared.longest },
                ..compared
            },
        }
    }

    /// The top of the bars of a side of a row.
    fn top(&self, side: usize, index: usize, sides: usize) -> usize {
        index * (self.above + self.row) + self.above + (self.row - self.lane * sides) / 2 + side * self.lane
    }
}

fn row_view(
    place: BarPlace,
    drawn: &Drawn<'_>,
    layout: &Layout,
    (side, index, row): (usize, usize, &ChartRow),
    first: Option<usize>,
) -> AnyView {
    let Layout { lane, bars: [thick, inner], begin, longest, .. } = *layout;
    let top = layout.top(side, index, drawn.sides().count());
    let series = row.bars.len();
    let stacks = row.bars.first().is_some_and(|(bar, _)| is_stacked(*bar));
    let length = |count| drawn.scale.part(count, longest);
    let mut from = begin;
    let mut bars = Vec::new();
    for (at, (bar, count)) in row.bars.iter().enumerate() {
        let (thick, length) = (if !stacks && at > 0 { inner } else { thick }, length(*count));
        let mark = |thick: usize| {
            let y = (top + (lane - thick) / 2).to_string();
            Rectangle([hundredths(from), y, hundredths(length), thick.to_string()])
        };
        // The first bar of a row can be clicked in all of its line; what is drawn later lies above it.
        let ground = match at {
            0 => Rectangle(["0".to_owned(), top.to_string(), "100%".to_owned(), lane.to_string()]),
            _ => mark(lane),
        };
        let number = index * series + at;
        bars.push(bar_view(
            place,
            BarLook {
                bar: (*bar, *count),
                number: number + side * series * drawn.chart.rows.len(),
                side,
                label: drawn.label(side, index, at).unwrap_or_default(),
                class: class_of(*bar),
                ground,
                mark: mark(thick),
                is_tab_stop: side == 0 && Some(number) == first,
            },
        ));
        if stacks {
            from += length;
        }
    }
    let (end, message) = match row.bars.as_slice() {
        [(_, whole), (_, part)] if !stacks => (*whole, format!("{} of {}", number_text(*part), number_text(*whole))),
        _ => (outcome(row), number_text(outcome(row))),
    };
    let before = drawn.before(side, index).map(outcome).filter(|before| *before != outcome(row));
    let change = before.map(|before| view! { <tspan class="change" dx="6">{signed(outcome(row), before)}</tspan> });
    let ghost = drawn.outline(index).filter(|before| outcome(before) != outcome(row)).map(|row| {
        let y = (top + (lane - thick) / 2).to_string();
        rectangle("ghost", Rectangle([hundredths(begin), y, hundredths(length(outcome(row))), thick.to_string()]))
    });
    let end = end.max(drawn.outline(index).map_or(0, outcome));
    let message_at = hundredths(begin + length(end));
    markup! {
        {bars}
        {ghost}
        <text aria-hidden="true" x=message_at dx="6" y=(top + lane / 2 + 4).to_string()>{message}{change}</text>
    }
}

/// What a row counts in the end: the whole of its parts, else its last bar.
fn outcome(row: &ChartRow) -> u64 {
    let mut counts = row.bars.iter().map(|(_, count)| *count);
    match row.bars.first() {
        Some((bar, _)) if is_stacked(*bar) => counts.sum(),
        _ => counts.next_back().unwrap_or(0),
    }
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
    let width = if layout.above > 0 { "100%".to_owned() } else { hundredths(layout.begin - 1_00) };
    let height = if layout.above > 0 { layout.above } else { layout.row };
    markup! {
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
}
