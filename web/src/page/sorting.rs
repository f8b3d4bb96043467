//! Files that are dropped or pasted anywhere: each goes to its place, and what is doubtful is asked. Mends of refused files.

use std::sync::Arc;

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::inputs::sorting::{Destination, Sorted};
use btcfake_core::sheet::{Answer, Question};
use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FilePropertyBag};

use super::check;
use super::state::{FileState, PageState, Picked};
use super::unplaced::{ConversionNote, Unplaced};
use crate::messages::{FromSorting, ToSorting, ToWorker};

/// The name of a file that was pasted.
const PASTED: &str = "pasted.csv";

impl PageState {
    /// Files were dropped or picked without a place: each goes to where it belongs, as soon as the worker knows where.
    pub(super) fn take_files(self, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        self.revive_worker();
        let request = self.next_number();
        let attached: Vec<JsValue> = files.iter().map(JsValue::from).collect();
        self.sorting.asked.update_value(|asked| asked.push((request, files)));
        self.send(&ToWorker::Sorting(ToSorting::Sort { request }), attached);
    }

    /// Rows were pasted, as from a spreadsheet. A text of one line is no table.
    pub(super) fn take_pasted(self, text: &str) {
        if !text.trim().contains('\n') && !text.contains('\t') {
            return;
        }
        let options = FilePropertyBag::new();
        options.set_type("text/csv");
        // A text that came out of the clipboard can be held once more.
        let file = File::new_with_str_sequence_and_options(&Array::of1(&text.into()), PASTED, &options);
        self.take_files(file.into_iter().collect());
    }

    /// A place was chosen for a file.
    pub(super) fn place(self, number: u32, place: Destination) {
        if let Some(file) = self.take_unplaced(number) {
            self.put(file, place);
        }
    }

    /// A file without a place is not wanted.
    pub(super) fn dismiss(self, number: u32) {
        drop(self.take_unplaced(number));
    }

    /// Goes on with a refused file as a mend has it; a question is answered by [`PageState::answer`].
    pub(super) fn mend(self, role: InputRole, mend: &Mend) {
        let file = self.slot(role).file.with_untracked(|file| file.picked().map(|picked| picked.file.clone()));
        match (mend, file) {
            (Mend::SkipBadRows, _) => self.set_bad_rows(BadRows::Skip),
            (Mend::Move(place), Some(file)) => {
                self.remove(role);
                self.put(file, *place);
            }
            (Mend::Remove, _) => self.remove(role),
            (Mend::Move(_), None) | (Mend::Answer(_), _) => {}
        }
    }

    /// The question of a file is answered: its CSV takes its place.
    pub(super) fn answer(self, role: InputRole, answer: Answer) {
        let picked = self.slot(role).file.with_untracked(|file| file.picked().cloned());
        if let Some(Picked { file, pick, .. }) = picked {
            self.revive_worker();
            let request = self.next_number();
            self.sorting.converting.update_value(|converting| converting.push((request, role, pick)));
            self.send(&ToWorker::Sorting(ToSorting::Convert { request, role, answer }), [file.into()]);
        }
    }

    /// What was converted in a role's file by an answer of people, or why nothing could be; `None` for another file.
    pub(super) fn conversion_note(self, role: InputRole) -> Option<Result<String, String>> {
        let pick = self.slot(role).file.with(|file| file.picked().map(|picked| picked.pick));
        self.sorting.note(role).get().filter(|note| Some(note.pick) == pick).map(|note| note.outcome)
    }

    /// Takes in what the worker says about files without a place.
    pub(super) fn hear_of_sorting(self, message: FromSorting, file: Option<File>) {
        match message {
            FromSorting::Places { request, places } => {
                let mut files = Vec::new();
                self.sorting.asked.update_value(|asked| {
                    if let Some(at) = asked.iter().position(|(number, _)| *number == request) {
                        files = asked.swap_remove(at).1;
                    }
                });
                self.place_all(files, places);
            }
            FromSorting::Converted { request, outcome } => {
                let mut asked = None;
                self.sorting.converting.update_value(|converting| {
                    let at = converting.iter().position(|(number, ..)| *number == request);
                    asked = at.map(|at| converting.swap_remove(at));
                });
                let Some((_, role, pick)) = asked.filter(|(_, role, pick)| self.slot(*role).is_pick(*pick)) else {
                    return;
                };
                if let Some(file) = file {
                    self.pick(role, file);
                }
                let pick = self.slot(role).pick().map_or(pick, |(pick, _)| pick.number);
                self.sorting.note(role).set(Some(ConversionNote { pick, outcome }));
            }
        }
    }

    /// A worker was ended: what it was asked is asked again.
    pub(super) fn sort_anew(self) {
        for (_, files) in self.sorting.asked.try_update_value(std::mem::take).unwrap_or_default() {
            self.take_files(files);
        }
        self.sorting.converting.update_value(Vec::clear);
    }

    /// Rows of a table without its header were pasted: that is no doubt.
    pub(super) fn add_header_of_pasted(self, role: InputRole) {
        let is_pasted = self.slot(role).file.with_untracked(|file| match file {
            FileState::Read(picked, inspected) => {
                let is_header = |mend: &Mend| matches!(mend, Mend::Answer(Question::Header { .. }));
                picked.file.name() == PASTED && inspected.mends.iter().any(is_header)
            }
            _ => false,
        });
        if is_pasted {
            self.answer(role, Answer::Header);
        }
    }

    fn place_all(self, files: Vec<File>, places: Vec<Sorted>) {
        let mut to_check = Vec::new();
        for (file, sorted) in files.into_iter().zip(places) {
            let places = match sorted {
                Sorted::Certain(places) => {
                    for place in places {
                        match place {
                            Destination::Check => to_check.push((file.name(), file.clone())),
                            place => self.put(file.clone(), place),
                        }
                    }
                    continue;
                }
                Sorted::Doubtful(places) => Ok(places),
                Sorted::Nowhere(why) => Err(why),
            };
            let number = self.next_number();
            self.sorting.open.update(|open| Arc::make_mut(open).push(Unplaced { file, number, places }));
        }
        if !to_check.is_empty() {
            check::starting::start(self, Ok(to_check));
        }
    }

    fn put(self, file: File, place: Destination) {
        match place {
            Destination::Input(role) if self.may_go(role) => self.pick(role, file),
            Destination::Input(_) => {}
            Destination::Check => check::starting::start(self, Ok(vec![(file.name(), file)])),
        }
    }

    fn take_unplaced(self, number: u32) -> Option<File> {
        let mut taken = None;
        self.sorting.open.update(|open| {
            let open = Arc::make_mut(open);
            taken = open.iter().position(|one| one.number == number).map(|at| open.remove(at).file);
        });
        taken
    }
}

/// The files of a drop or of an input field.
pub(super) fn files_of(list: Option<web_sys::FileList>) -> Vec<File> {
    list.map(|list| Array::from(list.unchecked_ref::<JsValue>()))
        .into_iter()
        .flat_map(|files| files.to_vec())
        .map(JsCast::unchecked_into)
        .collect()
}
