//! Check of `UserCompletion_v2_*.csv`, the dummy file. It is a copy of a user's template, so it only needs to be CSV
//! with the right header.

use super::facts::Facts;
use super::findings::Findings;
use super::vendor_rows::{Rules, go_through};
use crate::format::raw_row::LineBreaks;
use crate::format::user_completion::COLUMNS;

const RULES: Rules =
    Rules { columns: &COLUMNS, line_breaks: LineBreaks::Anywhere, byte_order_mark: false, strict: false };

/// Checks a dummy file.
pub(super) fn check<'a>(bytes: &'a [u8], findings: &mut Findings) -> (Facts<'a>, usize) {
    let file = go_through(bytes, RULES, findings, &mut |_, _, _| true);
    (Facts::Nothing, file.map_or(0, |file| file.rows))
}
