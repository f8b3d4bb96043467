//! The list of the faults of a feed, as it is typed: `crlf,repeated-row=3,bad-date@assignments=2`.

use serde::{Deserialize, Serialize};

use super::damage::Damage;
use super::error::BreakListError;
use super::fault::{Fault, MOST_ROWS, free_columns};
use crate::format::feed_file::FeedFile;

/// One fault in one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Breakage {
    /// The fault.
    pub fault: Fault,
    /// The file.
    pub file: FeedFile,
    /// How many rows have it, from 1 to [`MOST_ROWS`]; 1 for a fault that is not of rows.
    pub rows: u32,
}

/// The faults that a feed is to have: none of them twice in a file, and all of them to be seen. An empty list leaves the
/// feed as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakList(Vec<Breakage>);

impl BreakList {
    /// The list of some faults, in the order in which they are listed.
    ///
    /// # Errors
    /// [`BreakListError::Repeated`], [`BreakListError::Together`] or [`BreakListError::NoFreeColumn`].
    pub fn new(mut breakages: Vec<Breakage>) -> Result<BreakList, BreakListError> {
        breakages.sort();
        if let Some(twice) = breakages.windows(2).find(|two| (two[0].fault, two[0].file) == (two[1].fault, two[1].file))
        {
            return Err(BreakListError::Repeated { fault: twice[0].fault });
        }
        for file in FeedFile::ALL {
            check_together(file, breakages.iter().filter(|one| one.file == file).map(|one| one.fault).collect())?;
        }
        Ok(BreakList(breakages))
    }

    /// Reads a list: `KIND[@FILE][=N]` with commas between.
    ///
    /// # Errors
    /// [`BreakListError`] for an empty list, an item that cannot be read, or as [`BreakList::new`].
    pub fn parse(list: &str) -> Result<BreakList, BreakListError> {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        let breakages = items.map(parse_item).collect::<Result<Vec<_>, _>>()?;
        if breakages.is_empty() {
            return Err(BreakListError::Empty);
        }
        BreakList::new(breakages)
    }

    /// The list by which a feed got its damage.
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

    /// Whether the feed stays as it is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The faults, in the order in which they are listed.
    #[must_use]
    pub fn breakages(&self) -> &[Breakage] {
        &self.0
    }

    /// The list as it can be typed.
    #[must_use]
    pub fn text(&self) -> String {
        let item = |one: &Breakage| {
            let file = if one.file == one.fault.files()[0] { String::new() } else { format!("@{}", one.file.name()) };
            let rows = if one.rows == 1 { String::new() } else { format!("={}", one.rows) };
            format!("{}{file}{rows}", one.fault.name())
        };
        self.0.iter().map(item).collect::<Vec<_>>().join(",")
    }

    /// Whether a file has a fault.
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
    let fault = known.ok_or_else(|| BreakListError::UnknownFault { found: name.to_owned() })?;
    let file = match file {
        None => fault.files()[0],
        Some(name) => {
            let file = fault.files().iter().find(|file| file.name().eq_ignore_ascii_case(name));
            *file.ok_or_else(|| BreakListError::UnknownFile { fault, found: name.to_owned() })?
        }
    };
    let rows = match rows {
        None => 1,
        Some(_) if !fault.is_of_rows() => {
            return Err(BreakListError::NotOfRows { fault });
        }
        Some(text) => {
            let rows = text.parse().ok().filter(|rows| (1..=MOST_ROWS).contains(rows));
            rows.ok_or_else(|| BreakListError::RowCount { fault, found: text.to_owned() })?
        }
    };
    Ok(Breakage { fault, file, rows })
}

/// Refuses faults of one file of which one would hide another.
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
        return Err(BreakListError::NoFreeColumn { file });
    }
    Ok(())
}
