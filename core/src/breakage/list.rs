//! The list of faults that a feed is to have, as it is typed: `crlf,repeated-row=3,bad-date@assignments=2`.

use serde::{Deserialize, Serialize};

use super::damage::Damage;
use super::fault::{Fault, free_columns};
use crate::format::feed_file::FeedFile;
use crate::text::similar::most_similar;
use crate::text::visible::{quoted, shown};

/// The most rows that one fault can be given to.
pub const MOST_ROWS: u32 = 1_000;

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
    /// The list of some faults, in the order in which they are told.
    ///
    /// # Errors
    /// A fault that is there twice, or faults that do not go together.
    pub fn new(mut breakages: Vec<Breakage>) -> Result<BreakList, String> {
        breakages.sort();
        if let Some(twice) = breakages.windows(2).find(|two| (two[0].fault, two[0].file) == (two[1].fault, two[1].file))
        {
            return Err(format!(
                "{} is there twice for the same file; say it once, with a number",
                twice[0].fault.name()
            ));
        }
        for file in FeedFile::ALL {
            check_together(file, breakages.iter().filter(|one| one.file == file).map(|one| one.fault).collect())?;
        }
        Ok(BreakList(breakages))
    }

    /// Reads a list: `KIND[@FILE][=N]` with commas between.
    ///
    /// # Errors
    /// What is wrong in it, and what is allowed.
    pub fn parse(list: &str) -> Result<BreakList, String> {
        let items = list.split(',').map(str::trim).filter(|item| !item.is_empty());
        let breakages = items.map(parse_item).collect::<Result<Vec<_>, _>>()?;
        if breakages.is_empty() {
            return Err(format!("it names no fault; there are {}", Fault::ALL.map(Fault::name).join(", ")));
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

    /// The faults, in the order in which they are told.
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

fn parse_item(item: &str) -> Result<Breakage, String> {
    let (kind, rows) = match item.split_once('=') {
        Some((kind, rows)) => (kind.trim(), Some(rows.trim())),
        None => (item, None),
    };
    let (name, file) = match kind.split_once('@') {
        Some((name, file)) => (name.trim(), Some(file.trim())),
        None => (kind, None),
    };
    let known = Fault::ALL.iter().copied().find(|fault| fault.name().eq_ignore_ascii_case(name));
    let fault = known.ok_or_else(|| unknown("fault", name, &Fault::ALL.map(Fault::name)))?;
    let file = match file {
        None => fault.files()[0],
        Some(name) => {
            let file = fault.files().iter().find(|file| file.name().eq_ignore_ascii_case(name));
            *file.ok_or_else(|| {
                let known: Vec<&str> = fault.files().iter().map(|file| file.name()).collect();
                unknown(&format!("file for {}", fault.name()), name, &known)
            })?
        }
    };
    let rows = match rows {
        None => 1,
        Some(_) if !fault.is_of_rows() => {
            return Err(format!("{} takes no number: it is done to the whole file; leave '=' out", fault.name()));
        }
        Some(text) => text.parse().ok().filter(|rows| (1..=MOST_ROWS).contains(rows)).ok_or_else(|| {
            let name = fault.name();
            format!("{name}={}: write how many rows, from 1 to {MOST_ROWS}, such as {name}=3", shown(text))
        })?,
    };
    Ok(Breakage { fault, file, rows })
}

/// Says that there is nothing of a name, and what there is.
fn unknown(what: &str, name: &str, known: &[&str]) -> String {
    let nearest = most_similar(name, known);
    let name = quoted(name);
    match nearest {
        Some(nearest) => format!("there is no {what} {name}. Did you mean '{nearest}'?"),
        None => format!("there is no {what} {name}; there are {}", known.join(", ")),
    }
}

/// Refuses faults of one file of which one would hide another.
fn check_together(file: FeedFile, faults: Vec<Fault>) -> Result<(), String> {
    let of_content = |fault: &&Fault| **fault != Fault::WrongDateInName;
    if let Some(hiding) = faults.iter().find(|fault| fault.hides_all())
        && let Some(other) = faults.iter().filter(of_content).find(|other| *other != hiding)
    {
        return Err(together(file, *hiding, *other, "the first leaves nothing of the second to be seen"));
    }
    if faults.contains(&Fault::MissingFile) && faults.contains(&Fault::WrongDateInName) {
        return Err(together(file, Fault::MissingFile, Fault::WrongDateInName, "a file that is not there has no name"));
    }
    let of_header = [Fault::MissingColumn, Fault::RenamedColumn, Fault::ColumnOrder];
    if let Some(other) = of_header.iter().find(|fault| faults.contains(fault))
        && faults.contains(&Fault::MissingHeader)
    {
        return Err(together(file, Fault::MissingHeader, *other, "without a header no column is named"));
    }
    if faults.contains(&Fault::MissingColumn) && free_columns(file, &faults).is_empty() {
        return Err(format!(
            "missing-column@{} does not go with the others: every column is needed for one of them; break two feeds",
            file.name()
        ));
    }
    Ok(())
}

fn together(file: FeedFile, first: Fault, second: Fault, why: &str) -> String {
    let (first, second, file) = (first.name(), second.name(), file.name());
    format!("{first} and {second} do not go together in one file ({file}): {why}; break two feeds")
}
