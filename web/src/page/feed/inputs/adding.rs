//! Files become inputs of the run, also those of a sample. The files that they replace can be brought back.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::text::words::counted;
use chrono::{DateTime, Datelike, NaiveDate};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use crate::helper_client::file_of;
use crate::messages::ToWorker;
use crate::page::feed::inputs::sorting_state::SortingRequest;
use crate::page::file_slot::{FileOrigin, Picked};
use crate::page::state::PageState;

impl PageState {
    /// Asks the worker for the files of a sample.
    pub(crate) fn add_sample(self) {
        self.revive_worker();
        let (request, day) = (self.next_number(), untrack(|| self.run_day()).num_days_from_ce());
        self.sorting.asked.update(|asked| asked.push((request, SortingRequest::Sample)));
        self.send(&ToWorker::Sample { request, day }, []);
    }

    /// The day of the run in its time zone; today by the browser's clock if the time field cannot be read.
    pub(crate) fn run_day(self) -> NaiveDate {
        #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
        let clock = || DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default();
        let now = self.settings.parsed_now().unwrap_or_else(|_| clock());
        self.settings.parsed_zone.get().unwrap_or(BusinessZone::UTC).date_of(now)
    }

    /// Uses the files of a sample from the worker.
    pub(crate) fn use_sample(self, request: u32, roles: Vec<InputRole>, attached: &[JsValue]) {
        if let Some(SortingRequest::Sample) = self.sorting.answered(request) {
            let files = attached.iter().filter_map(|file| file.dyn_ref::<File>().cloned());
            self.put_from(roles.into_iter().zip(files.map(Some)).collect(), &FileOrigin::Sample);
        }
    }

    /// Sets the file of each role, or removes it for `None`. A toast offers to undo that.
    pub(crate) fn put(self, files: Vec<(InputRole, Option<File>)>) {
        self.put_from(files, &FileOrigin::Picked);
    }

    fn put_from(self, files: Vec<(InputRole, Option<File>)>, origin: &FileOrigin) {
        let before: Vec<(InputRole, Option<Picked>)> =
            files.iter().map(|(role, _)| (*role, self.slot(*role).picked())).collect();
        let is_replaced = files.iter().any(|(_, file)| file.is_some());
        let added =
            files.iter().zip(&before).filter(|((_, file), (_, before))| file.is_some() && before.is_none()).count();
        let (population, mix) = (self.settings.population.get_untracked(), self.settings.mix.get_untracked());
        for (role, file) in files {
            match file {
                Some(file) => self.take_over(role, file, origin.clone()),
                None => self.remove(role),
            }
        }
        let loses_population = population.is_some() && self.settings.population.with_untracked(Option::is_none);
        let mut names: Vec<String> = before.iter().flat_map(|(_, picked)| picked).map(|one| one.file.name()).collect();
        names.extend(loses_population.then(|| "the new population".to_owned()));
        if names.is_empty() {
            return;
        }
        let undo = move || {
            before.iter().for_each(|(role, picked)| self.bring_back(*role, picked.as_ref()));
            if loses_population {
                self.settings.population.set(population);
                self.settings.mix.set(mix);
                self.edited();
            }
        };
        let done = if is_replaced { "Replaced" } else { "Removed" };
        let also = if added > 0 { format!("; added: {}", counted(added, "file")) } else { String::new() };
        self.toasts.show_with_undo(format!("{done}: {}{also}.", names.join(", ")), undo);
    }

    /// Restores the file that a role had before, with its origin and its number of edits, or none. The file gets a new handle,
    /// because the area Mix opens only handles that it does not know.
    pub(crate) fn bring_back(self, role: InputRole, picked: Option<&Picked>) {
        let Some(picked) = picked else { return self.remove(role) };
        let handle = file_of(picked.file.clone().into(), &picked.file.name()).unwrap_or_else(|_| picked.file.clone());
        self.take_file(role, Picked { file: handle, pick: self.next_number(), ..picked.clone() });
    }
}
