//! The sizes of elements, measured by the browser.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{HtmlDivElement, ResizeObserver};

use crate::page::components::reactive::follow;

/// The width inside an element's padding, in whole pixels; it follows the element. `None` until the element was in view once; a
/// hidden one keeps its last width.
pub(crate) fn width_of(node: NodeRef<Div>) -> Signal<Option<u32>> {
    let width = RwSignal::new(None);
    on_resize(node, move |node| {
        let measured = u32::try_from(node.client_width()).ok().filter(|measured| *measured > 0);
        if measured.is_some() && width.get_untracked() != measured {
            width.set(measured);
        }
    });
    width.into()
}

/// Calls `measure` when the element has a size, and whenever its size changes.
pub(crate) fn on_resize(node: NodeRef<Div>, measure: impl Fn(&HtmlDivElement) + 'static) {
    let measure = Closure::<dyn Fn()>::new(move || {
        if let Some(node) = node.try_get_untracked().flatten() {
            measure(&node);
        }
    });
    let observer = ResizeObserver::new(measure.as_ref().unchecked_ref()).ok();
    let observing = StoredValue::new_local((observer, measure));
    follow(move || {
        if let Some(node) = node.get() {
            observing.with_value(|(observer, _)| observer.iter().for_each(|observer| observer.observe(&node)));
        }
    });
    on_cleanup(move || {
        let _ = observing.try_with_value(|(observer, _)| observer.iter().for_each(ResizeObserver::disconnect));
    });
}
