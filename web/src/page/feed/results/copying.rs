//! Copying a text about the run. If the browser does not let the page copy, the text is shown selected in a field.

use leptos::ev::FocusEvent;
use leptos::html::Input;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use crate::page::clipboard::{NOT_COPIED, copy};
use crate::page::components::{Toasts, follow, handler, markup, shown};

/// The text to be copied by hand, with its label. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Copying {
    toasts: Toasts,
    by_hand: RwSignal<Option<(&'static str, String)>>,
}

impl Copying {
    /// No text yet.
    pub(crate) fn new(toasts: Toasts) -> Copying {
        Copying { toasts, by_hand: RwSignal::new(None) }
    }

    /// Copies a text and shows a toast, or shows the text in the field.
    pub(crate) fn copy(self, label: &'static str, text: String) {
        self.by_hand.set(None);
        spawn_local(async move {
            if copy(&text).await {
                self.toasts.show(format!("{label} copied."));
            } else {
                self.by_hand.set(Some((label, text)));
            }
        });
    }

    /// The field with the text to be copied by hand; nothing without one.
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
            <p class="hint">{NOT_COPIED}": copy it from the field."</p>
        </div>
    }
}
