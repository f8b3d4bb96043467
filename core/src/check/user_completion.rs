//! Check of `UserCompletion_v2_*.csv`, the dummy file. It is a copy of a user's template, so it only needs to be CSV
//! with the right header.

use super::facts::Facts;
use super::findings::Findings;
use super::vendor_rows::{KeptRows, Rules, go_through};
use crate::format::raw_row::LineBreaks;
use crate::format::user_completion::COLUMNS;
use crate::text::chunks::{ByteSource, Workers};

const RULES: Rules =
    Rules { columns: &COLUMNS, content: 1, line_breaks: LineBreaks::Anywhere, byte_order_mark: false, strict: false };

/// Checks a dummy file.
pub(super) fn check<'a>(
    source: &'a dyn ByteSource,
    workers: &impl Workers,
    findings: &mut Findings,
) -> (Facts<'a>, usize) {
    let read = go_through(source, workers, RULES, findings, |_, _, _: &mut NoRows| true);
    (Facts::Nothing, read.map_or(0, |(file, _)| file.rows))
}

/// Keeps nothing of the rows.
#[derive(Default)]
struct NoRows;

impl KeptRows for NoRows {
    fn append(&mut self, _: NoRows, _: u32) {}
}
