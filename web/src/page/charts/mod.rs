//! Charts of figures, drawn as SVG: bars that are buttons, with a table of the same figures for reading and copying.
//!
//! They do not depend on the source of the figures. Each chart is one stop for the Tab key; arrow keys go from bar to bar in
//! it. New figures redraw the bars and leave an open table open.

mod bar;
mod columns;
mod drawing;
mod figures_table;
mod lines;
mod place;
mod scale;

use btcfake_core::report::charts::Chart;
use btcfake_core::report::figures::Bar;
use leptos::prelude::*;

use drawing::{drawing, longest};
use figures_table::figures_table;
use place::{ChartContext, DrawingInput};
pub(crate) use place::{Charts, ComparedCharts, ComparisonStyle};
use scale::Scale;

use crate::page::components::{focus, markup, width_of};

/// Charts side by side where there is room, else one below the other.
pub(crate) fn charts_view(charts: Charts) -> AnyView {
    let count = Memo::new(move |_| charts.charts.with(|charts| charts.len()));
    let frames = move || (0..count.get()).map(|index| frame(charts, index)).collect_view();
    markup! { <div class="charts">{frames}</div> }
}

/// The parts of a chart that stay while its figures change.
fn frame(charts: Charts, index: usize) -> AnyView {
    let chart = Memo::new(move |_| charts.charts.with(|charts| charts.get(index).cloned()));
    let other =
        Memo::new(move |_| charts.against.and_then(|other| other.charts.with(|charts| charts.get(index).cloned())));
    let most = Memo::new(move |_| {
        let fixed = charts.scale.map_or(0, |scale| scale.with(|charts| longest(charts.get(index))));
        chart.with(|chart| longest(chart.as_ref())).max(other.with(|other| longest(other.as_ref()))).max(fixed)
    });
    let heading = format!("{}-chart-{index}", charts.id);
    let node = NodeRef::new();
    let width = width_of(node);
    let place = ChartContext { charts, chart, other, heading: RwSignal::new(heading.clone()) };
    let text = move |of: fn(&Chart) -> &String| {
        move || chart.with(|chart| chart.as_ref().map(|chart| of(chart).clone()).unwrap_or_default())
    };
    let drawn = move || {
        let (chart, other) = (chart.get()?, other.get());
        let other = charts.against.and_then(|against| Some((other.as_ref()?, against.how, against.names.get())));
        // Only the layout of compared charts depends on their width.
        let width = charts.against.and_then(|_| width.get());
        let drawn = DrawingInput { chart: &chart, other, scale: Scale::of(most.get()), width };
        Some(drawing(place, &drawn))
    };
    markup! {
        <div class="chart" role="group" aria-labelledby=heading.clone() node_ref=node>
            <h4 id=heading.clone()>{text(|chart| &chart.title)}</h4>
            <p class="hint">{text(|chart| &chart.about)}</p>
            {drawn}
            {figures_table(place)}
        </div>
    }
}

/// Moves the focus to the chosen bar of a side of the charts with this [`Charts::id`], or to the first bar if that one counts
/// nothing any more.
pub(crate) fn focus_chosen_bar(id: &str, side: usize) {
    let found = |bar: &str| document().query_selector(&format!("[aria-labelledby^='{id}-chart'] {bar}")).ok().flatten();
    let chosen = found(&format!(".side-{side}[aria-pressed='true']"));
    chosen.or_else(|| found("[tabindex='0'][role='button']")).iter().for_each(focus);
}

/// The chart and the name of a bar: `Who completed what: completes all (a), from recommendations`. `None` if no chart has it.
pub(crate) fn bar_words(charts: &[Chart], bar: Bar) -> Option<String> {
    charts.iter().find_map(|chart| Some(format!("{}: {}", chart.title, chart.label_of(bar)?)))
}
