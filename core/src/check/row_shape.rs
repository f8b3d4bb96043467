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

/// A row whose quote is not closed on its line, with the lines below it.
fn with_lines_below<'r>(row: &RawRow<'r>) -> &'r [u8] {
    /// The most lines that a field with line breaks is thought to have.
    const LINES: usize = 4;
    let behind = row.and_below();
    let end = (0..LINES).fold(0, |end, _| past_line_break(behind, line_end(behind, end)));
    &behind[..end]
}

/// True if the quote of a row is not closed, and may be closed behind the bytes that are read.
pub(super) fn is_open_at_end(row: &RawRow<'_>) -> bool {
    matches!(row.slip, Some(QuoteSlip::Unclosed(_))) && with_lines_below(row).len() == row.and_below().len()
}

/// The number of line breaks in a row, if the quote that is not closed on its line is closed on one of the next lines, and the
/// row then has its width.
pub(super) fn broken_field(row: &RawRow<'_>, layout: &Layout) -> Option<u32> {
    let Some(QuoteSlip::Unclosed(_)) = row.slip else { return None };
    let mut rows = RawRows::new(with_lines_below(row), 0, 1, LineBreaks::Anywhere);
    let whole = rows.next_row()?;
    (whole.slip.is_none() && whole.len() == layout.width())
        .then(|| line_breaks(whole.whole()))
        .filter(|lines| *lines > 0)
}

/// Reports a field with a line break.
pub(super) fn report_broken_field(row: &RawRow<'_>, findings: &mut Findings) {
    let Some(QuoteSlip::Unclosed(at)) = row.slip else { return };
    findings.add(FindingKind::UnclosedQuote, row.line, || {
        let text = "a quote opens here and is closed on a later line only: the field has a line break; take the line break out";
        (row.place_of(at), text)
    });
}
