//! Views and texts that change, boxed: Leptos compiles a view anew for every closure, and a boxed one stands in the program
//! once.

use leptos::prelude::*;

/// Text that changes.
pub(crate) fn text(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    text_boxed(Box::new(text))
}

fn text_boxed(text: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
    Signal::derive(text)
}

/// What is done at an event, as Leptos takes it.
pub(crate) fn handler<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Does something once, and again whenever what it looked at changes.
pub(crate) fn follow(act: impl FnMut() + 'static) {
    let boxed: Box<dyn FnMut()> = Box::new(act);
    Effect::new(boxed);
}

/// A view that comes and goes.
pub(crate) fn shown(view: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    shown_boxed(Box::new(view))
}

fn shown_boxed(view: Box<dyn Fn() -> Option<AnyView> + Send>) -> AnyView {
    (move || view()).into_any()
}
