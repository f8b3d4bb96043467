//! Files are added, whatever they are: the worker recognises their roles. What they take the place of can be brought back.

use btcfake_core::format::file_name::VendorName;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::calendar::BusinessZone;
use chrono::{DateTime, Datelike};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FileList};

use crate::helper_client::file_of;
use crate::messages::{AddAnswer, AddQuestion, ToWorker};
use crate::page::feed::inputs::added::Waiting;
use crate::page::state::{PageState, Picked};
use crate::page::words::{ended, file_words};

impl PageState {
    /// Files were dropped, chosen or pasted.
    pub(crate) fn add_files(self, files: Vec<File>) {
        let before = match self.added.waiting.get_untracked() {
            Some((_, Waiting::Files(before))) => before,
            _ => Vec::new(),
        };
        if !files.is_empty() {
            self.add(Waiting::Files(before.into_iter().chain(files).collect()));
        }
    }

    /// Made-up files are wanted, for a first look.
    pub(crate) fn add_sample(self) {
        self.add(Waiting::Sample);
    }

    fn add(self, waiting: Waiting) {
        self.added.left_out.set(Vec::new());
        self.added.waiting.set(Some((self.next_number(), waiting)));
        if !self.revive_worker() {
            self.ask_about_added();
        }
    }

    /// Asks the worker about what is being added.
    pub(crate) fn ask_about_added(self) {
        match self.added.waiting.get_untracked() {
            Some((request, Waiting::Files(files))) => {
                let question = AddQuestion::Roles;
                self.send(&ToWorker::Add { request, question }, files.into_iter().map(JsValue::from));
            }
            Some((request, Waiting::Sample)) => {
                let question = AddQuestion::Sample(untrack(|| self.today()));
                self.send(&ToWorker::Add { request, question }, []);
            }
            None => {}
        }
    }

    /// The day of the run, since the first day of the common era; that of the browser's clock where none is set.
    fn today(self) -> i32 {
        #[allow(clippy::cast_possible_truncation, reason = "milliseconds of this age")]
        let clock = || DateTime::from_timestamp_millis(js_sys::Date::now() as i64).unwrap_or_default();
        let now = self.settings.parsed_now().unwrap_or_else(|_| clock());
        self.settings.parsed_zone.get().unwrap_or(BusinessZone::UTC).date_of(now).num_days_from_ce()
    }

    /// The worker answered.
    pub(crate) fn files_added(self, request: u32, answer: AddAnswer, attached: &[JsValue]) {
        match (self.added.answered(request), answer) {
            (Some(Waiting::Files(files)), AddAnswer::Roles(roles)) => self.sort(files.into_iter().zip(roles)),
            (Some(Waiting::Sample), AddAnswer::Sample(roles)) => {
                let files = attached.iter().filter_map(|file| file.dyn_ref::<File>().cloned());
                self.put(roles.into_iter().zip(files.map(Some)).collect());
            }
            _ => {}
        }
    }

    /// Each file takes the place of its role. Of several with one role it is the newest by its name, or else the first.
    fn sort(self, files: impl Iterator<Item = (File, Result<InputRole, String>)>) {
        let (mut chosen, mut left_out) = (Vec::<(InputRole, File)>::new(), Vec::new());
        for (mut file, role) in files {
            match role {
                Err(why) => left_out.push(ended(format!("{}: {why}", file.name()))),
                Ok(role) => match chosen.iter_mut().find(|(taken, _)| *taken == role) {
                    None => chosen.push((role, file)),
                    Some((_, taken)) => {
                        if day_of(&file) > day_of(taken) {
                            std::mem::swap(&mut file, taken);
                        }
                        let label = file_words(role).label;
                        left_out.push(format!(
                            "{}: left out, because {} is used as {label}.",
                            file.name(),
                            taken.name()
                        ));
                    }
                },
            }
        }
        self.added.left_out.set(left_out);
        self.put(chosen.into_iter().map(|(role, file)| (role, Some(file))).collect());
    }

    /// Files take the places of their roles, or take nothing's place where there is no file. What was there can be brought
    /// back.
    pub(crate) fn put(self, files: Vec<(InputRole, Option<File>)>) {
        let before =
            |role: InputRole| Some((role, self.slot(role).file.with_untracked(|file| file.picked().cloned())?));
        let before: Vec<(InputRole, Picked)> = files.iter().filter_map(|(role, _)| before(*role)).collect();
        let is_replaced = files.iter().any(|(_, file)| file.is_some());
        let (population, mix) = (self.settings.population.get_untracked(), self.settings.mix.get_untracked());
        for (role, file) in files {
            match file {
                Some(file) => self.pick(role, file),
                None => self.remove(role),
            }
        }
        let loses_population = population.is_some() && self.settings.population.with_untracked(Option::is_none);
        let mut names: Vec<String> = before.iter().map(|(_, picked)| picked.file.name()).collect();
        names.extend(loses_population.then(|| "the new population".to_owned()));
        if names.is_empty() {
            return;
        }
        let before = StoredValue::new_local(before);
        let undo = move |()| {
            before.with_value(|before| before.iter().for_each(|(role, picked)| self.bring_back(*role, picked)));
            if loses_population {
                self.settings.population.set(population);
                self.settings.mix.set(mix);
                self.edited();
            }
        };
        let done = if is_replaced { "Replaced" } else { "Removed" };
        self.toasts.say_with_undo(format!("{done}: {}.", names.join(", ")), Callback::new(undo));
    }

    /// Another handle on the file, because the area Mix opens only those that it does not know.
    fn bring_back(self, role: InputRole, picked: &Picked) {
        let handle = file_of(picked.file.clone().into(), &picked.file.name()).unwrap_or_else(|_| picked.file.clone());
        self.take_over(role, handle, picked.brought.clone());
    }
}

/// The files of a list of the browser's.
pub(crate) fn all_of(list: Option<FileList>) -> Vec<File> {
    list.iter().flat_map(|list| (0..list.length()).filter_map(|at| list.get(at))).collect()
}

/// The day in a vendor's name, and the number of the file on that day.
fn day_of(file: &File) -> Option<(chrono::NaiveDate, u64)> {
    VendorName::parse(&file.name()).map(|name| (name.date, name.sequence))
}
