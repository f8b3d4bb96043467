//! The one place where files of all kinds are added: dropped, chosen, pasted, or made up for a first look.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use crate::page::components::{Action, Rank, handler, shown, status, text};
use crate::page::feed::inputs::added::Waiting;
use crate::page::feed::inputs::adding::all_of;
use crate::page::state::PageState;

/// The place.
pub(crate) fn add_zone(state: PageState) -> AnyView {
    // Emptied first, so that the browser reports it when the same files are picked again.
    let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
    let on_change = move |event: Event| state.add_files(all_of(event_target::<HtmlInputElement>(&event).files()));
    let waits = text(move || {
        let words = state.added.waiting.with(|waiting| match waiting {
            None => "",
            Some((_, Waiting::Files(_))) => "Looking at the files…",
            Some((_, Waiting::Sample)) => "Making sample data…",
        });
        words.to_owned()
    });
    let sample = Action::new("Try with sample data").ranked(Rank::Bare);
    let is_made = move || state.added.waiting.with(Option::is_some);
    view! {
        <div class="add-zone">
            <p><b>"Drop files anywhere"</b>", or paste a table"</p>
            <div class="row">
                <input
                    type="file"
                    id="add-files"
                    class="visually-hidden"
                    multiple
                    aria-label="Choose files"
                    on:click=handler(on_click)
                    on:change=handler(on_change)
                />
                <label for="add-files" class="button">"Choose files"</label>
                {sample.button(is_made, move || state.add_sample())}
            </div>
            {status("hint", waits)}
        </div>
        {left_out(state)}
    }
    .into_any()
}

/// The files that no run uses, with the reasons.
fn left_out(state: PageState) -> AnyView {
    shown(move || {
        let lines = state.added.left_out.get();
        let dismiss = Action::new("Dismiss").ranked(Rank::Bare);
        let dismiss = dismiss.button(|| false, move || state.added.left_out.set(Vec::new()));
        (!lines.is_empty()).then(|| {
            let lines = lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
            view! { <div class="problems" role="alert">{lines}{dismiss}</div> }.into_any()
        })
    })
}
