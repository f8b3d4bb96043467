//! The state of files that were added without a role: those that the worker sorts, and those that people decide on.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::Destination;
use leptos::prelude::*;
use web_sys::File;

/// The state of files without a role. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct Sorting {
    /// The open requests to the worker, by number.
    pub(crate) asked: RwSignal<Vec<(u32, SortingRequest)>, LocalStorage>,
    /// The files that wait for people: their place is to be chosen, or they are not used.
    pub(crate) open: RwSignal<Arc<Vec<Unplaced>>, LocalStorage>,
    /// Conversions under way: number of the request, role of the file, and number of its pick.
    pub(crate) converting: StoredValue<Vec<(u32, InputRole, u32)>>,
    /// The notes on conversions, by role in the order of [`InputRole::ALL`].
    pub(crate) notes: [RwSignal<Option<ConversionNote>>; InputRole::ALL.len()],
}

/// A request to the worker.
#[derive(Clone)]
pub(crate) enum SortingRequest {
    /// The places of these files.
    Places(Vec<File>),
    /// The files of a sample.
    Sample,
}

/// A file that has no place yet.
#[derive(Clone)]
pub(crate) struct Unplaced {
    /// The file.
    pub(crate) file: File,
    /// Its number.
    pub(crate) number: u32,
    /// The places to choose from, the likeliest first.
    pub(crate) places: Vec<Destination>,
    /// Why it has none.
    pub(crate) reason: UnplacedReason,
}

/// Why a file has no place.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum UnplacedReason {
    /// It is not certain what the file is.
    Doubtful,
    /// Other files that came with it have the same place.
    OneOfSeveral,
    /// It is not used, for this reason.
    Unused(String),
}

impl UnplacedReason {
    /// Why the file is not used; `None` for a file with a question.
    pub(crate) fn unused(&self) -> Option<&str> {
        match self {
            Self::Unused(why) => Some(why),
            Self::Doubtful | Self::OneOfSeveral => None,
        }
    }
}

/// The result of an answer to a file's question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConversionNote {
    /// The number of the file's pick.
    pub(crate) pick: u32,
    /// What was converted, or why the file could not be.
    pub(crate) outcome: Result<String, String>,
}

impl Sorting {
    /// Whether the worker is sorting files or making a sample.
    pub(crate) fn is_going(self) -> bool {
        self.asked.with(|asked| !asked.is_empty())
    }

    /// Removes the request of this number, which was answered.
    pub(crate) fn answered(self, request: u32) -> Option<SortingRequest> {
        let at = self.asked.with_untracked(|asked| asked.iter().position(|(number, _)| *number == request))?;
        self.asked.try_update(|asked| asked.remove(at).1)
    }

    /// Removes the conversion of this request, which was answered. Returns the file's role, and the number of its pick.
    pub(crate) fn converted(self, request: u32) -> Option<(InputRole, u32)> {
        let taken = self.converting.try_update_value(|converting| {
            let at = converting.iter().position(|(number, ..)| *number == request)?;
            Some(converting.swap_remove(at))
        });
        taken.flatten().map(|(_, role, pick)| (role, pick))
    }

    /// The note about the file of a role.
    pub(crate) fn note(self, role: InputRole) -> RwSignal<Option<ConversionNote>> {
        self.notes[role as usize]
    }
}
