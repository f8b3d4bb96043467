//! The state of the kept visit.

use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

/// The kept visit, which is that of one tab: the last one that was opened or chosen. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct Session {
    /// Whether people agreed to keep a visit.
    pub(crate) is_kept: RwSignal<bool>,
    /// Whether another tab keeps its visit instead of this one.
    pub(crate) is_elsewhere: RwSignal<bool>,
    /// The random text by which this tab marks the kept visit as its own.
    pub(crate) mark: StoredValue<String>,
    /// Whether records of another visit are to be deleted before the next writing.
    pub(crate) is_new: StoredValue<bool>,
    /// Whether the kept visit is restored; nothing is written earlier.
    pub(crate) is_open: RwSignal<bool>,
    /// Why the visit is not kept.
    pub(crate) fault: RwSignal<Option<String>>,
    /// The number of the last change.
    pub(crate) last_change: StoredValue<u32>,
    /// The number of the pick of each written file, in the order of [`InputRole::ALL`].
    pub(crate) written: StoredValue<[Option<u32>; InputRole::ALL.len()]>,
}
