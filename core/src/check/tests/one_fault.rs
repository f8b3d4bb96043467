//! One fault of a row is one finding, at its line: in a feed alone, with its inputs, and with its run file as well.

use crate::check::own_run::{OwnRun, OwnedFile, check_owned};
use crate::check::{CheckReport, FindingKind as Kind};

/// Which of the sets shows a fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Needs {
    /// The feed alone.
    Nothing,
    /// The inputs.
    Inputs,
    /// The inputs and the run file.
    RunFile,
}
use Needs::{Inputs, Nothing, RunFile};

const COMPLETIONS: usize = 0;
const ASSIGNMENTS: usize = 1;

/// A fault of the row in the middle of an employee's rows: the file, the field and the bytes in its place, the kind of the finding,
/// and what shows it.
type FieldFault = (usize, usize, fn(&str) -> Vec<u8>, Kind, Needs);

fn bytes(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// A field with some bytes before its last character.
fn with(text: &str, stray: &[u8]) -> Vec<u8> {
    let (front, last) = text.as_bytes().split_at(text.len() - 2);
    [front, stray, last].concat()
}

fn later(text: &str, hours: i64) -> Vec<u8> {
    let instant = crate::format::instant::parse_instant(text.trim_matches('"')).unwrap();
    let moved = instant + chrono::Duration::hours(hours);
    format!("\"{}\"", crate::format::instant::instant_text(moved)).into_bytes()
}

const OF_FIELDS: &[FieldFault] = &[
    // Bytes that no text has.
    (COMPLETIONS, 0, |id| with(id, b"\xE9"), Kind::NotUtf8, Nothing),
    (COMPLETIONS, 1, |id| with(id, b"\xE9"), Kind::NotUtf8, Nothing),
    (COMPLETIONS, 2, |time| with(time, b"\xE9"), Kind::NotUtf8, Nothing),
    (COMPLETIONS, 0, |id| with(id, b"\0"), Kind::ControlCharacter, Nothing),
    (COMPLETIONS, 3, |time| with(time, b"\x1A"), Kind::ControlCharacter, Nothing),
    (COMPLETIONS, 0, |id| with(id, b"\xEF\xBB\xBF"), Kind::ByteOrderMark, Nothing),
    (COMPLETIONS, 1, |id| with(id, b"\xEF\xBB\xBF"), Kind::ByteOrderMark, Nothing),
    (ASSIGNMENTS, 0, |id| with(id, b"\xE9"), Kind::NotUtf8, Nothing),
    (ASSIGNMENTS, 2, |id| with(id, b"\0"), Kind::ControlCharacter, Nothing),
    (ASSIGNMENTS, 3, |id| with(id, b"\xE9"), Kind::NotUtf8, Nothing),
    (ASSIGNMENTS, 6, |text| with(text, b"\0"), Kind::ControlCharacter, Nothing),
    (ASSIGNMENTS, 6, |text| with(text, b"\xEF\xBB\xBF"), Kind::ByteOrderMark, Nothing),
    // Quotes.
    (COMPLETIONS, 0, |id| bytes(&id[1..]), Kind::MissingQuotes, Nothing),
    (COMPLETIONS, 0, |id| bytes(&id.replace('"', "'")), Kind::MissingQuotes, Nothing),
    (COMPLETIONS, 1, |id| bytes(&format!(" {id}")), Kind::MissingQuotes, Nothing),
    (COMPLETIONS, 1, |id| bytes(&format!("{id} ")), Kind::TextAfterQuote, Nothing),
    (COMPLETIONS, 2, |time| bytes(&format!("\"{time}\"")), Kind::TextAfterQuote, Nothing),
    (COMPLETIONS, 2, |time| bytes(&format!("{}\n\"", &time[..time.len() - 1])), Kind::UnclosedQuote, Nothing),
    (ASSIGNMENTS, 0, |id| bytes(&format!("#{id}")), Kind::MissingQuotes, Nothing),
    (ASSIGNMENTS, 6, |text| bytes(&text.replace('"', "\u{201c}")), Kind::MissingQuotes, Nothing),
    // Ids.
    (COMPLETIONS, 0, |_| bytes("\"\""), Kind::BadId, Nothing),
    (COMPLETIONS, 0, |_| bytes("\"NULL\""), Kind::BadId, Nothing),
    (COMPLETIONS, 0, |id| bytes(&format!("\" {}", &id[1..])), Kind::BadId, Nothing),
    (COMPLETIONS, 1, |id| bytes(&id.replace(',', "")), Kind::BadId, Nothing),
    (COMPLETIONS, 1, |_| bytes("\"x\""), Kind::BadId, Nothing),
    (COMPLETIONS, 1, |_| bytes("\"999,999,999\""), Kind::UnexplainedCompletion, RunFile),
    (ASSIGNMENTS, 0, |_| bytes("\"\""), Kind::BadId, Nothing),
    (ASSIGNMENTS, 0, |_| bytes("\"999999999\""), Kind::UnknownEmployee, Inputs),
    (ASSIGNMENTS, 3, |_| bytes("\"999,999,999\""), Kind::UnknownContent, Inputs),
    (ASSIGNMENTS, 6, |_| bytes("\"\""), Kind::EmptyContentType, Nothing),
    // Times.
    (COMPLETIONS, 2, |time| later(time, 1), Kind::NoDuration, Nothing),
    (COMPLETIONS, 2, |time| later(time, -1), Kind::LongTraining, Nothing),
    (COMPLETIONS, 2, |time| later(time, -24 * 365), Kind::LongTraining, Nothing),
    (COMPLETIONS, 3, |time| later(time, 1), Kind::LongTraining, Nothing),
    (COMPLETIONS, 3, |time| later(time, -1), Kind::NoDuration, Nothing),
    (COMPLETIONS, 2, |time| bytes(&time.replace('T', " ")), Kind::BadTime, Nothing),
    (ASSIGNMENTS, 1, |time| later(time, 1), Kind::NewAssignmentDate, Inputs),
    (ASSIGNMENTS, 4, |time| later(time, 24 * 365), Kind::NewAssignmentDate, Inputs),
    (ASSIGNMENTS, 5, |time| later(time, -24 * 365), Kind::NewAssignmentDate, Inputs),
];

/// The name, the kind and the line of each error, with its text.
fn errors(report: &CheckReport) -> Vec<(String, Kind, u32, String)> {
    let of_files = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
    let errors = of_files.filter(|one| one.is_error());
    errors.map(|one| (one.file.clone(), one.kind, one.place.line, one.to_string())).collect()
}

/// The line of a row with rows of the same employee above and below.
fn middle(lines: &[&str]) -> usize {
    let owner = |line: &str| line.split(',').next().map(str::to_owned);
    (1..lines.len() - 1).find(|at| (at - 1..=at + 1).all(|one| owner(lines[one]) == owner(lines[*at]))).unwrap()
}

fn fields(line: &str) -> Vec<String> {
    line[1..line.len() - 1].split("\",\"").map(|field| format!("\"{field}\"")).collect()
}

/// Checks that a changed file of a feed has exactly one finding, of a kind and at a line, wherever it is to be seen.
fn check_one(run: &OwnRun, file: usize, changed: Vec<u8>, (kind, line, needs): (Kind, usize, Needs), about: &str) {
    let mut feed = run.outputs();
    feed[file].1 = changed;
    let name = feed[file].0.clone();
    let inputs = run.inputs();
    let with_run = run.with_record(feed.clone(), Vec::new());
    let sets: [(Needs, Vec<OwnedFile>); 3] =
        [(Nothing, feed.clone()), (Inputs, [feed, inputs.clone()].concat()), (RunFile, [with_run, inputs].concat())];
    for (set, files) in sets.iter().filter(|(set, _)| *set >= needs) {
        let found = errors(&check_owned(files));
        let is_right = matches!(&found[..], [(of, one, at, _)] if *of == name && *at as usize == line + 1)
            && (found[0].1 == kind
                || *set > Nothing && kind != found[0].1 && needs == Nothing && is_more_telling(found[0].1));
        assert!(is_right, "{about}, set {}: {kind:?} in line {} expected, not {found:#?}", *set as u8, line + 1);
    }
}

/// True for kinds that a comparison with other files finds in place of a kind of the file alone.
fn is_more_telling(kind: Kind) -> bool {
    matches!(kind, Kind::NewAssignmentDate | Kind::OutsideShift)
}

#[test]
fn a_wrong_field_is_one_finding() {
    let run = OwnRun::usual();
    let feed = run.outputs();
    for (number, (file, field, change, kind, needs)) in OF_FIELDS.iter().enumerate() {
        let text = String::from_utf8(feed[*file].1.clone()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let at = middle(&lines);
        let mut row: Vec<Vec<u8>> = fields(lines[at]).into_iter().map(String::into_bytes).collect();
        row[*field] = change(&fields(lines[at])[*field]);
        let mut rows: Vec<Vec<u8>> = lines.iter().map(|line| bytes(line)).collect();
        rows[at] = row.join(&b',');
        let changed = [rows.join(&b'\n'), vec![b'\n']].concat();
        check_one(&run, *file, changed, (*kind, at, *needs), &format!("fault {number}"));
    }
}

/// A fault of rows: the file, the change of its lines, the kind of the finding and the line from that of the row, and what shows
/// it.
type RowFault = (usize, fn(&mut Vec<String>, usize), Kind, fn(usize, usize) -> usize, Needs);

const OF_ROWS: &[RowFault] = &[
    (COMPLETIONS, |lines, at| lines.insert(at, lines[at].clone()), Kind::RepeatedPair, |at, _| at + 1, Nothing),
    (COMPLETIONS, |lines, at| lines.push(lines[at].clone()), Kind::RepeatedPair, |_, end| end, Nothing),
    (COMPLETIONS, |lines, at| lines.swap(at, at + 1), Kind::TimeOrder, |at, _| at + 1, Nothing),
    (COMPLETIONS, |lines, at| lines[at..].rotate_left(1), Kind::RowsApart, |_, end| end - 1, Nothing),
    (COMPLETIONS, |lines, at| replace_field(&mut lines[at], 0, "999999999"), Kind::UnknownEmployee, |at, _| at, Inputs),
    (COMPLETIONS, |lines, at| lines[at] = ",,,".to_owned(), Kind::BlankLine, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| lines[at].clear(), Kind::BlankLine, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| swap_fields(&mut lines[at], 0, 1), Kind::BadId, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| lines[at] = lines[at].replacen(',', "\n,", 1), Kind::FieldCount, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| join_to_next(lines, at), Kind::FieldCount, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| drop_field(&mut lines[at], 0), Kind::FieldCount, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| drop_field(&mut lines[at], 3), Kind::FieldCount, |at, _| at, Nothing),
    (COMPLETIONS, |lines, at| lines[at].push(','), Kind::FieldCount, |at, _| at, Nothing),
    (COMPLETIONS, |lines, _| lines.push("\u{feff}".to_owned()), Kind::ByteOrderMark, |_, end| end, Nothing),
    (COMPLETIONS, |lines, at| lines.insert(at, "\u{feff}".to_owned()), Kind::ByteOrderMark, |at, _| at, Nothing),
    (COMPLETIONS, |lines, _| lines.push("\0\0\0".to_owned()), Kind::ControlCharacter, |_, end| end, Nothing),
    (ASSIGNMENTS, |lines, at| lines.insert(at, lines[at].clone()), Kind::RepeatedPair, |at, _| at + 1, Nothing),
    (ASSIGNMENTS, |lines, at| lines.swap(at, at + 1), Kind::ListOrder, |at, _| at + 1, RunFile),
    (ASSIGNMENTS, |lines, at| lines[at].clear(), Kind::BlankLine, |at, _| at, Nothing),
    (ASSIGNMENTS, |lines, at| swap_fields(&mut lines[at], 0, 3), Kind::BadId, |at, _| at, Nothing),
    (ASSIGNMENTS, |lines, _| wrong_content(lines, 1), Kind::WrongAssignment, |_, _| 1, RunFile),
];

fn replace_field(line: &mut String, field: usize, value: &str) {
    let mut values = fields(line);
    values[field] = format!("\"{value}\"");
    *line = values.join(",");
}

fn swap_fields(line: &mut String, one: usize, other: usize) {
    let mut values = fields(line);
    values.swap(one, other);
    *line = values.join(",");
}

/// Puts the content of the last assignment into another one.
fn wrong_content(lines: &mut [String], at: usize) {
    let content = fields(lines.last().unwrap())[3].trim_matches('"').to_owned();
    replace_field(&mut lines[at], 3, &content);
}

fn join_to_next(lines: &mut Vec<String>, at: usize) {
    let next = lines.remove(at + 1);
    lines[at] += &next;
}

fn drop_field(line: &mut String, field: usize) {
    let mut values = fields(line);
    values.remove(field);
    *line = values.join(",");
}

#[test]
fn a_wrong_row_is_one_finding() {
    let run = OwnRun::usual();
    let feed = run.outputs();
    for (number, (file, change, kind, line, needs)) in OF_ROWS.iter().enumerate() {
        let text = String::from_utf8(feed[*file].1.clone()).unwrap();
        let at = middle(&text.lines().collect::<Vec<_>>());
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let end = lines.len();
        change(&mut lines, at);
        let changed = bytes(&(lines.join("\n") + "\n"));
        check_one(&run, *file, changed, (*kind, line(at, end), *needs), &format!("fault {number}"));
    }
}

#[test]
fn a_row_replaced_by_a_blank_line_is_one_finding() {
    let run = OwnRun::usual();
    for file in [COMPLETIONS, ASSIGNMENTS] {
        let text = String::from_utf8(run.outputs()[file].1.clone()).unwrap();
        for at in (1..text.lines().count()).step_by(11) {
            let lines: Vec<&str> =
                text.lines().enumerate().map(|(number, line)| if number == at { "" } else { line }).collect();
            check_one(&run, file, bytes(&(lines.join("\n") + "\n")), (Kind::BlankLine, at, Nothing), "blank");
        }
    }
}

#[test]
fn a_file_that_ends_in_its_header_is_one_finding() {
    let run = OwnRun::usual();
    for file in [COMPLETIONS, ASSIGNMENTS] {
        let text = String::from_utf8(run.outputs()[file].1.clone()).unwrap();
        let header = text.lines().next().unwrap();
        for length in [15, 30, header.len() - 1, header.len()] {
            check_one(&run, file, bytes(&header[..length]), (Kind::UnfinishedLine, 0, Nothing), header);
        }
    }
}

#[test]
fn rows_that_are_missing_behind_a_line_are_one_finding() {
    let run = OwnRun::usual();
    for file in [COMPLETIONS, ASSIGNMENTS] {
        let mut feed = run.outputs();
        let text = String::from_utf8(feed[file].1.clone()).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        feed[file].1 = bytes(&(lines[..lines.len() / 2].join("\n") + "\n"));
        for files in [feed.clone(), run.with_record(feed, Vec::new())] {
            let found = errors(&check_owned(&[files, run.inputs()].concat()));
            assert!(matches!(&found[..], [(_, _, _, text)] if text.contains(" are missing in ")), "{file}: {found:#?}");
        }
    }
}

#[test]
fn a_row_of_another_employee_is_one_finding() {
    let run = OwnRun::usual();
    for (file, distance) in [(COMPLETIONS, 7), (COMPLETIONS, 40), (ASSIGNMENTS, 7), (ASSIGNMENTS, 40)] {
        let text = String::from_utf8(run.outputs()[file].1.clone()).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for at in (1..lines.len() - distance).step_by(5) {
            let mut lines = lines.clone();
            let other = fields(&lines[at + distance])[0].trim_matches('"').to_owned();
            let before = lines[at].clone();
            replace_field(&mut lines[at], 0, &other);
            if lines[at] == before {
                continue;
            }
            let mut feed = run.outputs();
            feed[file].1 = bytes(&(lines.join("\n") + "\n"));
            let found = errors(&check_owned(&[run.with_record(feed, Vec::new()), run.inputs()].concat()));
            assert_eq!(found.len(), 1, "file {file}, line {}, employee {other}: {found:#?}", at + 1);
        }
    }
}
