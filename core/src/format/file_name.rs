//! File names of the vendor: a kind, a date, a sequence number and a random part.
//!
//! Example: `ContentUserCompletion_V2_2026_01_29_1_5fccff.csv`. Month and day have a leading zero in names of that kind
//! and none in the others, as in real files. When names are parsed, both forms are accepted, in upper or lower case.

use crate::text::note::Note;
use crate::text::words::grouped;
use std::time::Duration;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// The kinds of file whose names have the vendor's pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = FileKind))]
#[serde(rename_all = "snake_case")]
pub enum VendorKind {
    /// StandAloneContent: the assignable contents (input).
    StandAloneContent,
    /// CourseCatalog: courses and their contents (input).
    CourseCatalog,
    /// ContentUserCompletion: the completions (output).
    ContentUserCompletion,
    /// `Non_Completed_Assignments`: the assignments that are left (output).
    NonCompletedAssignments,
    /// UserCompletion: the dummy file (output).
    UserCompletion,
    /// The run file, which records a run (output).
    Run,
}

impl VendorKind {
    const ALL: [VendorKind; 6] = [
        Self::StandAloneContent,
        Self::CourseCatalog,
        Self::ContentUserCompletion,
        Self::NonCompletedAssignments,
        Self::UserCompletion,
        Self::Run,
    ];

    /// The kinds that the vendor publishes as catalogs.
    pub const CATALOGS: [VendorKind; 2] = [Self::CourseCatalog, Self::StandAloneContent];

    /// The prefix of its names.
    #[must_use]
    pub fn prefix(self) -> &'static str {
        match self {
            Self::StandAloneContent => "StandAloneContent_v2",
            Self::CourseCatalog => "CourseCatalog_V2",
            Self::ContentUserCompletion => "ContentUserCompletion_V2",
            Self::NonCompletedAssignments => "Non_Completed_Assignments_V2",
            Self::UserCompletion => "UserCompletion_v2",
            Self::Run => "run",
        }
    }

    fn extension(self) -> &'static str {
        if self == Self::Run { "json" } else { "csv" }
    }

    /// The name of the only or first file of this kind.
    #[must_use]
    pub fn name(self, date: NaiveDate, random: &str) -> String {
        VendorName { kind: self, date, sequence: 1, random: random.to_owned() }.spelled()
    }
}

/// The parts of a file name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorName {
    /// The kind of file.
    pub kind: VendorKind,
    /// The date in the name.
    pub date: NaiveDate,
    /// The sequence number, usually 1; a run with several files of a kind counts them.
    pub sequence: u64,
    /// The random part at the end.
    pub random: String,
}

impl VendorName {
    /// The name as the vendor spells it.
    #[must_use]
    pub fn spelled(&self) -> String {
        let VendorName { kind, date, sequence, random } = self;
        let (prefix, extension) = (kind.prefix(), kind.extension());
        let (year, month, day) = (date.year(), date.month(), date.day());
        if *kind == VendorKind::ContentUserCompletion {
            format!("{prefix}_{year:04}_{month:02}_{day:02}_{sequence}_{random}.{extension}")
        } else {
            format!("{prefix}_{year:04}_{month}_{day}_{sequence}_{random}.{extension}")
        }
    }

    /// Parses a name, in upper or lower case, with or without leading zeros in month and day. `None` if the kind is
    /// unknown, the extension is not at the end, or the date does not exist.
    #[must_use]
    pub fn parse(name: &str) -> Option<VendorName> {
        let kind =
            VendorKind::ALL.iter().copied().find(|kind| strip_prefix_ignoring_case(name, kind.prefix()).is_some())?;
        let rest = strip_prefix_ignoring_case(name, kind.prefix())?.strip_prefix('_')?;
        let (rest, extension) = rest.rsplit_once('.')?;
        if !extension.eq_ignore_ascii_case(kind.extension()) {
            return None;
        }
        let mut parts = rest.splitn(5, '_');
        let year = number(parts.next()?, 4..=4)?;
        let month = number(parts.next()?, 1..=2)?;
        let day = number(parts.next()?, 1..=2)?;
        let sequence = number(parts.next()?, 1..=18)?;
        let random = parts.next()?;
        let is_plain =
            !random.is_empty() && random.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let date =
            NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
        is_plain.then(|| VendorName { kind, date, sequence, random: random.to_owned() })
    }
}

/// A file in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// The name, without any folder.
    pub name: String,
    /// The time of the last change, since 1970-01-01T00:00:00Z.
    pub modified: Duration,
}

/// The most recent file of a kind in a folder (`today` is a date in the business time zone): the latest date in the
/// name, then the highest sequence number, then the latest modification, then the name that sorts last. Files dated
/// after tomorrow are passed over and returned as the second value.
#[must_use]
pub fn most_recent(
    entries: &[FolderEntry],
    kind: VendorKind,
    today: NaiveDate,
) -> (Option<&FolderEntry>, Vec<&FolderEntry>) {
    let tomorrow = today.succ_opt().unwrap_or(today);
    let mut passed_over = Vec::new();
    let mut best: Option<(VendorName, &FolderEntry)> = None;
    for entry in entries {
        let Some(name) = VendorName::parse(&entry.name).filter(|name| name.kind == kind) else { continue };
        if name.date > tomorrow {
            passed_over.push(entry);
            continue;
        }
        let rank =
            |name: &VendorName, entry: &FolderEntry| (name.date, name.sequence, entry.modified, entry.name.clone());
        if best.as_ref().is_none_or(|(other, than)| rank(&name, entry) > rank(other, than)) {
            best = Some((name, entry));
        }
    }
    (best.map(|(_, entry)| entry), passed_over)
}

/// Warnings about files that were passed over: one each for the first three, formatted by `shown`, and one with the
/// number of the others.
#[must_use]
pub fn passed_over_warnings(passed_over: &[&FolderEntry], shown: impl Fn(&str) -> String) -> Vec<Note> {
    const BY_NAME: usize = 3;
    let by_name = passed_over.iter().take(BY_NAME);
    let mut warnings: Vec<Note> =
        by_name.map(|entry| Note::warning("passed over: its date is after tomorrow").at(shown(&entry.name))).collect();
    if let Some(more) = passed_over.len().checked_sub(BY_NAME).filter(|more| *more > 0) {
        warnings.push(Note::warning(format!("{} more are passed over: their dates are after tomorrow", grouped(more))));
    }
    warnings
}

fn number(text: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<u64> {
    let is_number = lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_are_written_as_the_vendor_writes_them() {
        for (kind, expected) in [
            (VendorKind::ContentUserCompletion, "ContentUserCompletion_V2_2026_01_09_1_5fccff.csv"),
            (VendorKind::NonCompletedAssignments, "Non_Completed_Assignments_V2_2026_1_9_1_5fccff.csv"),
            (VendorKind::UserCompletion, "UserCompletion_v2_2026_1_9_1_5fccff.csv"),
            (VendorKind::Run, "run_2026_1_9_1_5fccff.json"),
        ] {
            let name = kind.name(date("2026-01-09"), "5fccff");
            assert_eq!(name, expected);
            assert_eq!(VendorName::parse(&name).unwrap().kind, kind);
        }
    }

    #[test]
    fn names_are_read_leniently() {
        for (name, expected) in [
            ("StandAloneContent_v2_2026_1_29_1_5fccff.csv", Some("2026-01-29")),
            ("STANDALONECONTENT_V2_2026_01_29_12_abc.CSV", Some("2026-01-29")),
            ("CourseCatalog_v2_2024_2_29_1_x.csv", Some("2024-02-29")),
            ("CourseCatalog_V2_2026_2_29_1_x.csv", None),
            ("CourseCatalog_V2_2026_2_9_1_x.csv.filepart", None),
            ("CourseCatalog_V2_2026_2_9_1_x.csv.csv", None),
            ("CourseCatalog_V2_26_2_9_1_x.csv", None),
            ("CourseCatalog_V2_2026_2_9_x.csv", None),
            ("XCourseCatalog_V2_2026_2_9_1_x.csv", None),
            ("UserCompletion_v2_YYYY_m_d_1_000001.csv", None),
            ("run_2026_1_9_1_5fccff.csv", None),
            ("é", None),
        ] {
            assert_eq!(VendorName::parse(name).map(|name| name.date.to_string()).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn the_most_recent_file_is_chosen_by_date_then_sequence_then_modification() {
        let entry =
            |name: &str, modified| FolderEntry { name: name.to_owned(), modified: Duration::from_secs(modified) };
        let entries = [
            entry("StandAloneContent_v2_2026_1_9_1_a.csv", 9),
            entry("StandAloneContent_v2_2026_01_10_1_b.csv", 3),
            entry("StandAloneContent_v2_2026_1_10_2_c.csv", 1),
            entry("StandAloneContent_v2_2026_1_10_2_d.csv", 2),
            entry("StandAloneContent_v2_2026_1_12_1_e.csv", 0),
            entry("StandAloneContent_v2_2026_1_11_1_f.csv.filepart", 0),
            entry("CourseCatalog_V2_2026_1_10_9_g.csv", 0),
            entry("notes.txt", 0),
        ];
        let choose = |today| {
            let (best, passed_over) = most_recent(&entries, VendorKind::StandAloneContent, date(today));
            (best.map(|entry| entry.name.as_str()), passed_over.len())
        };
        assert_eq!(choose("2026-01-10"), (Some("StandAloneContent_v2_2026_1_10_2_d.csv"), 1));
        assert_eq!(choose("2026-01-11"), (Some("StandAloneContent_v2_2026_1_12_1_e.csv"), 0));
        assert_eq!(choose("2025-12-01"), (None, 5));
        let passed_over = most_recent(&entries, VendorKind::StandAloneContent, date("2025-12-01")).1;
        let warnings = passed_over_warnings(&passed_over, str::to_owned);
        assert_eq!(warnings.len(), 4);
        assert_eq!(
            warnings[0].to_string(),
            "StandAloneContent_v2_2026_1_9_1_a.csv: warning: passed over: its date is after tomorrow"
        );
        assert_eq!(warnings[3].to_string(), "warning: 2 more are passed over: their dates are after tomorrow");
    }
}
