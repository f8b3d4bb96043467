//! Horizontal bars: a row for each label. Two bars of a row, a pale one and a full one, share its line. They follow each other
//! if they are parts of a whole; else the full one lies inside the pale one, of which it is a part.

use btcfake_core::report::charts::ChartRow;
use btcfake_core::report::figures::Bar;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::bar::{BarLook, Rectangle, bar_view, hundredths, rectangle};
use super::place::{ChartContext, DrawingInput};
use crate::page::components::{change_text, kind_class, markup, signed};

/// In a chart of fewer pixels than this, as on a phone, labels of compared charts stand above the bars.
const NARROW: u64 = 350;

/// From this width in pixels on, changes have their percentage.
const ROOMY: u32 = 500;

/// The width in pixels of a chart that was not measured yet.
const UNMEASURED: u32 = 375;

/// The room for a label or a count, in tenths of a pixel: for each character, and besides. The letters of short labels may all be
/// wide ones.
const LABEL: [u64; 2] = [60, 220];
const COUNT: [u64; 2] = [70, 110];

/// The whole width, in hundredths of a percent.
const WHOLE: u64 = 10_000;

/// With a shorter longest bar than this, in hundredths of a percent, labels stand above the bars.
const SHORTEST: u64 = 1_500;

/// The positions in a chart: heights in pixels, widths in hundredths of a percent. A single chart has labels and counts above
/// its bars, which take the whole width. Compared charts have low rows, with counts and changes after the bars; their labels
/// stand before the bars, or above them in a narrow chart.
struct Layout {
    /// The height of a label above its bars.
    above: usize,
    /// Whether counts stand above the bars, too.
    has_counts_above: bool,
    /// The height of the bars of one side.
    lane: usize,
    /// The height of a row without its label.
    row: usize,
    /// The height of a bar, and of a bar inside another one.
    bars: [usize; 2],
    /// The left end of the bars, and the length of the longest.
    begin: u64,
    longest: u64,
}

/// Whether the bars of a row are parts of a whole.
pub(crate) fn is_stacked(bar: Bar) -> bool {
    matches!(bar, Bar::Completions(..))
}

/// The drawing of the bars, its height in pixels, and the labels that lie over it.
pub(crate) fn lines(place: ChartContext, drawn: &DrawingInput<'_>) -> (AnyView, usize, AnyView) {
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
    // The short scale of compared charts has room for its ends only; a longer one has room for few large numbers.
    let last = drawn.scale.marks().count() - 1;
    let every = match drawn.scale.top() {
        _ if !layout.has_counts_above => last,
        100_000.. if last > 3 => 2,
        _ => 1,
    };
    let axis = drawn.scale.marks().step_by(every).map(|mark| {
        let x = hundredths(layout.begin + drawn.scale.part(mark, layout.longest));
        let y = (height + 16).to_string();
        let anchor = match mark {
            0 => "start",
            mark if mark == drawn.scale.top() && layout.has_counts_above => "end",
            _ => "middle",
        };
        view! { <text class="axis" x=x y=y text-anchor=anchor>{number_text(mark)}</text> }
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
    fn of(drawn: &DrawingInput<'_>) -> Layout {
        if drawn.other.is_none() {
            let (above, has_counts_above, lane) = (20, true, 20);
            return Layout { above, has_counts_above, lane, row: lane, bars: [14, 8], begin: 0, longest: 10_000 };
        }
        // By the longest texts that the scale allows, so that the bars keep their scale while counts change.
        let width = u64::from(drawn.width.unwrap_or(UNMEASURED));
        let room = |characters: u64, [each, besides]: [u64; 2]| (characters * each + besides) * WHOLE / (10 * width);
        let label = drawn.chart.rows.iter().map(|row| row.label.chars().count() as u64).max().unwrap_or(0);
        let (before, after) = (room(label, LABEL), room(longest_count(drawn), COUNT));
        let beside = WHOLE.saturating_sub(before + after);
        let (above, begin, longest) = match width < NARROW || beside < SHORTEST {
            true => (20, 0, WHOLE.saturating_sub(after).max(SHORTEST)),
            false => (0, before, beside),
        };
        let (lane, row, bars) = if drawn.is_pair() { (14, 32, [12, 6]) } else { (24, 24, [16, 8]) };
        Layout { above, has_counts_above: false, lane, row, bars, begin, longest }
    }

    /// The top of a side's bars in a row.
    fn top(&self, side: usize, index: usize, sides: usize) -> usize {
        index * (self.above + self.row) + self.above + (self.row - self.lane * sides) / 2 + side * self.lane
    }

    /// A rectangle of this thickness in the middle of the lane that begins at `top`.
    fn rectangle(&self, top: usize, thickness: usize, (from, length): (u64, u64)) -> Rectangle {
        let y = (top + (self.lane - thickness) / 2).to_string();
        Rectangle([hundredths(from), y, hundredths(length), thickness.to_string()])
    }
}

/// Whether changes have their percentage.
fn has_percentages(drawn: &DrawingInput<'_>) -> bool {
    drawn.width.is_some_and(|width| width >= ROOMY)
}

/// The number of characters of the longest count with its change that the scale allows: `4,592 of 6,000 −1,860 (−40 %)`.
fn longest_count(drawn: &DrawingInput<'_>) -> u64 {
    let number = number_text(drawn.scale.top()).chars().count() as u64;
    let has_parts =
        drawn.chart.rows.iter().any(|row| matches!(row.bars.as_slice(), [(bar, _), _] if !is_stacked(*bar)));
    let counts = if has_parts { 3 * number + " of ".len() as u64 + 2 } else { 2 * number + 2 };
    counts + if has_percentages(drawn) { " (+100 %)".len() as u64 } else { 0 }
}

/// A row of one side: its bars, the outline of the row that it is compared with, and its count with the change.
fn row_view(
    place: ChartContext,
    drawn: &DrawingInput<'_>,
    layout: &Layout,
    (side, index, row): (usize, usize, &ChartRow),
    first: Option<usize>,
) -> AnyView {
    let top = layout.top(side, index, drawn.sides().count());
    let outline = drawn.outline(index).filter(|before| outcome(before) != outcome(row));
    let outline = outline.map(|before| {
        let length = drawn.scale.part(outcome(before), layout.longest);
        rectangle("ghost", layout.rectangle(top, layout.bars[0], (layout.begin, length)))
    });
    markup! {
        {bars_of_row(place, drawn, layout, (side, index, row), first)}
        {outline}
        {count_of_row(drawn, layout, (side, index, row))}
    }
}

/// The bars of a row. `first` is the number of the chart's first bar that counts something.
fn bars_of_row(
    place: ChartContext,
    drawn: &DrawingInput<'_>,
    layout: &Layout,
    (side, index, row): (usize, usize, &ChartRow),
    first: Option<usize>,
) -> Vec<AnyView> {
    let top = layout.top(side, index, drawn.sides().count());
    let series = row.bars.len();
    let stacks = row.bars.first().is_some_and(|(bar, _)| is_stacked(*bar));
    let mut from = layout.begin;
    let mut bars = Vec::new();
    for (at, (bar, count)) in row.bars.iter().enumerate() {
        let is_inner = !stacks && at > 0;
        let thickness = layout.bars[usize::from(is_inner)];
        let length = drawn.scale.part(*count, layout.longest);
        // The first bar of a row takes clicks in its whole line; later bars are drawn over it.
        let ground = match at {
            0 => Rectangle(["0".to_owned(), top.to_string(), "100%".to_owned(), layout.lane.to_string()]),
            _ => layout.rectangle(top, layout.lane, (from, length)),
        };
        let number = index * series + at;
        let look = BarLook {
            bar: (*bar, *count),
            number: number + side * series * drawn.chart.rows.len(),
            side,
            label: drawn.label(side, index, at).unwrap_or_default(),
            class: class_of(*bar),
            ground,
            mark: layout.rectangle(top, thickness, (from, length)),
            is_tab_stop: side == 0 && Some(number) == first,
        };
        bars.push(bar_view(place, look));
        if stacks {
            from += length;
        }
    }
    bars
}

/// The count of a row, above its bars at the right, or after them with the change.
fn count_of_row(drawn: &DrawingInput<'_>, layout: &Layout, (side, index, row): (usize, usize, &ChartRow)) -> AnyView {
    let top = layout.top(side, index, drawn.sides().count());
    let before = drawn.before(side, index).map(outcome).filter(|before| *before != outcome(row));
    let change_text = if has_percentages(drawn) { change_text } else { signed };
    let change =
        before.map(|before| view! { <tspan class="change" dx="6">{change_text(outcome(row), before)}</tspan> });
    let longest_bar = row.bars.first().map_or(0, |(bar, whole)| if is_stacked(*bar) { outcome(row) } else { *whole });
    let longest_bar = longest_bar.max(drawn.outline(index).map_or(0, outcome));
    let (x, dx, y, anchor) = match layout.has_counts_above {
        true => ("100%".to_owned(), "0", top - 5, "end"),
        false => {
            let end = layout.begin + drawn.scale.part(longest_bar, layout.longest);
            (hundredths(end), "6", top + layout.lane / 2 + 4, "start")
        }
    };
    markup! { <text aria-hidden="true" x=x dx=dx y=y.to_string() text-anchor=anchor>{count_text(row)}{change}</text> }
}

/// The counts of a row as text.
fn count_text(row: &ChartRow) -> String {
    match row.bars.as_slice() {
        [(bar, whole), (_, part)] if !is_stacked(*bar) => format!("{} of {}", number_text(*part), number_text(*whole)),
        _ => number_text(outcome(row)),
    }
}

/// The final count of a row: the sum of stacked bars, else the last bar.
fn outcome(row: &ChartRow) -> u64 {
    let mut counts = row.bars.iter().map(|(_, count)| *count);
    match row.bars.first() {
        Some((bar, _)) if is_stacked(*bar) => counts.sum(),
        _ => counts.next_back().unwrap_or(0),
    }
}

/// The classes for a bar's colour: of the employee's type, else none; pale for recommendations and assignments.
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

/// The label of a row, over the drawing. It is cut if it is too wide; the title and name of the bars, and the table, have it
/// whole.
fn label(row: &ChartRow, top: usize, layout: &Layout) -> AnyView {
    let width = match (layout.above, layout.has_counts_above) {
        (0, _) => hundredths(layout.begin - 1_00),
        (_, true) => format!("calc(100% - {}ch)", count_text(row).chars().count() + 1),
        (_, false) => "100%".to_owned(),
    };
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
