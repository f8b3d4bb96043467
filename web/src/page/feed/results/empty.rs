//! The pane before the first run, and while a run goes on: cards of the files that will come.

use btcfake_core::format::feed_file::FeedFile;
use leptos::prelude::*;

use super::cards::{icon, purpose};
use crate::page::components::{shown, text};
use crate::page::state::{PageState, RunState};

/// The cards, with what to do for them.
pub(crate) fn empty_pane(state: PageState) -> AnyView {
    let is_running = Memo::new(move |_| state.run.with(|run| matches!(run, RunState::Running(_))));
    let heading =
        text(move || if is_running.get() { "The feed is being made …" } else { "Your feed will be here" }.to_owned());
    let how = shown(move || {
        let words = "Pick the employees at the left, then run: a second later these files can be downloaded.";
        (!is_running.get()).then(|| view! { <p class="hint">{words}</p> }.into_any())
    });
    let card = |file: FeedFile| {
        let (title, purpose) = purpose(file);
        view! {
            <li class="panel file-card">
                <div class="row">{icon(file)}<strong>{title}</strong></div>
                <span class="skeleton"></span>
                <p class="hint">{purpose}</p>
            </li>
        }
        .into_any()
    };
    view! {
        <section class="awaited" aria-labelledby="awaited-heading">
            <h2 id="awaited-heading">{heading}</h2>
            {how}
            <ul class="file-cards" class:working=is_running>{FeedFile::ALL.map(card).into_iter().collect_view()}</ul>
        </section>
    }
    .into_any()
}
