//! The strict pass over a vendor file: encoding, line ends, quotes, header and field counts, independent of what the
//! columns mean.
//!
//! Each kind of file supplies its columns and a function for its rows, which is only called for rows that can be split
//! into fields.

use std::num::NonZeroU64;

use super::field_reader::FieldReader;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::head::{Head, is_header, next_with_text};
use super::header::{self, Header, Layout};
use super::line_ends::LineEnds;
use super::row_shape::{Quotes, broken_row, check_shape, is_at_end, may_go_on, report_broken_row};
use super::{quoting, stray};
use crate::format::file_kind;
use crate::format::identifier::parse_plain_id;
use crate::format::raw_row::{LineBreaks, RawRow, RawRows};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::format::spelling;
use crate::text::chunks::{ByteSource, Chunk, Workers, first_chunk, in_chunks};
use crate::text::problem::{Place, Problem, ProblemKind, beginning};
use crate::text::separator::Separator;

/// The format rules of a kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// The columns of the header.
    pub(super) columns: &'static [&'static str],
    /// The column of the content's id, by position.
    pub(super) content: usize,
    /// The fields that may contain a line break.
    pub(super) line_breaks: LineBreaks,
    /// True if the file may begin with a byte order mark.
    pub(super) byte_order_mark: bool,
    /// True if every field must be quoted and every line must end with LF. Not so for the dummy file, which is a copy
    /// of a user's template.
    pub(super) strict: bool,
}

/// A vendor file after the strict pass. Rows are read again by their line.
pub(super) struct VendorFile<'a> {
    pub(super) source: &'a dyn ByteSource,
    layout: Layout,
    pub(super) rules: Rules,
    /// The number of rows of data, bad ones included.
    pub(super) rows: usize,
    /// The rows that cannot be read, by employee.
    unread: Vec<Unread>,
    marks: Vec<Mark>,
    /// True if it is cut off amid its last row.
    pub(super) is_cut: bool,
}

/// The beginning of a row, kept for one of every few rows.
#[derive(Clone, Copy)]
struct Mark {
    line: u32,
    at: usize,
}

/// The smallest number of lines between two marks.
const MARKED: u32 = 16;

impl VendorFile<'_> {
    /// A finding about a field.
    pub(super) fn found(&self, line: u32, column: usize, text: impl Into<FindingDraft>) -> FindingDraft {
        let place = self.row(line, |fields| fields.place(column)).unwrap_or(Place::new(line, 1));
        FindingDraft { place, ..text.into() }.field(self.rules.columns[column])
    }

    /// Reads the row that begins on a line again.
    fn row<T>(&self, line: u32, read: impl FnOnce(FieldReader<'_>) -> T) -> Option<T> {
        let next = self.marks.partition_point(|mark| mark.line <= line);
        let mark = self.marks[..next].last()?;
        let end = self.marks.get(next).map_or(self.source.size(), |mark| mark.at);
        let bytes = self.source.bytes(mark.at..end);
        let mut rows = RawRows::new(&bytes, 0, mark.line, self.rules.line_breaks);
        while let Some(row) = rows.next_row() {
            if row.line == line {
                return Some(read(FieldReader::new(&row, &self.layout, self.rules.columns)));
            }
        }
        None
    }

    /// The value of a field; `None` if the file lacks the column.
    pub(super) fn text(&self, line: u32, column: usize) -> Option<String> {
        self.texts(line, &[column]).pop().flatten()
    }

    /// The values of several fields.
    pub(super) fn texts(&self, line: u32, columns: &[usize]) -> Vec<Option<String>> {
        let texts = self.row(line, |fields| {
            let text = |column: &usize| Some(fields.row.text(fields.position(*column)?).into_owned());
            columns.iter().map(text).collect()
        });
        texts.unwrap_or_else(|| vec![None; columns.len()])
    }

    /// True if the rows that begin on two lines have the same bytes.
    pub(super) fn are_same(&self, one: u32, other: u32) -> bool {
        let of = |line: u32| self.row(line, |fields| fields.row.whole().to_vec());
        of(one) == of(other)
    }

    /// True if a row of the employee cannot be read. Then it is unknown whether anything is missing.
    pub(super) fn is_unread(&self, employee: u64) -> bool {
        self.unread.binary_search_by_key(&NonZeroU64::new(employee), |row| row.employee).is_ok()
    }

    /// The rows that cannot be read and may be any employee's.
    pub(super) fn unread_of_anybody(&self) -> impl Iterator<Item = Unread> {
        self.unread.iter().copied().take_while(|row| row.employee.is_none())
    }
}

/// The values that a kind of file keeps of its rows. Lines count from the beginning of a chunk.
pub(super) trait KeptRows: Default + Send {
    /// Makes room for about this number of rows.
    fn reserve(&mut self, _rows: usize) {}

    /// Appends the rows of the next chunk, which has `lines` lines before it.
    fn append(&mut self, next: Self, lines: u32);

    /// The number of doubts about the rows.
    fn doubts(&self) -> usize {
        0
    }
}

/// The values that are kept of a row.
pub(super) trait Row {
    /// The row with its line moved down by `lines`, the number of lines before its part of the file.
    fn further_down(self, lines: u32) -> Self;
}

impl<R: Row + Send> KeptRows for Vec<R> {
    fn reserve(&mut self, rows: usize) {
        Vec::reserve(self, rows);
    }

    fn append(&mut self, next: Vec<R>, lines: u32) {
        self.extend(next.into_iter().map(|row| row.further_down(lines)));
    }
}

/// A chunk of a vendor file, or the chunks so far.
#[derive(Default)]
struct ReadChunk<K> {
    kept: K,
    findings: Findings,
    line_ends: LineEnds,
    unread: Vec<Unread>,
    marks: Vec<Mark>,
    rows: usize,
    has_header: bool,
    bytes: usize,
    lines: u32,
}

impl<K: KeptRows> ReadChunk<K> {
    fn append(&mut self, next: ReadChunk<K>) {
        self.kept.append(next.kept, self.lines);
        self.findings.append(next.findings, self.lines);
        self.line_ends.append(next.line_ends, self.lines);
        self.unread.extend(next.unread);
        let moved = |mark: Mark| Mark { line: mark.line.saturating_add(self.lines), at: mark.at + self.bytes };
        self.marks.extend(next.marks.into_iter().map(moved));
        self.rows += next.rows;
        self.has_header |= next.has_header;
        self.bytes += next.bytes;
        self.lines = self.lines.saturating_add(next.lines);
    }
}

/// Reads a file, and calls `each` for every data row that can be split into fields. `each` keeps values of the row, and returns
/// whether employee and content could be read. Returns `None` for a file that is empty or not CSV at all.
pub(super) fn go_through<'a, K: KeptRows>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    rules: Rules,
    findings: &mut Findings,
    each: impl Fn(FieldReader<'_>, &mut Findings, &mut K) -> bool + Sync,
) -> Option<(VendorFile<'a>, K)> {
    let beginning = first_chunk(source);
    let header_at = check_beginning(&beginning, rules, findings)?;
    let head = match Head::of(&beginning, header_at, rules.columns, rules.line_breaks) {
        Ok(head) => head,
        Err(found) => {
            findings.report(found.0, found.1);
            return None;
        }
    };
    let faults = |layout: &Layout| {
        let rows = RawRows::new(&beginning, header_at.0, header_at.1, rules.line_breaks);
        faults_of_first_rows(rows, layout, rules, &each)
    };
    let head = head.map(|head| head.with_order_of_rows(rules.columns, faults));
    let read = |chunk: Chunk<'_>| {
        if !chunk.is_first && head.is_none() {
            return None;
        }
        let (at, line) = if chunk.is_first { header_at } else { (0, 1) };
        let rows = RawRows::new(chunk.bytes, at, line, rules.line_breaks);
        let (found, is_whole) = read_chunk(rows, !chunk.is_first, head.as_ref(), rules, &each);
        (chunk.is_last || (is_whole && found.has_header)).then_some(ReadChunk { bytes: chunk.bytes.len(), ..found })
    };
    let collect = |file: &mut ReadChunk<K>, chunk: ReadChunk<K>| {
        if file.bytes == 0 {
            // Growing step by step would copy all rows repeatedly.
            file.kept.reserve(chunk.rows * source.size().div_ceil(chunk.bytes.max(1)));
        }
        file.append(chunk);
    };
    let file: ReadChunk<K> = in_chunks(source, workers, read, collect);
    findings.append(file.findings, 0);
    if !file.has_header {
        let right = header::header_text(rules.columns);
        let text = format!("the file is empty; its first line should be {right}");
        findings.report(FindingKind::EmptyFile, FindingDraft::from((Place::START, text)).expected(right));
    }
    let is_cut = file.line_ends.is_cut || (file.rows == 0 && file.line_ends.is_unfinished());
    if rules.strict {
        file.line_ends.report(findings);
    }
    let ReadChunk { kept, mut unread, marks, rows, has_header, .. } = file;
    unread.sort();
    let layout = head.map_or_else(|| Layout::right(rules.columns), |head| head.layout);
    has_header.then_some((VendorFile { source, layout, rules, rows, unread, marks, is_cut }, kept))
}

/// The number of faults and doubts in the first rows, the header among them, by some columns.
fn faults_of_first_rows<K: KeptRows>(
    mut rows: RawRows<'_>,
    layout: &Layout,
    rules: Rules,
    each: &impl Fn(FieldReader<'_>, &mut Findings, &mut K) -> bool,
) -> usize {
    const TRIED: usize = 20;
    let (mut findings, mut kept) = (Findings::default(), K::default());
    for _ in 0..TRIED {
        let Some(row) = next_with_text(&mut rows) else { break };
        if layout.fits(row.len()) && row.slip.is_none() {
            each(FieldReader::new(&row, layout, rules.columns), &mut findings, &mut kept);
        }
    }
    findings.len() + kept.doubts()
}

/// Reads the rows of a chunk, and returns whether they can be read without the chunk that follows.
fn read_chunk<K: KeptRows>(
    mut rows: RawRows<'_>,
    has_header: bool,
    head: Option<&Head>,
    rules: Rules,
    each: &impl Fn(FieldReader<'_>, &mut Findings, &mut K) -> bool,
) -> (ReadChunk<K>, bool) {
    let mut chunk = ReadChunk { has_header, ..ReadChunk::default() };
    let mut ran_out = false;
    while let Some(row) = rows.next_row() {
        if chunk.pass_over(&row) {
            continue;
        }
        // Without a header there are only blank lines.
        let Some(head) = head else { continue };
        if row.is_blank() || row.is_without_values() {
            chunk.read_blank(&row, head, rules);
            continue;
        }
        if rules.strict && chunk.has_header && may_go_on(&row, &head.layout) {
            ran_out |= is_at_end(&row);
            if let Some(lines) = chunk.read_broken(&row, head, rules) {
                let last = row.line + lines;
                while rows.next_line().0 <= last {
                    rows.skip_line();
                }
                continue;
            }
        }
        chunk.read_row(&row, head, rules, each);
    }
    chunk.lines = rows.lines_read();
    (chunk, !(rows.ran_out() || ran_out))
}

impl<K: KeptRows> ReadChunk<K> {
    /// Notes line end and place of a row; true for one that has nothing but stray characters or the rest of a line end.
    fn pass_over(&mut self, row: &RawRow<'_>) -> bool {
        if stray::is_alone(row.whole()) {
            return stray::report(row, &mut self.findings);
        }
        if self.line_ends.is_continued_by(row) {
            return true;
        }
        self.line_ends.note(row);
        if self.marks.last().is_none_or(|mark| row.line >= mark.line.saturating_add(MARKED)) {
            self.marks.push(Mark { line: row.line, at: row.start });
        }
        false
    }

    fn read_blank(&mut self, row: &RawRow<'_>, head: &Head, rules: Rules) {
        // Blank lines above the rows of a file without header stand in its place.
        if self.has_header || head.line.is_some() {
            report_blank(row, rules, &mut self.findings);
        }
        if self.has_header {
            self.unread.push(Unread { employee: None, content: None });
        }
    }

    /// Reads a row with line breaks where none may be, and returns their number.
    fn read_broken(&mut self, row: &RawRow<'_>, head: &Head, rules: Rules) -> Option<u32> {
        let lines = broken_row(row, &head.layout)?;
        report_broken_row(row, &mut self.findings);
        self.rows += 1;
        self.unread.push(Unread::of(FieldReader::new(row, &head.layout, rules.columns), rules));
        Some(lines)
    }

    /// Reads a header, or a row of data.
    fn read_row(
        &mut self,
        row: &RawRow<'_>,
        head: &Head,
        rules: Rules,
        each: &impl Fn(FieldReader<'_>, &mut Findings, &mut K) -> bool,
    ) {
        let (layout, findings) = (&head.layout, &mut self.findings);
        if !self.has_header && head.line.is_some_and(|line| row.line < line) {
            report_title(row, findings);
            return;
        }
        let is_cut = self.has_header && rules.strict && self.line_ends.note_cut(row, layout);
        if self.has_header && is_header(row, rules.columns) {
            let text = "the header stands here again; remove this line";
            findings.add(FindingKind::RepeatedHeader, row.line, || (row.place(0), text));
            return;
        }
        let is_other_width = self.has_header && has_other_width(row, layout);
        let quotes = match (rules.strict && !is_other_width, head.is_bare) {
            (false, _) => Quotes::Any,
            (true, false) => Quotes::Needed,
            (true, true) if self.has_header && quoting::is_bare(row) => Quotes::Any,
            (true, true) => Quotes::NeededEverywhere,
        };
        let is_sound = !is_cut && check_shape(row, !self.has_header, quotes, findings);
        if !self.has_header {
            self.has_header = true;
            if head.line.is_some() {
                Header::of(row, rules.columns).report(findings);
                return;
            }
            report_missing_header(head.first, rules, findings);
        }
        self.rows += 1;
        let is_read = is_sound && check_field_count(row, layout, is_other_width, rules, findings);
        let fields = FieldReader::new(row, layout, rules.columns);
        if !(is_read && each(fields, findings, &mut self.kept)) {
            self.unread.push(Unread::of(fields, rules));
            // Two rows that are joined to one line.
            if row.len() + 1 >= 2 * layout.width() {
                self.unread.push(Unread { employee: None, content: None });
            }
        }
    }
}

fn report_missing_header(line: u32, rules: Rules, findings: &mut Findings) {
    let right = header::header_text(rules.columns);
    let text = format!("the header is missing; the first line should be {right}");
    findings.report(FindingKind::MissingHeader, FindingDraft::from((Place::new(line, 1), text)).expected(right));
}

fn report_title(row: &RawRow<'_>, findings: &mut Findings) {
    findings.add(FindingKind::MissingHeader, row.line, || {
        let text = format!("a line before the header: '{}'; remove it", beginning(row.whole()));
        (row.place(0), text)
    });
}

fn report_blank(row: &RawRow<'_>, rules: Rules, findings: &mut Findings) {
    let text = match row.is_blank() {
        true => "a blank line; remove it, or write the row that it replaced",
        false if rules.strict => "a row without any value; remove it, or write its values",
        false => return,
    };
    findings.add(FindingKind::BlankLine, row.line, || (row.place(0), text));
}

/// A row that cannot be read, with what is known of it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unread {
    /// The employee, if the id can be read.
    pub(super) employee: Option<NonZeroU64>,
    /// The content, if the id can be read.
    pub(super) content: Option<NonZeroU64>,
}

impl Unread {
    fn of(fields: FieldReader<'_>, rules: Rules) -> Unread {
        let value = |column: usize| quoting::inside(fields.row, fields.position(column).unwrap_or(column));
        // Both kinds of file have the employee in the first column. Behind an unclosed quote, the next field follows.
        let employee = value(0);
        let employee = employee.strip_prefix(b"\"").unwrap_or(employee);
        let (id, behind) = employee.split_at(employee.iter().take_while(|byte| byte.is_ascii_digit()).count());
        let is_id = behind.is_empty() || behind.starts_with(b",\"");
        let content =
            spelling::content_id(value(rules.content)).filter(|(_, is_right)| *is_right && fields.row.slip.is_none());
        let employee = parse_plain_id(id).filter(|_| is_id).and_then(NonZeroU64::new);
        Unread { employee, content: content.and_then(|(id, _)| NonZeroU64::new(id)) }
    }
}

/// Checks the beginning of the file, and returns byte offset and line of the header; `None` for a file that is not CSV
/// at all.
fn check_beginning(bytes: &[u8], rules: Rules, findings: &mut Findings) -> Option<(usize, u32)> {
    if let Some(kind) = file_kind::foreign(bytes) {
        findings.add_problem(&Problem::error(Place::START, kind));
        return None;
    }
    let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    if start > 0 && !rules.byte_order_mark {
        let text = "the file begins with a byte order mark; this one should begin with its header";
        findings.report(FindingKind::ByteOrderMark, (Place::START, text));
    }
    let Some(line) = separator_line(&bytes[start..]) else { return Some((start, 1)) };
    let text = "the file begins with a line that names the separator (sep=); it should begin with its header";
    findings.report(FindingKind::SeparatorLine, (Place::START, text));
    Some((start + line.length, 2))
}

/// Whether a row has too few or too many fields, other than by commas in fields without quotes.
fn has_other_width(row: &RawRow<'_>, layout: &Layout) -> bool {
    if layout.fits(row.len()) {
        return false;
    }
    let quoted = (0..row.len()).filter(|index| row.is_quoted(*index)).count();
    row.len() < layout.width() || quoted >= layout.width()
}

fn check_field_count(
    row: &RawRow<'_>,
    layout: &Layout,
    is_other_width: bool,
    rules: Rules,
    findings: &mut Findings,
) -> bool {
    let (found, wanted) = (row.len(), layout.width());
    if layout.fits(found) {
        return true;
    }
    if rules.strict && !is_other_width && (0..found).any(|index| !row.is_quoted(index)) {
        // Missing quotes are already a finding; without them, a comma in a field splits it.
        return false;
    }
    let kind = ProblemKind::FieldCount { found, wanted, separator: Separator::Comma, row: beginning(row.whole()) };
    findings.add_problem(&Problem::error(row.place(found.min(wanted)), kind));
    false
}
