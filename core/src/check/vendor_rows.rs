//! The strict pass over a vendor file: encoding, line ends, quotes, header and field counts, whatever the columns mean.
//!
//! Each kind of file brings its columns and a function for its rows, which sees only rows that can be taken apart.

use super::findings::{Findings, Sort};
use super::header::{self, Layout};
use crate::format::file_kind;
use crate::format::identifier::parse_plain_id;
use crate::format::raw_row::{LineBreaks, LineEnd, QuoteSlip, RawRow, RawRows};
use crate::format::record::{BYTE_ORDER_MARK, separator_line};
use crate::format::spelling::instant;
use crate::text::problem::{Place, ProblemKind, beginning};
use crate::text::visible::shown;

/// How strictly a kind of file is held to its format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// The columns of the header.
    pub(super) columns: &'static [&'static str],
    /// Where a line break may stand inside a field.
    pub(super) line_breaks: LineBreaks,
    /// Whether it may begin with a byte order mark.
    pub(super) byte_order_mark: bool,
    /// Whether every field must be in quotes and every line end with LF. The dummy file is a copy of somebody's
    /// template, which need not.
    pub(super) strict: bool,
}

/// The rows of a file that was gone through, so that single ones can be looked at again.
#[derive(Clone, Debug)]
pub(super) struct VendorFile<'a> {
    bytes: &'a [u8],
    layout: Layout,
    line_breaks: LineBreaks,
    /// How many rows of data it has, bad ones too.
    pub(super) rows: usize,
    /// The employees of the rows that cannot be read, in order.
    unread: Vec<u64>,
}

impl VendorFile<'_> {
    /// Where a column stands of the row that begins at a byte, which stands on a line.
    pub(super) fn place(&self, at: usize, line: u32, column: usize) -> Place {
        let mut rows = RawRows::new(self.bytes, at, line, self.line_breaks);
        let place = rows.next_row().map(|row| row.place(self.layout.position(column, row.len()).unwrap_or(0)));
        place.unwrap_or(Place::new(line, 1))
    }

    /// What stands there; nothing where the file lacks the column.
    pub(super) fn text(&self, at: usize, line: u32, column: usize) -> Option<String> {
        self.texts(at, line, &[column]).pop().flatten()
    }

    /// What stands in some columns.
    pub(super) fn texts(&self, at: usize, line: u32, columns: &[usize]) -> Vec<Option<String>> {
        let mut rows = RawRows::new(self.bytes, at, line, self.line_breaks);
        let Some(row) = rows.next_row() else { return vec![None; columns.len()] };
        let text = |column: &usize| Some(row.text(self.layout.position(*column, row.len())?).into_owned());
        columns.iter().map(text).collect()
    }

    /// The instant that stands there, in seconds; nothing where there is none.
    pub(super) fn instant(&self, at: usize, line: u32, column: usize) -> Option<i64> {
        instant(self.text(at, line, column)?.as_bytes())
    }

    /// Whether the rows that begin at two bytes are the same to the byte.
    pub(super) fn are_same(&self, one: usize, other: usize) -> bool {
        let row = |at: usize| RawRows::new(self.bytes, at, 1, self.line_breaks).next_row().map(|row| row.end);
        let of = |at: usize| row(at).and_then(|end| self.bytes.get(at..end));
        of(one) == of(other)
    }

    /// Whether a row about an employee cannot be read, so that nobody knows what it says.
    pub(super) fn is_unread(&self, employee: u64) -> bool {
        self.unread.binary_search(&employee).is_ok()
    }
}

/// Goes through a file, and calls `each` for every row of data that can be taken apart; it tells whether it can make
/// something of the row. Returns nothing for a file that is empty or no CSV at all.
pub(super) fn go_through<'a>(
    bytes: &'a [u8],
    rules: Rules,
    findings: &mut Findings,
    each: &mut dyn FnMut(&RawRow<'_>, &Layout, &mut Findings) -> bool,
) -> Option<VendorFile<'a>> {
    let (start, line) = check_beginning(bytes, rules, findings)?;
    let layout = Layout::right(rules.columns);
    let mut file = VendorFile { bytes, layout, line_breaks: rules.line_breaks, rows: 0, unread: Vec::new() };
    let mut line_ends = LineEnds::default();
    let mut rows = RawRows::new(bytes, start, line, rules.line_breaks);
    let mut has_header = false;
    while let Some(row) = rows.next_row() {
        line_ends.note(&row);
        if row.is_blank() {
            let said = || (row.place(0), "a blank line; remove it".to_owned());
            findings.add(Sort::BlankLine, row.line, said);
            continue;
        }
        if row.is_without_values() {
            if rules.strict {
                let said = || (row.place(0), "a row without any value; remove it".to_owned());
                findings.add(Sort::BlankLine, row.line, said);
            }
            continue;
        }
        if row.is_without_values() {
            if rules.strict {
                let said = || (row.place(0), "a row without any value; remove it".to_owned());
                findings.add(Sort::BlankLine, row.line, said);
            }
            continue;
        }
        let is_cut = has_header && rules.strict && line_ends.note_cut(&row, &file.layout);
        let is_sound = !is_cut && check_shape(&row, rules, findings);
        if !has_header {
            has_header = true;
            if !header::is_data(&row, rules.columns) {
                file.layout = header::compare(&row, rules.columns, findings);
                continue;
            }
            let said = format!("the header is missing; the first line should be {}", header::spelled(rules.columns));
            findings.say(row.place(0), said);
        }
        file.rows += 1;
        let is_read = is_sound && check_field_count(&row, &file.layout, rules, findings);
        if !(is_read && each(&row, &file.layout, findings)) {
            file.unread.extend(employee_of(&row, &file.layout));
        }
    }
    if !has_header {
        let said = format!("the file is empty; its first line should be {}", header::spelled(rules.columns));
        findings.say(Place::START, said);
    }
    if rules.strict {
        line_ends.tell(findings);
    }
    file.unread.sort();
    has_header.then_some(file)
}

/// The employee of a row that cannot be read, as far as can be told: both kinds have their ids in the first column.
fn employee_of(row: &RawRow<'_>, layout: &Layout) -> Option<u64> {
    let value = row.inside(layout.position(0, row.len()).unwrap_or(0));
    let length = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    parse_plain_id(&value[..length])
}

/// Checks how the file begins, and returns at which byte and line its header does; nothing for a file that is no CSV at all.
fn check_beginning(bytes: &[u8], rules: Rules, findings: &mut Findings) -> Option<(usize, u32)> {
    if let Some(kind) = file_kind::foreign(bytes) {
        findings.say(Place::START, kind.to_string());
        return None;
    }
    let start = if bytes.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    if start > 0 && !rules.byte_order_mark {
        let said = "the file begins with a byte order mark; this one should begin with its header".to_owned();
        findings.say(Place::START, said);
    }
    let Some(line) = separator_line(&bytes[start..]) else { return Some((start, 1)) };
    let said =
        "the file begins with a line that names the separator (sep=); it should begin with its header".to_owned();
    findings.say(Place::START, said);
    Some((start + line.length, 2))
}

/// Checks encoding and quotes; whether the row can be taken apart.
fn check_shape(row: &RawRow<'_>, rules: Rules, findings: &mut Findings) -> bool {
    let whole = row.whole();
    if !whole.is_ascii() {
        check_encoding(row, findings);
    }
    match row.slip {
        Some(QuoteSlip::Unclosed(at)) => findings.add(Sort::Quotes, row.line, || {
            (row.place_of(at), "a quote opens here and is never closed; close it at the end of the field".to_owned())
        }),
        Some(QuoteSlip::ClosedByNext { start, comma }) => findings.add(Sort::Quotes, row.line, || {
            let value = String::from_utf8_lossy(row.between(start, comma));
            let said = format!("a quote opens here and is not closed at the end of the field; write {}\"", shown(&value));
            (row.place_of(start), said)
        }),
        Some(QuoteSlip::AfterClosing(at)) => findings.add(Sort::Quotes, row.line, || {
            let said = "text follows a closing quote; double a quote that belongs to the field (\"\"), or put a comma and a \
                        quote before the next field";
            (row.place_of(at), said.to_owned())
        }),
        None => {}
    }
    // Behind a slip nobody knows where the fields begin.
    if rules.strict && row.slip.is_none() {
        check_quoted(row, findings);
    }
    row.slip.is_none()
}

fn check_encoding(row: &RawRow<'_>, findings: &mut Findings) {
    let whole = row.whole();
    if let Err(error) = std::str::from_utf8(whole) {
        let bad = error.valid_up_to();
        let kind = ProblemKind::NotUtf8 { byte: whole[bad] };
        findings.add(Sort::Encoding, row.line, || (row.place_of(row.start + bad), kind.to_string()));
    }
    if let Some(at) = whole.windows(BYTE_ORDER_MARK.len()).position(|window| window == BYTE_ORDER_MARK) {
        findings.add(Sort::ByteOrderMark, row.line, || {
            let said = "a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only";
            (row.place_of(row.start + at), said.to_owned())
        });
    }
}

/// Every field must stand in double quotes.
fn check_quoted(row: &RawRow<'_>, findings: &mut Findings) {
    let mut bare = (0..row.len()).filter(|index| !row.is_quoted(*index));
    let Some(first) = bare.next() else { return };
    let more = bare.count();
    findings.add(Sort::Unquoted, row.line, || {
        let value = String::from_utf8_lossy(row.inside(first)).replace('"', "\"\"");
        let others = match more {
            0 => String::new(),
            1 => ", and one more field of this line".to_owned(),
            _ => format!(", and {more} more fields of this line"),
        };
        let said = format!("no double quotes around '{0}'{others}; write \"{0}\"", shown(&value));
        (row.place(first), said)
    });
}

fn check_field_count(row: &RawRow<'_>, layout: &Layout, rules: Rules, findings: &mut Findings) -> bool {
    let (found, wanted) = (row.len(), layout.width());
    if layout.fits(found) {
        return true;
    }
    if rules.strict && (0..found).any(|index| !row.is_quoted(index)) {
        // Where quotes are missing, which is told, a comma of a field parts it.
        return false;
    }
    findings.add(Sort::FieldCount, row.line, || {
        let kind = ProblemKind::FieldCount { found, wanted, row: beginning(row.whole()) };
        (row.place(found.min(wanted)), kind.to_string())
    });
    false
}

/// Line ends other than LF: told once, with their number.
#[derive(Default)]
struct LineEnds {
    crlf: Option<(Place, usize)>,
    cr: Option<(Place, usize)>,
    missing: Option<Place>,
    /// Whether the last line is not whole either.
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

    /// Whether a row is the rest of one: it has neither an end nor all its fields.
    fn note_cut(&mut self, row: &RawRow<'_>, layout: &Layout) -> bool {
        self.is_cut = row.line_end == LineEnd::Missing && (row.slip.is_some() || row.len() < layout.width());
        self.is_cut
    }

    fn tell(self, findings: &mut Findings) {
        for (noted, name) in [(self.crlf, "CRLF"), (self.cr, "a lone CR")] {
            match noted {
                Some((place, 1)) => findings.say(place, format!("the line ends with {name}; it should end with LF")),
                Some((place, count)) => {
                    let said = format!("{count} lines end with {name}, this one first; they should end with LF");
                    findings.say(place, said);
                }
                None => {}
            }
        }
        if let Some(place) = self.missing {
            let said = match self.is_cut {
                true => "the file is cut off here, amid its last line; complete it, and end it with LF",
                false => "the last line does not end with LF: the file may have been cut off; end it with LF",
            };
            findings.say(place, said.to_owned());
        }
    }
}
