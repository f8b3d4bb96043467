//! Most recent catalog in a folder.

use std::path::{Path, PathBuf};

use btcfake_core::format::file_name::{FolderEntry, VendorKind, most_recent, passed_over_warnings};
use chrono::NaiveDate;

use crate::files::reading::modified;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Most recent file of a kind in a folder; `None` if there is none or no such folder. Files passed over are reported,
/// unless `quiet`.
///
/// # Errors
/// A folder that exists and cannot be read.
pub(crate) fn most_recent_file(
    folder: &Path,
    kind: VendorKind,
    today: NaiveDate,
    quiet: bool,
) -> Result<Option<PathBuf>, Failure> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::file(folder, "list", error)),
    };
    let mut entries = Vec::new();
    for entry in listing {
        let entry = entry.of_file(folder, "list")?;
        let Ok(metadata) = std::fs::metadata(entry.path()) else { continue };
        if let (true, Ok(name)) = (metadata.is_file(), entry.file_name().into_string()) {
            entries.push(FolderEntry { name, modified: modified(&metadata) });
        }
    }
    let (best, passed_over) = most_recent(&entries, kind, today);
    if !quiet {
        let shown = |name: &str| shown_path(&folder.join(name));
        passed_over_warnings(&passed_over, shown).iter().for_each(console::note);
    }
    Ok(best.map(|entry| folder.join(&entry.name)))
}
