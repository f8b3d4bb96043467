//! Buttons: what stands on one, what it does, and how much it stands out.

use leptos::html::Button;
use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::{handler, text};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// The one next step of what is in view.
    Primary,
    /// Any other step.
    Quiet,
    /// A step beside others, without a frame.
    Bare,
}

/// Something to do.
pub(crate) struct Action {
    /// What stands on the button.
    pub(crate) label: &'static str,
    /// What those hear besides who do not see where the button is.
    pub(crate) heard: String,
    /// The id of what describes it.
    pub(crate) about: String,
    /// Finds the button.
    pub(crate) node: NodeRef<Button>,
    /// How much it stands out.
    pub(crate) rank: Rank,
}

impl Action {
    /// A quiet button with this label.
    pub(crate) fn new(label: &'static str) -> Action {
        Action { label, heard: String::new(), about: String::new(), node: NodeRef::new(), rank: Rank::Quiet }
    }

    /// The same button with another rank.
    pub(crate) fn ranked(self, rank: Rank) -> Action {
        Action { rank, ..self }
    }

    /// The button, with what it does.
    pub(crate) fn button(self, act: impl Fn() + 'static) -> AnyView {
        self.view(Box::new(|| false), Box::new(act))
    }

    /// The button of something that cannot be done at times; whether it is done then is up to `act`.
    pub(crate) fn button_unless(
        self,
        is_disabled: impl Fn() -> bool + Send + Sync + 'static,
        act: impl Fn() + 'static,
    ) -> AnyView {
        self.view(Box::new(is_disabled), Box::new(act))
    }

    fn view(self, is_disabled: Box<dyn Fn() -> bool + Send + Sync>, act: Box<dyn Fn()>) -> AnyView {
        let heard = (!self.heard.is_empty()).then(|| format!(" {}", self.heard));
        let about = (!self.about.is_empty()).then_some(self.about);
        let class = match self.rank {
            Rank::Primary => "primary",
            Rank::Quiet => "quiet",
            Rank::Bare => "bare",
        };
        markup! {
            <button
                type="button"
                class=class
                node_ref=self.node
                aria-disabled=text(move || is_disabled().to_string())
                aria-describedby=about
                on:click=handler(move |_| act())
            >
                {self.label}
                <span class="visually-hidden">{heard}</span>
            </button>
        }
    }
}

/// A button with a sign in place of words. Its name is what people hear, and see when they point at it.
pub(crate) fn icon_button(class: &'static str, name: String, sign: &'static str, act: impl Fn() + 'static) -> AnyView {
    markup! {
        <button type="button" class=class aria-label=name.clone() title=name on:click=handler(move |_| act())>
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}

/// One of several choices, pressed while it is the one in use.
pub(crate) fn choice(
    content: AnyView,
    is_pressed: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    let pressed = text(move || is_pressed().to_string());
    markup! {
        <button type="button" class="choice" aria-pressed=pressed on:click=handler(move |_| act())>{content}</button>
    }
}
