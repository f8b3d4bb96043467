//! The made-up vendor of a sandbox: puts the catalogs of later days on the inbound server, with three new Daily Doses
//! every Monday.
//!
//! The vendor delivers the catalogs of a day on that day, earlier after the batch job has loaded the feed of the day
//! before, and on request of a download for that day. So days that are simulated ahead of the clock have their
//! catalogs, too.

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
    /// The latest day that was delivered.
    latest: Arc<Mutex<NaiveDate>>,
}

impl Vendor {
    /// Vendor for a filled server. The first day of the sandbox is the day of `recipe`; its current day is `today`.
    pub(super) fn new(inbound: PathBuf, recipe: SampleRecipe, zone: BusinessZone, today: NaiveDate) -> Vendor {
        let ahead = today - zone.date_of(Utc::now());
        Vendor { inbound, recipe, zone, ahead, latest: Arc::new(Mutex::new(recipe.today)) }
    }

    /// Delivers the catalogs of the sandbox's day.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(super) fn deliver_today(&self) -> Result<(), Failure> {
        self.deliver(self.zone.date_of(Utc::now()).checked_add_signed(self.ahead).unwrap_or(NaiveDate::MAX))
    }

    /// Delivers the catalogs of a day, unless it or a later one was delivered already.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub(crate) fn deliver(&self, day: NaiveDate) -> Result<(), Failure> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if day > *latest {
            let folder = delivered_folder(&self.inbound);
            for file in catalogs_on(&self.recipe, day) {
                deliver(&folder, &file, day).of_file(&folder.join(&file.name), "write")?;
            }
            *latest = day;
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
