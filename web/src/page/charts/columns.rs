//! Bars that stand: time runs along the width.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::ChartRow;
use leptos::prelude::*;

use super::bar::{Area, BarLook, bar_view, hundredths, rectangle};
use super::place::{BarPlace, Drawn};

/// Heights in pixels: of the longest bar, and of the space above it.
const LONGEST: usize = 148;
const ABOVE: usize = 12;

/// The room at the left for the numbers of the scale, in hundredths of a percent; the bars share the rest.
const BEFORE: u64 = 9_00;

/// At most so many columns have a label.
const LABELS: usize = 6;

/// The drawing of the bars, and its height in pixels.
pub(crate) fn columns(place: BarPlace, drawn: &Drawn<'_>) -> (AnyView, usize) {
    let rows = &drawn.chart.rows;
    let slot = (100_00 - BEFORE) / rows.len().max(1) as u64;
    let first = rows.iter().position(|row| row.bars.iter().any(|(_, count)| *count > 0));
    let bars =
        rows.iter().enumerate().map(|(index, row)| column(place, drawn, slot, (index, row), first)).collect_view();
    let ghosts = rows.iter().enumerate().filter_map(|(index, row)| {
        let length = length(drawn, drawn.ghost_of(row.bars.first()?.0)?);
        Some(rectangle("ghost", standing(slot, index, length)))
    });
    let grid = drawn.scale.marks().map(|mark| {
        let y = ABOVE + LONGEST - length(drawn, mark);
        view! {
            <line class="grid" x1=hundredths(BEFORE) x2="100%" y1=y.to_string() y2=y.to_string()></line>
            <text class="axis" x=hundredths(BEFORE) dx="-6" y=(y + 4).to_string() text-anchor="end">
                {content_id_text(mark)}
            </text>
        }
    });
    let every = rows.len().div_ceil(LABELS).max(1);
    let times = rows.iter().enumerate().step_by(every).map(|(index, row)| {
        let x = hundredths(BEFORE + slot * index as u64 + slot / 2);
        view! { <text class="axis" x=x y=(ABOVE + LONGEST + 18).to_string() text-anchor="middle">{clock_of(row)}</text> }
    });
    let view = view! {
        <g aria-hidden="true">{grid.collect_view()}{times.collect_view()}</g>
        {bars}
        {ghosts.collect_view()}
    };
    (view.into_any(), ABOVE + LONGEST + 24)
}

fn column(
    place: BarPlace,
    drawn: &Drawn<'_>,
    slot: u64,
    (index, row): (usize, &ChartRow),
    first: Option<usize>,
) -> AnyView {
    let (bar, count) = row.bars[0];
    let left = BEFORE + slot * index as u64;
    let look = BarLook {
        bar: (bar, count),
        number: index,
        label: row.label.clone(),
        class: String::new(),
        ground: Area([hundredths(left), "0".to_owned(), hundredths(slot), (ABOVE + LONGEST).to_string()]),
        mark: standing(slot, index, length(drawn, count)),
        is_tab_stop: Some(index) == first,
    };
    bar_view(place, look)
}

/// The area of a column in the middle of its slot.
fn standing(slot: u64, index: usize, length: usize) -> Area {
    let left = BEFORE + slot * index as u64 + slot / 8;
    Area([hundredths(left), (ABOVE + LONGEST - length).to_string(), hundredths(slot * 3 / 4), length.to_string()])
}

fn length(drawn: &Drawn<'_>, count: u64) -> usize {
    usize::try_from(drawn.scale.part(count, LONGEST as u64)).unwrap_or(LONGEST)
}

/// The time alone: the chart names the clock.
fn clock_of(row: &ChartRow) -> String {
    row.label.split(' ').next().unwrap_or_default().to_owned()
}
