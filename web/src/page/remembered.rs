//! What this browser remembers from visit to visit: the theme and the usual settings, in its local storage. Values that cannot
//! be read are ignored.

use btcfake_core::record::recipe::{Recipe, read_recipe};
use leptos::prelude::*;

use crate::page::components::{Presses, handler, markup, text};
use crate::page::later;
use crate::page::state::PageState;
use crate::page::storage::{keep, storage};

/// The beginning of all keys of the page.
const PREFIX: &str = "btcfake.";
const THEME: &str = "btcfake.theme";
const SETTINGS: &str = "btcfake.settings";

/// The themes: the stored name, and the label.
const THEMES: [(&str, &str); 3] = [("system", "as the system"), ("light", "light"), ("dark", "dark")];

/// Sets the form by the remembered settings, except seed and time, which are new in each visit.
pub(crate) fn recall_settings(state: PageState) {
    let recipe = storage().and_then(|storage| read_recipe(&storage.get_item(SETTINGS).ok()??).recipe);
    if let Some(recipe) = recipe {
        let before = state.settings.bad_rows.get_untracked();
        state.settings.set_habits(&recipe.settings);
        // A file that was picked meanwhile is inspected again.
        if recipe.settings.bad_rows != before {
            state.set_bad_rows(recipe.settings.bad_rows);
        }
    }
}

/// Remembers the settings of the form, after the remembered ones were set.
pub(crate) fn remember_settings(state: PageState) {
    later::then(move |parts| (parts.remember_settings)(state));
}

/// Remembers the settings of the form, unless a field is wrong.
pub(crate) fn keep_settings(state: PageState) {
    if let Ok(settings) = untrack(|| state.settings.settings()) {
        state.history.settings_are_kept.set(keep(SETTINGS, &Recipe::new(settings, &[]).to_string()));
    }
}

/// Deletes all values of the page, and returns them with their keys.
pub(crate) fn forget() -> Vec<(String, String)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys: Vec<String> = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?).collect();
    let value = |key: String| Some((storage.get_item(&key).ok()??, key)).map(|(value, key)| (key, value));
    let kept: Vec<(String, String)> =
        keys.into_iter().filter(|key| key.starts_with(PREFIX)).filter_map(value).collect();
    kept.iter().for_each(|(key, _)| drop(storage.remove_item(key)));
    show_theme(THEMES[0].0);
    kept
}

/// Restores values that [`forget`] deleted.
pub(crate) fn remember_again(kept: &[(String, String)]) {
    for (key, value) in kept {
        let _ = keep(key, value);
        if key == THEME {
            show_theme(value);
        }
    }
}

/// The button of the theme: each press shows and remembers the next one.
pub(crate) fn theme_button() -> AnyView {
    let kept = storage().and_then(|storage| storage.get_item(THEME).ok()?);
    let first = THEMES.iter().position(|(name, _)| kept.as_deref() == Some(*name)).unwrap_or_default();
    let chosen = RwSignal::new(first);
    let label = text(move || format!("Theme: {}", THEMES[chosen.get()].1));
    let press = move |_| {
        chosen.update(|at| *at = (*at + 1) % THEMES.len());
        let (theme, _) = THEMES[chosen.get_untracked()];
        // The theme is shown even if it cannot be kept.
        let _ = keep(THEME, theme);
        show_theme(theme);
    };
    markup! {
        <button type="button" class="bare" data-presses=Presses::Each.name() aria-label=label title=label on:click=handler(press)>
            <span aria-hidden="true">"\u{25D1}"</span>
        </button>
    }
}

/// Applies a theme; index.html does the same before anything is drawn.
fn show_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
}
