//! Matching of the rows of two feeds by employee and content. If several rows have the same key, equal ones are matched
//! first, the others in the order of their lines.

use std::cmp::Ordering;

use super::feed_tables::{FILES, FeedTable, FeedTables, RowAt};
use super::outcome::{Change, FeedComparison, FileComparison, RowDifference, Side};
use crate::format::feed_file::FeedFile;

/// The column that numbers the rows of a file of assignments.
const REQUEST_ID: &str = "RequestId";

/// Compares two feeds. `each` is called for every difference, sorted by file, employee and content, with unreadable
/// rows of a file last.
pub fn compare(before: &FeedTables<'_>, after: &FeedTables<'_>, each: &mut dyn FnMut(RowDifference)) -> FeedComparison {
    let nothing = FeedTable::default();
    let mut files = Vec::new();
    for (index, file) in FILES.into_iter().enumerate() {
        let tables = [before.table(index), after.table(index)];
        let absent = match tables {
            [None, None] => continue,
            [None, Some(_)] => Some(Side::Before),
            [Some(_), None] => Some(Side::After),
            [Some(_), Some(_)] => None,
        };
        let [before, after] = tables.map(|table| table.unwrap_or(&nothing));
        let mut matching =
            Matching { before, after, each: &mut *each, counts: FileComparison::new(file, absent, before, after) };
        matching.match_keys();
        matching.match_unread();
        files.push(matching.counts);
    }
    FeedComparison { files }
}

impl FileComparison {
    fn new(file: FeedFile, absent: Option<Side>, before: &FeedTable<'_>, after: &FeedTable<'_>) -> FileComparison {
        FileComparison {
            file,
            absent,
            rows_before: before.len(),
            rows_after: after.len(),
            same: 0,
            added: 0,
            gone: 0,
            changed: 0,
            columns: file.columns(),
            changed_columns: vec![0; file.columns().len()],
            other_request_ids: 0,
        }
    }
}

/// The state of comparing two files of one kind.
struct Matching<'m> {
    before: &'m FeedTable<'m>,
    after: &'m FeedTable<'m>,
    each: &'m mut dyn FnMut(RowDifference),
    counts: FileComparison,
}

/// A row with its values.
type Valued = (RowAt, Vec<String>);

impl Matching<'_> {
    fn match_keys(&mut self) {
        let (mut before, mut after) = (self.before.rows.as_slice(), self.after.rows.as_slice());
        let key = |row: &RowAt| (row.employee, row.content);
        while let Some(next) = [before.first(), after.first()].into_iter().flatten().map(key).min() {
            let split = |rows: &[RowAt]| rows.iter().take_while(|row| key(row) == next).count();
            let (ours, before_rest) = before.split_at(split(before));
            let (theirs, after_rest) = after.split_at(split(after));
            (before, after) = (before_rest, after_rest);
            match (ours, theirs) {
                ([one], [other]) if self.are_same_bytes(one, other) => self.counts.same += 1,
                _ => {
                    let (ours, theirs) = self.match_equal(ours, theirs);
                    self.match_in_order(ours, theirs);
                }
            }
        }
    }

    /// Matches unreadable rows by their whole text. Without a key, an unmatched one counts as added or missing, never
    /// as changed.
    fn match_unread(&mut self) {
        let (before, after) = (self.before, self.after);
        let (gone, added) = self.match_equal(&before.unread, &after.unread);
        gone.into_iter().for_each(|row| self.gone(row));
        added.into_iter().for_each(|row| self.added(row));
    }

    fn are_same_bytes(&self, one: &RowAt, other: &RowAt) -> bool {
        self.before.layout(one) == self.after.layout(other) && self.before.raw(one) == self.after.raw(other)
    }

    /// Counts the equal rows, and returns the others of each file in the order of their lines.
    fn match_equal(&mut self, ours: &[RowAt], theirs: &[RowAt]) -> (Vec<Valued>, Vec<Valued>) {
        let file = self.counts.file;
        let valued = |table: &FeedTable<'_>, rows: &[RowAt]| {
            let mut valued: Vec<Valued> = rows.iter().map(|row| (*row, table.values(row))).collect();
            // Of equal rows, those with the same RequestId are matched.
            valued.sort_by(|a, b| compared(file, &a.1).cmp(compared(file, &b.1)).then_with(|| a.1.cmp(&b.1)));
            valued.into_iter().peekable()
        };
        let (mut ours, mut theirs) = (valued(self.before, ours), valued(self.after, theirs));
        let (mut only_ours, mut only_theirs) = (Vec::new(), Vec::new());
        loop {
            let order = match (ours.peek(), theirs.peek()) {
                (None, None) => break,
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(one), Some(other)) => compared(file, &one.1).cmp(compared(file, &other.1)),
            };
            match order {
                Ordering::Less => only_ours.extend(ours.next()),
                Ordering::Greater => only_theirs.extend(theirs.next()),
                Ordering::Equal => {
                    self.counts.same += 1;
                    if let (Some(one), Some(other)) = (ours.next(), theirs.next()) {
                        self.note_request_ids(&one.1, &other.1);
                    }
                }
            }
        }
        only_ours.sort_by_key(|(row, _)| (row.file, row.line));
        only_theirs.sort_by_key(|(row, _)| (row.file, row.line));
        (only_ours, only_theirs)
    }

    fn match_in_order(&mut self, ours: Vec<Valued>, theirs: Vec<Valued>) {
        let (mut ours, mut theirs) = (ours.into_iter(), theirs.into_iter());
        loop {
            match (ours.next(), theirs.next()) {
                (Some(one), Some(other)) => self.changed(one, other),
                (Some(one), None) => self.gone(one),
                (None, Some(other)) => self.added(other),
                (None, None) => return,
            }
        }
    }

    fn changed(&mut self, (ours, before): Valued, (theirs, after): Valued) {
        self.note_request_ids(&before, &after);
        let names = self.counts.file.columns();
        let differs = |column: &usize| names[*column] != REQUEST_ID && before.get(*column) != after.get(*column);
        let differing: Vec<usize> = (0..names.len()).filter(differs).collect();
        self.counts.changed += 1;
        differing.iter().for_each(|column| self.counts.changed_columns[*column] += 1);
        let columns = differing.into_iter().map(|column| names[column]).collect();
        let (before, after) = (self.before.shown(&ours, before), self.after.shown(&theirs, after));
        self.report(&ours, Change::Changed { before, after, columns });
    }

    fn gone(&mut self, (row, values): Valued) {
        self.counts.gone += 1;
        self.report(&row, Change::Gone { before: self.before.shown(&row, values) });
    }

    fn added(&mut self, (row, values): Valued) {
        self.counts.added += 1;
        self.report(&row, Change::Added { after: self.after.shown(&row, values) });
    }

    fn report(&mut self, row: &RowAt, change: Change) {
        let id = |id: u64| (id != 0).then_some(id);
        let (employee, content) = (id(row.employee), id(row.content));
        (self.each)(RowDifference { file: self.counts.file, employee, content, change });
    }

    fn note_request_ids(&mut self, before: &[String], after: &[String]) {
        let column = self.counts.file.columns().iter().position(|column| *column == REQUEST_ID);
        if let Some(column) = column
            && before.get(column) != after.get(column)
        {
            self.counts.other_request_ids += 1;
        }
    }
}

/// The values that are compared: all but the `RequestId`.
fn compared(file: FeedFile, values: &[String]) -> impl Iterator<Item = &String> {
    let counts = move |(index, _): &(usize, &String)| file.columns().get(*index) != Some(&REQUEST_ID);
    values.iter().enumerate().filter(counts).map(|(_, value)| value)
}
