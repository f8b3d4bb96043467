//! Actions on the input files: pick, replace, remove, and read on in the list of problems.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::messages::{Pick, ToWorker};
use crate::page::file_slot::{FileOrigin, FileSlot, FileState, MoreProblems, Picked};
use crate::page::state::PageState;

impl PageState {
    /// Uses a picked file in a role.
    pub(crate) fn pick(self, role: InputRole, file: web_sys::File) {
        self.take_over(role, file, FileOrigin::Picked);
    }

    /// Uses a file in a role, with its origin.
    pub(crate) fn take_over(self, role: InputRole, file: web_sys::File, origin: FileOrigin) {
        self.take_file(role, Picked { file, pick: self.next_number(), edits: 0, origin });
    }

    /// Uses the edited employees.csv of the area Mix.
    pub(crate) fn pick_edited(self, file: web_sys::File, edits: usize) {
        self.take_file(
            InputRole::Employees,
            Picked { file, pick: self.next_number(), edits, origin: FileOrigin::Picked },
        );
    }

    /// Uses a file with all that is known of it. Inspects it, and makes results stale.
    pub(crate) fn take_file(self, role: InputRole, picked: Picked) {
        let slot = self.slot(role);
        slot.more_problems.set(MoreProblems::default());
        slot.file.set(FileState::Reading(picked));
        if role == InputRole::Employees {
            self.settings.without_population();
        }
        if !self.revive_worker() {
            self.inspect(&slot);
        }
        self.edited();
    }

    /// Removes the file of a role.
    pub(crate) fn remove(self, role: InputRole) {
        let slot = self.slot(role);
        slot.more_problems.set(MoreProblems::default());
        slot.file.set(FileState::Empty);
        self.send(&ToWorker::Forget { role }, []);
        self.edited();
    }

    /// Sets what happens to bad rows. employees.csv is inspected again, because that turns errors into warnings, or back.
    pub(crate) fn set_bad_rows(self, bad_rows: BadRows) {
        self.settings.bad_rows.set(bad_rows);
        let slot = self.slot(InputRole::Employees);
        match slot.picked() {
            Some(picked) => self.take_file(InputRole::Employees, Picked { pick: self.next_number(), ..picked }),
            None => self.edited(),
        }
    }

    /// Has the worker inspect the file of a slot.
    pub(crate) fn inspect(self, slot: &FileSlot) {
        if let Some((pick, file)) = slot.pick() {
            let bad_rows = self.settings.bad_rows.get_untracked();
            self.send(&ToWorker::Inspect { pick, bad_rows }, [file]);
        }
    }

    /// Asks for the next problems of a file. Each answer asks for the following ones, until all are there.
    pub(crate) fn ask_for_more_problems(self, slot: FileSlot) {
        let listed = slot.file.with_untracked(|file| file.inspected().map_or(0, |inspected| inspected.first.len()));
        let more = slot.more_problems.with_untracked(|more| more.count);
        if let Some(Picked { pick, .. }) = slot.picked() {
            self.send(&ToWorker::MoreProblems { role: slot.role, pick, known: listed + more }, []);
        }
    }

    /// The picked files of all roles.
    pub(crate) fn picked_files(self) -> Vec<(Pick, JsValue)> {
        self.slots.iter().filter_map(FileSlot::pick).collect()
    }
}
