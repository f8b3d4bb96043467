//! The list of faults of a feed, as on the command line: `crlf,repeated-row=3,bad-date@assignments=2`.

use serde::{Deserialize, Serialize};

use super::damage::Damage;
use super::error::BreakListError;
use super::fault::{Fault, MOST_ROWS, free_columns};
use super::preset::Preset;
use crate::format::feed_file::FeedFile;

/// One fault in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Breakage {
    /// The fault.
    pub fault: Fault,
    /// The file.
    pub file: FeedFile,
    /// The number of rows that get it, from 1 to [`MOST_ROWS`]; 1 for a fault of the whole file.
    pub rows: u32,
}

/// The faults to make in a feed. No fault occurs twice for a file, and none hides another. An empty list leaves the
/// feed intact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakList(Vec<Breakage>);

impl BreakList {
    /// The list of these faults, sorted by fault, then file.
    ///
    /// # Errors
    /// [`BreakListError::Repeated`] for a fault that occurs twice for a file, [`BreakListError::Together`] if one fault
    /// hides another, [`BreakListError::NoFreeColumn`] if the other faults need every column.
    pub fn new(mut breakages: Vec<Breakage>) -> Result<BreakList, BreakListError> {
        breakages.sort();
        if let Some(twice) = breakages.windows(2).find(|two| (two[0].fault, two[0].file) == (two[1].fault, two[1].file))
        {
            return Err(BreakListError::Repeated(twice[0].fault));
        }
        for file in FeedFile::ALL {
            check_together(file, breakages.iter().filter(|one| one.file == file).map(|one| one.fault).collect())?;
        }
        Ok(BreakList(breakages))
    }

    /// Parses a comma-separated list of `KIND[@FILE][=N]` and of names of presets.
    ///
    /// # Errors
    /// [`BreakListError::Empty`] for an empty list, the variant that fits for an invalid item, or the errors of
    /// [`BreakList::new`].
    pub fn parse(list: &str) -> Result<BreakList, BreakListError> {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        let items = items.flat_map(|item| Preset::named(item).map_or(item, |preset| preset.list).split(','));
        let breakages = items.map(parse_item).collect::<Result<Vec<_>, _>>()?;
        if breakages.is_empty() {
            return Err(BreakListError::Empty);
        }
        BreakList::new(breakages)
    }

    /// The list of faults that gave a feed this damage.
    #[must_use]
    pub fn behind(damage: &[Damage]) -> BreakList {
        let mut breakages: Vec<Breakage> = Vec::new();
        for one in damage {
            let same = breakages.iter_mut().find(|other| (other.fault, other.file) == (one.fault, one.of));
            match same {
                Some(same) => same.rows += 1,
                None => breakages.push(Breakage { fault: one.fault, file: one.of, rows: 1 }),
            }
        }
        breakages.sort();
        BreakList(breakages)
    }

    /// True if there are no faults: the feed stays intact.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults, sorted by fault, then file.
    #[must_use]
    pub fn breakages(&self) -> &[Breakage] {
        &self.0
    }

    /// The list in the form that [`BreakList::parse`] reads.
    #[must_use]
    pub fn text(&self) -> String {
        let item = |one: &Breakage| {
            let file = if one.file == one.fault.files()[0] { String::new() } else { format!("@{}", one.file.name()) };
            let rows = if one.rows == 1 { String::new() } else { format!("={}", one.rows) };
            format!("{}{file}{rows}", one.fault.name())
        };
        self.0.iter().map(item).collect::<Vec<_>>().join(",")
    }

    /// True if the list has the fault for the file.
    pub(super) fn has(&self, fault: Fault, file: FeedFile) -> bool {
        self.0.iter().any(|one| (one.fault, one.file) == (fault, file))
    }
}

fn parse_item(item: &str) -> Result<Breakage, BreakListError> {
    let (kind, rows) = match item.split_once('=') {
        Some((kind, rows)) => (kind.trim(), Some(rows.trim())),
        None => (item, None),
    };
    let (name, file) = match kind.split_once('@') {
        Some((name, file)) => (name.trim(), Some(file.trim())),
        None => (kind, None),
    };
    let known = Fault::ALL.iter().copied().find(|fault| fault.name().eq_ignore_ascii_case(name));
    let fault = known.ok_or_else(|| BreakListError::UnknownFault(name.to_owned()))?;
    let file = match file {
        None => fault.files()[0],
        Some(name) => {
            let file = fault.files().iter().find(|file| file.name().eq_ignore_ascii_case(name));
            *file.ok_or_else(|| BreakListError::UnknownFile(fault, name.to_owned()))?
        }
    };
    let rows = match rows {
        None => 1,
        Some(_) if !fault.is_of_rows() => {
            return Err(BreakListError::NotOfRows(fault));
        }
        Some(text) => {
            let rows = text.parse().ok().filter(|rows| (1..=MOST_ROWS).contains(rows));
            rows.ok_or_else(|| BreakListError::RowCount(fault, text.to_owned()))?
        }
    };
    Ok(Breakage { fault, file, rows })
}

/// Checks that no fault of a file hides another.
fn check_together(file: FeedFile, faults: Vec<Fault>) -> Result<(), BreakListError> {
    let together = |first, second, why| Err(BreakListError::Together { file, first, second, why });
    let of_content = |fault: &&Fault| **fault != Fault::WrongDateInName;
    if let Some(hiding) = faults.iter().find(|fault| fault.hides_all())
        && let Some(other) = faults.iter().filter(of_content).find(|other| *other != hiding)
    {
        return together(*hiding, *other, "the first leaves nothing of the second to be seen");
    }
    if faults.contains(&Fault::MissingFile) && faults.contains(&Fault::WrongDateInName) {
        return together(Fault::MissingFile, Fault::WrongDateInName, "a file that is not there has no name");
    }
    let of_header = [Fault::MissingColumn, Fault::RenamedColumn, Fault::ColumnOrder];
    if let Some(other) = of_header.iter().find(|fault| faults.contains(fault))
        && faults.contains(&Fault::MissingHeader)
    {
        return together(Fault::MissingHeader, *other, "without a header no column is named");
    }
    if faults.contains(&Fault::MissingColumn) && free_columns(file, &faults).is_empty() {
        return Err(BreakListError::NoFreeColumn(file));
    }
    Ok(())
}
