//! A CSV table with a header: rows whose fields are found by the names of their columns.
//!
//! Header names match in any case and with spaces around them; columns may stand in any order, and extra ones are
//! ignored. Every missing column is reported, with the column that was probably meant.

use std::borrow::Cow;

use super::identifier::meant_id;
use super::record::{BYTE_ORDER_MARK, Record, RecordReader};
use crate::text::problem::{Place, Problem, ProblemKind, beginning};

/// Reads the rows of a table.
pub struct TableReader<'a, const COLUMNS: usize> {
    records: RecordReader<'a>,
    columns: [usize; COLUMNS],
    width: usize,
}

/// One row of a table.
pub struct Row<'r, const COLUMNS: usize> {
    record: Record<'r>,
    columns: [usize; COLUMNS],
    width: usize,
}

impl<'a, const COLUMNS: usize> TableReader<'a, COLUMNS> {
    /// Opens a table and finds the named columns in its header. With `comments`, lines that begin with `#` are passed
    /// over, before the header too.
    ///
    /// # Errors
    /// Everything that is wrong with the header: an empty file, something that is no CSV, missing or repeated columns.
    pub fn open(bytes: &'a [u8], names: [&str; COLUMNS], comments: bool) -> Result<Self, Vec<Problem>> {
        let mut records = RecordReader::new(bytes, comments);
        let mut columns = [0; COLUMNS];
        let width = open_header(bytes, &mut records, &names, &mut columns)?;
        Ok(TableReader { records, columns, width })
    }

    /// The next row.
    pub fn next_row(&mut self) -> Option<Row<'_, COLUMNS>> {
        let (columns, width) = (self.columns, self.width);
        self.records.next_record().map(|record| Row { record, columns, width })
    }

    /// See [`RecordReader::resume_at_next_line`].
    pub fn resume_at_next_line(&mut self) {
        self.records.resume_at_next_line();
    }

    /// See [`RecordReader::end_of_line`].
    pub(crate) fn end_of_line(&self) -> usize {
        self.records.end_of_line()
    }

    /// Where the columns stand in the header, and how many fields it has.
    pub(crate) fn layout(&self) -> ([usize; COLUMNS], usize) {
        (self.columns, self.width)
    }

    /// How many comment lines were passed over so far.
    #[must_use]
    pub fn comment_lines(&self) -> usize {
        self.records.comment_lines()
    }

    /// Comment lines that are not UTF-8, taken out.
    pub fn take_comment_problems(&mut self) -> Vec<Problem> {
        self.records.take_comment_problems()
    }
}

impl<'r, const COLUMNS: usize> Row<'r, COLUMNS> {
    /// The value of a column, by its position in the names that the table was opened with.
    #[must_use]
    pub fn value(&self, column: usize) -> &'r [u8] {
        self.record.value(self.columns[column])
    }

    /// The value of a column as text.
    #[must_use]
    pub fn text(&self, column: usize) -> Cow<'r, str> {
        self.record.text(self.columns[column])
    }

    /// Where the field of a column begins.
    #[must_use]
    pub fn place(&self, column: usize) -> Place {
        self.record.place(self.columns[column])
    }

    /// The line on which the row begins, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.record.line()
    }

    /// What is wrong with the row's shape: an unclosed quote, text that is not UTF-8, fewer or more fields than the
    /// header has.
    #[must_use]
    pub fn fault(&self) -> Option<Problem> {
        shape_fault(&self.record, self.width)
    }
}

/// The problem of an id that is none.
pub(super) fn bad_id<const COLUMNS: usize>(row: &Row<'_, COLUMNS>, column: usize, name: &str) -> Problem {
    bad_id_at(row.place(column), row.text(column).into_owned(), name)
}

fn bad_id_at(place: Place, found: String, name: &str) -> Problem {
    let meant = meant_id(&found);
    Problem::error(place, ProblemKind::BadId { column: name.to_owned(), found, meant })
}

fn shape_fault(record: &Record<'_>, width: usize) -> Option<Problem> {
    record.fault().or_else(|| {
        let found = record.len();
        (found != width).then(|| {
            let kind = ProblemKind::FieldCount { found, wanted: width, row: beginning(record.raw_record()) };
            Problem::error(record.place(found.min(width)), kind)
        })
    })
}

/// Reads the header; where the named columns stand goes into `columns`. How many fields it has.
fn open_header(
    bytes: &[u8],
    records: &mut RecordReader<'_>,
    names: &[&str],
    columns: &mut [usize],
) -> Result<usize, Vec<Problem>> {
    if let Some(looks_like) = foreign_format(bytes) {
        let kind = ProblemKind::NotCsv { looks_like: looks_like.to_owned() };
        return Err(vec![Problem::error(Place::START, kind)]);
    }
    let Some(header) = records.next_record() else {
        let columns = names.iter().map(|name| (*name).to_owned()).collect();
        return Err(vec![Problem::error(Place::START, ProblemKind::EmptyFile { columns })]);
    };
    find_columns(&header, names, columns)?;
    Ok(header.len())
}

fn find_columns(header: &Record<'_>, names: &[&str], columns: &mut [usize]) -> Result<(), Vec<Problem>> {
    let found: Vec<String> = (0..header.len()).map(|index| header.text(index).trim().to_owned()).collect();
    if let Some(looks_like) = other_separator(&found) {
        return Err(vec![Problem::error(header.place(0), ProblemKind::NotCsv { looks_like: looks_like.to_owned() })]);
    }
    let mut problems: Vec<Problem> = header.fault().into_iter().collect();
    let mut missing = Vec::new();
    for (column, name) in columns.iter_mut().zip(names.iter().copied()) {
        let mut positions = (0..found.len()).filter(|index| found[*index].eq_ignore_ascii_case(name));
        match positions.next() {
            Some(index) => *column = index,
            None => missing.push(name),
        }
        if let Some(second) = positions.next() {
            let kind = ProblemKind::RepeatedColumn { column: name.to_owned() };
            problems.push(Problem::error(header.place(second), kind));
        }
    }
    problems.extend(missing_columns(header, &found, &missing, names));
    problems.sort_by_key(|problem| problem.place);
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What a header looks like whose fields are separated by something else than commas.
fn other_separator(header: &[String]) -> Option<&'static str> {
    match header {
        [only] if only.contains(';') => Some("a table whose fields are separated by semicolons; commas are allowed"),
        [only] if only.contains('\t') => Some("a table whose fields are separated by tabs; commas are allowed"),
        _ => None,
    }
}

/// The problems of missing columns, each with the column of the file that is most like it, which is guessed only once.
fn missing_columns(header: &Record<'_>, found: &[String], missing: &[&str], names: &[&str]) -> Vec<Problem> {
    let free: Vec<usize> =
        (0..found.len()).filter(|index| !names.iter().any(|name| found[*index].eq_ignore_ascii_case(name))).collect();
    let nearness =
        |name: &str, index: usize| strsim::jaro_winkler(&found[index].to_ascii_lowercase(), &name.to_ascii_lowercase());
    let mut guesses: Vec<(f64, &str, usize)> = missing
        .iter()
        .flat_map(|name| free.iter().map(move |index| (nearness(name, *index), *name, *index)))
        .filter(|(nearness, ..)| *nearness > 0.85)
        .collect();
    guesses.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut meant: Vec<(&str, usize)> = Vec::new();
    for (_, name, index) in guesses {
        if !meant.iter().any(|(guessed, taken)| *guessed == name || *taken == index) {
            meant.push((name, index));
        }
    }
    let header_is_data = found.first().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    let problem = |name: &&str| {
        let index = meant.iter().find(|(guessed, _)| guessed == name).map(|(_, index)| *index);
        let similar = index.map(|index| found[index].clone());
        let kind = ProblemKind::MissingColumn { column: (*name).to_owned(), similar, header_is_data };
        Problem::error(header.place(index.unwrap_or(0)), kind)
    };
    missing.iter().map(problem).collect()
}

/// What a file that is no UTF-8 CSV looks like, where that can be told from its first bytes.
fn foreign_format(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let start = text.trim_ascii_start();
    if text.starts_with(b"PK\x03\x04") {
        Some("an Excel workbook or a ZIP archive")
    } else if text.starts_with(b"\xD0\xCF\x11\xE0") {
        Some("an old Excel workbook")
    } else if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        Some("text in the encoding UTF-16")
    } else if text.starts_with(b"%PDF") {
        Some("a PDF document")
    } else if start.starts_with(b"{") || start.starts_with(b"[") {
        Some("JSON")
    } else if start.len() >= 5
        && (start[..5].eq_ignore_ascii_case(b"<html") || start[..5].eq_ignore_ascii_case(b"<!doc"))
    {
        Some("a web page")
    } else if text.iter().take(8192).any(|byte| *byte == 0) {
        Some("a binary file")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_header(text: &str, expected: &[&str]) {
        let found: Vec<String> = match TableReader::open(text.as_bytes(), ["employee_id", "kind"], true) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn a_header_is_read_leniently_and_its_faults_all_named() {
        check_header("employee_id,kind\n", &[]);
        check_header("\u{feff} Kind ,more,EMPLOYEE_ID\n", &[]);
        check_header("# hello\n\nkind,employee_id", &[]);
        check_header(
            "employe_id,kinds",
            &[
                "1:1: the column employee_id is missing from the header. Did you mean 'employee_id' where it says 'employe_id'?",
                "1:12: the column kind is missing from the header. Did you mean 'kind' where it says 'kinds'?",
            ],
        );
        check_header(
            "employe_id,x",
            &[
                "1:1: the column employee_id is missing from the header. Did you mean 'employee_id' where it says 'employe_id'?",
                "1:1: the column kind is missing from the header; add it",
            ],
        );
        check_header(
            "1,a\n2,b",
            &[
                "1:1: the column employee_id is missing from the header; this line looks like data: put the header line before it",
                "1:1: the column kind is missing from the header; this line looks like data: put the header line before it",
            ],
        );
        check_header(
            "employee_id;kind",
            &[
                "1:1: this is not a CSV file: it looks like a table whose fields are separated by semicolons; commas are allowed. Save it as \"CSV UTF-8\" and try again",
            ],
        );
        check_header("kind,kind,employee_id", &["1:6: the header names the column kind twice; keep one of them"]);
        check_header("", &["1:1: the file is empty; its first line should be the header employee_id,kind"]);
        check_header(
            "PK\u{3}\u{4}...",
            &[
                "1:1: this is not a CSV file: it looks like an Excel workbook or a ZIP archive. Save it as \"CSV UTF-8\" and try again",
            ],
        );
    }
}
