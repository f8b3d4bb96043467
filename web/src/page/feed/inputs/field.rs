//! The change of a setting by its field.

use leptos::prelude::*;

use crate::page::remembered::remember_settings;
use crate::page::state::PageState;

/// Applies a change that people made to a setting.
pub(crate) fn change<T: Send + Sync + 'static>(state: PageState, setting: RwSignal<T>, value: T) {
    setting.set(value);
    changed(state);
}

/// Marks the results as stale after a change of a setting, and keeps the settings in the browser.
pub(crate) fn changed(state: PageState) {
    state.edited();
    remember_settings(state);
}
