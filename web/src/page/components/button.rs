//! Buttons, with label, action and prominence.

use leptos::html::Button;
use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::presses::Presses;
use crate::page::components::reactive::{handler, text};

/// The prominence of a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// The main next step of the view.
    Primary,
    /// Any other step.
    Quiet,
    /// A minor step, without a frame.
    Bare,
}

/// A button.
pub(crate) struct Action {
    /// The visible label.
    pub(crate) label: &'static str,
    /// Words that follow the label for screen readers only, where its place is what tells people what it is about.
    pub(crate) hidden_label: String,
    /// The id of the element that describes it; may be empty.
    pub(crate) about: String,
    /// The button's element, once it is in the page.
    pub(crate) node: NodeRef<Button>,
    /// The prominence.
    pub(crate) rank: Rank,
    /// What several presses mean.
    pub(crate) presses: Presses,
}

impl Action {
    /// A quiet button with this label.
    pub(crate) fn new(label: &'static str) -> Action {
        Action {
            label,
            hidden_label: String::new(),
            about: String::new(),
            node: NodeRef::new(),
            rank: Rank::Quiet,
            presses: Presses::Once,
        }
    }

    /// The same button with another rank.
    pub(crate) fn ranked(self, rank: Rank) -> Action {
        Action { rank, ..self }
    }

    /// The button's view, with its action.
    pub(crate) fn button(self, act: impl Fn() + 'static) -> AnyView {
        self.view(Box::new(|| false), Box::new(act))
    }

    /// The button's view, marked as disabled while `is_disabled`. It can still be clicked: `act` decides what happens then.
    pub(crate) fn button_unless(
        self,
        is_disabled: impl Fn() -> bool + Send + Sync + 'static,
        act: impl Fn() + 'static,
    ) -> AnyView {
        self.view(Box::new(is_disabled), Box::new(act))
    }

    fn view(self, is_disabled: Box<dyn Fn() -> bool + Send + Sync>, act: Box<dyn Fn()>) -> AnyView {
        let hidden_label = (!self.hidden_label.is_empty()).then(|| format!(" {}", self.hidden_label));
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
                data-presses=self.presses.name()
                on:click=handler(move |_| act())
            >
                {self.label}
                <span class="visually-hidden">{hidden_label}</span>
            </button>
        }
    }
}

/// A button with a sign as its label. `name` is its name for screen readers and its tooltip.
pub(crate) fn icon_button(class: &'static str, name: String, sign: &'static str, act: impl Fn() + 'static) -> AnyView {
    markup! {
        <button type="button" class=class aria-label=name.clone() title=name on:click=handler(move |_| act())>
            <span aria-hidden="true">{sign}</span>
        </button>
    }
}

/// One of several choices, shown as pressed while it is the current one.
pub(crate) fn choice_button(
    content: AnyView,
    is_pressed: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    let pressed = text(move || is_pressed().to_string());
    markup! {
        <button type="button" class="choice" aria-pressed=pressed on:click=handler(move |_| act())>{content}</button>
    }
}

/// A quiet button whose label is made while the page runs, such as with the name of a file.
pub(crate) fn plain_button(label: String, act: impl Fn() + 'static) -> AnyView {
    markup! { <button type="button" on:click=handler(move |_| act())>{label}</button> }
}
