//! A CSV table with a header: fields of rows are found by column name.
//!
//! Header names match in either case and with spaces around them. Columns may be in any order; extra ones are ignored.
//! Every missing column is reported, with the column of the file that was probably meant.

use std::borrow::Cow;

use super::blank::is_blank_character;
use super::foreign_format::{binary, foreign_format};
use super::foreign_value::hint_of;
use super::identifier::meant_id;
use super::raw_row::{RawRow, SwallowedRows};
use super::record::RecordReader;
use crate::text::chunks::Chunk;
use crate::text::problem::{Hint, Place, Problem, ProblemKind, beginning};
use crate::text::separator::Separator;

/// Reader of the rows of a table with `COLUMNS` known columns.
pub struct TableReader<'a, const COLUMNS: usize> {
    pub(crate) records: RecordReader<'a>,
    layout: TableLayout<COLUMNS>,
    header_is_sound: bool,
}

/// The known columns of a table, as its header has them.
#[derive(Clone, Copy)]
struct TableLayout<const COLUMNS: usize> {
    names: [&'static str; COLUMNS],
    /// The position of each column; [`UNKNOWN`] for one that the header lacks.
    positions: [usize; COLUMNS],
    /// The number of fields of the header.
    width: usize,
}

/// One row of a table. Its columns are those of [`TableReader::open`], by their index.
pub struct Row<'r, const COLUMNS: usize> {
    record: RawRow<'r>,
    layout: &'r TableLayout<COLUMNS>,
}

/// The position of an unknown column.
const UNKNOWN: usize = usize::MAX;

impl<'a, const COLUMNS: usize> TableReader<'a, COLUMNS> {
    /// Opens a table and finds the named columns in its header. With `comments`, lines that begin with `#` are skipped,
    /// before the header, too.
    ///
    /// # Errors
    /// All problems of the header: an empty file, a file that is not CSV, missing or repeated columns.
    pub fn open(bytes: &'a [u8], names: [&'static str; COLUMNS], comments: bool) -> Result<Self, Vec<Problem>> {
        let (table, problems) = TableReader::open_to_check(bytes, names, &[], comments);
        match table {
            Some(table) if problems.is_empty() => Ok(table),
            _ => Err(problems),
        }
    }

    /// As [`TableReader::open`], but also returns a reader if the header has problems, so that the problems of rows can
    /// be reported at the same time. That requires the `needed` columns, possibly under a similar name. Other missing
    /// columns are empty in every row.
    pub(crate) fn open_to_check(
        bytes: &'a [u8],
        names: [&'static str; COLUMNS],
        needed: &[usize],
        comments: bool,
    ) -> (Option<Self>, Vec<Problem>) {
        let mut records = RecordReader::new(bytes, comments);
        let mut positions = [UNKNOWN; COLUMNS];
        let (width, problems) = open_header(bytes, &mut records, &names, &mut positions);
        let is_known = width > 0 && needed.iter().all(|column| positions[*column] != UNKNOWN);
        let (layout, header_is_sound) = (TableLayout { names, positions, width }, problems.is_empty());
        records.signs_alone.clear();
        (is_known.then_some(TableReader { records, layout, header_is_sound }), problems)
    }

    /// As [`TableReader::open_to_check`], for a chunk of a file. `header` is a reader of the file's beginning; a chunk below it
    /// has the same columns, and no header problems of its own.
    pub(super) fn open_chunk(
        header: Option<&TableReader<'_, COLUMNS>>,
        chunk: Chunk<'a>,
        names: [&'static str; COLUMNS],
        needed: &[usize],
        comments: bool,
    ) -> (Option<Self>, Vec<Problem>) {
        match header {
            Some(header) if !chunk.is_first => (Some(header.below(chunk.bytes)), Vec::new()),
            _ => TableReader::open_to_check(chunk.bytes, names, needed, comments),
        }
    }

    /// A reader of rows of this table that stand in another chunk of the file.
    fn below<'b>(&self, bytes: &'b [u8]) -> TableReader<'b, COLUMNS> {
        let TableReader { layout, header_is_sound, .. } = *self;
        TableReader { records: self.records.below(bytes), layout, header_is_sound }
    }

    /// The next row. If the header has problems, rows with another number of fields are skipped, as their columns are
    /// unknown.
    pub fn next_row(&mut self) -> Option<Row<'_, COLUMNS>> {
        while self.records.next_record()?.len() != self.layout.width && !self.header_is_sound {}
        Some(Row { record: self.records.last_record(), layout: &self.layout })
    }

    /// The positions of the columns in the header, and the number of its fields.
    pub(crate) fn layout(&self) -> ([usize; COLUMNS], usize) {
        (self.layout.positions, self.layout.width)
    }
}

impl<'r, const COLUMNS: usize> Row<'r, COLUMNS> {
    /// The value of a column.
    #[must_use]
    pub fn value(&self, column: usize) -> &'r [u8] {
        self.record.value(self.layout.positions[column])
    }

    /// The value of a column as text.
    #[must_use]
    pub fn text(&self, column: usize) -> Cow<'r, str> {
        self.record.text(self.layout.positions[column])
    }

    /// The place at which the field of a column begins.
    #[must_use]
    pub fn place(&self, column: usize) -> Place {
        self.record.place(self.layout.positions[column])
    }

    /// The line on which the row begins, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.record.line
    }

    /// The problem of a field that spans lines of which some look like rows of this table: as wide as the header and
    /// accepted by `is_row`. The opening quote is then most likely a slip.
    pub(crate) fn swallowed_rows(&self, is_row: impl Fn(&Row<'_, COLUMNS>) -> bool) -> Option<Problem> {
        let SwallowedRows { field, lines } = self.record.swallowed_rows(|record, line| {
            let row = Row { record: record.clone(), layout: self.layout };
            let is_as_wide = match row.fault().map(|fault| fault.kind) {
                None => true,
                // The quote that closes the field may be the opening quote of a field on this line.
                Some(ProblemKind::UnclosedQuote) => {
                    line.iter().filter(|byte| **byte == b',').count() + 1 == self.layout.width
                }
                Some(_) => false,
            };
            is_as_wide && is_row(&row)
        })?;
        let (line, row) = lines[0];
        let kind = ProblemKind::SwallowedRow { line, row: beginning(row), more: lines.len() - 1 };
        Some(Problem::error(self.record.place(field), kind))
    }

    /// The problem of the row's structure: an unclosed quote, text that is not UTF-8, or fewer or more fields than the
    /// header.
    #[must_use]
    pub fn fault(&self) -> Option<Problem> {
        self.record.fault().or_else(|| {
            let (found, wanted) = (self.record.len(), self.layout.width);
            (found != wanted).then(|| {
                let (separator, row) = (Separator::Comma, beginning(self.record.whole()));
                let kind = ProblemKind::FieldCount { found, wanted, separator, row };
                Problem::error(self.record.place(found.min(wanted)), kind)
            })
        })
    }

    /// The problem of an invalid id.
    pub(super) fn bad_id(&self, column: usize) -> Problem {
        let (column_name, found) = self.name_and_text(column);
        let (meant, hint) = (meant_id(&found), hint_of(&found, false));
        Problem::error(self.place(column), ProblemKind::BadId { column: column_name, found, meant, hint })
    }

    /// The problem of a date or timestamp that cannot be read.
    pub(super) fn bad_time(&self, column: usize, example: &str, hint: Option<Hint>) -> Problem {
        let ((column_name, found), example) = (self.name_and_text(column), example.to_owned());
        Problem::error(self.place(column), ProblemKind::BadTime { column: column_name, found, example, hint })
    }

    /// The problem of a text that replaced the real one.
    pub(super) fn bad_text(&self, column: usize, hint: Hint) -> Problem {
        let (column_name, found) = self.name_and_text(column);
        Problem::warning(self.place(column), ProblemKind::BadText { column: column_name, found, hint })
    }

    /// Reads a descriptive name. A spreadsheet mark or the like in its place adds a problem and is read as empty.
    pub(super) fn read_name(&self, column: usize, problems: &mut Vec<Problem>) -> String {
        let text = self.text(column);
        match hint_of(&text, true).filter(|hint| *hint != Hint::ExponentForm) {
            Some(hint) => {
                problems.push(self.bad_text(column, hint));
                String::new()
            }
            None => text.trim_matches(is_blank_character).to_owned(),
        }
    }

    /// Name and value of a column, for a message.
    fn name_and_text(&self, column: usize) -> (String, String) {
        (self.layout.names[column].to_owned(), self.text(column).into_owned())
    }
}

/// Reads the header and sets `columns` to the positions of the named columns. Returns the number of fields (0 if there
/// is no table) and the problems. NUL characters below a sound header are problems of their rows; otherwise they show
/// that the file is no table.
fn open_header(
    bytes: &[u8],
    records: &mut RecordReader<'_>,
    names: &[&str],
    columns: &mut [usize],
) -> (usize, Vec<Problem>) {
    if let Some(looks_like) = foreign_format(bytes) {
        let kind = ProblemKind::NotCsv { looks_like: looks_like.to_owned() };
        return (0, vec![Problem::error(Place::START, kind)]);
    }
    records.pass_over_separator_line();
    let Some(header) = records.next_record() else {
        let columns = names.iter().map(|name| (*name).to_owned()).collect();
        return (0, vec![Problem::error(Place::START, ProblemKind::EmptyFile { columns })]);
    };
    let name = |index| header.text(index).trim_matches(is_blank_character).to_owned();
    let found: Vec<String> = (0..header.len()).map(name).collect();
    if let Some(kind) = other_separator(&found, names) {
        return (0, vec![Problem::error(header.place(0), kind)]);
    }
    let problems = find_columns(&header, &found, names, columns);
    match binary(bytes) {
        Some(looks_like) if names.is_empty() || !problems.is_empty() => {
            let kind = ProblemKind::NotCsv { looks_like: looks_like.to_owned() };
            (0, vec![Problem::error(Place::START, kind)])
        }
        _ => (header.len(), problems),
    }
}

/// Sets `columns` to the positions of the named columns in the header, and returns the problems. A missing column is
/// mapped to the one with the most similar name.
fn find_columns(header: &RawRow<'_>, found: &[String], names: &[&str], columns: &mut [usize]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = header.fault().into_iter().collect();
    let mut missing = Vec::new();
    for (column, name) in columns.iter_mut().zip(names.iter().copied()) {
        let mut positions = positions_of(found, name).into_iter();
        match positions.next() {
            Some(index) => *column = index,
            None => missing.push(name),
        }
        if let Some(second) = positions.next() {
            let kind = ProblemKind::RepeatedColumn { column: name.to_owned() };
            problems.push(Problem::error(header.place(second), kind));
        }
    }
    let meant = meant_columns(found, &missing, names);
    problems.extend(missing_columns(header, found, &missing, &meant));
    for (name, index) in meant {
        if let Some(at) = names.iter().position(|one| *one == name) {
            columns[at] = index;
        }
    }
    problems.sort_by_key(|problem| problem.place);
    problems
}

/// The positions of a column in the header: by its name, else by its name after that of a table.
fn positions_of(header: &[String], name: &str) -> Vec<usize> {
    let by = |called: fn(&str) -> &str| -> Vec<usize> {
        (0..header.len()).filter(|index| called(&header[*index]).eq_ignore_ascii_case(name)).collect()
    };
    let exact = by(|text| text);
    if exact.is_empty() { by(column_name) } else { exact }
}

/// A column name without table, schema and SQL quotes: `content_completion.ba_id`, `` `schema`.`table`.`ba_id` ``,
/// `[dbo].[ba_id]`, `"ba_id"`.
pub(crate) fn column_name(text: &str) -> &str {
    let text = text.trim_matches(is_blank_character);
    let is_quote = |c: char| matches!(c, '`' | '"' | '[' | ']' | '\'');
    let name = text.rsplit('.').next().unwrap_or(text).trim_matches(is_quote).trim();
    if name.is_empty() { text } else { name }
}

/// The problem of a header whose fields are separated by something other than commas. If it has all wanted columns, the
/// separator itself is not allowed.
fn other_separator(header: &[String], names: &[&str]) -> Option<ProblemKind> {
    let [only] = header else { return None };
    let is_word = |name: &&str| only.split_whitespace().any(|word| word.trim_matches('"').eq_ignore_ascii_case(name));
    if names.len() > 1 && names.iter().all(is_word) {
        let looks_like = "a table whose fields are separated by blanks; commas are allowed".to_owned();
        return Some(ProblemKind::NotCsv { looks_like });
    }
    let [_, others @ ..] = Separator::ALL;
    let separator = others.into_iter().find(|one| only.contains(one.char()))?;
    let found: Vec<String> =
        only.split(separator.char()).map(|name| name.trim_matches(is_blank_character).to_owned()).collect();
    let is_found = |name: &str| found.iter().any(|one| column_name(one).eq_ignore_ascii_case(name));
    let missing: Vec<String> = names.iter().filter(|name| !is_found(name)).map(|name| (*name).to_owned()).collect();
    Some(match missing.is_empty() {
        true => ProblemKind::NotCsv {
            looks_like: format!("a table whose fields are separated by {}; commas are allowed", separator.plural()),
        },
        false => ProblemKind::OtherColumns { separator, missing, found },
    })
}

/// For each missing column the most similar column of the file, each used only once.
fn meant_columns<'n>(found: &[String], missing: &[&'n str], names: &[&str]) -> Vec<(&'n str, usize)> {
    let is_taken = |index: &usize| names.iter().any(|name| column_name(&found[*index]).eq_ignore_ascii_case(name));
    let free: Vec<usize> = (0..found.len()).filter(|index| !is_taken(index)).collect();
    let nearness = |name: &str, index: usize| {
        let (found, name) = (column_name(&found[index]).to_ascii_lowercase(), name.to_ascii_lowercase());
        // A name after that of its table, `content_completion_ba_id`, is nearer than any that is only similar.
        let is_behind = found.strip_suffix(&name).is_some_and(|table| table.ends_with(|c: char| !c.is_alphanumeric()));
        if is_behind { 2.0 } else { strsim::jaro_winkler(&found, &name) }
    };
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
    meant
}

/// The problems of missing columns, each with the column of the file that was probably meant. Without one, the place is
/// the end of the header, where the column can be added; in a row of data, the beginning.
fn missing_columns(header: &RawRow<'_>, found: &[String], missing: &[&str], meant: &[(&str, usize)]) -> Vec<Problem> {
    let header_is_data = found.first().is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    let problem = |name: &&str| {
        let index = meant.iter().find(|(guessed, _)| guessed == name).map(|(_, index)| *index);
        let similar = index.map(|index| found[index].clone());
        let kind = ProblemKind::MissingColumn { column: (*name).to_owned(), similar, header_is_data };
        Problem::error(header.place(index.unwrap_or(if header_is_data { 0 } else { found.len() })), kind)
    };
    missing.iter().map(problem).collect()
}

#[cfg(test)]
mod tests {
    use super::super::employees::{self, BadRows};
    use super::super::{assignments_table, completions_table, course_catalog, standalone_content};
    use super::*;
    use crate::text::visible::shown;

    /// The problems that every reader of a table has with rows below `header`.
    fn problems_of(header: &str, rows: &str) -> Vec<String> {
        let bytes = format!("{header}\n{rows}\n").into_bytes();
        let problems = match header.split(',').next() {
            Some("employee_id") => employees::read(&bytes, BadRows::Refuse).problems,
            Some("ContentId") => standalone_content::read(&bytes).problems,
            Some("CourseId") => course_catalog::read(&bytes).problems,
            Some("note") => completions_table::read(&bytes, |_| true).problems,
            _ => assignments_table::read(&bytes, |_| true).problems,
        };
        let is_of_file = |problem: &Problem| problem.place == Place::START;
        problems.iter().filter(|problem| !is_of_file(problem)).map(ToString::to_string).collect()
    }

    #[test]
    fn a_quote_that_takes_in_rows_is_named_and_text_over_lines_is_not() {
        let (contents, courses) = (standalone_content::COLUMNS.join(","), course_catalog::COLUMNS.join(","));
        let assignments = assignments_table::COLUMNS.join(",") + ",note";
        let (employees, completions) = ("employee_id,employee_edu_type,note", "note,ba_id,content_id,completion_date");
        let content = |name: &str, rest: &str| format!("{name},,,Media,,,TRUE,,{rest},,");
        let course = |id: &str, name: &str| format!("9,,,,,,,{name},,{id},,,,,,,,,,,,,,,,");
        let takes_in = |place: &str, rows: &str, row: &str| {
            let row = shown(row);
            let mend = "Close the quote where its field ends, or double it where it belongs to the text";
            vec![format!("{place}: the quote that opens here takes in {rows}: '{row}'. {mend}")]
        };
        let one = |line: u32| format!("line {line}, which looks like a row by itself");
        let (a, b) = (content("1,\"15 screen", ""), content("2,Screen 15\"", ""));
        let stopped = content("2,x", "\"");
        let (open, close) = (course("1", "\"a"), course("\"2,000\"", "b\""));
        let assigned = |note: &str| format!("1,2,2026-01-26 00:01:00,,,,Media,{note}");
        for (header, rows, expected) in [
            (&contents[..], format!("{a}\n{b}"), takes_in("2:3", &one(3), &b)),
            (
                &contents[..],
                format!("{a}\n{}\n{}\n{b}", content("3,c", ""), content("4000,d", "")),
                takes_in("2:3", "line 3 and 2 more that look like rows by themselves", &content("3,c", "")),
            ),
            (&contents[..], format!("{}\r\n{stopped}", content("1,x", "\"a")), takes_in("2:21", &one(3), &stopped)),
            (&courses[..], format!("{open}\n{close}"), takes_in("2:9", &one(3), &close)),
            (
                &assignments[..],
                format!("{}\n{}", assigned("\"5"), assigned("5\"")),
                takes_in("2:34", &one(3), &assigned("5\"")),
            ),
            (
                completions,
                "\"5,1,2,2026-01-26\n5\",1,3,2026-01-26".to_owned(),
                takes_in("2:1", &one(3), "5\",1,3,2026-01-26"),
            ),
            (employees, "1,a,\"x\n2,b,x\"\n3,f,y".to_owned(), takes_in("2:5", &one(3), "2,b,x\"")),
            // Text over lines that is no row.
            (employees, "1,a,\"two\nlines, a,\nand 3,a,b,c\"\n2,b,\"2,a\n3\"".to_owned(), Vec::new()),
            (
                &contents[..],
                content("1,a,,\"One,\ntwo, 2,3,4,5\n3,x,,,Media,,\n\n4,\"\"b\"\",,,Media,,,,,,,,\"", "")
                    .replace(",,,Media,,,TRUE", ",Media,,,TRUE"),
                Vec::new(),
            ),
        ] {
            assert_eq!(problems_of(header, &rows), expected, "{rows}");
        }
    }

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
        check_header("\u{feff}\u{feff}kind,\u{200b}employee_id\u{a0}\n", &[]);
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
                "1:13: the column kind is missing from the header; add it",
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
        let binary = "1:1: this is not a CSV file: it looks like a binary file. Save it as \"CSV UTF-8\" and try again";
        check_header("employee_id\n1\0", &[binary]);
        check_header("employee_id,kind\n1\0,a", &[]);
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
