//! The `RequestId`s of a file of assignments: each has one of two styles, all have the same, numbers are distinct, and days are
//! that of the run.

use std::cmp::Ordering;

use super::field_reader::FieldReader;
use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use super::in_order::InOrder;
use super::vendor_rows::{Row, VendorFile, go_through};
use super::{quoting, stray};
use crate::format::non_completed::{COLUMNS, REQUEST};
use crate::text::chunks::Workers;
use crate::text::problem::Place;
use crate::text::visible::quoted;
use crate::text::whole_number::whole_number;
use crate::text::words::{counted, grouped};

/// The `RequestId`s of a file: either all are distinct numbers, or all are `fake:DD`.
#[derive(Default)]
pub(super) struct Requests {
    /// The order of the numbers: if they ascend, they are distinct.
    pub(super) ascending: InOrder<u64>,
    pub(super) styles: RequestStyles,
}

/// The styles of the `RequestId`s of a file, which are compared once the date of the run is known.
#[derive(Default)]
pub(super) struct RequestStyles {
    numbered: Style,
    faked: Style,
    /// The number of rows whose `fake:DD` names each day of a month.
    days: [usize; 32],
}

impl RequestStyles {
    /// Reports rows of two styles, and the rows that name another day than `day`, that of the run, which is in the file's name.
    /// If most of them name another day, that is one finding, unless the dates of the rows show already that the name is wrong.
    pub(super) fn compare(
        &self,
        file: &VendorFile<'_>,
        day: Option<u32>,
        is_name_reported: bool,
        workers: &impl Workers,
        findings: &mut Findings,
    ) {
        let (all, are_few) = (self.faked.rows, self.faked.rows <= self.numbered.rows);
        // A row with another day is one finding, and does not count as another style.
        let of_day = |day: u32| self.days.get(day as usize).copied().unwrap_or_default();
        if !(are_few && day.is_some_and(|day| of_day(day) == 0)) {
            self.report_mixed(findings);
        }
        let usual = (1..32).rev().max_by_key(|day| of_day(*day)).unwrap_or(1);
        let rows = of_day(usual);
        let is_of_other_day = day.is_some_and(|day| day != usual) && !are_few && rows > 1 && rows > all / 2;
        let right = if is_of_other_day { usual } else { day.unwrap_or(usual) };
        let mut tells_day = is_of_other_day && !is_name_reported;
        if of_day(right) == all && !tells_day {
            return;
        }
        for NumberedRow { number, line } in requests(file, workers, |value| day_in(value.strip_prefix(b"fake:")?)) {
            let value = format!("fake:{number:02}");
            let is_right = number == u64::from(right);
            let text = match day.filter(|_| is_right && tells_day) {
                Some(day) => format!(
                    "RequestIds name day {usual} in {} rows, this one first, but the file's name has day {day}; one of the \
                     two is wrong",
                    grouped(rows)
                ),
                None if is_right => continue,
                None => {
                    format!("RequestId '{value}' should name the day of the file in two digits, fake:{right:02}")
                }
            };
            tells_day &= !is_right;
            findings.add(FindingKind::BadRequestId, line, || file.found(line, REQUEST, text).value(value));
        }
    }

    fn report_mixed(&self, findings: &mut Findings) {
        let (Some(numbered), Some(faked)) = (self.numbered.first, self.faked.first) else { return };
        let (numbers, fakes) = (self.numbered.rows, self.faked.rows);
        let text = format!(
            "RequestIds of two styles: {} {} a number (first in line {}), {} {} fake: and a day (first in line {}); use one of \
             the two",
            counted(numbers, "row"),
            if numbers == 1 { "has" } else { "have" },
            numbered.line,
            counted(fakes, "row"),
            if fakes == 1 { "has" } else { "have" },
            faked.line
        );
        // The style of fewer rows is the wrong one; of equally many, that of the later row.
        let (wrong, other) = match numbers.cmp(&fakes) {
            Ordering::Less => (numbered, faked),
            Ordering::Greater => (faked, numbered),
            Ordering::Equal => (numbered.max(faked), numbered.min(faked)),
        };
        let found = FindingDraft::from((wrong, text)).field(COLUMNS[REQUEST]);
        findings.report(FindingKind::MixedRequestIds, found.line(other.line));
    }
}

/// A `RequestId` that is a number, and its row.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct NumberedRow {
    number: u64,
    line: u32,
}

impl Row for NumberedRow {
    fn further_down(self, lines: u32) -> NumberedRow {
        NumberedRow { line: self.line.saturating_add(lines), ..self }
    }
}

/// The rows whose `RequestId` has one style.
#[derive(Default)]
struct Style {
    rows: usize,
    first: Option<Place>,
}

impl Style {
    fn count(&mut self, place: impl FnOnce() -> Place) {
        self.rows += 1;
        if self.first.is_none() {
            self.first = Some(place());
        }
    }
}

impl Requests {
    /// Appends those of the next part, which has `lines` lines before it.
    pub(super) fn append(&mut self, next: Requests, lines: u32) {
        self.ascending.append(next.ascending, |above, below| above < below);
        let (styles, next) = (&mut self.styles, next.styles);
        for (style, next) in [(&mut styles.numbered, next.numbered), (&mut styles.faked, next.faked)] {
            style.rows += next.rows;
            style.first = style.first.or(next.first.map(|place| place.further_down(lines)));
        }
        styles.days.iter_mut().zip(next.days).for_each(|(rows, next)| *rows += next);
    }

    /// Reads the `RequestId` of a row.
    pub(super) fn read(&mut self, fields: FieldReader<'_>, findings: &mut Findings) {
        let (row, Some(index)) = (fields.row, fields.position(REQUEST)) else { return };
        let value = quoting::inside(row, index);
        let (style, fault) = if let Some(found) = value.strip_prefix(b"fake:") {
            let day = day_in(found);
            day.into_iter().for_each(|day| self.styles.days[usize::try_from(day).unwrap_or_default()] += 1);
            let fault = day.is_none().then(|| "should name a day in two digits, such as fake:29".to_owned());
            (Some(&mut self.styles.faked), fault)
        } else if let Some(number) = number(value) {
            self.ascending.append(InOrder::one(Some(number)), |above, below| above < below);
            let fault = (value.first() == Some(&b'0')).then(|| format!("begins with 0; write {number}"));
            (Some(&mut self.styles.numbered), fault)
        } else {
            let fault = "is neither a whole number such as 25661 nor fake: and the day in two digits, fake:29";
            (None, Some(fault.to_owned()))
        };
        // A value that is wrong by itself is one finding, and does not count as another style.
        if let (Some(style), None) = (style, &fault) {
            style.count(|| row.place(index));
        }
        if let Some(fault) = fault.filter(|_| !stray::has(value)) {
            findings.add(FindingKind::BadRequestId, row.line, || {
                let value = row.text(index);
                fields.found(REQUEST, format!("{} {} {fault}", COLUMNS[REQUEST], quoted(&value))).value(value)
            });
        }
    }
}

/// Reports the numbers that occur twice.
pub(super) fn report_repeated(file: &VendorFile<'_>, workers: &impl Workers, findings: &mut Findings) {
    let mut numbers = requests(file, workers, number);
    numbers.sort_unstable();
    for group in numbers.chunk_by(|a, b| a.number == b.number) {
        // A repeated row is already a finding.
        let first = group[0].line;
        for NumberedRow { number, line } in group[1..].iter().filter(|row| !file.are_same(row.line, first)) {
            findings.add(FindingKind::RepeatedRequestId, *line, || {
                let text =
                    format!("RequestId {number} stands in line {first} already; every row has a number of its own");
                file.found(*line, REQUEST, text).value(number.to_string()).line(first)
            });
        }
    }
}

/// The numbers that `number` finds in the `RequestId`s of a file. It is read again, because they are rarely needed.
fn requests(
    file: &VendorFile<'_>,
    workers: &impl Workers,
    number: impl Fn(&[u8]) -> Option<u64> + Sync,
) -> Vec<NumberedRow> {
    let read = |fields: FieldReader<'_>, _: &mut Findings, rows: &mut Vec<NumberedRow>| {
        let number = fields.inside(REQUEST).and_then(&number);
        rows.extend(number.map(|number| NumberedRow { number, line: fields.row.line }));
        true
    };
    go_through(file.source, workers, file.rules, &mut Findings::default(), read)
        .map(|(_, rows)| rows)
        .unwrap_or_default()
}

/// The day of a month that two digits name.
fn day_in(found: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(found).ok().filter(|text| text.len() == 2)?;
    whole_number(text, 1..=31)
}

fn number(value: &[u8]) -> Option<u64> {
    whole_number(std::str::from_utf8(value).ok()?, ..)
}
