//! Completions or assignments in several files, by the sequence numbers in their names.
//!
//! They are checked as one file: the first, then the rows of the others. Each finding is placed in the file that has its
//! line. Line numbers within messages count on from file to file. If one of them is empty or no CSV, each is checked by
//! itself, and their rows are compared with no other file.

use std::collections::BTreeMap;

use super::examining::{examine, kind_of};
use super::facts::{Examined, Facts};
use super::finding::{Finding, FindingDraft};
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::report::{CheckReport, SourceFile};
use crate::format::file_kind;
use crate::format::file_name::{VendorKind, VendorName};
use crate::text::chunks::Workers;
use crate::text::lines::{line_breaks, line_end, past_line_break};
use crate::text::problem::Place;

/// The files of one kind and run.
pub(super) struct SeveralFiles {
    /// Their positions among the given files, by sequence number.
    files: Vec<usize>,
    /// The files as one; `None` if one of them is empty or no CSV.
    joined: Option<JoinedFile>,
    /// The names of files that the sequence lacks.
    missing: Vec<String>,
}

/// Several files as one.
struct JoinedFile {
    /// The first file, then the rows of the others.
    bytes: Vec<u8>,
    /// For each file, the line of `bytes` at which it begins: the first file with its header, the others after it.
    first_lines: Vec<u32>,
}

impl JoinedFile {
    /// Joins files in the order of their sequence numbers; `None` if one of them is empty or no CSV.
    fn of<'a>(files: impl Iterator<Item = SourceFile<'a>>) -> Option<JoinedFile> {
        let mut joined = JoinedFile { bytes: Vec::new(), first_lines: Vec::new() };
        let mut line = 1_u32;
        for file in files {
            let bytes = file.source.whole();
            if bytes.is_empty() || file_kind::foreign(&bytes).is_some() {
                return None;
            }
            let is_first = joined.first_lines.is_empty();
            let start = if is_first { 0 } else { past_line_break(&bytes, line_end(&bytes, 0)) };
            let rows = &bytes[start..];
            joined.first_lines.push(line);
            joined.bytes.extend_from_slice(rows);
            line = line.saturating_add(line_breaks(rows));
            if !joined.bytes.ends_with(b"\n") {
                joined.bytes.push(b'\n');
                line = line.saturating_add(1);
            }
        }
        Some(joined)
    }

    /// The position of the file that has a line.
    fn file_of(&self, line: u32) -> usize {
        self.first_lines.partition_point(|first| *first <= line).saturating_sub(1)
    }

    /// A finding in the file that has its line. `names` has the names of the files.
    fn placed(&self, finding: Finding, names: &[String]) -> (usize, Finding) {
        let at = self.file_of(finding.place.line);
        let headers = u32::from(at > 0);
        let line = finding.place.line - self.first_lines[at] + 1 + headers;
        (at, Finding { place: Place { line, ..finding.place }, file: names[at].clone(), ..finding })
    }
}

impl SeveralFiles {
    /// The kinds with several files, for each run. Files that share a sequence number are no sequence.
    pub(super) fn find(files: &[SourceFile<'_>]) -> Vec<SeveralFiles> {
        let mut groups: BTreeMap<_, Vec<(VendorName, usize)>> = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            let Some(name) = VendorName::parse(file.name) else { continue };
            if matches!(name.kind, VendorKind::ContentUserCompletion | VendorKind::NonCompletedAssignments) {
                groups.entry((name.kind, name.date, name.random.clone())).or_default().push((name, index));
            }
        }
        groups.into_values().filter_map(|group| SeveralFiles::of(files, group)).collect()
    }

    fn of(files: &[SourceFile<'_>], mut group: Vec<(VendorName, usize)>) -> Option<SeveralFiles> {
        group.sort_by_key(|(name, _)| name.sequence);
        let is_sequence = group.windows(2).all(|pair| pair[0].0.sequence != pair[1].0.sequence);
        let is_of_kind = |(name, index): &(VendorName, usize)| kind_of(files[*index]).vendor_kind() == Some(name.kind);
        let is_whole = matches!(&group[..], [(name, _)] if name.sequence == 1);
        if is_whole || !is_sequence || !group.iter().all(is_of_kind) {
            return None;
        }
        let joined = JoinedFile::of(group.iter().map(|(_, index)| files[*index]));
        let last = group.last()?.0.sequence;
        let is_given = |sequence| group.iter().any(|(name, _)| name.sequence == sequence);
        // A few missing names are enough: a number such as 999999 would make the list very long.
        let named = if group.len() == 1 { 1 } else { 5 };
        let missing = (1..last).filter(|sequence| !is_given(*sequence)).take(named);
        let missing = missing.map(|sequence| VendorName { sequence, ..group[0].0.clone() }.spelled()).collect();
        Some(SeveralFiles { files: group.into_iter().map(|(_, index)| index).collect(), joined, missing })
    }

    /// Examines them as one file, whose facts and findings the first file gets.
    pub(super) fn examine<'a>(&'a self, examined: &mut [Examined<'a>], workers: &impl Workers) {
        let first = self.files[0];
        for index in &self.files {
            let file = &mut examined[*index];
            file.continues = (*index != first).then_some(first);
            file.facts = Facts::Nothing;
        }
        let Some(joined) = &self.joined else { return };
        let name = examined[first].given.name;
        let whole = examine(SourceFile::new(name, &joined.bytes), workers);
        for index in &self.files {
            let is_first = *index == first;
            // The whole has no header of the later files, and no ends of files: findings about those are kept.
            examined[*index].checked.findings.retain(|finding| {
                (!is_first && finding.place.line == 1) || finding.kind == FindingKind::UnfinishedLine
            });
        }
        let whole_findings = whole.checked.findings.into_iter();
        let findings = whole_findings.filter(|finding| finding.kind != FindingKind::UnfinishedLine);
        examined[first].checked.findings.extend(findings);
        examined[first].facts = whole.facts;
    }

    /// Places the findings in the files that have their lines, and reports files missing from the sequence.
    pub(super) fn place(&self, report: &mut CheckReport) {
        let names: Vec<String> = self.files.iter().map(|index| report.files[*index].name.clone()).collect();
        let first = &names[0];
        if let Some(joined) = &self.joined {
            for finding in std::mem::take(&mut report.files[self.files[0]].findings) {
                let (at, finding) = joined.placed(finding, &names);
                report.files[self.files[at]].findings.push(finding);
            }
            for index in &self.files {
                report.files[*index].findings.sort_by_key(|finding| finding.place);
            }
            for one in report.disagreements.iter_mut().filter(|one| one.file == *first) {
                *one = joined.placed(one.clone(), &names).1;
            }
        }
        self.report_missing(first, report);
        let position = |name: &str| report.files.iter().position(|file| file.name == name);
        report.disagreements.sort_by_key(|one| (position(&one.file), one.place));
    }

    fn report_missing(&self, first: &str, report: &mut CheckReport) {
        let mut findings = Findings::default();
        for name in &self.missing {
            let is_reported = report.disagreements.iter().any(|one| one.data.other_file.as_ref() == Some(name));
            if !is_reported {
                let advice = if self.files.len() == 1 { "; if this is the only one, call it so" } else { "" };
                let text = format!("{name} is missing; the files of a kind are numbered from 1 on{advice}");
                findings.report(FindingKind::MissingFile, FindingDraft::from(text).file(name));
            }
        }
        report.disagreements.extend(findings.of_file(first));
    }
}
