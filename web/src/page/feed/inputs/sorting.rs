//! Files that were added without a role: each is given its place, and people are asked in doubt.

use std::sync::Arc;

use btcfake_core::inputs::sorting::{Destination, Sorted};
use btcfake_core::record::recipe::{Recipe, RecipeReading, read_recipe};
use btcfake_core::record::run_record::RunRecord;
use js_sys::Array;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

use crate::helper_client::file_of;
use crate::messages::{ToSorting, ToWorker};
use crate::page::area::Area;
use crate::page::check::dropping::FoundFile;
use crate::page::check::start;
use crate::page::feed::inputs::sorting_state::{SortingRequest, Unplaced, UnplacedReason};
use crate::page::file_slot::PASTED;
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

    /// Applies the place that people chose for a file. The others for the same place are then not used.
    pub(crate) fn place(self, number: u32, place: Destination) {
        let Some(file) = self.take_unplaced(number) else { return };
        let why = format!("{} is used instead", file.name());
        self.sorting.open.update(|open| {
            for one in Arc::make_mut(open) {
                if one.reason == UnplacedReason::OneOfSeveral && one.places == [place] {
                    one.reason = UnplacedReason::Unused(why.clone());
                }
            }
        });
        self.place_all(vec![(file, place)]);
    }

    /// Drops a file without a place.
    pub(crate) fn dismiss(self, number: u32) {
        drop(self.take_unplaced(number));
    }

    /// Drops all files that are not used.
    pub(crate) fn dismiss_unused(self) {
        self.sorting.open.update(|open| Arc::make_mut(open).retain(|one| one.reason.unused().is_none()));
    }

    /// Repeats the open requests after a worker was ended.
    pub(crate) fn sort_anew(self) {
        let asked = self.sorting.asked.get_untracked();
        self.sorting.asked.set(Vec::new());
        for (_, asked) in asked {
            match asked {
                SortingRequest::Places(files) => self.take_files(files),
                SortingRequest::Sample => self.add_sample(),
            }
        }
        self.sorting.converting.update_value(Vec::clear);
    }

    /// Applies the worker's answer to a request for places, in the order of the request's files.
    pub(crate) fn take_places(self, request: u32, places: Vec<Option<Sorted>>) {
        let Some(SortingRequest::Places(files)) = self.sorting.answered(request) else { return };
        let mut certain = Vec::new();
        // A file that comes twice, as in two folders, has no place the second time.
        for (file, sorted) in files.into_iter().zip(places).filter_map(|(file, sorted)| Some((file, sorted?))) {
            // Pasted rows have no file name that could tell more, so a single likely place is taken.
            let is_pasted = file.name() == PASTED;
            match sorted {
                Sorted::Certain(places) => certain.extend(places.into_iter().map(|place| (file.clone(), place))),
                Sorted::Doubtful(places) if is_pasted && places.len() == 1 => certain.push((file, places[0])),
                Sorted::Doubtful(places) => self.leave_open(file, places, UnplacedReason::Doubtful),
                Sorted::OneOfSeveral { place, newer: None } => {
                    self.leave_open(file, vec![place], UnplacedReason::OneOfSeveral);
                }
                Sorted::OneOfSeveral { place, newer: Some(newer) } => {
                    let why = format!("{newer}, which came with it, is newer");
                    self.leave_open(file, vec![place], UnplacedReason::Unused(why));
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
        self.leave_open(file, Vec::new(), UnplacedReason::Unused(why));
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

    fn leave_open(self, file: File, places: Vec<Destination>, reason: UnplacedReason) {
        let file = Unplaced { file, number: self.next_number(), places, reason };
        self.sorting.open.update(|open| Arc::make_mut(open).push(file));
    }

    /// Brings files to their places: inputs of the run, the area "Check", or a run to repeat.
    pub(crate) fn place_all(self, files: Vec<(File, Destination)>) {
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
