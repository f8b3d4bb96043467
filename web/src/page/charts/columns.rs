//! Columns along a time line, from left to right, with a scale on the left and times below.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::{Chart, ChartRow};
use leptos::prelude::*;

use super::bar::{Shape, bar_view};
use super::place::{BarPlace, Drawn, How, Spot};

/// The width of a column with its space, and its height, in the units of the drawing.
const WIDTH: usize = 12;
const HEIGHT: u64 = 100;

/// At most so many times stand below.
const TIMES: usize = 6;

/// Draws the columns.
pub(crate) fn columns(place: BarPlace, drawn: &Drawn) -> AnyView {
    let (rows, most) = (drawn.chart.rows.len(), scale_end(drawn.most));
    let is_pair = drawn.side(1).is_some();
    let bars = (0..rows).flat_map(|row| {
        [0, 1].map(|side| {
            let spot = Spot { side, row, series: 0 };
            let count = drawn.bar(spot)?.1;
            let (left, width) = if is_pair { (1 + 5 * side, 5) } else { (2, WIDTH - 4) };
            let (left, height) = ((row * WIDTH + left).to_string(), hundredths(count, most));
            let top = hundredths(most - count.min(most), most);
            let [zero, full] = ["0".to_owned(), HEIGHT.to_string()];
            let shape = Shape {
                mark: [left.clone(), top, width.to_string(), height],
                ground: [left, zero, width.to_string(), full],
            };
            Some(bar_view(place, drawn, spot, if side == 0 { String::new() } else { "second".to_owned() }, shape))
        })
    });
    let other = drawn.other.as_ref().filter(|other| other.how == How::Outline);
    let line = other.map(|other| view! { <polyline class="outline" points=points(&other.chart, most)></polyline> });
    let scale = [most, most / 2, 0].map(|count| view! { <span>{content_id_text(count)}</span> });
    let step = rows.div_ceil(TIMES).max(1);
    let times = drawn.chart.rows.iter().step_by(step).enumerate().map(|(at, row)| {
        let column = format!("{} / span {step}", at * step + 1);
        view! { <span style:grid-column=column>{time(row)}</span> }
    });
    view! {
        <div class="columns">
            <div class="scale" aria-hidden="true">{scale.into_iter().collect_view()}</div>
            <svg
                role="presentation"
                width="100%"
                viewBox=format!("0 0 {} {HEIGHT}", rows * WIDTH)
                preserveAspectRatio="none"
            >
                {bars.collect_view()}
                {line}
            </svg>
            <div class="times" aria-hidden="true" style:grid-template-columns=format!("repeat({rows}, 1fr)")>
                {times.collect_view()}
            </div>
        </div>
    }
    .into_any()
}

/// The line through the middles of the columns' ends.
fn points(chart: &Chart, most: u64) -> String {
    let count = |row: &ChartRow| row.bars.first().map_or(0, |(_, count)| *count).min(most);
    let point = |(at, row)| format!("{},{}", at * WIDTH + WIDTH / 2, hundredths(most - count(row), most));
    chart.rows.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

/// A height in the units of the drawing.
fn hundredths(count: u64, most: u64) -> String {
    let hundredths = 100 * HEIGHT * count / most.max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The time of day of a row, without its zone, which the chart's title names.
fn time(row: &ChartRow) -> String {
    row.label.chars().take("10:00".len()).collect()
}

/// The end of a scale that is not below a count: an even number that people read at a glance.
fn scale_end(most: u64) -> u64 {
    let mut unit = 1_u64;
    loop {
        if let Some(end) = [2, 4, 6, 8, 10].map(|step| unit.saturating_mul(step)).into_iter().find(|end| *end >= most) {
            return end;
        }
        unit = unit.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_even_numbers_that_are_not_too_small() {
        for (most, expected) in
            [(0, 2), (2, 2), (3, 4), (10, 10), (11, 20), (81, 100), (101, 200), (6_001, 8_000), (u64::MAX, u64::MAX)]
        {
            assert_eq!(scale_end(most), expected, "{most}");
        }
    }
}
