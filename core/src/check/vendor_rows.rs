//! The strict pass over a vendor file: encoding, line ends, quotes, header and field counts, independent of what the
//! columns mean.
//!
//! Each kind of file supplies its columns and a function for its rows, which is only called for rows that can be split
//! into fields.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::{self, Layout};
use crate::format::file_kind;
use crate::format::identifier::parse_plain_id;
use crate::format::raw_row::{LineBreaks, LineEnd, QuoteSlip, RawRow, RawRows};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::text::chunks::{ByteSource, Chunk, Workers, first_chunk, in_chunks};
use crate::text::problem::{Place, Problem, ProblemKind, beginning};
use crate::text::separator::Separator;
use crate::text::visible::shown;

/// The format rules of a kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// The columns of the header.
    pub(super) columns: &'static [&'static str],
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
    rules: Rules,
    /// The number of rows of data, bad ones included.
    pub(super) rows: usize,
    /// The employees of unreadable rows, in order.
    unread: Vec<u64>,
    marks: Vec<Mark>,
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
        let place = self.row(line, |row| row.place(self.layout.position(column, row.len()).unwrap_or(0)));
        let place = place.unwrap_or(Place::new(line, 1));
        FindingDraft { place, ..text.into() }.field(self.rules.columns[column])
    }

    /// Reads the row that begins on a line again.
    fn row<T>(&self, line: u32, read: impl FnOnce(&RawRow<'_>) -> T) -> Option<T> {
        let next = self.marks.partition_point(|mark| mark.line <= line);
        let mark = self.marks[..next].last()?;
        let end = self.marks.get(next).map_or(self.source.size(), |mark| mark.at);
        let bytes = self.source.bytes(mark.at..end);
        let mut rows = RawRows::new(&bytes, 0, mark.line, self.rules.line_breaks);
        while let Some(row) = rows.next_row() {
            if row.line == line {
                return Some(read(&row));
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
        let texts = self.row(line, |row| {
            let text = |column: &usize| Some(row.text(self.layout.position(*column, row.len())?).into_owned());
            columns.iter().map(text).collect()
        });
        texts.unwrap_or_else(|| vec![None; columns.len()])
    }

    /// True if the rows that begin on two lines have the same bytes.
    pub(super) fn are_same(&self, one: u32, other: u32) -> bool {
        let of = |line: u32| self.row(line, |row| row.whole().to_vec());
        of(one) == of(other)
    }

    /// True if a row of the employee cannot be read. Then it is unknown whether anything is missing.
    pub(super) fn is_unread(&self, employee: u64) -> bool {
        self.unread.binary_search(&employee).is_ok()
    }
}

/// The values that a kind of file keeps of its rows. Lines count from the beginning of a chunk.
pub(super) trait KeptRows: Default + Send {
    /// Makes room for about this number of rows.
    fn reserve(&mut self, _rows: usize) {}

    /// Appends the rows of the next chunk, which has `lines` lines before it.
    fn append(&mut self, next: Self, lines: u32);
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
    unread: Vec<u64>,
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
    each: impl Fn(&RawRow<'_>, &Layout, &mut Findings, &mut K) -> bool + Sync,
) -> Option<(VendorFile<'a>, K)> {
    let beginning = first_chunk(source);
    let header_at = check_beginning(&beginning, rules, findings)?;
    let layout = layout_of(&beginning, header_at, rules);
    let read = |chunk: Chunk<'_>| {
        if !chunk.is_first && layout.is_none() {
            return None;
        }
        let (at, line) = if chunk.is_first { header_at } else { (0, 1) };
        let rows = RawRows::new(chunk.bytes, at, line, rules.line_breaks);
        let right = layout.clone().unwrap_or_else(|| Layout::right(rules.columns));
        let (found, is_whole) = read_chunk(rows, !chunk.is_first, &right, rules, &each);
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
    if rules.strict {
        file.line_ends.report(findings);
    }
    let ReadChunk { kept, mut unread, marks, rows, has_header, .. } = file;
    unread.sort();
    let layout = layout.unwrap_or_else(|| Layout::right(rules.columns));
    has_header.then_some((VendorFile { source, layout, rules, rows, unread, marks }, kept))
}

/// The columns by the header in the beginning of a file; `None` if there is no row.
fn layout_of(beginning: &[u8], (at, line): (usize, u32), rules: Rules) -> Option<Layout> {
    let mut rows = RawRows::new(beginning, at, line, rules.line_breaks);
    while let Some(row) = rows.next_row() {
        if !row.is_blank() && !row.is_without_values() {
            let is_data = header::is_data(&row, rules.columns);
            let named = || header::compare(&row, rules.columns, &mut Findings::default());
            return Some(if is_data { Layout::right(rules.columns) } else { named() });
        }
    }
    None
}

/// Reads the rows of a chunk, and returns whether they can be read without the chunk that follows.
fn read_chunk<K: KeptRows>(
    mut rows: RawRows<'_>,
    has_header: bool,
    layout: &Layout,
    rules: Rules,
    each: &impl Fn(&RawRow<'_>, &Layout, &mut Findings, &mut K) -> bool,
) -> (ReadChunk<K>, bool) {
    let mut chunk = ReadChunk { has_header, ..ReadChunk::default() };
    let findings = &mut chunk.findings;
    while let Some(row) = rows.next_row() {
        chunk.line_ends.note(&row);
        if chunk.marks.last().is_none_or(|mark| row.line >= mark.line.saturating_add(MARKED)) {
            chunk.marks.push(Mark { line: row.line, at: row.start });
        }
        if row.is_blank() || row.is_without_values() {
            report_blank(&row, rules, findings);
            continue;
        }
        let is_cut = chunk.has_header && rules.strict && chunk.line_ends.note_cut(&row, layout);
        if chunk.has_header && is_header(&row, rules.columns) {
            let text = "the header stands here again; remove this line";
            findings.add(FindingKind::RepeatedHeader, row.line, || (row.place(0), text));
            continue;
        }
        let is_other_width = chunk.has_header && has_other_width(&row, layout);
        let is_sound = !is_cut && check_shape(&row, is_other_width, rules, findings);
        if !chunk.has_header {
            chunk.has_header = true;
            if !header::is_data(&row, rules.columns) {
                header::compare(&row, rules.columns, findings);
                continue;
            }
            let right = header::header_text(rules.columns);
            let text = format!("the header is missing; the first line should be {right}");
            findings.report(FindingKind::MissingHeader, FindingDraft::from((row.place(0), text)).expected(right));
        }
        chunk.rows += 1;
        let is_read = is_sound && check_field_count(&row, layout, is_other_width, rules, findings);
        if !(is_read && each(&row, layout, findings, &mut chunk.kept)) {
            chunk.unread.extend(employee_of(&row, layout));
        }
    }
    chunk.lines = rows.lines_read();
    (chunk, !rows.ran_out())
}

fn report_blank(row: &RawRow<'_>, rules: Rules, findings: &mut Findings) {
    let text = match row.is_blank() {
        true => "a blank line; remove it",
        false if rules.strict => "a row without any value; remove it",
        false => return,
    };
    findings.add(FindingKind::BlankLine, row.line, || (row.place(0), text));
}

/// The employee of an unreadable row, if the id can be read: both kinds of file have it in the first column.
fn employee_of(row: &RawRow<'_>, layout: &Layout) -> Option<u64> {
    let value = row.inside(layout.position(0, row.len()).unwrap_or(0));
    let length = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    parse_plain_id(&value[..length])
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

/// Checks encoding and quotes, and returns true if the row can be split into fields.
fn check_shape(row: &RawRow<'_>, is_other_width: bool, rules: Rules, findings: &mut Findings) -> bool {
    let whole = row.whole();
    if !whole.is_ascii() {
        check_encoding(row, findings);
    }
    match row.slip {
        Some(QuoteSlip::Unclosed(at)) => findings.add(FindingKind::UnclosedQuote, row.line, || {
            (row.place_of(at), "a quote opens here and is never closed; close it at the end of the field")
        }),
        Some(QuoteSlip::ClosedByNext { start, comma }) => findings.add(FindingKind::UnclosedQuote, row.line, || {
            let value = String::from_utf8_lossy(row.between(start, comma));
            let text = format!("a quote opens here and is not closed at the end of the field; write {}\"", shown(&value));
            FindingDraft::from((row.place_of(start), text)).value(&*value).expected(format!("{value}\""))
        }),
        Some(QuoteSlip::AfterClosing(at)) => findings.add(FindingKind::TextAfterQuote, row.line, || {
            let text = "text follows a closing quote; double a quote that belongs to the field (\"\"), or put a comma and a \
                        quote before the next field";
            (row.place_of(at), text)
        }),
        None => {}
    }
    // After a mistake in the quotes, the beginnings of fields are unknown.
    if rules.strict && row.slip.is_none() && !is_other_width {
        check_quoted(row, findings);
    }
    row.slip.is_none()
}

fn check_encoding(row: &RawRow<'_>, findings: &mut Findings) {
    let whole = row.whole();
    if let Err(error) = std::str::from_utf8(whole) {
        let bad = error.valid_up_to();
        findings.add_problem(&Problem::error(row.place_of(row.start + bad), ProblemKind::NotUtf8 { byte: whole[bad] }));
    }
    if let Some(at) = whole.windows(BYTE_ORDER_MARK.len()).position(|window| window == BYTE_ORDER_MARK) {
        findings.add(FindingKind::ByteOrderMark, row.line, || {
            let text = "a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only";
            (row.place_of(row.start + at), text)
        });
    }
}

/// Checks that every field is in double quotes.
fn check_quoted(row: &RawRow<'_>, findings: &mut Findings) {
    let mut bare = (0..row.len()).filter(|index| !row.is_quoted(*index));
    let Some(first) = bare.next() else { return };
    let more = bare.count();
    findings.add(FindingKind::MissingQuotes, row.line, || {
        let value = String::from_utf8_lossy(row.inside(first)).replace('"', "\"\"");
        let others = match more {
            0 => String::new(),
            1 => ", and one more field of this line".to_owned(),
            _ => format!(", and {more} more fields of this line"),
        };
        let text = format!("no double quotes around '{0}'{others}; write \"{0}\"", shown(&value));
        FindingDraft::from((row.place(first), text)).expected(format!("\"{value}\""))
    });
}

/// Whether a row has too few or too many fields, other than by commas in fields without quotes.
fn has_other_width(row: &RawRow<'_>, layout: &Layout) -> bool {
    if layout.fits(row.len()) {
        return false;
    }
    let quoted = (0..row.len()).filter(|index| row.is_quoted(*index)).count();
    row.len() < layout.width() || quoted >= layout.width()
}

/// Whether a row is the header once more.
fn is_header(row: &RawRow<'_>, columns: &[&str]) -> bool {
    row.len() == columns.len()
        && columns.iter().enumerate().all(|(index, column)| row.inside(index) == column.as_bytes())
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

/// Line ends other than LF: one finding with their number.
#[derive(Default)]
struct LineEnds {
    crlf: Option<(Place, usize)>,
    cr: Option<(Place, usize)>,
    missing: Option<Place>,
    /// True if the last line is cut off.
    is_cut: bool,
}

impl LineEnds {
    fn note(&mut self, row: &RawRow<'_>) {
        let noted = match row.line_end {
            LineEnd::Lf => return,
            LineEnd::Missing => {
                self.missing = Some(row.place_of(row.end));
                return;
            }
            LineEnd::CrLf => &mut self.crlf,
            LineEnd::Cr => &mut self.cr,
        };
        noted.get_or_insert_with(|| (row.place_of(row.end), 0)).1 += 1;
    }

    /// Appends those of the next chunk, which has `lines` lines before it.
    fn append(&mut self, next: LineEnds, lines: u32) {
        let moved = |place: Place| Place { line: place.line.saturating_add(lines), ..place };
        for (noted, next) in [(&mut self.crlf, next.crlf), (&mut self.cr, next.cr)] {
            if let Some((place, count)) = next {
                noted.get_or_insert((moved(place), 0)).1 += count;
            }
        }
        self.missing = self.missing.or(next.missing.map(moved));
        self.is_cut |= next.is_cut;
    }

    /// Returns true if a row is cut off: it has neither a line end nor all its fields.
    fn note_cut(&mut self, row: &RawRow<'_>, layout: &Layout) -> bool {
        self.is_cut = row.line_end == LineEnd::Missing && (row.slip.is_some() || row.len() < layout.width());
        self.is_cut
    }

    fn report(self, findings: &mut Findings) {
        for (noted, name) in [(self.crlf, "CRLF"), (self.cr, "a lone CR")] {
            let Some((place, count)) = noted else { continue };
            let text = match count {
                1 => format!("the line ends with {name}; it should end with LF"),
                _ => format!("{count} lines end with {name}, this one first; they should end with LF"),
            };
            findings.report(FindingKind::LineEnding, (place, text));
        }
        if let Some(place) = self.missing {
            let text = match self.is_cut {
                true => "the file is cut off here, amid its last line; complete it, and end it with LF",
                false => "the last line does not end with LF: the file may have been cut off; end it with LF",
            };
            findings.report(FindingKind::UnfinishedLine, (place, text));
        }
    }
}
