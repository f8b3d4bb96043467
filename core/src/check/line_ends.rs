//! The line ends of a vendor file: every line ends with LF, and the last one is complete.

use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::header::Layout;
use crate::format::raw_row::{LineEnd, RawRow};
use crate::text::problem::Place;
use crate::text::words::grouped;

/// Line ends other than LF: one finding with their number.
#[derive(Default)]
pub(super) struct LineEnds {
    crlf: Option<(Place, usize)>,
    cr: Option<(Place, usize)>,
    /// CR CR LF, as a program writes that turns each LF into CRLF twice.
    cr_crlf: Option<(Place, usize)>,
    /// The place of the last line end, if that is a lone CR.
    last_cr: Option<Place>,
    missing: Option<Place>,
    /// True if the last line is cut off.
    pub(super) is_cut: bool,
}

impl LineEnds {
    /// True for an empty row that is only the rest of the line end before it, CR CR LF.
    pub(super) fn is_continued_by(&mut self, row: &RawRow<'_>) -> bool {
        let Some(place) = self.last_cr.take_if(|_| row.whole().is_empty() && row.line_end == LineEnd::CrLf) else {
            return false;
        };
        self.cr_crlf.get_or_insert((place, 0)).1 += 1;
        self.cr = self.cr.map(|(place, count)| (place, count - 1)).filter(|(_, count)| *count > 0);
        true
    }

    /// Notes the line end of a row.
    pub(super) fn note(&mut self, row: &RawRow<'_>) {
        self.last_cr = (row.line_end == LineEnd::Cr).then(|| row.place_of(row.end));
        let noted = match row.line_end {
            LineEnd::Lf => return,
            LineEnd::Missing => {
                self.missing = Some(row.place_of(row.end)).filter(|_| !row.is_blank());
                return;
            }
            LineEnd::CrLf => &mut self.crlf,
            LineEnd::Cr => &mut self.cr,
        };
        noted.get_or_insert_with(|| (row.place_of(row.end), 0)).1 += 1;
    }

    /// Appends those of the next chunk, which has `lines` lines before it.
    pub(super) fn append(&mut self, next: LineEnds, lines: u32) {
        let moved = |place: Place| place.further_down(lines);
        let (crlf, cr, cr_crlf) = (&mut self.crlf, &mut self.cr, &mut self.cr_crlf);
        for (noted, next) in [(crlf, next.crlf), (cr, next.cr), (cr_crlf, next.cr_crlf)] {
            if let Some((place, count)) = next {
                noted.get_or_insert((moved(place), 0)).1 += count;
            }
        }
        self.missing = self.missing.or(next.missing.map(moved));
        self.is_cut |= next.is_cut;
    }

    /// Returns true if a row is cut off: it has neither a line end nor all its fields.
    pub(super) fn note_cut(&mut self, row: &RawRow<'_>, layout: &Layout) -> bool {
        let ends_with_comma = || row.raw(row.len() - 1).is_empty() && row.is_quoted(0);
        self.is_cut =
            row.line_end == LineEnd::Missing && (row.slip.is_some() || row.len() < layout.width() || ends_with_comma());
        self.is_cut
    }

    /// True if the last line has no line end.
    pub(super) fn is_unfinished(&self) -> bool {
        self.missing.is_some()
    }

    /// Reports the line ends that are not right.
    pub(super) fn report(self, findings: &mut Findings) {
        for (noted, name) in [(self.crlf, "CRLF"), (self.cr, "a lone CR"), (self.cr_crlf, "CR CR LF")] {
            let Some((place, count)) = noted else { continue };
            let text = match count {
                1 => format!("the line ends with {name}; it should end with LF"),
                _ => format!("{} lines end with {name}, this one first; they should end with LF", grouped(count)),
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
