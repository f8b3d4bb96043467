//! Tabs: one of several panels in view, chosen by click or arrow key (the WAI-ARIA pattern with automatic activation).

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::page::components::focus::go_to;
use crate::page::components::markup::markup;
use crate::page::components::reactive::{handler, shown, text};

/// A tab and its panel.
pub(crate) struct Tab {
    /// The label of the tab.
    pub(crate) title: &'static str,
    /// The panel's content, made when the tab is first chosen.
    pub(crate) content: Box<dyn Fn() -> AnyView + Send>,
}

impl Tab {
    /// A tab with a panel.
    pub(crate) fn new(title: &'static str, content: impl Fn() -> AnyView + Send + 'static) -> Tab {
        Tab { title, content: Box::new(content) }
    }
}

/// The tabs and their panels. `id` begins the ids of their elements; `label` names the group; `chosen` is the index of the
/// tab in view, from 0, and can be set from elsewhere. A panel that was shown is later hidden, not removed, so that its
/// state is kept.
pub(crate) fn tabs(id: &'static str, label: &'static str, chosen: RwSignal<usize>, all: Vec<Tab>) -> AnyView {
    let count = all.len();
    let on_key = move |event: KeyboardEvent| {
        let at = chosen.get_untracked();
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            _ => return,
        };
        event.prevent_default();
        chosen.set(to);
        go_to(&tab_id(id, to));
    };
    let heads = all.iter().enumerate().map(|(at, tab)| head(id, at, tab.title, chosen)).collect_view();
    let panels = all.into_iter().enumerate().map(|(at, tab)| panel(id, at, tab, chosen)).collect_view();
    markup! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=handler(on_key)>{heads}</div>
        {panels}
    }
}

fn tab_id(id: &str, at: usize) -> String {
    format!("{id}-tab-{at}")
}

fn head(id: &'static str, at: usize, title: &'static str, chosen: RwSignal<usize>) -> AnyView {
    let is_chosen = move || chosen.get() == at;
    markup! {
        <button
            type="button"
            role="tab"
            id=tab_id(id, at)
            aria-controls=format!("{id}-panel-{at}")
            aria-selected=text(move || is_chosen().to_string())
            tabindex=text(move || if is_chosen() { "0" } else { "-1" }.to_owned())
            on:click=handler(move |_| chosen.set(at))
        >
            {title}
        </button>
    }
}

fn panel(id: &'static str, at: usize, tab: Tab, chosen: RwSignal<usize>) -> AnyView {
    let is_chosen = Memo::new(move |_| chosen.get() == at);
    let was_chosen = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or(false) || is_chosen.get());
    let content = shown(move || was_chosen.get().then(|| (tab.content)()));
    markup! {
        <div
            role="tabpanel"
            class="tab-panel"
            id=format!("{id}-panel-{at}")
            aria-labelledby=tab_id(id, at)
            hidden=move || !is_chosen.get()
        >
            {content}
        </div>
    }
}
