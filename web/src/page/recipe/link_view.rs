//! The button that makes a link to the recipe, and the link; the same as a code and as a file, which name no address.

use std::time::Duration;

use btcfake_core::record::recipe::read_recipe;
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::copying::copy;
use super::state::LinkState;
use crate::helper_client::file_of;
use crate::page::components::{Action, Rank, handler, markup, shown, status, text};
use crate::page::object_url::ObjectUrl;
use crate::page::state::PageState;

/// The name of a recipe that is saved.
const FILE: &str = "recipe.json";

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
                let (code, saved) = (link.clone(), link.clone());
                let code = move || copy_code(state, code.clone());
                let save = move || save_file(&saved);
                let field = view! {
                    <div class="field">
                        <label for="recipe-link">"Link to this recipe"</label>
                        <input type="text" id="recipe-link" readonly prop:value=link.clone() on:focus=handler(select)/>
                        <div class="buttons">
                            {Action::new("Copy as code").ranked(Rank::Bare).button(|| false, code)}
                            {Action::new("Save as file").ranked(Rank::Bare).button(|| false, save)}
                        </div>
                    </div>
                };
                Some(field.into_any())
            }
        })
    };
    markup! {
        <div class="recipe-link">
            <div class="buttons">
                {button.button(|| false, move || state.make_link())}
                {status("hint", message)}
            </div>
            <p id=about class="hint">
                "Who opens it has this seed, time and settings, and sees which files are needed. It holds no file."
            </p>
            {shown(field)}
        </div>
    }
}

/// The code is what follows the page's address in the link.
fn copy_code(state: PageState, link: String) {
    let code = link.split_once('#').map_or(link.clone(), |(_, code)| code.to_owned());
    spawn_local(async move {
        let said = if copy(&code).await { "Code copied." } else { "This browser copies nothing for the page." };
        state.toasts.say(said.to_owned());
    });
}

/// The address of the file must outlive the click: the browser holds the content once it reads it.
fn save_file(link: &str) {
    let recipe = read_recipe(link).recipe;
    let file = recipe.and_then(|recipe| file_of(recipe.json().into(), FILE).ok());
    if let Some(Ok(url)) = file.map(|file| ObjectUrl::of(&file)) {
        url.download(FILE);
        set_timeout(move || drop(url), Duration::from_secs(60));
    }
}
