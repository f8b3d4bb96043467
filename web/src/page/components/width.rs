//! The width of an element, measured by the browser.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::ResizeObserver;

use crate::page::components::reactive::follow;

/// The width inside an element's padding, in whole pixels; it follows the element. `None` until the element was in view once; a
/// hidden one keeps its last width.
pub(crate) fn width_of(node: NodeRef<Div>) -> Signal<Option<u32>> {
    let width = RwSignal::new(None);
    let measure = move || {
        let measured = node.try_get_untracked().flatten().and_then(|node| u32::try_from(node.client_width()).ok());
        if let Some(measured) = measured.filter(|measured| *measured > 0 && width.get_untracked() != Some(*measured)) {
            width.set(Some(measured));
        }
    };
    let measure = Closure::<dyn Fn()>::new(measure);
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
    width.into()
}
