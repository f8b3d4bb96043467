//! What the made-up vendor and recommender change in the inputs of a later day of a series.
//!
//! The built-in catalog gets new Daily Doses. So does the catalog of a sample, and the recommendations of its employees
//! are those of the day. All other inputs stay.

use chrono::NaiveDate;

use crate::format::recommendations::Answer;
use crate::inputs::run_inputs::Inputs;
use crate::sample::Vendor;
use crate::text::shared_texts::SharedTexts;

/// The made-up vendor and recommender of a series.
pub struct LaterDays {
    vendor: Vendor,
    first: NaiveDate,
    /// The positions of the employees whose recommendations are the recommender's.
    recommended: Vec<usize>,
}

impl LaterDays {
    /// The vendor and recommender of a series from the inputs of its first day; `None` if the catalog is neither the
    /// built-in one nor that of a sample. `first` is the date of the first day in the business time zone.
    #[must_use]
    pub fn of(inputs: &Inputs, first: NaiveDate) -> Option<LaterDays> {
        let catalog = &inputs.catalog.contents;
        let vendor = if inputs.catalog_is_built_in { Some(Vendor::built_in()) } else { Vendor::of(catalog) }?;
        let recommenders = vendor.recommenders_of_the_week();
        let is_theirs = |position: &usize| {
            let [Answer::Recommendations(found)] = inputs.answers.of(*position) else { return false };
            let id = inputs.employees[*position].id;
            !found.is_empty() && recommenders.iter().any(|recommender| recommender.recommended(id) == *found)
        };
        let recommended = (0..inputs.employees.len()).filter(is_theirs).collect();
        Some(LaterDays { vendor, first, recommended })
    }

    /// Changes the inputs of the day `after` to those of a later `day`, both in the business time zone.
    pub fn apply(&self, inputs: &mut Inputs, after: NaiveDate, day: NaiveDate) {
        inputs.catalog.add_doses(&self.vendor.daily_doses(self.first, after, day));
        let Some(recommender) = self.vendor.recommender(day) else { return };
        // Few names occur many times.
        let mut names = SharedTexts::default();
        for position in &self.recommended {
            let mut recommended = recommender.recommended(inputs.employees[*position].id);
            recommended.iter_mut().for_each(|one| one.name = names.of(&one.name));
            inputs.answers.of_mut(*position).fill(Answer::Recommendations(recommended));
        }
    }
}
