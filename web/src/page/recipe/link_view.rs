//! The button that makes a link to the recipe. The recipe can also be copied as a code or saved as a file, without an address.

use btcfake_core::record::recipe::{Recipe, read_recipe};
use leptos::ev::FocusEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

use super::state::LinkState;
use crate::helper_client::file_of;
use crate::page::clipboard::{NOT_COPIED, copied};
use crate::page::components::{Action, Presses, Rank, handler, markup, refusal, shown, status, text};
use crate::page::object_url::download;
use crate::page::state::PageState;

/// The name of a saved recipe.
const FILE: &str = "recipe.json";

/// The button, and the link once it is made.
pub(crate) fn link_view(state: PageState) -> AnyView {
    let made = state.recipe.link;
    let about = "recipe-link-about".to_owned();
    let button = Action { about: about.clone(), ..Action::new("Copy link to this recipe") };
    let message = text(move || {
        made.with(|link| match link {
            LinkState::NotYet | LinkState::Missing(_) => String::new(),
            LinkState::Made(_, true) => "Copied.".to_owned(),
            LinkState::Made(_, false) => format!("{NOT_COPIED}: copy it from the field."),
        })
    });
    let field = move || {
        made.with(|link| match link {
            LinkState::NotYet => None,
            LinkState::Missing(why) => {
                let why = why.clone();
                Some(refusal("No link yet:", move || why.clone()))
            }
            LinkState::Made(link, _) => {
                let select = |event: FocusEvent| event_target::<HtmlInputElement>(&event).select();
                let (code, saved) = (link.clone(), link.clone());
                let code = move || copy_code(state, code.clone());
                let save = move || read_recipe(&saved).recipe.iter().for_each(save_recipe);
                let save_button =
                    Action { presses: Presses::Download, ..Action::new("Save as file").ranked(Rank::Bare) };
                Some(markup! {
                    <div class="field">
                        <label for="recipe-link">"Link to this recipe"</label>
                        <input type="text" id="recipe-link" readonly prop:value=link.clone() on:focus=handler(select)/>
                        <div class="buttons">
                            {Action::new("Copy as code").ranked(Rank::Bare).button(code)}
                            {save_button.button(save)}
                        </div>
                    </div>
                })
            }
        })
    };
    markup! {
        <div class="recipe-link">
            <div class="buttons">
                {button.button(move || state.make_link())}
                {status("hint", message)}
            </div>
            <p id=about class="hint">
                "It opens the page with this seed, time and settings, and lists the files that are needed. It contains no file."
            </p>
            {shown(field)}
        </div>
    }
}

/// Copies the code: the part of the link after the `#`.
fn copy_code(state: PageState, link: String) {
    let code = link.split_once('#').map_or(link.clone(), |(_, code)| code.to_owned());
    spawn_local(async move {
        state.toasts.show(copied(&code, "Code copied.", "copy what follows the # in the field").await);
    });
}

/// Downloads a recipe as a file.
pub(crate) fn save_recipe(recipe: &Recipe) {
    if let Ok(file) = file_of(recipe.json().into(), FILE) {
        // A `File` always gets an address.
        let _ = download(&file, FILE);
    }
}
