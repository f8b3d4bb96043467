//! Actions on the rows of the open population, sent to its worker, and the worker's answers.

use std::sync::Arc;

use btcfake_core::roster::Filter;
use btcfake_core::text::words::counted;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::scrolling::reveal;
use super::state::Population;
use crate::client::Event;
use crate::messages::population::{FromPopulation, PopulationView, RosterAction, ToPopulation};
use crate::messages::{ToPage, ToWorker};
use crate::page::components::focus_in_place;
use crate::page::object_url::download;

impl Population {
    /// Does an action on the rows; the rows in view stay in place.
    pub(crate) fn act(self, action: RosterAction) {
        let first = self.view.with_untracked(|view| view.as_ref().map_or(0, |view| view.first));
        self.act_at(action, first);
    }

    /// Does an action on the rows, and brings those from position `first` into view.
    pub(crate) fn act_at(self, action: RosterAction, first: usize) {
        let is_new = matches!(
            action,
            RosterAction::SetType(_)
                | RosterAction::SwitchOff
                | RosterAction::SwitchOn
                | RosterAction::Remove
                | RosterAction::Add(..)
                | RosterAction::ApplyMix(..)
        );
        if is_new && self.page.settings.mix.with_untracked(Option::is_some) {
            // A new edit discards the undone ones, so the edit that turned the mix off cannot be redone.
            self.turned_off.set(None);
        }
        // The worker answers only if a population is open.
        if self.view.with_untracked(Option::is_some) {
            self.send(ToPopulation::Do { action, first }, None);
        }
    }

    /// Filters the rows.
    pub(crate) fn find(self, filter: Filter) {
        self.filter.set(filter.clone());
        self.active.set(0);
        self.act_at(RosterAction::Find(filter), 0);
    }

    /// Focuses the grid, because the button that was used disappears.
    pub(crate) fn focus_grid(self) {
        self.grid.get_untracked().iter().for_each(|grid| focus_in_place(grid));
    }

    /// Downloads the file with its edits.
    pub(crate) fn save(self) {
        self.send(ToPopulation::Save, None);
    }

    /// Sends a message to the population's worker.
    pub(super) fn send(self, message: ToPopulation, file: Option<File>) {
        let is_edit = matches!(message, ToPopulation::Do { .. });
        let message = ToWorker::Population(message);
        match self.worker.send(&message, file.map(JsValue::from), move |event| self.receive(event)) {
            Ok(()) => self.page.edits_under_way.ask(is_edit),
            Err(why) => self.refused.set(Some(why)),
        }
    }

    fn receive(self, event: Event) {
        match event {
            Event::Message(ToPage::Population(message), attached) => {
                self.apply(message, attached.first().and_then(|file| file.dyn_ref::<File>()));
                self.page.edits_under_way.answered();
            }
            Event::Message(..) => {}
            Event::Died(why) => {
                self.page.edits_under_way.give_up();
                self.worker.end();
                self.view.set(None);
                let message =
                    "The part of the page that edits has stopped working. Pick the file again. The browser says: ";
                self.refused.set(Some(format!("{message}{why}")));
            }
        }
    }

    fn apply(self, message: FromPopulation, file: Option<&File>) {
        match message {
            FromPopulation::View(view) => self.show(view, file),
            FromPopulation::Saved => {
                self.is_unsaved.set(false);
                let pick = self.employees_slot().picked().map_or(0, |picked| picked.pick);
                self.page.saved_edits.set(pick);
                // A `File` always gets an address.
                file.into_iter().for_each(|file| _ = download(file, &file.name()));
            }
            FromPopulation::Refused(why) => self.refused.set(Some(why)),
        }
    }

    /// Shows the view that the worker sent, with the edited file if it changed.
    fn show(self, mut view: PopulationView, file: Option<&File>) {
        if view.message.is_empty() {
            // Other rows came into view: the last message still holds.
            view.message = self
                .view
                .with_untracked(|view| view.as_ref().map_or_else(|| self.opened_text(), |view| view.message.clone()));
        }
        if let Some(file) = file {
            let news = self.take_edit(&view, file);
            view.message.push_str(news);
        }
        let revealed = view.reveal;
        self.active.update(|active| *active = (*active).min(view.found.saturating_sub(1)));
        let view = Arc::new(view);
        self.view.set(Some(Arc::clone(&view)));
        if let Some(place) = revealed {
            self.active.set(place);
            reveal(self.grid, &view, place);
        }
    }

    /// The edits from before a reload that a population was opened with; empty without any.
    fn opened_text(self) -> String {
        match self.edits_before() {
            0 => String::new(),
            edits => format!("opened with {} from before, which can no longer be undone here", counted(edits, "edit")),
        }
    }

    /// Applies an edit that was made, undone or redone. Types that people set turn the mix off. Returns a text about that, to
    /// follow the message.
    fn take_edit(self, view: &PopulationView, file: &File) -> &'static str {
        const OFF: &str = "; the mix is off now: a run takes the types that are shown here";
        let mix = self.page.settings.mix;
        let had = mix.get_untracked();
        let was_off = self.turned_off.get_untracked();
        let is_made_again = was_off.is_some_and(|(at, was)| at <= view.edits && had == Some(was));
        if view.gives_types || is_made_again {
            mix.set(None);
        }
        self.hand_over(file, view.tally.edited, view.edits);
        match (had, mix.get_untracked(), was_off) {
            (Some(had), None, _) => {
                self.turned_off.set(Some((view.edits, had)));
                OFF
            }
            (None, _, Some((at, was))) if view.edits < at => {
                mix.set(Some(was));
                "; the mix is on again"
            }
            _ => "",
        }
    }
}
