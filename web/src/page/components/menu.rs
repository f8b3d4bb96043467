//! A menu behind a button (the WAI-ARIA pattern): arrow keys move between items; Escape, or moving the focus out, closes it.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Button, Div};
use leptos::prelude::*;

use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::page::components::focus::focus;
use crate::page::components::markup::markup;
use crate::page::components::reactive::{follow, handler, text};

/// An item of a menu.
pub(crate) enum MenuItem {
    /// Does something: label, action.
    Act(&'static str, Callback<()>),
    /// Downloads a file: label, address, name of the file.
    Download(&'static str, String, String),
}

/// The state of a menu, and its two elements. Copies are handles on the same menu.
#[derive(Clone, Copy)]
struct Menu {
    is_open: RwSignal<bool>,
    button: NodeRef<Button>,
    items: NodeRef<Div>,
}

/// The button and its menu. `label` names both.
pub(crate) fn menu(label: &'static str, items: Vec<MenuItem>) -> AnyView {
    let menu = Menu { is_open: RwSignal::new(false), button: NodeRef::new(), items: NodeRef::new() };
    follow(move || {
        if menu.is_open.get() {
            menu.item(Element::first_element_child).iter().for_each(focus);
        }
    });
    let items = items.into_iter().map(|item| item_view(item, menu)).collect_view();
    markup! {
        <div class="menu">
            <button
                type="button"
                class="quiet"
                node_ref=menu.button
                aria-label=label
                title=label
                aria-haspopup="menu"
                aria-expanded=text(move || menu.is_open.get().to_string())
                on:click=handler(move |_| menu.is_open.update(|is_open| *is_open = !*is_open))
            >
                "\u{2026}"
            </button>
            <div
                class="menu-items panel"
                role="menu"
                aria-label=label
                node_ref=menu.items
                hidden=move || !menu.is_open.get()
                on:keydown=handler(move |event| menu.key_pressed(&event))
                on:focusout=handler(move |event| menu.focus_left(&event))
            >
                {items}
            </div>
        </div>
    }
}

impl Menu {
    /// Closes the menu; the focus goes back to its button.
    fn close(self) {
        self.is_open.set(false);
        self.button.get_untracked().iter().for_each(|button| focus(button));
    }

    /// The first or the last item.
    fn item(self, which: fn(&Element) -> Option<Element>) -> Option<Element> {
        which(self.items.get()?.as_ref())
    }

    fn key_pressed(self, event: &KeyboardEvent) {
        let (first, last) = (Element::first_element_child, Element::last_element_child);
        let focused = document().active_element();
        let to = untrack(|| match event.key().as_str() {
            "ArrowDown" => focused.and_then(|item| item.next_element_sibling()).or_else(|| self.item(first)),
            "ArrowUp" => focused.and_then(|item| item.previous_element_sibling()).or_else(|| self.item(last)),
            "Home" => self.item(first),
            "End" => self.item(last),
            "Escape" => {
                self.close();
                None
            }
            _ => None,
        });
        if let Some(item) = to {
            event.prevent_default();
            focus(&item);
        }
    }

    /// Closes the menu when the focus goes to an element outside. The button toggles the menu itself.
    fn focus_left(self, event: &FocusEvent) {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let to = to.as_ref();
        let is_inside = self.items.get_untracked().is_some_and(|items| items.contains(to))
            || self.button.get_untracked().is_some_and(|button| button.contains(to));
        if !is_inside {
            self.is_open.set(false);
        }
    }
}

fn item_view(item: MenuItem, menu: Menu) -> AnyView {
    match item {
        MenuItem::Act(title, act) => {
            let press = move |_| {
                menu.close();
                act.run(());
            };
            markup! { <button type="button" class="bare" role="menuitem" tabindex="-1" on:click=handler(press)>{title}</button> }
        }
        MenuItem::Download(title, href, name) => {
            let press = move |_| menu.close();
            markup! {
                <a class="button bare" role="menuitem" tabindex="-1" href=href download=name on:click=handler(press)>
                    {title}
                </a>
            }
        }
    }
}
