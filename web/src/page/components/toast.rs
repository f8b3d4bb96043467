//! Toasts: short messages in a corner that disappear by themselves. Some offer "Undo", which replaces a question beforehand.

use std::time::Duration;

use leptos::callback::UnsyncCallback;
use leptos::html::Div;
use leptos::prelude::*;

use crate::page::components::button::{Action, Rank};
use crate::page::components::focus::keep_focus_in_view;
use crate::page::components::markup::markup;
use crate::page::components::presses::Presses;

/// How long a toast stays. One that is pointed at or has the focus stays for another such time.
const STAYS: Duration = Duration::from_secs(10);

/// The largest number of toasts in view; the oldest is removed first.
const MOST: usize = 3;

/// The toasts of the page. Copies are handles on the same toasts.
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
    undo: Option<UnsyncCallback<()>>,
    is_step: bool,
}

impl Toasts {
    /// No toasts yet.
    pub(crate) fn new() -> Toasts {
        Toasts {
            all: RwSignal::new(Vec::new()),
            last: RwSignal::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Shows a message.
    pub(crate) fn show(self, text: String) {
        self.add(text, None, false);
    }

    /// Creates reactive values that live as long as the page. Without this, they would be dropped with the button that created
    /// them, and an undo can come later.
    pub(crate) fn lasting<T>(self, make: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(make))
    }

    /// Shows what was done, with a button that undoes it.
    pub(crate) fn show_with_undo(self, text: String, undo: impl Fn() + 'static) {
        self.add(text, Some(self.lasting_undo(undo)), false);
    }

    /// Shows a step that builds on the steps before, with a button that undoes it and all later steps.
    pub(crate) fn show_step_with_undo(self, text: String, undo: impl Fn() + 'static) {
        self.add(text, Some(self.lasting_undo(undo)), true);
    }

    fn lasting_undo(self, undo: impl Fn() + 'static) -> UnsyncCallback<()> {
        self.lasting(|| UnsyncCallback::new(move |()| undo()))
    }

    fn add(self, text: String, undo: Option<UnsyncCallback<()>>, is_step: bool) {
        let number = self.last.get_untracked().wrapping_add(1);
        self.last.set(number);
        self.all.update(|all| {
            all.push(Toast { number, text, undo, is_step });
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

fn toast_view(toasts: Toasts, Toast { number, text, undo, is_step }: Toast) -> AnyView {
    let node = NodeRef::<Div>::new();
    go_later(toasts, number, node);
    let undo = undo.map(|undo| {
        let act = move || {
            let is_undone = |one: &Toast| one.number == number || is_step && one.is_step && one.number > number;
            toasts.all.update(|all| all.retain(|one| !is_undone(one)));
            undo.run(());
            // The button is gone, and what it brought back comes in its own time.
            request_animation_frame(keep_focus_in_view);
        };
        Action::new("Undo").ranked(Rank::Bare).button(act)
    });
    let mut close = Action::new("\u{2715}").ranked(Rank::Bare);
    close.hidden_label = "Dismiss".to_owned();
    close.presses = Presses::Each;
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
