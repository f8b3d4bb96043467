//! The made-up vendor of a sandbox: puts the catalogs of later days on the inbound server, with three new Daily Doses
//! every Monday.
//!
//! The vendor delivers the catalogs of a day on that day, earlier after the batch job has loaded the feed of the day
//! before, and on request of a download for that day. So days that are simulated ahead of the clock have their
//! catalogs, too.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::{SampleRecipe, catalogs_on};
use chrono::{NaiveDate, TimeDelta, Utc};

use super::sftp::{deliver, delivered_folder};
use crate::files::reading::read_found;
use crate::terminal::failure::{Failure, FileResult};

/// Vendor of a sandbox. Copies share their state.
#[derive(Clone, Debug)]
pub(crate) struct Vendor {
    inbound: PathBuf,
    recipe: SampleRecipe,
    zone: BusinessZone,
    /// Difference between the sandbox's day and the day by the clock.
    ahead: TimeDelta,
    /// The later days that were delivered.
    delivered: Arc<Mutex<BTreeSet<NaiveDate>>>,
}

/// The catalog grows every week, so days that are further from the first one get none.
const FURTHEST: TimeDelta = TimeDelta::days(3_653);

impl Vendor {
    /// Vendor for a filled server. The first day of the sandbox is the day of `recipe`; its current day is `today`.
    pub(super) fn new(inbound: PathBuf, recipe: SampleRecipe, zone: BusinessZone, today: NaiveDate) -> Vendor {
        let ahead = today - zone.date_of(Utc::now());
        Vendor { inbound, recipe, zone, ahead, delivered: Arc::default() }
    }

    /// Delivers the catalogs of the sandbox's day.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn deliver_today(&self) -> Result<(), Failure> {
        self.deliver(self.zone.date_of(Utc::now()).checked_add_signed(self.ahead).unwrap_or(NaiveDate::MAX))
    }

    /// Delivers the catalogs of a day, unless they were delivered already, or are of no later day or one after ten years.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn deliver(&self, day: NaiveDate) -> Result<(), Failure> {
        let mut delivered = self.delivered.lock().unwrap_or_else(PoisonError::into_inner);
        let is_within = day > self.recipe.today && day - self.recipe.today <= FURTHEST;
        if is_within && !delivered.contains(&day) {
            let folder = delivered_folder(&self.inbound);
            for file in catalogs_on(&self.recipe, day) {
                deliver(&folder, &file, day).of_file(&folder.join(&file.name), "write")?;
            }
            delivered.insert(day);
        }
        Ok(())
    }
}

/// File with the first day of a sandbox, in the sandbox's folder.
#[derive(Clone, Debug)]
pub(super) struct FirstDay(pub(super) PathBuf);

impl FirstDay {
    /// The day; `None` for the folder of an earlier version, which has no such file.
    pub(super) fn read(&self) -> Option<NaiveDate> {
        String::from_utf8(read_found(&self.0).ok()?).ok()?.trim().parse().ok()
    }

    /// Writes the day to the file.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn write(&self, day: NaiveDate) -> Result<(), Failure> {
        fs::write(&self.0, format!("{day}\n")).of_file(&self.0, "write")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_later_day_within_ten_years_has_catalogs_in_any_order() {
        let root = tempfile::tempdir().unwrap();
        let recipe = SampleRecipe { seed: 1, today: "2026-11-28".parse().unwrap(), employees: 0, contents: 20 };
        let folder = delivered_folder(root.path());
        fs::create_dir_all(&folder).unwrap();
        let vendor = Vendor::new(root.path().to_owned(), recipe, BusinessZone::UTC, recipe.today);
        for (day, expected) in [
            ("2026-11-28", 0),
            ("2026-12-21", 2),
            ("2026-12-07", 4),
            ("2026-12-21", 4),
            ("2026-11-01", 4),
            ("2036-11-28", 6),
            ("2036-11-30", 6),
            ("9999-12-31", 6),
        ] {
            vendor.deliver(day.parse().unwrap()).unwrap();
            assert_eq!(fs::read_dir(&folder).unwrap().count(), expected, "{day}");
        }
    }
}
