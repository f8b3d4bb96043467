//! Reactive views and texts from boxed closures. Leptos compiles its functions once for each type of closure; with boxes, the
//! program has them once.

use leptos::prelude::*;

/// A reactive text.
pub(crate) fn text(text: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    text_boxed(Box::new(text))
}

fn text_boxed(text: Box<dyn Fn() -> String + Send + Sync>) -> Signal<String> {
    Signal::derive(text)
}

/// A handler of an event, boxed.
pub(crate) fn handler<E>(act: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(act)
}

/// Runs `act` now, and again whenever a signal that it read changes.
pub(crate) fn follow(act: impl FnMut() + 'static) {
    let boxed: Box<dyn FnMut()> = Box::new(act);
    Effect::new(boxed);
}

/// A view that is in the page while `view` returns one.
pub(crate) fn shown(view: impl Fn() -> Option<AnyView> + Send + 'static) -> AnyView {
    shown_boxed(Box::new(view))
}

fn shown_boxed(view: Box<dyn Fn() -> Option<AnyView> + Send>) -> AnyView {
    (move || view()).into_any()
}
