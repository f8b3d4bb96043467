//! The slots for the input files: one for each role, with the file in it, where that came from, and the worker's report on it.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::sheet::Question;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::messages::{Inspected, OriginalFile, Pick, ReportedProblem};

/// The slot for the file of one role.
#[derive(Clone, Copy)]
pub(crate) struct FileSlot {
    /// The role.
    pub(crate) role: InputRole,
    /// The file, if there is one.
    pub(crate) file: RwSignal<FileState, LocalStorage>,
    /// The problems that came after the first ones.
    pub(crate) more_problems: RwSignal<MoreProblems>,
}

/// Problems of a file after the first ones. They come in batches, and each batch is shown when it comes.
#[derive(Clone, Default)]
pub(crate) struct MoreProblems {
    /// The number that came so far.
    pub(crate) count: usize,
    /// The last batch.
    pub(crate) last: Arc<Vec<ReportedProblem>>,
}

/// The state of a slot.
#[derive(Clone)]
pub(crate) enum FileState {
    /// There is no file.
    Empty,
    /// The worker inspects the file.
    Reading(Picked),
    /// The worker has inspected the file.
    Read(Picked, Arc<Inspected>),
    /// The file could not be read; why.
    Unreadable(Picked, String),
}

/// A file in use, whether people picked it or not.
#[derive(Clone)]
pub(crate) struct Picked {
    /// The browser's handle on it.
    pub(crate) file: web_sys::File,
    /// The number of the pick.
    pub(crate) pick: u32,
    /// The number of edits of the area Mix in it.
    pub(crate) edits: usize,
    /// Where it came from.
    pub(crate) origin: FileOrigin,
}

/// The origin of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileOrigin {
    /// People picked it.
    Picked,
    /// The page made it: a file of a sample.
    Sample,
    /// The page made it: a state table after the run with this run file.
    StateAfter(String),
    /// The page made it: the CSV of a file, by answers of people to its questions; `None` if only the page has that file.
    Converted(Option<Box<OriginalFile>>),
    /// From a live source: a catalog, which serves all employees.
    LiveForAll,
    /// From a live source, for the employees identified by [`Inspected::employee_set`]; empty if employees.csv changed meanwhile.
    LiveFor(String),
}

/// The name of a file that was pasted.
pub(crate) const PASTED: &str = "pasted.csv";

impl Picked {
    /// Whether only the page has it: it came from a live source, or was made, edited or pasted here.
    pub(crate) fn is_in_the_page_alone(&self) -> bool {
        let is_of_people = self.origin == FileOrigin::Picked || self.original().is_some();
        self.edits > 0 || !is_of_people || self.file.name() == PASTED
    }

    /// Its name as people know it: for the CSV of a file of theirs, the name of that file.
    pub(crate) fn shown_name(&self) -> String {
        self.original().map_or_else(|| self.file.name(), |original| original.name.clone())
    }

    /// The file of people of which this is the CSV by their answers.
    pub(crate) fn original(&self) -> Option<&OriginalFile> {
        match &self.origin {
            FileOrigin::Converted(original) => original.as_deref(),
            _ => None,
        }
    }
}

impl FileOrigin {
    /// Whether it came from a live source.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self, Self::LiveForAll | Self::LiveFor(_))
    }
}

impl FileSlot {
    /// An empty slot.
    pub(crate) fn new(role: InputRole) -> FileSlot {
        FileSlot {
            role,
            file: RwSignal::new_local(FileState::Empty),
            more_problems: RwSignal::new(MoreProblems::default()),
        }
    }

    /// The picked file, also while it is inspected and if it was refused; untracked.
    pub(crate) fn picked(&self) -> Option<Picked> {
        self.file.with_untracked(|file| file.picked().cloned())
    }

    /// Whether a file was picked, also while it is inspected and if it was refused.
    pub(crate) fn is_filled(&self) -> bool {
        self.file.with(|file| file.picked().is_some())
    }

    /// Whether the file came from a live source; untracked.
    pub(crate) fn is_live(&self) -> bool {
        self.picked().is_some_and(|picked| picked.origin.is_live())
    }

    /// The file as the worker knows it, and the browser's handle on it.
    pub(crate) fn pick(&self) -> Option<(Pick, JsValue)> {
        let picked = self.picked()?;
        let pick = Pick { role: self.role, number: picked.pick, original: picked.original().cloned() };
        Some((pick, picked.file.into()))
    }

    /// Whether this pick is in use.
    pub(crate) fn is_pick(&self, pick: u32) -> bool {
        self.picked().is_some_and(|picked| picked.pick == pick)
    }

    /// Sets the state after the inspection of a pick; does nothing if the pick is no longer in use.
    pub(crate) fn set_inspected(&self, pick: u32, state: impl FnOnce(Picked) -> FileState) {
        if let Some(picked) = self.picked().filter(|picked| picked.pick == pick) {
            self.file.set(state(picked));
        }
    }
}

impl Inspected {
    /// The question to answer before the file can be read.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.mends.iter().find_map(|mend| match mend {
            Mend::Answer(question) => Some(question),
            _ => None,
        })
    }
}

impl FileState {
    /// The file, in whatever state.
    pub(crate) fn picked(&self) -> Option<&Picked> {
        match self {
            Self::Empty => None,
            Self::Reading(picked) | Self::Read(picked, _) | Self::Unreadable(picked, _) => Some(picked),
        }
    }

    /// The result of its inspection, once there is one.
    pub(crate) fn inspected(&self) -> Option<&Arc<Inspected>> {
        match self {
            Self::Read(_, inspected) => Some(inspected),
            _ => None,
        }
    }
}
