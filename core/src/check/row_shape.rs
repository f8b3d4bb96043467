//! The shape of a row: its bytes and quotes, and whether it can be split into fields.

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use super::{quoting, stray};
use crate::format::raw_row::{LineBreaks, QuoteSlip, RawRow, RawRows};
use crate::text::lines::{line_breaks, line_end, past_line_break};
use crate::text::visible::shown;

/// The quotes that a row needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// None, or their lack is a finding already.
    Any,
    /// Around every field.
    Needed,
    /// Around every field, as in all other rows of the file, which has none.
    NeededEverywhere,
}

/// Checks bytes and quotes, and returns true if the row can be split into fields.
pub(super) fn check_shape(row: &RawRow<'_>, is_header: bool, quotes: Quotes, findings: &mut Findings) -> bool {
    stray::report(row, findings);
    if let Some(slip) = row.slip {
        report_slip(row, slip, findings);
    }
    let is_split = row.slip.is_none_or(|slip| blank_behind(row, slip));
    // After a mistake in the quotes, the beginnings of fields are unknown.
    if is_split && quotes != Quotes::Any {
        quoting::check(row, is_header, quotes == Quotes::NeededEverywhere, findings);
    }
    is_split
}

fn report_slip(row: &RawRow<'_>, slip: QuoteSlip, findings: &mut Findings) {
    match slip {
        QuoteSlip::Unclosed(at) => findings.add(FindingKind::UnclosedQuote, row.line, || {
            (row.place_of(at), "a quote opens here and is never closed; close it at the end of the field")
        }),
        QuoteSlip::ClosedByNext { start, comma } => findings.add(FindingKind::UnclosedQuote, row.line, || {
            let value = String::from_utf8_lossy(row.between(start, comma));
            let text = format!("a quote opens here and is not closed at the end of the field; write {}\"", shown(&value));
            FindingDraft::from((row.place_of(start), text)).value(&*value).expected(format!("{value}\""))
        }),
        QuoteSlip::AfterClosing(at) => findings.add(FindingKind::TextAfterQuote, row.line, || {
            let text = match blank_behind(row, slip) {
                true => "a blank follows a closing quote; remove it",
                false => {
                    "text follows a closing quote; double a quote that belongs to the field (\"\"), or put a comma and a \
                     quote before the next field"
                }
            };
            (row.place_of(at), text)
        }),
    }
}

/// True if only blanks follow a closing quote, so that the fields are known all the same.
fn blank_behind(row: &RawRow<'_>, slip: QuoteSlip) -> bool {
    let QuoteSlip::AfterClosing(at) = slip else { return false };
    let end = (0..row.len()).filter_map(|index| row.span(index)).map(|field| field.end).find(|end| *end > at);
    end.is_some_and(|end| row.between(at, end).trim_ascii().is_empty())
}

/// A row that may go on, with the lines below it.
fn with_lines_below<'r>(row: &RawRow<'r>) -> &'r [u8] {
    // The most lines that a row is thought to have: one with a line break beside a comma, or in a field.
    let most = if row.slip.is_none() { 2 } else { 4 };
    let behind = row.and_below();
    let end = (0..most).fold(0, |end, _| past_line_break(behind, line_end(behind, end)));
    &behind[..end]
}

/// True if a row may go on in the next lines: it has too few fields, or a quote that is not closed.
pub(super) fn may_go_on(row: &RawRow<'_>, layout: &Layout) -> bool {
    match row.slip {
        None => row.len() < layout.width(),
        Some(slip) => matches!(slip, QuoteSlip::Unclosed(_)),
    }
}

/// True if the lines with which a row may go on may be behind the bytes that are read.
pub(super) fn is_at_end(row: &RawRow<'_>) -> bool {
    with_lines_below(row).len() == row.and_below().len()
}

/// The number of line breaks in a row that may go on, if it has its width with the next lines: it has a line break beside a
/// comma, or in a field whose quote is closed on one of the next lines.
pub(super) fn broken_row(row: &RawRow<'_>, layout: &Layout) -> Option<u32> {
    if row.slip.is_none() {
        return goes_on_below(row, layout).then_some(1);
    }
    let mut rows = RawRows::new(with_lines_below(row), 0, 1, LineBreaks::Anywhere);
    let whole = rows.next_row()?;
    (whole.slip.is_none() && whole.len() == layout.width())
        .then(|| line_breaks(whole.whole()))
        .filter(|lines| *lines > 0)
}

/// True if a row and the line below it together are a row of the right width.
fn goes_on_below(row: &RawRow<'_>, layout: &Layout) -> bool {
    let below = with_lines_below(row);
    let next = past_line_break(below, line_end(below, 0));
    let next = &below[next..line_end(below, next)];
    if !row.whole().ends_with(b",") && !next.starts_with(b",") {
        return false;
    }
    let joined = [row.whole(), next].concat();
    let mut rows = RawRows::new(&joined, 0, 1, LineBreaks::Nowhere);
    rows.next_row().is_some_and(|whole| whole.slip.is_none() && whole.len() == layout.width())
}

/// Reports a row with a line break.
pub(super) fn report_broken_row(row: &RawRow<'_>, findings: &mut Findings) {
    let Some(QuoteSlip::Unclosed(at)) = row.slip else {
        findings.add(FindingKind::FieldCount, row.line, || {
            let text = "the row has a line break here and goes on in the next line; take the line break out";
            (row.place_of(row.end), text)
        });
        return;
    };
    findings.add(FindingKind::UnclosedQuote, row.line, || {
        let text = "a quote opens here and is closed on a later line only: the field has a line break; take the line break out";
        (row.place_of(at), text)
    });
}
