//! Recipes: the one of the present inputs and settings, as a link; and the one that the page was opened with.

mod link_view;
mod mark;
mod needed_view;
pub(crate) mod state;

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::record::recipe::{Recipe, RecipeReading, read_recipe};
use btcfake_core::sheet::Choices;
use leptos::prelude::*;
use leptos::{ev, task::spawn_local};

use crate::messages::OriginalFile;
use crate::page::clipboard::copy;
use crate::page::file_slot::FileState;
use crate::page::state::PageState;
use mark::{is_set_up, mark_as_set_up};
use state::{BEGINNING, LinkState};

pub(crate) use link_view::{link_view, save_recipe};
pub(crate) use needed_view::{link_warning, needed_view};

impl PageState {
    /// Sets the page up by the recipe in its address, now and whenever the address changes to another one.
    pub(crate) fn follow_recipes(self) {
        let open = move |is_new: bool| {
            let fragment = window().location().hash().unwrap_or_default();
            if is_new && fragment.starts_with(BEGINNING) {
                self.open_recipe(&fragment);
                mark_as_set_up(None);
            }
        };
        open(true);
        let _ = window_event_listener(ev::hashchange, move |_| open(!is_set_up()));
    }

    /// Sets the page up by a recipe. Files stay as they are.
    pub(crate) fn open_recipe(self, text: &str) {
        self.take_recipe(read_recipe(text));
    }

    /// Sets the page up by a recipe that was read. Files stay as they are.
    pub(crate) fn take_recipe(self, reading: RecipeReading) {
        if let Some(recipe) = &reading.recipe {
            // First, because reading a file again removes a made-up population.
            self.set_bad_rows(recipe.settings.bad_rows);
            self.settings.set(&recipe.settings);
            self.settings.set_breaks(&recipe.breaks);
        }
        self.recipe.opened.set(Some(Arc::new(reading)));
    }

    /// The recipe of the present inputs and settings, or everything that is missing, in sentences.
    fn own_recipe(self) -> Result<Recipe, Vec<String>> {
        let settings = self.settings.settings()?;
        let (mut files, mut missing) = (Vec::new(), Vec::new());
        let is_made_up = settings.population.is_some();
        for slot in self.slots.iter().filter(|slot| slot.role != InputRole::Employees || !is_made_up) {
            slot.file.with(|file| match file {
                FileState::Empty => {}
                FileState::Read(picked, inspected) => {
                    let picked_file = || OriginalFile {
                        name: picked.file.name(),
                        bytes: inspected.bytes,
                        sha256: inspected.sha256.clone(),
                        choices: Choices::NONE,
                    };
                    files.push(picked.original().cloned().unwrap_or_else(picked_file).record(slot.role));
                }
                FileState::Reading(picked) => missing.push(format!("{} is still being read.", picked.file.name())),
                FileState::Unreadable(picked, why) => missing.push(format!("{}: {why}.", picked.file.name())),
            });
        }
        let breaks = self.settings.break_list().unwrap_or_default();
        if missing.is_empty() { Ok(Recipe { breaks, ..Recipe::new(settings, &files) }) } else { Err(missing) }
    }

    /// Makes the link to the present recipe, and copies it.
    pub(crate) fn make_link(self) {
        let link = match untrack(|| self.own_recipe()) {
            Ok(recipe) => recipe.link(&window().location().href().unwrap_or_default()),
            Err(missing) => return self.recipe.link.set(LinkState::Missing(missing)),
        };
        self.recipe.link.set(LinkState::Made(link.clone(), false));
        spawn_local(async move {
            if copy(&link).await {
                self.recipe.link.set(LinkState::Made(link, true));
            }
        });
    }
}
