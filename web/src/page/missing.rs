//! The reasons against a run, in sentences: missing or refused files, wrong fields, jobs under way, files about other employees.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::page::file_slot::{FileOrigin, FileSlot, FileState};
use crate::page::state::PageState;

impl PageState {
    /// The reasons against starting a run, in sentences.
    pub(crate) fn missing(&self) -> Vec<String> {
        let mut missing = self.missing_of_inputs();
        missing.extend(self.live.missing());
        missing
    }

    /// The reasons of files and settings, which do not depend on what live sources do now.
    pub(crate) fn missing_of_inputs(&self) -> Vec<String> {
        let is_made_up = self.settings.population.with(Option::is_some);
        let needed = self.slots.iter().filter(|slot| slot.role != InputRole::Employees || !is_made_up);
        let mut missing: Vec<String> = needed.filter_map(FileSlot::missing).collect();
        if let Err(wrong) = self.settings.settings() {
            missing.extend(wrong);
        }
        missing.extend(self.slots.iter().filter(|slot| self.is_for_others(slot.role)).map(|slot| {
            let name = self.name_of(slot.role).unwrap_or_default();
            format!("{name} is about other employees than those of this run: get it again under \"Live sources\", or remove it.")
        }));
        missing
    }

    /// The reason against asking live sources about the employees, if any.
    pub(crate) fn missing_to_ask(&self) -> Option<String> {
        if self.settings.population.with(Option::is_some) {
            let mend = "Live sources are asked about the employees of a file: save the made-up ones under \"Mix\", \
                        and pick that file under \"Employees file\".";
            return Some(mend.to_owned());
        }
        let file = self.slot(InputRole::Employees).file;
        match file.with(|file| matches!(file, FileState::Empty)) {
            true => Some("There is no employees.csv yet: pick it under \"Employees file\".".to_owned()),
            false => self.slot(InputRole::Employees).missing(),
        }
    }

    /// Whether the file came from a live source for employees other than those of the run.
    pub(crate) fn is_for_others(&self, role: InputRole) -> bool {
        let origin = self.slot(role).file.with(|file| file.picked().map(|picked| picked.origin.clone()));
        matches!(origin, Some(FileOrigin::LiveFor(employee_set)) if employee_set.is_empty() || employee_set != self.employee_set())
    }

    /// Identifies the set of employees by the SHA-256 of the sorted ids; empty if it is unknown, or if they are made up.
    pub(crate) fn employee_set(&self) -> String {
        let file = self.slot(InputRole::Employees).file;
        let known = file.with(|file| file.inspected().map(|inspected| inspected.employee_set.clone()));
        known.filter(|_| self.settings.population.with(Option::is_none)).unwrap_or_default()
    }
}

impl FileSlot {
    /// The reason of this slot against starting a run, if any.
    pub(crate) fn missing(&self) -> Option<String> {
        self.file.with(|file| match file {
            FileState::Empty if self.role == InputRole::Employees => Some(
                "There is no employees.csv yet: pick it under \"Employees file\", or make up a new population."
                    .to_owned(),
            ),
            FileState::Empty | FileState::Reading(_) => None,
            FileState::Read(_, inspected) if inspected.errors == 0 => None,
            FileState::Read(picked, inspected) if inspected.question().is_some() => {
                Some(format!("{} cannot be read yet: answer the question about it.", picked.file.name()))
            }
            FileState::Read(picked, inspected) => {
                let errors = counted(inspected.errors, "error");
                let mend = match (self.role, picked.edits) {
                    (InputRole::Employees, 1..) => "undo the edit under \"Mix\", or switch on or mend rows there.",
                    _ if inspected.mends.contains(&Mend::SkipBadRows) => {
                        "skip the bad rows, mend them in the table under \"Mix\" or in the file, or remove it."
                    }
                    _ => "mend the file and pick it again, or remove it.",
                };
                Some(format!("{} has {errors}: {mend}", picked.file.name()))
            }
            FileState::Unreadable(picked, why) => Some(format!("{}: {why}.", picked.file.name())),
        })
    }
}
