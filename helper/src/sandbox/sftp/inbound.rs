//! Initial files on the vendor's server: catalogs of many days, and files that are not for this program.

use std::fs::{self, File, FileTimes};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::sample::{SampleFile, SampleRecipe, files};
use chrono::{Days, NaiveDate};

use crate::files::temporary_file::partial_name;

/// Remote folder of the catalogs on the inbound server.
pub(crate) const INBOUND_FOLDER: &str = "/inbound/BTC/retailData/dev/vendor/mySephoraLearning-archive";

/// Remote folder for feeds on the outbound server.
pub(crate) const OUTBOUND_FOLDER: &str = "/inbound/BTC/retailData/dev1/vendor/mySephoraLearningV2";

/// Number of files in the folder, as observed on a real server.
const FILES: usize = 785;
/// Number of days with catalogs, today included.
const CATALOG_DAYS: u64 = 180;
/// Number of days with BTC's feeds.
const FEED_DAYS: u64 = 120;
/// Contents per catalog of earlier days.
const OLD_CONTENTS: usize = 12;

/// Fills the inbound server's folder under `root`. Today's catalogs have `contents` contents, those of earlier days
/// only a few; some days have none, one has two. Returns the local path of the folder.
///
/// # Errors
/// Any I/O error, such as a file that exists.
pub(crate) fn fill_inbound(root: &Path, today: NaiveDate, contents: usize) -> io::Result<PathBuf> {
    let mut filling = Filling { folder: delivered_folder(root), today, written: 0 };
    fs::create_dir_all(&filling.folder)?;
    filling.write_catalogs(contents)?;
    filling.write_feeds()?;
    filling.write_strange_files()?;
    filling.write_inventories()?;
    Ok(filling.folder)
}

/// The folder while it is filled.
struct Filling {
    folder: PathBuf,
    today: NaiveDate,
    /// The number of files so far.
    written: usize,
}

impl Filling {
    fn write(&mut self, name: &str, date: NaiveDate, bytes: &[u8]) -> io::Result<()> {
        self.written += 1;
        write_in_the_morning(&self.folder.join(name), date, bytes)
    }

    fn days_back(&self, days: u64) -> NaiveDate {
        self.today.checked_sub_days(Days::new(days)).unwrap_or(self.today)
    }

    fn write_catalogs(&mut self, contents: usize) -> io::Result<()> {
        for back in 0..CATALOG_DAYS {
            // Some days without a delivery.
            if back > 0 && back % 45 == 0 {
                continue;
            }
            let date = self.days_back(back);
            let contents = if back == 0 { contents } else { OLD_CONTENTS };
            for file in catalogs(back, date, contents) {
                self.write(&file.name, date, &file.bytes)?;
                if let (3, Some(name)) = (back, VendorName::parse(&file.name)) {
                    let (prefix, day) = (name.kind.prefix(), name.date.format("%Y_%-m_%-d"));
                    self.write(&format!("{prefix}_{day}_2_again.csv"), date, &file.bytes)?;
                }
                if back == 1 {
                    self.write(&format!("{}.filepart", file.name), date, &file.bytes[..file.bytes.len() / 2])?;
                }
            }
        }
        // After the last day that has catalogs, as this is none.
        let future = self.today.checked_add_days(Days::new(3_700)).unwrap_or(self.today);
        self.write(&VendorKind::StandAloneContent.name(future, "future"), self.today, b"not yet\n")
    }

    fn write_feeds(&mut self) -> io::Result<()> {
        for back in 0..FEED_DAYS {
            let date = self.days_back(back);
            for kind in
                [VendorKind::ContentUserCompletion, VendorKind::NonCompletedAssignments, VendorKind::UserCompletion]
            {
                self.write(&kind.name(date, &format!("{:06x}", 0x5f_cc00 + back)), date, b"\"other people's feed\"\n")?;
            }
        }
        Ok(())
    }

    /// Writes files with names like those of catalogs, which are no catalogs.
    fn write_strange_files(&mut self) -> io::Result<()> {
        for (name, bytes) in [
            ("README.txt", &b"Files older than a year are removed.\n"[..]),
            (".DS_Store", b"\0\0\0\x01Bud1"),
            ("CourseCatalog_V2_2026_2_30_1_nosuch.csv", b"a day that does not exist\n"),
            ("Copy of StandAloneContent_v2.csv", b"somebody's copy\n"),
            ("standalonecontent.csv.bak", b"somebody's backup\n"),
        ] {
            self.write(name, self.days_back(200), bytes)?;
        }
        Ok(())
    }

    /// Writes files of other programs until the folder has [`FILES`] files.
    fn write_inventories(&mut self) -> io::Result<()> {
        for (other, _) in (0..).zip(self.written..FILES) {
            let date = self.days_back(other * 3 % 300);
            let name = format!("inventory_{}_{other:03}.csv", date.format("%Y%m%d"));
            File::create_new(self.folder.join(name))?.write_all(b"store,count\n")?;
        }
        Ok(())
    }
}

/// Local path of the folder of an inbound server under `root`.
pub(in crate::sandbox) fn delivered_folder(root: &Path) -> PathBuf {
    root.join(INBOUND_FOLDER.trim_start_matches('/'))
}

/// Writes a catalog of a later day into the folder, whole or not at all, unless a file of this name exists.
///
/// # Errors
/// Any I/O error.
pub(in crate::sandbox) fn deliver(folder: &Path, file: &SampleFile, date: NaiveDate) -> io::Result<()> {
    let path = folder.join(&file.name);
    if path.exists() {
        return Ok(());
    }
    let partial = folder.join(partial_name(&file.name));
    let _ = fs::remove_file(&partial);
    write_in_the_morning(&partial, date, &file.bytes)?;
    fs::rename(&partial, &path)
}

/// Writes a new file with the time at which the vendor delivers.
fn write_in_the_morning(path: &Path, date: NaiveDate, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    let seconds = date.and_hms_opt(6, 15, 0).unwrap_or_default().and_utc().timestamp();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    file.set_times(FileTimes::new().set_modified(time))
}

/// The two catalogs of a day.
fn catalogs(seed: u64, today: NaiveDate, contents: usize) -> impl Iterator<Item = SampleFile> {
    // A sample's files are in order: population, StandAloneContent, course catalog.
    files(&SampleRecipe { seed: seed + 1, today, employees: 0, contents }).skip(1).take(2)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use btcfake_core::format::file_name::{FolderEntry, most_recent};

    use super::*;

    #[test]
    fn the_folder_is_as_full_as_a_real_one() {
        let root = tempfile::tempdir().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 1, 29).unwrap();
        let folder = fill_inbound(root.path(), today, 30).unwrap();
        let names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        assert_eq!(names.len(), FILES);
        let of_today = |kind: VendorKind| {
            names
                .iter()
                .filter_map(|name| VendorName::parse(name))
                .filter(|name| (name.kind, name.date) == (kind, today))
                .count()
        };
        assert_eq!((of_today(VendorKind::CourseCatalog), of_today(VendorKind::StandAloneContent)), (1, 1));
    }

    #[test]
    fn runs_of_ten_years_use_a_real_catalog() {
        let root = tempfile::tempdir().unwrap();
        let first = NaiveDate::from_ymd_opt(2026, 1, 29).unwrap();
        let folder = fill_inbound(root.path(), first, 30).unwrap();
        let entry = |file: io::Result<fs::DirEntry>| FolderEntry {
            name: file.unwrap().file_name().into_string().unwrap(),
            modified: Duration::ZERO,
        };
        let entries: Vec<FolderEntry> = fs::read_dir(folder).unwrap().map(entry).collect();
        for days in [0, 38, 39, 40, 400, 3_653] {
            let found = most_recent(&entries, VendorKind::StandAloneContent, first + Days::new(days)).0.unwrap();
            assert_eq!(VendorName::parse(&found.name).unwrap().date, first, "{days} days later");
        }
    }
}
