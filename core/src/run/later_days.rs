//! What the made-up vendor and recommender change in the inputs of a later day of a series.
//!
//! The built-in catalog gets new Daily Doses. So does the catalog of a sample, and the recommendations of its employees
//! are those of the day. All other inputs stay.

use chrono::NaiveDate;

use crate::format::input_role::InputRole;
use crate::format::recommendations::{Answer, push_line};
use crate::inputs::run_inputs::Inputs;
use crate::plan::rhythm::Rhythm;
use crate::sample::{Recommender, SampleFile, TABLE_NAMES, Vendor};
use crate::text::shared_texts::SharedTexts;

/// The made-up vendor and recommender of a series.
pub struct LaterDays {
    vendor: Vendor,
    first: NaiveDate,
    /// The positions of the employees whose recommendations are the recommender's.
    recommended: Vec<usize>,
}

impl LaterDays {
    /// As [`LaterDays::of`]; `None`, too, for the catalog of a sample that does not continue over the series.
    #[must_use]
    pub fn of_series(inputs: &Inputs, rhythm: Rhythm, first: NaiveDate) -> Option<LaterDays> {
        LaterDays::by_vendor(inputs, rhythm.continues_sample, first)
    }

    /// The vendor and recommender of a series from the inputs of its first day; `None` if the catalog is neither the
    /// built-in one nor that of a sample. `first` is the date of the first day in the business time zone.
    #[must_use]
    pub fn of(inputs: &Inputs, first: NaiveDate) -> Option<LaterDays> {
        LaterDays::by_vendor(inputs, true, first)
    }

    fn by_vendor(inputs: &Inputs, continues_sample: bool, first: NaiveDate) -> Option<LaterDays> {
        let vendor = Vendor::of_series(&inputs.catalog.contents, inputs.catalog_is_built_in, continues_sample)?;
        let recommenders = vendor.recommenders_before(first);
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

    /// The same changes as files of a later day: the catalogs, and the recording if it has recommendations of the sample. In
    /// place of the built-in catalog, only a StandAloneContent with new Daily Doses. `inputs` are those of the first day.
    #[must_use]
    pub fn files(&self, inputs: &Inputs, day: NaiveDate) -> Vec<(InputRole, SampleFile)> {
        let standalone = || (InputRole::StandaloneContent, self.vendor.standalone_content(self.first, day));
        let Some(recommender) = self.vendor.recommender(day) else {
            let has_new = !self.vendor.daily_doses(self.first, self.first, day).is_empty();
            return has_new.then(standalone).into_iter().collect();
        };
        let mut files = vec![standalone(), (InputRole::CourseCatalog, self.vendor.course_catalog(day))];
        if !self.recommended.is_empty() {
            let [.., name] = TABLE_NAMES;
            let bytes = self.recording(inputs, &recommender);
            files.push((InputRole::Recommendations, SampleFile { name: name.to_owned(), bytes }));
        }
        files
    }

    /// The answers for all employees, with the recommendations of `recommender` in place of those of the sample.
    fn recording(&self, inputs: &Inputs, recommender: &Recommender) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (position, employee) in inputs.employees.iter().enumerate() {
            match inputs.answers.of(position) {
                [_] if self.recommended.binary_search(&position).is_ok() => {
                    recommender.push_line(&mut bytes, employee.id);
                }
                answers => answers.iter().for_each(|answer| push_line(&mut bytes, employee.id, answer)),
            }
        }
        bytes
    }
}
