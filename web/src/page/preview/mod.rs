//! The live preview of a run with a mix, against another mix: headline figures, charts, and below them the employees behind
//! the chosen bar, each with its explanation. It follows changes of the mix.

mod behind;
mod comparison;
mod headlines;
mod state;

use btcfake_core::text::words::counted;
use leptos::prelude::*;

pub(crate) use comparison::Comparison;
pub(crate) use state::{MixPreview, PreviewInputs, Previews};

use crate::page::charts::{Charts, ComparedCharts, charts_view};
use crate::page::components::{markup, shown, status, text};
use crate::page::shell::area::Area;
use crate::page::words::ended;
use behind::behind_view;
use headlines::headlines_view;

/// The figures of a comparison. `head` stands above the charts.
pub(crate) fn comparison_view(comparison: Comparison, head: AnyView) -> AnyView {
    let [place, other] = comparison.sides;
    let charts = charts_view(Charts {
        id: comparison.ids[0],
        charts: place.charts,
        against: Some(ComparedCharts {
            charts: other.charts,
            how: comparison.how,
            names: comparison.names,
            chosen: other.bar,
            choose: Callback::new(move |bar| other.choose(bar)),
        }),
        scale: Some(comparison.scale.charts),
        chosen: place.bar,
        choose: Callback::new(move |bar| place.choose(bar)),
    });
    let is_there = has_figures(place);
    let is_of_before = Memo::new(move |_| comparison.sides.iter().any(|side| side.is_of_before.get()));
    let lists = comparison.sides.into_iter().zip(comparison.ids);
    let lists = lists.map(|(place, id)| shown(move || behind_view(place, comparison.ids[0], id))).collect_view();
    markup! {
        <div
            class="preview"
            class:of-before=is_of_before
            aria-busy=move || is_of_before.get().to_string()
            hidden=move || !is_there.get()
        >
            {headlines_view(comparison)}
            <div class="panel panel-body"><h3 class="visually-hidden">"Charts"</h3>{head}{charts}</div>
            {lists}
        </div>
    }
}

/// Whether there are figures to show. While inputs are read again, the last ones stay.
fn has_figures(place: MixPreview) -> Memo<bool> {
    Memo::new(move |_| {
        matches!(place.preview.inputs(), PreviewInputs::Open(_) | PreviewInputs::Opening)
            && place.charts.with(|charts| !charts.is_empty())
    })
}

/// A line on the inputs of the preview, or why there are none.
pub(crate) fn inputs_status(preview: Previews) -> AnyView {
    let words = text(move || match preview.inputs() {
        PreviewInputs::None(why) => format!("The preview of a run appears here. {why}"),
        PreviewInputs::Opening => "Reading the files …".to_owned(),
        PreviewInputs::Open(employees) => {
            format!("What a run would give {} with this mix.", counted(employees, "employee"))
        }
        PreviewInputs::Refused(why) => ended(format!("There is nothing to show: {why}")),
    });
    // With figures in view, the line is only for screen readers.
    let is_open = move || matches!(preview.inputs(), PreviewInputs::Open(_));
    let to_feed = shown(move || {
        let is_missing = matches!(preview.inputs(), PreviewInputs::None(_));
        is_missing.then(|| markup! { <a class="button" href=Area::Feed.address()>"Go to Feed"</a> })
    });
    markup! { <div class="notice-row" class:visually-hidden=is_open>{status("hint", words)}{to_feed}</div> }
}
