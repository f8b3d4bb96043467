//! Actions on the mix: its shares, a scenario's, none; written into the file as an edit, or given to a made-up population.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use leptos::prelude::*;

use super::state::Population;
use crate::messages::population::RosterAction;

impl Population {
    /// Sets the mix of runs. A mix that changes no employee's type counts as none.
    pub(crate) fn set_mix(self, mix: Mix) {
        let counts = self.counts();
        let employees = counts.iter().sum();
        let changes_nothing = employees > 0 && mix == self.own.get_untracked() && mix.counts(employees) == counts;
        if changes_nothing {
            return self.reset();
        }
        self.use_mix(Some(mix));
    }

    /// Resets runs to the shares without a mix.
    pub(crate) fn reset(self) {
        self.use_mix(self.made_with.get_untracked());
    }

    fn use_mix(self, mix: Option<Mix>) {
        self.turned_off.set(None);
        self.page.settings.mix.set(mix);
        self.page.edited();
    }

    /// Sets the share of one type, in tenths of a percent. While one slider is dragged, each step starts from the mix before
    /// the drag, so that the other two keep their proportion.
    pub(crate) fn set_share(self, kind: EmployeeType, tenths: u16) {
        let now = self.mix.get_untracked();
        let (last, before, came) = self.share.get_untracked();
        let before = if (last, came) == (kind, now) { before } else { now };
        let mix = before.with_share(kind, tenths);
        self.share.set((kind, before, mix));
        self.set_mix(mix);
    }

    /// Writes the mix into employees.csv as an edit.
    pub(crate) fn write_mix(self) {
        if let Ok(seed) = untrack(|| self.page.settings.parsed_seed()) {
            let mix = self.mix.get_untracked();
            self.act(RosterAction::ApplyMix(mix, seed));
        }
    }

    /// Uses a made-up population for runs. A toast offers to bring the replaced file back.
    pub(crate) fn make_up(self, population: NewPopulation) {
        let mix = self.mix.get_untracked();
        self.page.put(vec![(InputRole::Employees, None)]);
        self.page.settings.mix.set(Some(mix));
        self.page.settings.population.set(Some(population));
        self.page.edited();
    }
}
