//! Files that come without a place: those that the worker sorts, and those that are left open.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::Destination;
use leptos::prelude::*;
use web_sys::File;

/// What is known about files that came without a place. A copy is a handle on the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sorting {
    /// What the worker was asked, each under its number.
    pub(crate) asked: RwSignal<Vec<(u32, SortingRequest)>, LocalStorage>,
    /// The files whose place people are to choose, and those that have none.
    pub(crate) open: RwSignal<Arc<Vec<Unplaced>>, LocalStorage>,
    /// Conversions under way: the request, the role of the file, and which pick it is.
    pub(crate) converting: StoredValue<Vec<(u32, InputRole, u32)>>,
    /// What was converted by an answer of people, by role in the order of [`InputRole::ALL`]; or why nothing could be.
    pub(crate) notes: [RwSignal<Option<ConversionNote>>; InputRole::ALL.len()],
}

/// What the worker was asked.
#[derive(Clone)]
pub(crate) enum SortingRequest {
    /// The places of these files.
    Places(Vec<File>),
    /// The files of a sample whose state ends with this day, counted from the first day of the common era.
    Sample(i32),
}

/// A file that has no place yet.
#[derive(Clone)]
pub(crate) struct Unplaced {
    /// The browser's handle on it.
    pub(crate) file: File,
    /// Its number.
    pub(crate) number: u32,
    /// What is asked about it.
    pub(crate) question: String,
    /// The places to choose from, the likeliest first.
    pub(crate) places: Vec<Destination>,
    /// Why it is not used unless a place is chosen for it; `None` where it is asked what it is.
    pub(crate) unused: Option<String>,
}

/// What came of an answer to a file's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConversionNote {
    /// The pick that it is about.
    pub(crate) pick: u32,
    /// What was converted, or why nothing could be.
    pub(crate) outcome: Result<String, String>,
}

impl Sorting {
    /// Whether files are on their way to their places.
    pub(crate) fn is_going(self) -> bool {
        self.asked.with(|asked| !asked.is_empty())
    }

    /// What an answer of this number is for; it is waited for no more.
    pub(crate) fn answered(self, request: u32) -> Option<SortingRequest> {
        let at = self.asked.with_untracked(|asked| asked.iter().position(|(number, _)| *number == request))?;
        self.asked.try_update(|asked| asked.remove(at).1)
    }

    /// The note about the file of a role.
    pub(crate) fn note(self, role: InputRole) -> RwSignal<Option<ConversionNote>> {
        self.notes[role as usize]
    }
}
