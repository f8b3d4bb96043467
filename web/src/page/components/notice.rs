//! Texts beside the work: states, what opens when it matters, help on demand.

use leptos::html::Details;
use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::{follow, text};

/// Details that are closed until something in them is not as usual: that is never hidden.
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

/// A paragraph with the state of something.
pub(crate) fn status(class: &'static str, text: Signal<String>) -> AnyView {
    markup! { <p class=class role="status">{text}</p> }
}

/// A text while something is so; none otherwise.
pub(crate) fn text_while(is_so: impl Fn() -> bool + Send + Sync + 'static, words: &'static str) -> Signal<String> {
    text(move || if is_so() { words } else { "" }.to_owned())
}

/// The rest of what there is to know about something, behind a question mark that opens it in place. `subject` completes
/// its name for those who only hear it: `Help: the seed`.
pub(crate) fn help(subject: &'static str, words: &'static str) -> AnyView {
    markup! {
        <details class="help">
            <summary><span aria-hidden="true">"?"</span><span class="visually-hidden">"Help: "{subject}</span></summary>
            <p>{words}</p>
        </details>
    }
}
