//! Completions or assignments in several files, by the sequence numbers in their names.
//!
//! They are checked as one file: the first, then the rows of the others. Each finding is placed in the file that has its
//! line. Line numbers within messages count on from file to file.

use std::collections::BTreeMap;

use super::examining::{examine, kind_of};
use super::facts::{Examined, Facts};
use super::finding::{Finding, FindingData};
use super::finding_kind::FindingKind;
use super::report::{CheckReport, SourceFile};
use crate::format::file_name::{FileKind, VendorName};
use crate::text::chunks::Workers;
use crate::text::lines::{line_breaks, line_end, past_line_break};
use crate::text::problem::{Place, Severity};

/// The files of one kind and run.
pub(super) struct SeveralFiles {
    /// Their positions among the given files, by sequence number.
    files: Vec<usize>,
    /// The first file, then the rows of the others.
    bytes: Vec<u8>,
    /// For each file, the line of `bytes` at which it begins: the first file with its header, the others after it.
    first_lines: Vec<u32>,
    /// The names of files that the sequence lacks.
    missing: Vec<String>,
}

impl SeveralFiles {
    /// The kinds with several files, for each run. Files that share a sequence number are no sequence.
    pub(super) fn find(files: &[SourceFile<'_>]) -> Vec<SeveralFiles> {
        let mut groups: BTreeMap<_, Vec<(VendorName, usize)>> = BTreeMap::new();
        for (index, file) in files.iter().enumerate() {
            let Some(name) = VendorName::parse(file.name) else { continue };
            if matches!(name.kind, FileKind::ContentUserCompletion | FileKind::NonCompletedAssignments) {
                groups.entry((name.kind, name.date, name.random.clone())).or_default().push((name, index));
            }
        }
        groups.into_values().filter_map(|group| SeveralFiles::of(files, group)).collect()
    }

    fn of(files: &[SourceFile<'_>], mut group: Vec<(VendorName, usize)>) -> Option<SeveralFiles> {
        group.sort_by_key(|(name, _)| name.sequence);
        let is_sequence = group.windows(2).all(|pair| pair[0].0.sequence != pair[1].0.sequence);
        let is_of_kind = |(name, index): &(VendorName, usize)| kind_of(files[*index]).vendor_kind() == Some(name.kind);
        if group.len() < 2 || !is_sequence || !group.iter().all(is_of_kind) {
            return None;
        }
        let mut bytes = Vec::new();
        let mut first_lines = Vec::new();
        for (_, index) in &group {
            let file = files[*index].source.whole();
            // The first file keeps its header: its lines are those of the whole.
            let start = if bytes.is_empty() { 0 } else { past_line_break(&file, line_end(&file, 0)) };
            first_lines.push(line_breaks(&bytes).saturating_add(1));
            bytes.extend_from_slice(&file[start..]);
            if !bytes.ends_with(b"\n") {
                bytes.push(b'\n');
            }
        }
        let last = group.last()?.0.sequence;
        let is_given = |sequence| group.iter().any(|(name, _)| name.sequence == sequence);
        // Five missing names are enough: a number such as 999999 would make the list very long.
        let missing = (1..last).filter(|sequence| !is_given(*sequence)).take(5);
        let missing = missing.map(|sequence| VendorName { sequence, ..group[0].0.clone() }.spelled()).collect();
        Some(SeveralFiles { files: group.into_iter().map(|(_, index)| index).collect(), bytes, first_lines, missing })
    }

    /// Examines them as one file, whose facts and findings the first file gets.
    pub(super) fn examine<'a>(&'a self, examined: &mut [Examined<'a>], workers: &impl Workers) {
        let first = self.files[0];
        let name = examined[first].given.name;
        let whole = examine(SourceFile { name, source: &self.bytes, chosen: None }, workers);
        for index in &self.files {
            let file = &mut examined[*index];
            let is_first = *index == first;
            // The whole has no header of the later files, and no ends of files: findings about those are kept.
            file.checked.findings.retain(|finding| {
                (!is_first && finding.place.line == 1) || finding.kind == FindingKind::UnfinishedLine
            });
            file.continues = (!is_first).then_some(first);
            file.facts = Facts::Nothing;
        }
        let whole_findings = whole.checked.findings.into_iter();
        let findings = whole_findings.filter(|finding| finding.kind != FindingKind::UnfinishedLine);
        examined[first].checked.findings.extend(findings);
        examined[first].facts = whole.facts;
    }

    /// Places the findings in the files that have their lines, and reports files missing from the sequence.
    pub(super) fn place(&self, report: &mut CheckReport) {
        let first = report.files[self.files[0]].name.clone();
        let names: Vec<String> = self.files.iter().map(|index| report.files[*index].name.clone()).collect();
        for finding in std::mem::take(&mut report.files[self.files[0]].findings) {
            let at = self.file_of(finding.place.line);
            report.files[self.files[at]].findings.push(self.placed(finding, at, &names));
        }
        for index in &self.files {
            report.files[*index].findings.sort_by_key(|finding| finding.place);
        }
        for one in &mut report.disagreements {
            if one.file == first {
                *one = self.placed(one.clone(), self.file_of(one.place.line), &names);
            }
        }
        self.report_missing(&first, report);
        let position = |name: &str| report.files.iter().position(|file| file.name == name);
        report.disagreements.sort_by_key(|one| (position(&one.file), one.place));
    }

    fn report_missing(&self, first: &str, report: &mut CheckReport) {
        for name in &self.missing {
            let is_reported = report.disagreements.iter().any(|one| one.data.other_file.as_ref() == Some(name));
            if !is_reported {
                let text = format!("{name} is missing; the files of a kind are numbered from 1 on");
                let data = FindingData { other_file: Some(name.clone()), ..FindingData::default() };
                let (kind, severity, place) = (FindingKind::MissingFile, Severity::Error, Place::START);
                report.disagreements.push(Finding {
                    file: first.to_owned(),
                    kind,
                    severity,
                    place,
                    field: None,
                    data,
                    text,
                    count: 1,
                });
            }
        }
    }

    /// The file that has a line of the whole.
    fn file_of(&self, line: u32) -> usize {
        self.first_lines.partition_point(|first| *first <= line).saturating_sub(1)
    }

    fn placed(&self, finding: Finding, at: usize, names: &[String]) -> Finding {
        let headers = u32::from(at > 0);
        let line = finding.place.line - self.first_lines[at] + 1 + headers;
        Finding { place: Place { line, ..finding.place }, file: names[at].clone(), ..finding }
    }
}
