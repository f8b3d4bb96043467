//! A menu behind a button (the WAI-ARIA pattern): arrow keys move between items; Escape, or moving the focus out, closes it.

use leptos::ev::{FocusEvent, KeyboardEvent};
use leptos::html::{Button, Div};
use leptos::prelude::*;

use crate::page::components::markup::markup;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::page::components::focus::focus;
use crate::page::components::reactive::{follow, handler, text};

/// An item of a menu.
pub(crate) enum MenuItem {
    /// Does something: label, action.
    Act(&'static str, Callback<()>),
    /// Downloads a file: label, address, name of the file.
    Download(&'static str, String, String),
}

/// The button and its menu. `label` names both.
pub(crate) fn menu(label: &'static str, items: Vec<MenuItem>) -> AnyView {
    let (is_open, button, list) = (RwSignal::new(false), NodeRef::<Button>::new(), NodeRef::<Div>::new());
    follow(move || {
        if let Some(list) = list.get().filter(|_| is_open.get()) {
            list.first_element_child().iter().for_each(focus);
        }
    });
    let close = move || {
        is_open.set(false);
        button.get_untracked().iter().for_each(|button| focus(button));
    };
    let on_key = move |event: KeyboardEvent| {
        let at = document().active_element();
        let to = match event.key().as_str() {
            "ArrowDown" => {
                at.and_then(|at| at.next_element_sibling()).or_else(|| end(list, Element::first_element_child))
            }
            "ArrowUp" => {
                at.and_then(|at| at.previous_element_sibling()).or_else(|| end(list, Element::last_element_child))
            }
            "Home" => end(list, Element::first_element_child),
            "End" => end(list, Element::last_element_child),
            "Escape" => return close(),
            _ => return,
        };
        event.prevent_default();
        to.iter().for_each(focus);
    };
    let on_leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        let stays = list.get_untracked().is_some_and(|list| list.contains(to.as_ref()));
        // The button itself toggles.
        let is_button = button.get_untracked().is_some_and(|button| button.contains(to.as_ref()));
        if !stays && !is_button {
            is_open.set(false);
        }
    };
    let items = items.into_iter().map(|item| item_view(item, close)).collect_view();
    markup! {
        <div class="menu">
            <button
                type="button"
                class="quiet"
                node_ref=button
                aria-label=label
                title=label
                aria-haspopup="menu"
                aria-expanded=text(move || is_open.get().to_string())
                on:click=handler(move |_| is_open.update(|is_open| *is_open = !*is_open))
            >
                "\u{2026}"
            </button>
            <div
                class="menu-items panel"
                role="menu"
                aria-label=label
                node_ref=list
                hidden=move || !is_open.get()
                on:keydown=handler(on_key)
                on:focusout=handler(on_leave)
            >
                {items}
            </div>
        </div>
    }
}

fn end(list: NodeRef<Div>, which: fn(&Element) -> Option<Element>) -> Option<Element> {
    which(list.get_untracked()?.as_ref())
}

fn item_view(item: MenuItem, close: impl Fn() + Copy + 'static) -> AnyView {
    match item {
        MenuItem::Act(title, act) => {
            let press = move |_| {
                close();
                act.run(());
            };
            markup! { <button type="button" class="bare" role="menuitem" tabindex="-1" on:click=handler(press)>{title}</button> }
        }
        MenuItem::Download(title, href, name) => {
            let press = move |_| close();
            markup! {
                <a class="button bare" role="menuitem" tabindex="-1" href=href download=name on:click=handler(press)>
                    {title}
                </a>
            }
        }
    }
}
