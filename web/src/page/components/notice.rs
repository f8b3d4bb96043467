//! Texts beside the fields: states, details that open when they matter, help on demand.

use leptos::html::Details;
use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::{follow, text};

/// Details that open by themselves when `is_unusual` becomes true, so that unusual settings are never hidden.
pub(crate) fn details(
    summary: &'static str,
    is_unusual: impl Fn() -> bool + Send + Sync + 'static,
    content: AnyView,
) -> AnyView {
    let (node, is_unusual) = (NodeRef::<Details>::new(), Signal::derive(is_unusual));
    follow(move || {
        if let Some(node) = node.get().filter(|_| is_unusual.get()) {
            node.set_open(true);
        }
    });
    markup! { <details class="more-settings" node_ref=node><summary>{summary}</summary>{content}</details> }
}

/// A paragraph with a state, which screen readers announce when it changes.
pub(crate) fn status(class: &'static str, text: Signal<String>) -> AnyView {
    markup! { <p class=class role="status">{text}</p> }
}

/// `words` while `is_so` is true, else an empty text.
pub(crate) fn text_while(is_so: impl Fn() -> bool + Send + Sync + 'static, words: &'static str) -> Signal<String> {
    text(move || if is_so() { words } else { "" }.to_owned())
}

/// Help behind a question mark, which opens in place. `subject` completes its name for screen readers: `Help: the seed`.
pub(crate) fn help(subject: &'static str, words: &'static str) -> AnyView {
    markup! {
        <details class="help">
            <summary><span aria-hidden="true">"?"</span><span class="visually-hidden">"Help: "{subject}</span></summary>
            <p>{words}</p>
        </details>
    }
}
