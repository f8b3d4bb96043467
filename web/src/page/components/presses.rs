//! Presses of buttons and links that are no orders of their own: the second click of a double click, the repeats of a held Enter
//! key, and a second press of a download within a second. They are dropped before any element of the page hears of them.

use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, EventTarget};

/// The milliseconds in which a second press of the same download is none.
const PAUSE: f64 = 1_000.0;

/// A press of a button or link.
#[derive(Clone, Debug, PartialEq)]
struct Press {
    /// The label of what was pressed. Elements are often made anew by a press, so they are known by their labels.
    label: String,
    /// When, in milliseconds.
    at: f64,
}

/// Drops such presses from now on.
pub(crate) fn drop_accidental_presses() {
    let last = StoredValue::new(None::<Press>);
    let on_click = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
        let Some(pressed) = pressed(event.target()) else { return };
        let press = Press { label: label_of(&pressed), at: event.time_stamp() };
        let is_accidental = last.with_value(|last| {
            last.as_ref().is_some_and(|last| is_accidental(last, &press, event.detail(), Presses::of(&pressed)))
        });
        if is_accidental {
            event.prevent_default();
            event.stop_immediate_propagation();
            last.update_value(|last| last.iter_mut().for_each(|last| last.at = press.at));
        } else {
            last.set_value(Some(press));
        }
    });
    let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let is_held = event.repeat() && event.key() == "Enter";
        if is_held && pressed(event.target()).is_some_and(|pressed| Presses::of(&pressed) != Presses::Each) {
            event.prevent_default();
        }
    });
    let window = window();
    for (kind, listener) in [("click", on_click.as_ref()), ("keydown", on_key.as_ref())] {
        // A listener that captures is called before those of the elements. Listening cannot fail.
        let _ = window.add_event_listener_with_callback_and_bool(kind, listener.unchecked_ref(), true);
    }
    on_click.forget();
    on_key.forget();
}

/// What several presses of a button or link mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presses {
    /// Those of a double click are one.
    Once,
    /// Those within a second are one, because each downloads.
    Download,
    /// Each counts, such as on a button that turns pages.
    Each,
}

impl Presses {
    /// The value of the attribute `data-presses`; `None` for the usual case.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Once => None,
            Self::Each => Some("each"),
            Self::Download => Some("download"),
        }
    }

    fn of(element: &Element) -> Presses {
        let name = element.get_attribute("data-presses");
        match [Self::Each, Self::Download].into_iter().find(|one| one.name() == name.as_deref()) {
            Some(presses) => presses,
            None if element.has_attribute("download") => Self::Download,
            None => Self::Once,
        }
    }
}

/// Whether a press with this number of clicks follows the last one by accident. The second click of a double click on something
/// else hits what took the place of the first.
fn is_accidental(last: &Press, press: &Press, clicks: i32, presses: Presses) -> bool {
    let is_same = last.label == press.label;
    match presses {
        Presses::Each if is_same => false,
        Presses::Download if is_same && press.at - last.at < PAUSE => true,
        _ => clicks > 1,
    }
}

fn pressed(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("button, a").ok().flatten()
}

fn label_of(element: &Element) -> String {
    element.get_attribute("aria-label").or_else(|| element.text_content()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_press_of_a_double_click_is_none() {
        let press = |label: &str, at: f64| Press { label: label.to_owned(), at };
        let last = press("Next day", 0.0);
        for (label, at, clicks, presses, expected) in [
            ("Next day", 200.0, 1, Presses::Once, false),
            ("Next day", 200.0, 2, Presses::Once, true),
            ("Next day", 200.0, 2, Presses::Each, false),
            ("Next day", 999.0, 1, Presses::Download, true),
            ("Next day", 999.0, 0, Presses::Download, true),
            ("Next day", 1_000.0, 1, Presses::Download, false),
            ("Publish", 200.0, 1, Presses::Once, false),
            ("Publish", 200.0, 2, Presses::Once, true),
            ("Publish", 200.0, 2, Presses::Each, true),
            ("Publish", 200.0, 1, Presses::Download, false),
        ] {
            let found = is_accidental(&last, &press(label, at), clicks, presses);
            assert_eq!(found, expected, "{label} {at} {clicks} {presses:?}");
        }
    }
}
