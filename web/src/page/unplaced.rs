//! What is known about files that came without a place, and about questions of files that were answered.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::Destination;
use leptos::prelude::*;
use web_sys::File;

/// What is known about files that came without a place. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(super) struct Sorting {
    /// The files that are being sorted; empty when there are none.
    pub(super) asked: StoredValue<Vec<(u32, Vec<File>)>, LocalStorage>,
    /// The files whose place people are to choose, and those that have none.
    pub(super) open: RwSignal<Arc<Vec<Unplaced>>, LocalStorage>,
    /// Conversions under way: the request, the role of the file, and its pick.
    pub(super) converting: StoredValue<Vec<(u32, InputRole, u32)>>,
    /// What was converted by an answer of people, by role in the order of [`InputRole::ALL`]; or why nothing could be.
    notes: [RwSignal<Option<ConversionNote>>; InputRole::ALL.len()],
}

/// A file that has no place yet.
#[derive(Clone)]
pub(super) struct Unplaced {
    /// The browser's handle on it.
    pub(super) file: File,
    /// Its number.
    pub(super) number: u32,
    /// The places to choose from, the likeliest first; or why there is none.
    pub(super) places: Result<Vec<Destination>, String>,
}

/// What came of an answer to a file's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConversionNote {
    /// The pick that it is about.
    pub(super) pick: u32,
    /// What was converted, or why nothing could be.
    pub(super) outcome: Result<String, String>,
}

impl Sorting {
    /// Nothing was dropped yet.
    pub(super) fn new() -> Sorting {
        Sorting {
            asked: StoredValue::new_local(Vec::new()),
            open: RwSignal::new_local(Arc::default()),
            converting: StoredValue::new(Vec::new()),
            notes: InputRole::ALL.map(|_| RwSignal::new(None)),
        }
    }

    /// What came of the last answer about a role's file.
    pub(super) fn note(self, role: InputRole) -> RwSignal<Option<ConversionNote>> {
        self.notes[role as usize]
    }
}
