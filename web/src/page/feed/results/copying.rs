//! Copying a text about the run. Where the browser does not let the page copy, the text stands in a field, selected.

use leptos::ev::FocusEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use crate::page::components::{Toasts, follow, handler, markup, shown};
use crate::page::recipe::copy;

/// The text that people are to copy themselves, with its label. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Copying {
    toasts: Toasts,
    by_hand: RwSignal<Option<(&'static str, String)>>,
}

impl Copying {
    /// Nothing is to be copied.
    pub(crate) fn new(toasts: Toasts) -> Copying {
        Copying { toasts, by_hand: RwSignal::new(None) }
    }

    /// Copies a text, and says so.
    pub(crate) fn copy(self, label: &'static str, text: String) {
        self.by_hand.set(None);
        spawn_local(async move {
            if copy(&text).await {
                self.toasts.say(format!("{label} copied."));
            } else {
                self.by_hand.set(Some((label, text)));
            }
        });
    }

    /// The field with what is to be copied by hand.
    pub(crate) fn field(self) -> AnyView {
        shown(move || self.by_hand.get().map(|(label, text)| field_view(label, text)))
    }
}

fn field_view(label: &'static str, text: String) -> AnyView {
    let node = NodeRef::<Input>::new();
    follow(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
        }
    });
    let select = |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
    markup! {
        <div class="field panel panel-body">
            <label for="to-copy">{label}</label>
            <input type="text" id="to-copy" readonly node_ref=node prop:value=text on:focus=handler(select)/>
            <p class="hint">"This browser copies nothing for the page: copy it from the field."</p>
        </div>
    }
}
