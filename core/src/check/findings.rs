//! The findings of one file. The first of each kind are kept in full, the rest only as a number.
//!
//! If every row of a file is wrong, the messages would take more memory than the file. So a message is only made for a
//! finding that is kept.

use super::finding::{Finding, FindingDraft, Says};
use super::finding_kind::FindingKind;
use crate::text::problem::{KEPT_OF_A_KIND, Place, Problem, ProblemKind, Severity};
use crate::text::visible::shown_whole;
use crate::text::words::more_of_a_kind;

/// The findings of one file.
#[derive(Default)]
pub(super) struct Findings {
    kept: Vec<KeptFinding>,
    tallies: Vec<KindTally>,
}

struct KeptFinding {
    finding: Finding,
    /// True if the number of its kind is limited.
    is_tallied: bool,
    says: Says,
}

struct KindTally {
    of: (FindingKind, Severity),
    kept: usize,
    left_out: usize,
    first_left_out: Option<Place>,
    last_line: u32,
}

impl Findings {
    /// Adds an error that may occur in many rows. `found` is only called if the finding is kept.
    pub(super) fn add<F: Into<FindingDraft>>(&mut self, kind: FindingKind, line: u32, found: impl FnOnce() -> F) {
        if self.keeps((kind, Severity::Error), line) {
            self.push(kind, Severity::Error, found().into(), 1, true);
        }
    }

    /// Adds an error that occurs at most once per file.
    pub(super) fn report(&mut self, kind: FindingKind, found: impl Into<FindingDraft>) {
        self.push(kind, Severity::Error, found.into(), 1, false);
    }

    /// Adds a warning that occurs at most once per file.
    pub(super) fn warn(&mut self, kind: FindingKind, found: impl Into<FindingDraft>) {
        self.push(kind, Severity::Warning, found.into(), 1, false);
    }

    /// Adds a problem of an input.
    pub(super) fn add_problem(&mut self, problem: &Problem) {
        let kind = FindingKind::from(&problem.kind);
        let is_number = matches!(problem.kind, ProblemKind::More { .. });
        if is_number || self.keeps((kind, problem.severity), problem.place.line) {
            self.push(kind, problem.severity, FindingDraft::from(problem), problem.count(), !is_number);
        }
    }

    /// Counts a finding of a kind and severity; true if it is among those that are kept.
    fn keeps(&mut self, of: (FindingKind, Severity), line: u32) -> bool {
        let known = self.tallies.iter().position(|tally| tally.of == of);
        let index = known.unwrap_or_else(|| {
            self.tallies.push(KindTally { of, kept: 0, left_out: 0, first_left_out: None, last_line: 0 });
            self.tallies.len() - 1
        });
        let tally = &mut self.tallies[index];
        if tally.kept < KEPT_OF_A_KIND {
            tally.kept += 1;
            return true;
        }
        tally.left_out += 1;
        tally.first_left_out.get_or_insert(Place::new(line, 1));
        tally.last_line = tally.last_line.max(line);
        false
    }

    /// Appends the findings of the next part of the file, which has `lines` lines before it.
    pub(super) fn append(&mut self, next: Findings, lines: u32) {
        for KeptFinding { mut finding, is_tallied, says } in next.kept {
            finding.place = finding.place.further_down(lines);
            if !is_tallied || self.keeps((finding.kind, finding.severity), finding.place.line) {
                self.kept.push(KeptFinding { finding, is_tallied, says });
            }
        }
        // A kind with findings left out in the next part has now reached its limit here, too.
        for KindTally { of, left_out, first_left_out, last_line, .. } in next.tallies {
            if let (Some(first), Some(tally)) = (first_left_out, self.tallies.iter_mut().find(|tally| tally.of == of)) {
                tally.left_out += left_out;
                tally.first_left_out.get_or_insert(first.further_down(lines));
                tally.last_line = tally.last_line.max(last_line.saturating_add(lines));
            }
        }
    }

    fn push(&mut self, kind: FindingKind, severity: Severity, found: FindingDraft, count: usize, is_tallied: bool) {
        let FindingDraft { place, field, data, text, says } = found;
        // Names of files and values are text from outside.
        let text = shown_whole(&text);
        let finding = Finding { file: String::new(), kind, severity, place, field, data, text, count };
        self.kept.push(KeptFinding { finding, is_tallied, says });
    }

    /// The number of findings that are kept.
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    /// True if all findings of some kinds are kept.
    pub(super) fn are_all_kept(&self, kinds: &[FindingKind]) -> bool {
        self.tallies.iter().all(|tally| tally.left_out == 0 || !kinds.contains(&tally.of.0))
    }

    /// Removes the findings of some kinds.
    pub(super) fn remove(&mut self, kinds: &[FindingKind]) {
        self.kept.retain(|kept| !kinds.contains(&kept.finding.kind));
        self.tallies.retain(|tally| !kinds.contains(&tally.of.0));
    }

    /// The findings that say something of rows.
    pub(super) fn that_say(&self, says: Says) -> impl Iterator<Item = &Finding> {
        self.kept.iter().filter(move |kept| kept.says == says).map(|kept| &kept.finding)
    }

    /// Adds a sentence to the finding of a kind at a place.
    pub(super) fn amend(&mut self, kind: FindingKind, place: Place, text: &str) {
        let is_it = |kept: &&mut KeptFinding| (kept.finding.kind, kept.finding.place) == (kind, place);
        if let Some(kept) = self.kept.iter_mut().find(is_it) {
            kept.finding.text.push_str(text);
        }
    }

    /// Keeps those findings about missing rows for which `keeps` returns true.
    pub(super) fn retain_missing(&mut self, mut keeps: impl FnMut(&Finding) -> bool) {
        self.kept.retain(|kept| kept.says != Says::Missing || keeps(&kept.finding));
    }

    /// True if an error was found.
    pub(super) fn has_errors(&self) -> bool {
        self.kept.iter().any(|kept| kept.finding.is_error())
    }

    /// All findings, in the order of the file, with the file's name set.
    pub(super) fn of_file(mut self, name: &str) -> Vec<Finding> {
        for KindTally { of: (kind, severity), left_out, first_left_out, last_line, .. } in
            std::mem::take(&mut self.tallies)
        {
            if let Some(place) = first_left_out {
                let text = more_of_a_kind(left_out, KEPT_OF_A_KIND, last_line);
                self.push(kind, severity, FindingDraft::from((place, text)), left_out, false);
            }
        }
        self.kept.sort_by_key(|kept| kept.finding.place);
        self.kept.into_iter().map(|kept| Finding { file: name.to_owned(), ..kept.finding }).collect()
    }
}
