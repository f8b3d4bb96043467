//! What this browser remembers from visit to visit: the theme and the usual settings, in its local storage. What stands
//! there may be anything; nonsense counts as nothing.

use btcfake_core::record::recipe::{Recipe, read_recipe};
use leptos::prelude::*;

use super::components::handler;
use super::settings_form::SettingsForm;
use super::state::PageState;
use super::storage::{keep, storage};

/// All that the page keeps there begins so.
const PREFIX: &str = "btcfake.";
const THEME: &str = "btcfake.theme";
const SETTINGS: &str = "btcfake.settings";

/// The themes: what is remembered and shown.
const THEMES: [(&str, &str); 3] = [("system", "As the system"), ("light", "Light"), ("dark", "Dark")];

/// Sets the form as it was left, but for seed and time: each visit begins with new ones.
pub(super) fn recall_settings(form: SettingsForm) {
    let recipe = storage().and_then(|storage| read_recipe(&storage.get_item(SETTINGS).ok()??).recipe);
    if let Some(recipe) = recipe {
        form.set_habits(&recipe.settings);
    }
}

/// Remembers the form as it is, if it makes sense.
pub(super) fn remember_settings(state: PageState) {
    if let Ok(settings) = untrack(|| state.settings.settings()) {
        state.history.settings_are_kept.set(keep(SETTINGS, &Recipe::new(settings, &[]).to_string()));
    }
}

/// Forgets all that the page keeps there.
pub(super) fn forget() {
    let Some(storage) = storage() else { return };
    let keys: Vec<String> = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?).collect();
    for key in keys.iter().filter(|key| key.starts_with(PREFIX)) {
        let _ = storage.remove_item(key);
    }
    show_theme(THEMES[0].0);
}

/// The switch of the theme.
pub(super) fn theme_switch() -> AnyView {
    let chosen = storage().and_then(|storage| storage.get_item(THEME).ok()?);
    let option = |(value, label): (&'static str, &'static str)| {
        let is_chosen = chosen.as_deref() == Some(value);
        view! { <option value=value selected=is_chosen>{label}</option> }
    };
    let options = THEMES.map(option).into_iter().collect_view();
    let on_change = move |event| {
        let theme = event_target_value(&event);
        // It is shown, kept or not.
        let _ = keep(THEME, &theme);
        show_theme(&theme);
    };
    view! {
        <p class="theme">
            <label for="theme">"Theme"</label>
            <select id="theme" autocomplete="off" on:change=handler(on_change)>{options}</select>
        </p>
    }
    .into_any()
}

/// index.html does the same before anything is drawn.
fn show_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
}
