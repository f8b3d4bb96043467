//! The employees of the page are opened for editing, and the edited file becomes the page's.

use std::time::Duration;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::roster::Filter;
use leptos::prelude::*;
use web_sys::File;

use super::state::{Population, PopulationOrigin};
use crate::messages::population::ToPopulation;

/// The time without a change of the mix after which made-up employees are made again.
const REST: Duration = Duration::from_millis(200);

impl Population {
    /// Opens the employees of the page, unless they are open.
    pub(super) fn follow_page(self) {
        let settings = self.page.settings;
        let picked = self.employees_slot().file.with(|file| file.picked().cloned());
        let wanted = match (settings.population.get(), picked) {
            (Some(population), _) => {
                let (Some(mix), Ok(seed)) = (settings.mix.get(), settings.parsed_seed()) else { return };
                PopulationOrigin::MadeUp(population, mix, seed)
            }
            (None, Some(picked)) if self.handed_over.with_value(|file| file.as_ref() == Some(&picked.file)) => return,
            (None, Some(picked)) => PopulationOrigin::Picked(picked.file, picked.edits),
            (None, None) => PopulationOrigin::Nothing,
        };
        let (is_open, is_made_up) =
            self.source.with_value(|source| (*source == wanted, matches!(source, PopulationOrigin::MadeUp(..))));
        if is_open {
            return;
        }
        if is_made_up && matches!(wanted, PopulationOrigin::MadeUp(..)) {
            // While a slider is moved, the population is made up again only when it rests.
            let number = self.page.next_number();
            self.awaited.set(number);
            let open = move || {
                if self.awaited.get_untracked() == number {
                    self.open(wanted);
                }
            };
            set_timeout(open, REST);
        } else {
            self.view.set(None);
            self.open(wanted);
        }
    }

    fn open(self, source: PopulationOrigin) {
        self.awaited.set(0);
        self.source.set_value(source.clone());
        self.handed_over.set_value(None);
        self.refused.set(None);
        self.is_unsaved.set(false);
        self.filter.set(Filter::default());
        match source {
            PopulationOrigin::Nothing => {}
            PopulationOrigin::Picked(file, _) => self.send(ToPopulation::Open, Some(file)),
            PopulationOrigin::MadeUp(population, mix, seed) => {
                self.send(ToPopulation::MakeUp { population, mix, seed }, None);
            }
        }
    }

    /// Whether the page has employees, which are then being opened while there is no view.
    pub(crate) fn is_opening(self) -> bool {
        self.employees_slot().is_filled() || self.page.settings.population.with(Option::is_some)
    }

    /// Makes the edited file the employees.csv of the page. Without differences, the page gets the picked file back, or the
    /// made-up population.
    pub(super) fn hand_over(self, file: &File, edited: usize, edits: usize) {
        let settings = self.page.settings;
        self.is_unsaved.set(edited > 0);
        let before = self.edits_before();
        match self.source.get_value() {
            PopulationOrigin::Picked(original, 0) if edited == 0 => self.page.pick(InputRole::Employees, original),
            PopulationOrigin::Picked(original, _) if edited == 0 => self.page.pick_edited(original, before),
            PopulationOrigin::MadeUp(population, mix, _) if edited == 0 => {
                settings.mix.set(Some(mix));
                settings.population.set(Some(population));
                self.page.remove(InputRole::Employees);
            }
            _ => {
                self.handed_over.set_value(Some(file.clone()));
                self.page.pick_edited(file.clone(), before + edits);
            }
        }
    }

    /// The number of edits that the file had before a reload. They can no longer be undone one by one.
    pub(super) fn edits_before(self) -> usize {
        self.source.with_value(|source| if let PopulationOrigin::Picked(_, edits) = source { *edits } else { 0 })
    }
}
