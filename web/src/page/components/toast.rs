//! Toasts: short messages in a corner that go by themselves, some with "Undo" in place of a question beforehand.

use std::time::Duration;

use leptos::html::Div;
use leptos::prelude::*;

use crate::page::components::button::{Action, Rank};
use crate::page::components::markup::markup;

/// How long a toast stays; one that is pointed at or has the focus stays longer.
const STAYS: Duration = Duration::from_secs(10);

/// At most so many are in view; the oldest goes first.
const MOST: usize = 3;

/// The toasts of the page. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    all: RwSignal<Vec<Toast>>,
    last: RwSignal<u32>,
    owner: StoredValue<Owner>,
}

#[derive(Clone)]
struct Toast {
    number: u32,
    text: String,
    undo: Option<Callback<()>>,
}

impl Toasts {
    /// None.
    pub(crate) fn new() -> Toasts {
        Toasts {
            all: RwSignal::new(Vec::new()),
            last: RwSignal::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Shows a message.
    pub(crate) fn say(self, text: String) {
        self.show(text, None);
    }

    /// Makes what lives as long as the page. What a button makes by itself goes with the button, which undoing may outlive.
    pub(crate) fn lasting<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(make))
    }

    /// Shows what was done, with a button that undoes it.
    pub(crate) fn say_with_undo(self, text: String, undo: Callback<()>) {
        self.show(text, Some(undo));
    }

    fn show(self, text: String, undo: Option<Callback<()>>) {
        let number = self.last.get_untracked().wrapping_add(1);
        self.last.set(number);
        self.all.update(|all| {
            all.push(Toast { number, text, undo });
            all.drain(..all.len().saturating_sub(MOST));
        });
    }

    fn remove(self, number: u32) {
        self.all.update(|all| all.retain(|toast| toast.number != number));
    }
}

/// The place of the toasts: a live region, so that they are read aloud.
pub(crate) fn toasts_view(toasts: Toasts) -> AnyView {
    markup! {
        <div class="toasts" role="status">
            <For each=move || toasts.all.get() key=|toast| toast.number let:toast>{toast_view(toasts, toast)}</For>
        </div>
    }
}

fn toast_view(toasts: Toasts, Toast { number, text, undo }: Toast) -> AnyView {
    let node = NodeRef::<Div>::new();
    go_later(toasts, number, node);
    let undo = undo.map(|undo| {
        let act = move || {
            toasts.remove(number);
            undo.run(());
        };
        Action::new("Undo").ranked(Rank::Bare).button(act)
    });
    let mut close = Action::new("\u{2715}").ranked(Rank::Bare);
    close.heard = "Dismiss".to_owned();
    let close = close.button(move || toasts.remove(number));
    markup! { <div class="toast" node_ref=node><span>{text}</span>{undo}{close}</div> }
}

fn go_later(toasts: Toasts, number: u32, node: NodeRef<Div>) {
    set_timeout(
        move || {
            let in_use = node.try_get_untracked().flatten().map(|node| node.matches(":hover, :focus-within"));
            match in_use {
                Some(Ok(true)) => go_later(toasts, number, node),
                Some(_) => toasts.remove(number),
                None => {}
            }
        },
        STAYS,
    );
}
