//! The next day in one click: the run's date goes on by a day, the state is the one that the feed left, and the run starts. A
//! feed that was published through a helper with a state to read has it read anew; else the worker makes the tables.

use std::sync::Arc;

use btcfake_core::api::Connection;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::instant_text;
use btcfake_core::record::recipe::read_recipe;
use chrono::Days;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::messages::ToWorker;
use crate::page::components::follow;
use crate::page::live::JobState;
use crate::page::state::{PageState, Picked};

/// The tables of the state, in the order in which the worker sends them.
const STATE: [InputRole; 2] = [InputRole::Assignments, InputRole::Completions];

impl PageState {
    /// The feed of the day after the results is wanted.
    pub(crate) fn next_day(self) {
        let Some(results) = self.results.get_untracked().filter(|_| untrack(|| !self.results_are_stale())) else {
            return;
        };
        let is_published =
            self.live.job(Connection::SftpOutbound).state.with_untracked(|job| matches!(job, JobState::Done(_)));
        let can_read =
            untrack(|| self.live.configured(Connection::Databricks).is_some() && self.missing_to_ask().is_none());
        if is_published && can_read {
            self.go_on_a_day();
            self.results_view.awaits_state.set(true);
            self.fetch_about_employees(Connection::Databricks);
        } else {
            self.ask_about_results(&ToWorker::NextDay { run: results.start.run });
        }
    }

    /// The worker made the tables that the feed leaves, or says why there are none.
    pub(crate) fn take_next_day(self, run: u32, why: Option<String>, attached: &[JsValue]) {
        if self.results.with_untracked(|results| results.as_ref().is_none_or(|results| results.start.run != run)) {
            return;
        }
        if let Some(why) = why {
            return self.toasts.say(format!("There is no state for the next day: {why}."));
        }
        let now = self.settings.now.get_untracked();
        let before: Vec<(InputRole, Option<Picked>)> =
            STATE.map(|role| (role, self.slot(role).file.with_untracked(|file| file.picked().cloned()))).to_vec();
        self.go_on_a_day();
        for (role, file) in STATE.into_iter().zip(attached) {
            if let Some(file) = file.dyn_ref::<File>() {
                self.pick(role, file.clone());
            }
        }
        self.start_run();
        let before = StoredValue::new_local(before);
        let undo = move |()| {
            self.settings.now.set(now.clone());
            before
                .with_value(|before| before.iter().for_each(|(role, picked)| self.bring_back(*role, picked.as_ref())));
            self.edited();
        };
        let text = "The next day: what this feed left is its state now.".to_owned();
        self.toasts.say_with_undo(text, Callback::new(undo));
    }

    /// Runs when the state that was asked for the next day has come.
    pub(crate) fn run_when_state_comes(self) {
        let awaits = self.results_view.awaits_state;
        follow(move || {
            let state = self.live.job(Connection::Databricks).state.get();
            if !awaits.get() || matches!(state, JobState::Going(..)) {
                return;
            }
            awaits.set(false);
            if matches!(state, JobState::Done(_)) {
                untrack(|| self.start_run());
            }
        });
    }

    /// Sets the run to the day after the results, at the same time.
    fn go_on_a_day(self) {
        let recipe = self.results.with_untracked(|results| {
            let results: &Arc<_> = results.as_ref()?;
            read_recipe(&results.outcome.recipe).recipe
        });
        let next = recipe.and_then(|recipe| recipe.settings.now.checked_add_days(Days::new(1)));
        if let Some(next) = next {
            self.settings.now.set(instant_text(next));
            self.edited();
        }
    }
}
