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

use crate::page::area::Area;
use crate::page::charts::{Charts, ComparedCharts, charts_view};
use crate::page::components::{markup, shown, status, text};
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
    let figures = figures_of(place);
    let is_of_before = Memo::new(move |_| comparison.sides.iter().any(|side| side.is_of_before.get()));
    let lists = [0, 1].map(|side| shown(move || behind_view(comparison, side))).into_iter().collect_view();
    let rooms = shown(move || (figures.get() == Figures::Awaited).then(chart_rooms));
    markup! {
        <div
            class="preview"
            class:of-before=is_of_before
            class:awaited=move || figures.get() == Figures::Awaited
            aria-busy=move || (is_of_before.get() || figures.get() == Figures::Awaited).to_string()
            hidden=move || figures.get() == Figures::None
        >
            {headlines_view(comparison)}
            <div class="panel panel-body"><h3 class="visually-hidden">"Charts"</h3>{head}{rooms}{charts}</div>
            {lists}
        </div>
    }
}

/// What of its figures a preview shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figures {
    /// None: there are no inputs.
    None,
    /// The first ones are being made. Their room is kept free, so that they move nothing below them when they come.
    Awaited,
    /// These. While inputs are read again, the last ones stay.
    Shown,
}

fn figures_of(place: MixPreview) -> Memo<Figures> {
    Memo::new(move |_| match place.preview.inputs() {
        PreviewInputs::None(_) | PreviewInputs::Refused(_) => Figures::None,
        PreviewInputs::Open(_) | PreviewInputs::Opening => match place.charts.with(|charts| charts.is_empty()) {
            true => Figures::Awaited,
            false => Figures::Shown,
        },
    })
}

/// Room for the four charts of a preview.
fn chart_rooms() -> AnyView {
    let rooms = (0..4).map(|_| markup! { <div class="chart-room"></div> }).collect_view();
    markup! { <div class="charts">{rooms}</div> }
}

/// A line on the inputs of the preview, or why there are none, with a link to the area Feed unless `is_asked_here`, as what is
/// missing is then asked beside the line.
pub(crate) fn inputs_status(preview: Previews, is_asked_here: impl Fn() -> bool + Send + 'static) -> AnyView {
    let words = text(move || match preview.inputs() {
        PreviewInputs::None(why) => format!("The preview of a run appears here. {why}"),
        PreviewInputs::Opening => "Reading the files …".to_owned(),
        PreviewInputs::Open(employees) => {
            format!("What a run would give {} with this mix.", counted(employees, "employee"))
        }
        PreviewInputs::Refused(why) => ended(format!("There is nothing to show: {why}")),
    });
    // Nothing below may move when files are read, or with each edit: until the first figures come, the line lies over their room,
    // and with figures in view it is only for screen readers.
    let is_opening = move || preview.inputs() == PreviewInputs::Opening;
    let is_alone = move || matches!(preview.inputs(), PreviewInputs::None(_) | PreviewInputs::Refused(_));
    let is_over = Memo::new(move |_| is_opening() && !preview.has_figures());
    let is_hidden = Memo::new(move |_| !is_alone() && !is_over.get());
    let to_feed = shown(move || {
        let is_missing = matches!(preview.inputs(), PreviewInputs::None(_));
        (is_missing && !is_asked_here())
            .then(|| markup! { <a class="button" href=Area::Feed.address()>"Go to Feed"</a> })
    });
    markup! {
        <div class="notice-row" class:over-figures=is_over class:visually-hidden=is_hidden>{status("hint", words)}{to_feed}</div>
    }
}
