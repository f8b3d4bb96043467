//! The button that makes a link to the recipe, and the link.

use leptos::ev::FocusEvent;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::state::LinkState;
use crate::page::components::{Action, handler, shown, status, text};
use crate::page::state::PageState;

/// A link to the page as it stands.
pub(crate) fn link_view(state: PageState) -> AnyView {
    let made = state.recipe.link;
    let about = "recipe-link-about".to_owned();
    let button = Action { about: about.clone(), ..Action::new("Copy link to this recipe") };
    let message = text(move || {
        made.with(|link| match link {
            LinkState::NotYet | LinkState::Missing(_) => String::new(),
            LinkState::Made(_, true) => "Copied.".to_owned(),
            LinkState::Made(_, false) => "This browser copies nothing for the page: copy it from the field.".to_owned(),
        })
    });
    let field = move || {
        made.with(|link| match link {
            LinkState::NotYet => None,
            LinkState::Missing(why) => {
                let why = why.iter().map(|why| view! { <li>{why.clone()}</li> }).collect_view();
                let list = view! {
                    <div class="problems refused" role="alert">
                        <p class="verdict">"No link yet:"</p>
                        <ul>{why}</ul>
                    </div>
                };
                Some(list.into_any())
            }
            LinkState::Made(link, _) => {
                let select = |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
                let field = view! {
                    <div class="field">
                        <label for="recipe-link">"Link to this recipe"</label>
                        <input type="text" id="recipe-link" readonly prop:value=link.clone() on:focus=handler(select)/>
                    </div>
                };
                Some(field.into_any())
            }
        })
    };
    view! {
        <div class="recipe-link">
            <div class="buttons">
                {button.button(|| false, move || state.make_link())}
                {status("hint", message)}
            </div>
            <p id=about class="hint">
                "Others who open it have this seed, time and settings, and are told which files they need. It holds no file, "
                "and what it holds goes to no server."
            </p>
            {shown(field)}
        </div>
    }
    .into_any()
}
