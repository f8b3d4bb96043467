//! The assignable contents of a run, and the recommendations that belong to them.
//!
//! On the first day of a series they are those of the given files. On later days a made-up vendor and recommender change
//! them, as in [`LaterDays`](crate::run::later_days::LaterDays).

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::check::recorded_run::{RecordedRun, SeriesRecord};
use crate::format::standalone_content::{self, Content};
use crate::sample::{self, Recommender, Vendor};

/// The assignable contents of a run.
pub(super) struct KnownCatalog<'f> {
    /// The contents of the run, or of the first day of its series; `None` if they are not known.
    at_first: Option<Cow<'f, [Content]>>,
    /// True if the catalog of a sample continues over the series of the run.
    continues_sample: bool,
    /// The dates of the first day of the run's series and of the run, if it is a later one.
    later_day: Option<(NaiveDate, NaiveDate)>,
    /// The vendor of that series; `None` if the contents are the same on all its days.
    vendor: Option<Vendor>,
}

impl<'f> KnownCatalog<'f> {
    /// The contents of the built-in catalog if the run used it, else those of `standalone`, the only StandAloneContent.
    pub(super) fn of(record: Option<&RecordedRun>, standalone: Option<&'f [Content]>) -> KnownCatalog<'f> {
        let is_built_in = record.is_some_and(RecordedRun::used_the_built_in_catalog);
        let at_first = if is_built_in {
            let built_in = standalone_content::read(&sample::built_in_standalone_content()).value;
            Some(Cow::Owned(built_in))
        } else {
            standalone.map(Cow::Borrowed)
        };
        let later_day = record.filter(|record| record.is_carried_on()).and_then(|record| {
            let first = record.series.as_ref().and_then(SeriesRecord::first_date)?;
            Some((first, record.calendar.as_ref()?.today))
        });
        let series = record.and_then(|record| record.series.as_ref());
        let continues_sample = series.is_some_and(|series| series.day.rhythm.continues_sample);
        let vendor = later_day.and(at_first.as_deref());
        let vendor = vendor.and_then(|contents| Vendor::of_series(contents, is_built_in, continues_sample));
        KnownCatalog { at_first, continues_sample, later_day, vendor }
    }

    /// The contents on the day of the run; `None` if they are not known.
    pub(super) fn contents(&self) -> Option<Cow<'f, [Content]>> {
        let mut contents = self.at_first.clone()?;
        if let Some(((first, today), vendor)) = self.later_day.zip(self.vendor) {
            contents.to_mut().extend(vendor.daily_doses(first, first, today));
        }
        Some(contents)
    }

    /// The recommendations on the day of the run, from those of the given recording: pairs of employee and content, both
    /// sorted. `None` if they are not known.
    pub(super) fn recommended(&self, given: &'f [(u64, u64)]) -> Option<Cow<'f, [(u64, u64)]>> {
        let later_day = self.later_day.filter(|_| self.continues_sample);
        let Some((first, today)) = later_day else { return Some(Cow::Borrowed(given)) };
        if self.at_first.is_none() && !given.is_empty() {
            return None;
        }
        let Some((vendor, recommender)) = self.vendor.and_then(|vendor| Some((vendor, vendor.recommender(today)?)))
        else {
            return Some(Cow::Borrowed(given));
        };
        let recommenders = vendor.recommenders_before(first);
        let of_employee = |pairs: &[(u64, u64)]| {
            let is_theirs = recommenders.iter().any(|recommender| recommended(recommender, pairs[0].0) == pairs);
            if is_theirs { recommended(&recommender, pairs[0].0) } else { pairs.to_vec() }
        };
        Some(Cow::Owned(given.chunk_by(|one, other| one.0 == other.0).flat_map(of_employee).collect()))
    }
}

/// The recommendations for an employee as sorted pairs of employee and content.
fn recommended(recommender: &Recommender, employee: u64) -> Vec<(u64, u64)> {
    let mut pairs: Vec<(u64, u64)> =
        recommender.recommended(employee).into_iter().map(|one| (employee, one.content_id)).collect();
    pairs.sort_unstable();
    pairs
}
