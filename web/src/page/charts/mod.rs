//! Charts of figures, drawn as SVG: bars that are buttons, with a table of the same figures for reading and copying.
//!
//! They know nothing of where the figures come from. Each chart is one stop for the Tab key; arrow keys go from bar to
//! bar in it. What changes is drawn anew, while an open table stays open.

mod drawing;
mod figures_table;
mod place;

use crate::page::components::focus;
use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

use drawing::drawing;
use figures_table::figures_table;
use place::BarPlace;
pub(crate) use place::Charts;

/// Shows charts below each other, or beside each other where there is room.
pub(crate) fn charts_view(charts: Charts) -> AnyView {
    let count = Memo::new(move |_| charts.charts.with(|charts| charts.len()));
    let frames = move || (0..count.get()).map(|index| frame(charts, index)).collect_view();
    view! { <div class="charts">{frames}</div> }.into_any()
}

/// What stays while the figures of a chart change.
fn frame(charts: Charts, index: usize) -> AnyView {
    let chart = Memo::new(move |_| charts.charts.with(|charts| charts.get(index).cloned()));
    let most = Memo::new(move |_| {
        let beside = charts.beside.map_or(0, |beside| beside.with(|beside| most(beside.get(index))));
        usize::try_from(chart.with(|chart| most(chart.as_ref())).max(beside)).unwrap_or(usize::MAX)
    });
    let heading = format!("{}-chart-{index}", charts.id);
    let place = BarPlace { charts, chart, heading: RwSignal::new(heading.clone()) };
    let text = move |of: fn(&Chart) -> &String| {
        move || chart.with(|chart| chart.as_ref().map(|chart| of(chart).clone()).unwrap_or_default())
    };
    view! {
        <div class="chart" role="group" aria-labelledby=heading.clone()>
            <h4 id=heading.clone()>{text(|chart| &chart.title)}</h4>
            <p class="hint">{text(|chart| &chart.about)}</p>
            {move || chart.get().map(|chart| drawing(place, &chart, most.get() as u64))}
            {figures_table(place)}
        </div>
    }
    .into_any()
}

/// Goes back to the chosen bar of the charts with an id.
pub(crate) fn go_back(id: &str) {
    let chosen = format!("[aria-labelledby^='{id}-chart'] > [aria-pressed='true']");
    document().query_selector(&chosen).ok().flatten().iter().for_each(focus);
}

/// The largest count of a chart.
fn most(chart: Option<&Chart>) -> u64 {
    chart
        .into_iter()
        .flat_map(|chart| &chart.rows)
        .flat_map(|row| &row.bars)
        .map(|(_, count)| *count)
        .max()
        .unwrap_or(0)
}

/// What the chosen bar stands for, with its chart: `Completions by type and source: type a, AI`.
pub(crate) fn words_of(charts: &[Chart], bar: Bar) -> Option<String> {
    charts.iter().find_map(|chart| Some(format!("{}: {}", chart.title, chart.label_of(bar)?)))
}
