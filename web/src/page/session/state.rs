//! Whether the visit is kept, and what was written of it.

use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;

/// The kept session: that of one tab, the last one that was opened or chosen. A copy is a handle on the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct Session {
    /// Whether people want it.
    pub(crate) is_kept: RwSignal<bool>,
    /// Whether another tab keeps its visit now, in the place of this one's.
    pub(crate) is_elsewhere: RwSignal<bool>,
    /// What this tab marks the kept visit with as its own.
    pub(crate) mark: StoredValue<String>,
    /// Whether what is there of another visit is to go before anything is written.
    pub(crate) is_new: StoredValue<bool>,
    /// Whether what was kept before is back; nothing is written earlier.
    pub(crate) is_open: RwSignal<bool>,
    /// Why it is not kept.
    pub(crate) fault: RwSignal<Option<String>>,
    /// The number of the last change that is to be written.
    pub(crate) last_change: StoredValue<u32>,
    /// The pick of each file that was written, in the order of [`InputRole::ALL`].
    pub(crate) written: StoredValue<[Option<u32>; InputRole::ALL.len()]>,
}
