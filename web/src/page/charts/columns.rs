//! Vertical bars, for a chart whose horizontal axis is time.

use btcfake_core::report::charts::ChartRow;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::bar::{BarLook, Rectangle, bar_view, hundredths};
use super::place::{ChartContext, DrawingInput};
use crate::page::components::markup;

/// Heights in pixels: the longest bar, and the space above it.
const LONGEST: usize = 148;
const ABOVE: usize = 12;

/// The width of the scale's numbers at the left, in hundredths of a percent; the bars share the rest.
const BEFORE: u64 = 9_00;

/// The largest number of columns that have a label.
const LABELS: usize = 5;

/// The height of the longest bar in pixels where charts are compared.
const LONGEST_COMPARED: usize = 104;

/// The drawing of the bars, and its height in pixels.
pub(crate) fn columns(place: ChartContext, drawn: &DrawingInput<'_>) -> (AnyView, usize) {
    let rows = &drawn.chart.rows;
    let slots = Slots {
        width: (10_000 - BEFORE) / rows.len().max(1) as u64,
        longest: if drawn.other.is_some() { LONGEST_COMPARED } else { LONGEST },
        sides: drawn.sides().count() as u64,
    };
    let first = rows.iter().position(|row| row.bars.iter().any(|(_, count)| *count > 0));
    let bars: Vec<AnyView> = (0..rows.len())
        .flat_map(|index| drawn.sides().filter_map(move |(side, chart)| Some((side, index, chart.rows.get(index)?))))
        .map(|(side, index, row)| column(place, drawn, &slots, (side, index, row), first))
        .collect();
    let ends = (0..rows.len()).filter_map(|index| {
        let (_, count) = drawn.outline(index)?.bars.first()?;
        Some((hundredths(slots.middle(index)), slots.top(drawn, *count).to_string()))
    });
    let ends: Vec<(String, String)> = ends.collect();
    let line = ends.windows(2).map(|pair| {
        let [(x1, y1), (x2, y2)] = pair else { return ().into_any() };
        markup! { <line class="ghost" x1=x1.clone() y1=y1.clone() x2=x2.clone() y2=y2.clone()></line> }
    });
    let grid = drawn.scale.marks().map(|mark| {
        let y = slots.top(drawn, mark);
        view! {
            <line class="grid" x1=hundredths(BEFORE) x2="100%" y1=y.to_string() y2=y.to_string()></line>
            <text class="axis" x=hundredths(BEFORE) dx="-6" y=(y + 4).to_string() text-anchor="end">
                {number_text(mark)}
            </text>
        }
    });
    let every = rows.len().div_ceil(LABELS).max(1);
    let times = rows.iter().enumerate().step_by(every).map(|(index, row)| {
        let (x, y) = (hundredths(slots.middle(index)), (ABOVE + slots.longest + 18).to_string());
        view! { <text class="axis" x=x y=y text-anchor="middle">{clock_of(row)}</text> }
    });
    let view = markup! {
        <g aria-hidden="true">{grid.collect_view()}{times.collect_view()}</g>
        {bars}
        <g aria-hidden="true">{line.collect_view()}</g>
    };
    (view, ABOVE + slots.longest + 24)
}

/// The positions of the columns.
struct Slots {
    /// The width of a row's columns with their space, in hundredths of a percent.
    width: u64,
    /// The height of the longest column, in pixels.
    longest: usize,
    /// How many columns a row has.
    sides: u64,
}

impl Slots {
    fn left(&self, index: usize) -> u64 {
        BEFORE + self.width * index as u64
    }

    fn middle(&self, index: usize) -> u64 {
        self.left(index) + self.width / 2
    }

    /// The top of a column with this count, in pixels from the top of the drawing.
    fn top(&self, drawn: &DrawingInput<'_>, count: u64) -> usize {
        let height = usize::try_from(drawn.scale.part(count, self.longest as u64)).unwrap_or(self.longest);
        ABOVE + self.longest - height
    }
}

fn column(
    place: ChartContext,
    drawn: &DrawingInput<'_>,
    slots: &Slots,
    (side, index, row): (usize, usize, &ChartRow),
    first: Option<usize>,
) -> AnyView {
    let (bar, count) = row.bars[0];
    let (bottom, top) = (ABOVE + slots.longest, slots.top(drawn, count));
    let (part, mark) = (slots.width / slots.sides, slots.width * 3 / 4 / slots.sides);
    let left = |width: u64| slots.left(index) + (slots.width - width * slots.sides) / 2 + width * side as u64;
    let look = BarLook {
        bar: (bar, count),
        number: side * drawn.chart.rows.len() + index,
        side,
        label: drawn.label(side, index, 0).unwrap_or_default(),
        class: String::new(),
        ground: Rectangle([hundredths(left(part)), "0".to_owned(), hundredths(part), bottom.to_string()]),
        mark: Rectangle([hundredths(left(mark)), top.to_string(), hundredths(mark), (bottom - top).to_string()]),
        is_tab_stop: side == 0 && Some(index) == first,
    };
    bar_view(place, look)
}

/// The label without its time zone, which the chart names once.
fn clock_of(row: &ChartRow) -> String {
    row.label.split(' ').next().unwrap_or_default().to_owned()
}
