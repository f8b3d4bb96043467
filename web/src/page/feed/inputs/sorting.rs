//! Files that were added without a role: each is given its role, and people are asked in doubt. Also the mends of refused
//! files.

use std::sync::Arc;

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::inputs::sorting::{Destination, Sorted};
use btcfake_core::record::recipe::{Recipe, RecipeReading, read_recipe};
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::sheet::{Choice, Choices, Question};
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

use crate::helper_client::file_of;
use crate::messages::{Conversion, FromSorting, OriginalFile, ToSorting, ToWorker};
use crate::page::check::dropping::FoundFile;
use crate::page::check::start;
use crate::page::feed::inputs::sorting_state::{ConversionNote, SortingRequest, Unplaced};
use crate::page::file_slot::{FileOrigin, FileState, PASTED, Picked};
use crate::page::remembered::remember_settings;
use crate::page::shell::area::Area;
use crate::page::state::PageState;

/// The largest size of a recipe in bytes, far above any real one.
const LARGEST_RECIPE: f64 = 100_000.0;

impl PageState {
    /// Takes in files without a role. The worker finds the place of each.
    pub(crate) fn take_files(self, files: Vec<File>) {
        if files.is_empty() {
            return;
        }
        self.revive_worker();
        let request = self.next_number();
        let attached: Vec<JsValue> = files.iter().map(JsValue::from).collect();
        self.sorting.asked.update(|asked| asked.push((request, SortingRequest::Places(files))));
        self.send(&ToWorker::Sorting(ToSorting::Sort { request }), attached);
    }

    /// Takes in pasted rows, as from a spreadsheet. One line without a tab is no table.
    pub(crate) fn take_pasted(self, text: &str) {
        if text.trim().contains('\n') || text.contains('\t') {
            // If the browser cannot hold the text as a file, nothing is added.
            self.take_files(file_of(text.into(), PASTED).into_iter().collect());
        } else if !text.trim().is_empty() {
            self.toasts.show("What was pasted is no table: copy several rows of a table, with the header.".to_owned());
        }
    }

    /// Applies the place that people chose for a file.
    pub(crate) fn place(self, number: u32, place: Destination) {
        if let Some(file) = self.take_unplaced(number) {
            self.place_all(vec![(file, place)]);
        }
    }

    /// Drops a file without a place.
    pub(crate) fn dismiss(self, number: u32) {
        drop(self.take_unplaced(number));
    }

    /// Drops all files that are not used.
    pub(crate) fn dismiss_unused(self) {
        self.sorting.open.update(|open| Arc::make_mut(open).retain(|one| one.unused.is_none()));
    }

    /// Applies a mend to a refused file. A question is answered by [`PageState::answer`] instead.
    pub(crate) fn mend(self, role: InputRole, mend: &Mend) {
        let file = self.slot(role).file.with_untracked(|file| file.picked().map(|picked| picked.file.clone()));
        match (mend, file) {
            (Mend::SkipBadRows, _) => {
                self.skip_bad_rows(BadRows::Skip);
                let undo = self.toasts.lasting(|| Callback::new(move |()| self.skip_bad_rows(BadRows::Refuse)));
                self.toasts
                    .show_with_undo("Bad rows are skipped from now on: a setting under \"More\".".to_owned(), undo);
            }
            (Mend::Move(Destination::Input(other)), Some(file)) => self.put(vec![(role, None), (*other, Some(file))]),
            (Mend::Move(place), Some(file)) => {
                self.put(vec![(role, None)]);
                self.place_all(vec![(file, *place)]);
            }
            (Mend::Remove, _) => self.put(vec![(role, None)]),
            (Mend::Move(_), None) | (Mend::Answer(_), _) => {}
        }
    }

    fn skip_bad_rows(self, bad_rows: BadRows) {
        self.set_bad_rows(bad_rows);
        remember_settings(self);
    }

    /// Has the worker convert a file by the answer to its question; the CSV replaces the file.
    pub(crate) fn answer(self, role: InputRole, answer: Choice) {
        self.convert(role, answer.into());
    }

    fn convert(self, role: InputRole, choices: Choices) {
        let picked = self.slot(role).file.with_untracked(|file| file.picked().cloned());
        if let Some(Picked { file, pick, .. }) = picked {
            self.revive_worker();
            let request = self.next_number();
            self.sorting.converting.update_value(|converting| converting.push((request, role, pick)));
            self.send(&ToWorker::Sorting(ToSorting::Convert { request, role, choices }), [file.into()]);
        }
    }

    /// The result of the last conversion of a role's file by an answer of people; `None` for a file without one.
    pub(crate) fn conversion_note(self, role: InputRole) -> Option<Result<String, String>> {
        let pick = self.slot(role).file.with(|file| file.picked().map(|picked| picked.pick));
        self.sorting.note(role).get().filter(|note| Some(note.pick) == pick).map(|note| note.outcome)
    }

    /// Applies an answer of the worker about places or conversions.
    pub(crate) fn apply_sorting_answer(self, message: FromSorting, file: Option<File>) {
        match message {
            FromSorting::Places { request, places } => {
                if let Some(SortingRequest::Places(files)) = self.sorting.answered(request) {
                    self.take_places(files, places);
                }
            }
            FromSorting::Converted { request, outcome } => {
                let mut asked = None;
                self.sorting.converting.update_value(|converting| {
                    let at = converting.iter().position(|(number, ..)| *number == request);
                    asked = at.map(|at| converting.swap_remove(at));
                });
                let Some((_, role, _)) = asked.filter(|(_, role, pick)| self.slot(*role).is_pick(*pick)) else {
                    return;
                };
                let before = untrack(|| self.conversion_note(role)).and_then(Result::ok);
                let picked = self.slot(role).file.with_untracked(|file| file.picked().cloned());
                let original = outcome.as_ref().ok().zip(picked.as_ref());
                let original = original.and_then(|(conversion, picked)| original_of(picked, &conversion.original));
                let outcome = outcome.map(|Conversion { note, .. }| match (before, self.name_of(role), &file) {
                    (Some(before), ..) => format!("{before}; {note}"),
                    (None, Some(given), Some(file)) if given != file.name() => format!("{note}, from {given}"),
                    _ => note,
                });
                if let Some(file) = file {
                    self.take_over(role, file, FileOrigin::Converted(original.map(Box::new)));
                }
                let pick = self.slot(role).file.with_untracked(|file| file.picked().map(|picked| picked.pick));
                self.sorting.note(role).set(pick.map(|pick| ConversionNote { pick, outcome }));
            }
        }
    }

    /// Repeats the open requests after a worker was ended.
    pub(crate) fn sort_anew(self) {
        let asked = self.sorting.asked.get_untracked();
        self.sorting.asked.set(Vec::new());
        for (_, asked) in asked {
            match asked {
                SortingRequest::Places(files) => self.take_files(files),
                SortingRequest::Sample(_) => self.add_sample(),
            }
        }
        self.sorting.converting.update_value(Vec::clear);
    }

    /// Answers the questions of a file as the opened recipe does, if it is that recipe's file.
    pub(crate) fn answer_as_recorded(self, role: InputRole) {
        let recorded = self.recipe.opened.with_untracked(|opened| {
            let recipe = opened.as_ref()?.recipe.as_ref()?;
            recipe.files.iter().find(|file| file.role == role && !file.choices.is_empty()).cloned()
        });
        let Some(recorded) = recorded else { return };
        let is_it = self.slot(role).file.with_untracked(|file| match file {
            FileState::Read(picked, inspected) => {
                picked.original().is_none() && inspected.sha256 == recorded.sha256 && inspected.question().is_some()
            }
            _ => false,
        });
        if is_it {
            self.convert(role, recorded.choices);
        }
    }

    /// Adds the missing header to pasted rows, without a question.
    pub(crate) fn add_header_of_pasted(self, role: InputRole) {
        let is_pasted = self.slot(role).file.with_untracked(|file| match file {
            FileState::Read(picked, inspected) => {
                let is_header = |mend: &Mend| matches!(mend, Mend::Answer(Question::Header { .. }));
                picked.file.name() == PASTED && inspected.mends.iter().any(is_header)
            }
            _ => false,
        });
        if is_pasted {
            self.answer(role, Choice::Header);
        }
    }

    fn take_places(self, files: Vec<File>, places: Vec<Option<Sorted>>) {
        let mut certain = Vec::new();
        // A file that comes twice, as in two folders, has no place the second time.
        for (file, sorted) in files.into_iter().zip(places).filter_map(|(file, sorted)| Some((file, sorted?))) {
            // Pasted rows have no file name that could tell more, so a single likely place is taken.
            let is_pasted = file.name() == PASTED;
            match sorted {
                Sorted::Certain(places) => certain.extend(places.into_iter().map(|place| (file.clone(), place))),
                Sorted::Doubtful(places) if is_pasted && places.len() == 1 => certain.push((file, places[0])),
                Sorted::Doubtful(places) => self.ask_place(format!("What is {}?", file.name()), file, places),
                Sorted::OneOfSeveral { place, newer: None } => {
                    self.ask_place(format!("{} is one of several for this place.", file.name()), file, vec![place]);
                }
                Sorted::OneOfSeveral { place, newer: Some(newer) } => {
                    self.leave_unused(file, format!("{newer}, which came with it, is newer"), vec![place]);
                }
                Sorted::Nowhere(why) => spawn_local(self.open_or_leave_unused(file, why)),
            }
        }
        self.place_all(certain);
    }

    /// Sets the page up by the file of a recipe; any other file is left unused.
    async fn open_or_leave_unused(self, file: File, why: String) {
        if file.name().ends_with(".json") && file.size() < LARGEST_RECIPE {
            let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
            if read_recipe(&text).recipe.is_some() {
                return self.open_recipe(&text);
            }
        }
        self.leave_unused(file, why, Vec::new());
    }

    /// Sets the page up by a run file, so that the run can be repeated once its files are there.
    async fn repeat_run(self, file: File) {
        let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
        match RunRecord::from_bytes(text.as_bytes()) {
            Ok(run) if run.series.is_some_and(|series| series.day > 1) => {
                self.toasts.show(format!("{} is a day of a series: btcfake replay repeats it.", file.name()));
            }
            Ok(run) if !run.tables.is_empty() => {
                self.toasts
                    .show(format!("{} is of a run on tables inside Databricks: it is repeated there.", file.name()));
            }
            Ok(run) => {
                let _ = window().location().set_hash(Area::Feed.address());
                self.take_recipe(RecipeReading { recipe: Some(Recipe::of_run(&run)), problems: Vec::new() });
            }
            Err(why) => self.toasts.show(format!("{}: {why}.", file.name())),
        }
    }

    fn leave_unused(self, file: File, why: String, places: Vec<Destination>) {
        let question = String::new();
        self.leave_open(Unplaced { question, number: self.next_number(), file, places, unused: Some(why) });
    }

    fn ask_place(self, question: String, file: File, places: Vec<Destination>) {
        self.leave_open(Unplaced { question, number: self.next_number(), file, places, unused: None });
    }

    fn leave_open(self, file: Unplaced) {
        self.sorting.open.update(|open| Arc::make_mut(open).push(file));
    }

    fn place_all(self, files: Vec<(File, Destination)>) {
        let (mut inputs, mut to_check) = (Vec::new(), Vec::new());
        for (file, place) in files {
            match place {
                Destination::Input(role) => inputs.push((role, Some(file))),
                Destination::Check => to_check.push((file.name(), file)),
                Destination::Repeat => spawn_local(self.repeat_run(file)),
            }
        }
        self.put(inputs);
        if !to_check.is_empty() {
            self.check_files(to_check);
        }
    }

    /// Checks files of a feed, in the area "Check".
    fn check_files(self, files: Vec<FoundFile>) {
        let _ = window().location().set_hash(Area::Check.address());
        start(self, Ok(files));
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
pub(crate) fn files_of(list: Option<FileList>) -> Vec<File> {
    let list = list.map(|list| Array::from(list.unchecked_ref::<JsValue>()));
    list.into_iter().flat_map(|files| files.to_vec()).map(JsCast::unchecked_into).collect()
}

/// The file of people behind a conversion of a picked file, with all answers to its questions. `None` if only the page has
/// the file.
fn original_of(picked: &Picked, converted: &OriginalFile) -> Option<OriginalFile> {
    if let Some(before) = picked.original() {
        let mut original = before.clone();
        converted.choices.iter().for_each(|choice| original.choices.add(choice.clone()));
        return Some(original);
    }
    (!picked.is_in_the_page_alone()).then(|| converted.clone())
}
