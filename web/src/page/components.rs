//! Small parts of views whose code stands in the program once, whatever they show: views are code for every closure.

use leptos::html::{Button, Details};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Text that changes.
pub(super) fn text(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    text_boxed(Box::new(text))
}

fn text_boxed(text: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
    Signal::derive(text)
}

/// What is done at an event, as Leptos takes it.
pub(super) fn handler<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Does something once, and again whenever what it looked at changes.
pub(super) fn follow(act: impl FnMut() + 'static) {
    let boxed: Box<dyn FnMut()> = Box::new(act);
    Effect::new(boxed);
}

/// A view that comes and goes.
pub(super) fn shown(view: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    shown_boxed(Box::new(view))
}

fn shown_boxed(view: Box<dyn Fn() -> Option<AnyView> + Send>) -> AnyView {
    (move || view()).into_any()
}

/// Details that are closed until something in them is not as usual: that is never hidden.
pub(super) fn details(
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
    view! { <details class="more-settings" node_ref=node><summary>{summary}</summary>{content}</details> }.into_any()
}

/// Whether people are sure: asked before something goes that does not come back.
pub(super) fn is_sure(question: &str) -> bool {
    window().confirm_with_message(question).unwrap_or(false)
}

/// A paragraph with the state of something.
pub(super) fn status(class: &'static str, text: Signal<String>) -> AnyView {
    view! { <p class=class role="status">{text}</p> }.into_any()
}

/// Brings the element with an id into view, and goes there.
pub(super) fn go_to(id: &str) {
    if let Some(place) = document().get_element_by_id(id) {
        place.scroll_into_view();
        focus(&place);
    }
}

/// What focuses is the same for all elements.
pub(super) fn focus(element: &Element) {
    let _ = element.unchecked_ref::<HtmlElement>().focus();
}

/// Whether the focus is nowhere: nothing had it yet, or what had it is gone.
pub(super) fn is_focus_nowhere() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Something to do.
pub(super) struct Action {
    /// What stands on the button.
    pub(super) label: &'static str,
    /// What those hear besides who do not see where the button is.
    pub(super) heard: String,
    /// The id of what describes it.
    pub(super) about: String,
    /// Finds the button.
    pub(super) node: NodeRef<Button>,
}

impl Action {
    /// A button with this label.
    pub(super) fn new(label: &'static str) -> Action {
        Action { label, heard: String::new(), about: String::new(), node: NodeRef::new() }
    }

    /// The button: what it does, and when it does nothing.
    pub(super) fn button(
        self,
        is_disabled: impl Fn() -> bool + Send + Sync + 'static,
        act: impl Fn() + 'static,
    ) -> AnyView {
        self.view(Box::new(is_disabled), Box::new(act))
    }

    fn view(self, is_disabled: Box<dyn Fn() -> bool + Send + Sync>, act: Box<dyn Fn()>) -> AnyView {
        let heard = (!self.heard.is_empty()).then(|| format!(" {}", self.heard));
        let about = (!self.about.is_empty()).then_some(self.about);
        view! {
            <button
                type="button"
                node_ref=self.node
                aria-disabled=text(move || is_disabled().to_string())
                aria-describedby=about
                on:click=handler(move |_| act())
            >
                {self.label}
                <span class="visually-hidden">{heard}</span>
            </button>
        }
        .into_any()
    }
}
