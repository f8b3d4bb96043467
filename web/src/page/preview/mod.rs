//! The live preview: charts of what a run would give with a mix, as the mix changes; below them the employees behind the
//! chosen bar, each with the way that explains it.

mod behind;
mod state;

use leptos::prelude::*;

use state::PreviewInputs;
pub(crate) use state::{Preview, Shown};

use crate::page::charts::{Charts, charts_view};
use crate::page::components::{shown, status, text};
use crate::page::words::ended;
use behind::behind_view;

/// The charts of a preview. `id` sets them apart from others on the page; those of `beside` have the same scale.
pub(crate) fn preview_view(place: Shown, id: &'static str, beside: Option<Shown>) -> AnyView {
    let preview = place.preview;
    let charts = charts_view(Charts {
        id,
        charts: place.charts,
        beside: beside.map(|beside| beside.charts),
        ghost: None,
        chosen: place.bar,
        choose: Callback::new(move |bar| place.choose(bar)),
    });
    let how = text(move || match preview.inputs() {
        PreviewInputs::None(why) => why,
        PreviewInputs::Opening => "Reading the files …".to_owned(),
        PreviewInputs::Open(employees) => format!("What a run would give {} with this mix.", employees_text(employees)),
        PreviewInputs::Refused(why) => ended(format!("There is nothing to show: {why}")),
    });
    // While inputs are read anew, what was there stays.
    let is_open = Memo::new(move |_| {
        matches!(preview.inputs(), PreviewInputs::Open(_) | PreviewInputs::Opening)
            && place.charts.with(|charts| !charts.is_empty())
    });
    view! {
        {status("hint", how)}
        <div class="preview" hidden=move || !is_open.get()>{charts}{shown(move || behind_view(place, id))}</div>
    }
    .into_any()
}

fn employees_text(employees: usize) -> String {
    btcfake_core::text::words::counted(employees, "employee")
}
