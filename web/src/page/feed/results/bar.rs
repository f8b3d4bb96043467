//! The result bar: the title of the feed, and the actions on it.

use btcfake_core::api::Connection;
use btcfake_core::record::recipe::Recipe;
use leptos::html::{Button, H2};
use leptos::prelude::*;

use super::cards::title;
use super::copying::Copying;
use super::print_sheet::print;
use super::publish::{Publishing, STALE};
use crate::page::components::{Action, MenuItem, Presses, Rank, focus_in_place, follow, markup, menu, shown};
use crate::page::file_slot::{FileSlot, Picked};
use crate::page::recipe::save_recipe;
use crate::page::run_state::{ArchiveState, Results};
use crate::page::state::PageState;
use crate::page::words::feed_file;

/// The state of actions that take more than a click. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct ResultActions {
    /// Copying a text.
    pub(crate) copying: Copying,
    /// Publishing the feed.
    pub(crate) publishing: Publishing,
    /// Whether the summary is being printed.
    pub(crate) is_printing: RwSignal<bool>,
}

/// The bar. Its heading takes the focus when a feed arrives.
pub(crate) fn result_bar(state: PageState, steps: ResultActions, results: &Results, recipe: Option<Recipe>) -> AnyView {
    let heading = NodeRef::<H2>::new();
    follow(move || {
        if let Some(heading) = heading.get() {
            // An area that comes into view with the run takes its scroll position first.
            request_animation_frame(move || {
                heading.scroll_into_view();
                focus_in_place(&heading);
            });
        }
    });
    let check = Action::new("Check").button(move || state.check_last_feed());
    let next = Action::new("Next day").button_unless(move || state.results_are_stale(), move || state.next_day());
    let is_packing = move || state.archive.with(|archive| *archive == ArchiveState::Packing);
    let download = Action {
        hidden_label: "as one ZIP".to_owned(),
        rank: Rank::Primary,
        presses: Presses::Download,
        ..Action::new("Download feed")
    };
    let download = download.button_unless(is_packing, move || state.ask_for_archive());
    markup! {
        <div class="result-bar">
            <h2 id="results-heading" tabindex="-1" node_ref=heading>{title(recipe.as_ref())}</h2>
            <div class="row push">
                {check}
                {publish_button(state, steps.publishing)}
                {next}
                {menu("More actions", menu_items(state, steps, results, recipe))}
                {download}
            </div>
        </div>
    }
}

fn publish_button(state: PageState, publishing: Publishing) -> AnyView {
    let is_possible = Memo::new(move |_| state.live.configured(Connection::SftpOutbound).is_some());
    let node: NodeRef<Button> = publishing.start;
    shown(move || {
        let action = Action { node, about: format!("{STALE} publish-about"), ..Action::new("Publish") };
        let is_disabled = move || publishing.is_held_up(state);
        is_possible.get().then(|| action.button_unless(is_disabled, move || publishing.begin(state)))
    })
}

fn menu_items(state: PageState, steps: ResultActions, results: &Results, recipe: Option<Recipe>) -> Vec<MenuItem> {
    let copying = steps.copying;
    let mut items = Vec::new();
    if let Some(recipe) = recipe {
        let link = recipe.link(&window().location().href().unwrap_or_default());
        let command = recipe.command_line();
        let code = results.outcome.recipe.clone();
        items.push(MenuItem::Act("Copy link", Callback::new(move |()| copying.copy("Link to this run", link.clone()))));
        items.push(MenuItem::Act(
            "Copy as command line",
            Callback::new(move |()| {
                copying.copy("Command line", command.clone());
                warn_of_unsaved(state);
            }),
        ));
        items.push(MenuItem::Act(
            "Copy as code",
            Callback::new(move |()| copying.copy("Code of this run", code.clone())),
        ));
        items.push(MenuItem::Act("Save recipe as file", Callback::new(move |()| save_recipe(&recipe))));
    }
    items.push(MenuItem::Act("Print summary", Callback::new(move |()| print(steps.is_printing))));
    let files = results.outcome.files.iter().zip(&results.urls);
    items.extend(
        files
            .filter(|(file, _)| feed_file(&file.name).is_none())
            .map(|(file, url)| MenuItem::Download("Download run file", url.text(), file.name.clone())),
    );
    items
}

/// Warns about inputs that only the page has, because the command line reads files.
fn warn_of_unsaved(state: PageState) {
    let unsaved = state.slots.iter().filter_map(FileSlot::picked).filter(Picked::is_in_the_page_alone);
    let names: Vec<String> = unsaved.map(|picked| picked.file.name()).collect();
    if !names.is_empty() {
        state.toasts.show(format!(
            "The command line needs files that only this page has. Save them first: {}.",
            names.join(", ")
        ));
    }
}
