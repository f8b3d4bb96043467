//! The next day in one click: the run's date advances by a day, the state becomes the one that the feed left, catalogs and
//! recommendations those of the new day, and the run starts. Files of live sources are fetched again, the state tables only
//! after the feed was published. The worker makes the other files.

use std::sync::Arc;

use btcfake_core::api::Connection;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::instant_text;
use btcfake_core::record::recipe::read_recipe;
use chrono::Days;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::messages::RunQuestion;
use crate::page::components::follow;
use crate::page::file_slot::{FileOrigin, Picked};
use crate::page::live::JobState;
use crate::page::state::PageState;
use crate::page::words::full_day_text;

/// The files that are new each day.
const OF_THE_DAY: [InputRole; 3] = [InputRole::StandaloneContent, InputRole::CourseCatalog, InputRole::Recommendations];

/// The state tables.
const STATE: [InputRole; 2] = [InputRole::Assignments, InputRole::Completions];

impl PageState {
    /// Makes the feed of the day after the results.
    pub(crate) fn next_day(self) {
        if self.results.with_untracked(Option::is_none) || untrack(|| self.results_are_stale()) {
            return;
        }
        let is_published =
            self.live.job(Connection::SftpOutbound).state.with_untracked(|job| matches!(job, JobState::Done(_)));
        let is_state_read = is_published && untrack(|| self.can_read_state());
        self.ask_about_results(RunQuestion::NextDay { with_state: !is_state_read });
    }

    /// Whether the state tables can be read from the live source.
    pub(crate) fn can_read_state(self) -> bool {
        self.live.configured(Connection::Databricks).is_some() && self.missing_to_ask().is_none()
    }

    /// Reads the state tables from the live source, and runs as soon as they are there.
    pub(crate) fn run_with_state_anew(self) {
        self.fetch_about_employees(Connection::Databricks);
        self.results_view.awaited.set(vec![Connection::Databricks]);
    }

    /// Uses the inputs of the next day from the worker, or shows why there are none. What it did not make is fetched from the live
    /// sources.
    pub(crate) fn take_next_day(self, run: u32, roles: Result<Vec<InputRole>, String>, attached: &[JsValue]) {
        let Some(results) = self.results.get_untracked().filter(|results| results.start.run == run) else { return };
        let roles = match roles {
            Ok(roles) => roles,
            Err(why) => return self.toasts.show(format!("There are no files for the next day: {why}.")),
        };
        let now = self.settings.now.get_untracked();
        let picked = |role| (role, self.slot(role).picked());
        let before: Vec<(InputRole, Option<Picked>)> = STATE.into_iter().chain(OF_THE_DAY).map(picked).collect();
        let is_state_read = !roles.contains(&InputRole::Assignments);
        self.advance_day();
        for (role, file) in roles.into_iter().zip(attached) {
            let origin = match (STATE.contains(&role), self.slot(role).picked()) {
                (true, _) => FileOrigin::StateAfter(results.outcome.identity.run_file.clone()),
                (false, Some(picked)) if picked.origin == FileOrigin::Sample => FileOrigin::Sample,
                // The built-in catalog has new Daily Doses.
                (false, None) if role == InputRole::StandaloneContent => FileOrigin::Sample,
                // Files of live sources are fetched anew, and a file that people picked is kept.
                (false, _) => continue,
            };
            if let Some(file) = file.dyn_ref::<File>() {
                self.take_over(role, file.clone(), origin);
            }
        }
        let mut awaited = self.fetch_anew();
        if is_state_read {
            self.fetch_about_employees(Connection::Databricks);
            awaited.push(Connection::Databricks);
        }
        if awaited.is_empty() {
            self.start_run();
        }
        self.results_view.awaited.set(awaited);
        let undo = move || {
            self.results_view.awaited.set(Vec::new());
            for connection in [Connection::SftpInbound, Connection::Recommender, Connection::Databricks] {
                if untrack(|| self.live.job(connection).is_going()) {
                    self.end_job(connection, JobState::Cancelled);
                }
            }
            self.settings.now.set(now.clone());
            before.iter().for_each(|(role, picked)| self.bring_back(*role, picked.as_ref()));
            self.edited();
        };
        let day = untrack(|| self.settings.settings()).map(|settings| full_day_text(settings.day()));
        let text = format!(
            "{} begins with what the feed before left open or completed.",
            day.as_deref().unwrap_or("The next day")
        );
        self.toasts.show_step_with_undo(text, undo);
    }

    /// Starts the run of the next day once all awaited jobs are done; a failed job cancels that.
    pub(crate) fn run_when_awaited_comes(self) {
        let awaited = self.results_view.awaited;
        follow(move || {
            let jobs: Vec<JobState> = awaited.get().into_iter().map(|one| self.live.job(one).state.get()).collect();
            if jobs.is_empty() || jobs.iter().any(|job| matches!(job, JobState::Going(..))) {
                return;
            }
            awaited.set(Vec::new());
            if jobs.iter().all(|job| matches!(job, JobState::Done(_))) {
                untrack(|| self.start_run());
            }
        });
    }

    /// Fetches catalogs and recommendations of the run's day from the live sources that brought the present ones. Returns these
    /// sources.
    fn fetch_anew(self) -> Vec<Connection> {
        let is_configured = |connection| untrack(|| self.live.configured(connection).is_some());
        let is_brought = |role| self.slot(role).is_live();
        let mut asked = Vec::new();
        if is_configured(Connection::SftpInbound)
            && (is_brought(InputRole::StandaloneContent) || is_brought(InputRole::CourseCatalog))
        {
            self.download_catalogs();
            asked.push(Connection::SftpInbound);
        }
        if is_configured(Connection::Recommender)
            && is_brought(InputRole::Recommendations)
            && untrack(|| self.missing_to_ask().is_none())
        {
            self.fetch_about_employees(Connection::Recommender);
            asked.push(Connection::Recommender);
        }
        asked
    }

    /// Sets the run to 24 hours after that of the results.
    fn advance_day(self) {
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
