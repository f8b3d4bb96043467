//! Charts of figures, drawn as SVG: bars that are buttons, with a table of the same figures for reading and copying.
//!
//! They know nothing of where the figures come from. Each chart is one stop for the Tab key; arrow keys go from bar to
//! bar in it. What changes is drawn anew, while an open table stays open. Figures can be compared with others that have
//! the same rows: by an outline, or in pairs.

mod bar;
mod columns;
mod drawing;
mod figures_table;
mod place;
mod rows;

use crate::page::components::focus;
use btcfake_core::report::figures::{Bar, Chart};
use leptos::prelude::*;

use drawing::{drawing, length_of};
use figures_table::figures_table;
pub(crate) use place::{Against, Charts, How, Side};
use place::{BarPlace, Drawn, Other};

/// Shows charts below each other, or beside each other where there is room.
pub(crate) fn charts_view(charts: Charts) -> AnyView {
    let count = Memo::new(move |_| charts.side.charts.with(|charts| charts.len()));
    let frames = move || (0..count.get()).map(|index| frame(charts, index)).collect_view();
    view! { <div class="charts">{frames}</div> }.into_any()
}

/// What stays while the figures of a chart change.
fn frame(charts: Charts, index: usize) -> AnyView {
    let drawn = Memo::new(move |_| drawn(charts, index));
    let heading = format!("{}-chart-{index}", charts.id);
    let place = BarPlace { charts, drawn, heading: RwSignal::new(heading.clone()) };
    let text = move |of: fn(&Drawn) -> String| move || drawn.with(|drawn| drawn.as_ref().map(of).unwrap_or_default());
    view! {
        <div class="chart" role="group" aria-labelledby=heading.clone()>
            <div class="chart-head">
                <h4 id=heading.clone()>{text(|drawn| drawn.chart.title.clone())}</h4>
                <p class="hint">{text(about)}</p>
            </div>
            {move || drawn.with(|drawn| drawn.as_ref().map(|drawn| drawing(place, drawn)))}
            {figures_table(place)}
        </div>
    }
    .into_any()
}

/// What is counted, and what the outline is.
fn about(drawn: &Drawn) -> String {
    let about = &drawn.chart.about;
    match &drawn.other {
        Some(other) if other.how == How::Outline => format!("{about} Outline: {}.", other.names[1]),
        _ => about.clone(),
    }
}

fn drawn(charts: Charts, index: usize) -> Option<Drawn> {
    let of = |side: &Side| side.charts.with(|charts| charts.get(index).cloned());
    let chart = of(&charts.side)?;
    let other = charts.against.and_then(|against| {
        let chart = of(&against.side)?;
        Some(Other { chart, how: against.how, names: against.names.get() })
    });
    let scale = charts.scale.and_then(|scale| scale.with(|charts| charts.get(index).map(most)));
    let other_most = other.as_ref().map(|other| most(&other.chart));
    let most = most(&chart).max(other_most.unwrap_or(0)).max(scale.unwrap_or(0));
    Some(Drawn { chart, other, most })
}

/// The count of the longest bar of a chart.
fn most(chart: &Chart) -> u64 {
    chart.rows.iter().map(|row| length_of(chart, row)).max().unwrap_or(0)
}

/// Goes back to the chosen bar of the charts with an id.
pub(crate) fn go_back(id: &str) {
    let chosen = format!("[aria-labelledby^='{id}-chart'] [aria-pressed='true']");
    document().query_selector(&chosen).ok().flatten().iter().for_each(focus);
}

/// What the chosen bar stands for, with its chart: `Who completed what: completes all (a), AI`.
pub(crate) fn words_of(charts: &[Chart], bar: Bar) -> Option<String> {
    charts.iter().find_map(|chart| Some(format!("{}: {}", chart.title, chart.label_of(bar)?)))
}
