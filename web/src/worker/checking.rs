//! The check of files. Findings are kept together with their lines; the files are dropped.

use btcfake_core::breakage::Damage;
use btcfake_core::check::{self, BrokenOnPurpose, FindingKind, GivenFile, broken_on_purpose, check};
use btcfake_core::sheet::{Columns, as_lines};
use btcfake_core::text::lines::{line_end, past_line_break};
use web_sys::File;

use super::reading::read;
use crate::messages::{
    CheckAnswer, CheckQuestion, ExpectedFault, ExpectedFaults, FINDINGS_ON_A_PAGE, FileReport, FindingsPage, Located,
    ShownFinding,
};

/// The number of characters that are shown on either side of a place.
const AROUND: usize = 80;

/// The findings of one check, by file.
pub(super) struct CheckedSet {
    check: u32,
    files: Vec<Vec<ShownFinding>>,
}

/// Answers a request of the page.
pub(super) async fn answer(question: CheckQuestion, files: Vec<File>, checked: &mut Option<CheckedSet>) -> CheckAnswer {
    match question {
        CheckQuestion::Check { check, paths } => {
            *checked = None;
            match check_files(check, paths, &files).await {
                Ok((set, files, broken)) => {
                    *checked = Some(set);
                    CheckAnswer::Done { check, files: Ok(files), broken }
                }
                Err(why) => CheckAnswer::Done { check, files: Err(why), broken: None },
            }
        }
        CheckQuestion::Findings { check, file, kind, page } => {
            let of_check = checked.as_ref().filter(|set| set.check == check);
            match of_check.and_then(|set| set.files.get(file)) {
                Some(findings) => CheckAnswer::Findings { check, file, page: page_of(findings, kind, page) },
                None => CheckAnswer::Gone { check },
            }
        }
    }
}

async fn check_files(
    number: u32,
    paths: Vec<String>,
    files: &[File],
) -> Result<(CheckedSet, Vec<FileReport>, Option<ExpectedFaults>), String> {
    let mut given = Vec::new();
    for (path, file) in paths.into_iter().zip(files) {
        let bytes = read(file).await.map_err(|why| format!("{path}: {why}"))?;
        given.push((path, bytes));
    }
    let borrowed: Vec<GivenFile<'_>> =
        given.iter().map(|(path, bytes)| GivenFile { name: name_of(path), bytes }).collect();
    let report = check(&borrowed);
    let broken = broken_on_purpose(&borrowed, &report).map(expected);
    let (mut set, mut checked) = (CheckedSet { check: number, files: Vec::new() }, Vec::new());
    for ((file, found), (path, bytes)) in report.files.iter().zip(report.by_file()).zip(&given) {
        let (problems, warnings) = check::counts(found.iter().copied());
        let (lines, columns) =
            file.kind.input_role().map_or((bytes.into(), Columns::OfText), |role| as_lines(role, bytes));
        let findings = with_lines(&found, &lines, columns);
        checked.push(FileReport {
            name: path.clone(),
            about: file.about(),
            is_checked: file.kind.is_checked(),
            problems,
            warnings,
            kinds: check::kinds(found),
            first: page_of(&findings, None, 0),
        });
        set.files.push(findings);
    }
    Ok((set, checked, broken))
}

fn expected(broken: BrokenOnPurpose<'_>) -> ExpectedFaults {
    let fault = |(damage, found): &(Damage, Option<&check::Finding>)| ExpectedFault {
        title: damage.fault.title().to_owned(),
        made: Located {
            file: damage.file.clone(),
            place: damage.line.map(|line| format!("line {line}")),
            text: damage.shown_text(),
        },
        batch_job: damage.fault.batch_job().to_owned(),
        found: found.map(|finding| Located {
            file: finding.file.clone(),
            place: Some(Columns::OfText.place_text(finding.place)),
            text: finding.text.clone(),
        }),
    };
    ExpectedFaults { faults: broken.faults.iter().map(fault).collect(), others: broken.others.len() }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The findings of a file, with the line of each.
fn with_lines(found: &[&check::Finding], bytes: &[u8], columns: Columns) -> Vec<ShownFinding> {
    let mut lines = Lines { rest: bytes, line: 1 };
    let with_line = |one: &&check::Finding| ShownFinding {
        kind: one.kind,
        severity: one.severity,
        place: columns.place_text(one.place),
        text: one.text.clone(),
        // The text of a finding in a sheet names the column, so its row is shown without a mark.
        shown: excerpt(
            lines.go_to(one.place.line),
            if columns == Columns::OfSheet { u32::MAX } else { one.place.column },
        ),
        is_marked: columns == Columns::OfText,
    };
    found.iter().map(with_line).collect()
}

/// A reader of a file's lines, from line `line` on.
struct Lines<'b> {
    rest: &'b [u8],
    line: u32,
}

impl<'b> Lines<'b> {
    /// The line with a number that is not smaller than in the last call.
    fn go_to(&mut self, line: u32) -> &'b [u8] {
        while self.line < line && !self.rest.is_empty() {
            self.rest = &self.rest[past_line_break(self.rest, line_end(self.rest, 0))..];
            self.line += 1;
        }
        &self.rest[..line_end(self.rest, 0)]
    }
}

/// The text of a line before a column, the field that begins there, and the text after it.
fn excerpt(line: &[u8], column: u32) -> [String; 3] {
    let text = String::from_utf8_lossy(line);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let at = text.char_indices().nth(column.saturating_sub(1) as usize).map_or(text.len(), |(at, _)| at);
    let (before, rest) = text.split_at(at);
    let is_quoted = rest.starts_with('"');
    let end = if is_quoted { rest[1..].find('"').map(|at| at + 2) } else { rest.find(',') };
    let (marked, after) = rest.split_at(end.unwrap_or(rest.len()));
    let skipped = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skipped).collect();
    let before = if skipped > 0 { format!("…{before}") } else { before };
    [before, beginning(marked), beginning(after)]
}

fn beginning(text: &str) -> String {
    match text.char_indices().nth(AROUND) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A page of the findings of a kind, or of all.
fn page_of(findings: &[ShownFinding], kind: Option<FindingKind>, page: usize) -> FindingsPage {
    let of_kind = || findings.iter().filter(|finding| kind.is_none_or(|kind| finding.kind == kind));
    let findings = of_kind().skip(page * FINDINGS_ON_A_PAGE).take(FINDINGS_ON_A_PAGE).cloned().collect();
    FindingsPage { kind, listed: of_kind().count(), page, findings }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_with_its_place_marked() {
        for (line, column, expected) in [
            ("\"7\",\"1,999\",\"x\"", 5, ["\"7\",", "\"1,999\"", ",\"x\""]),
            ("7,1999,x", 3, ["7,", "1999", ",x"]),
            ("é,ü", 3, ["é,", "ü", ""]),
            ("\u{feff}\"a\"", 1, ["", "\"a\"", ""]),
            ("\"open", 1, ["", "\"open", ""]),
            ("a", 9, ["a", "", ""]),
            ("", 1, ["", "", ""]),
        ] {
            assert_eq!(excerpt(line.as_bytes(), column), expected, "{line} {column}");
        }
        let long = "x".repeat(500);
        let [before, marked, _] = excerpt(long.as_bytes(), 200);
        assert_eq!((before.chars().count(), marked.chars().count()), (AROUND + 1, AROUND + 1));
    }

    #[test]
    fn lines_end_with_lf_crlf_or_a_lone_cr() {
        let mut lines = Lines { rest: b"a\nb\r\nc\rd", line: 1 };
        for (line, expected) in [(1, "a"), (1, "a"), (2, "b"), (4, "d"), (9, "")] {
            assert_eq!(lines.go_to(line), expected.as_bytes(), "{line}");
        }
    }
}
