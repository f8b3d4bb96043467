//! `employees.csv`: the population of a run, one employee per row, with the header `employee_id,employee_edu_type`.

use serde::{Deserialize, Serialize};

use super::foreign_value::{hint_of, is_spreadsheet_mark};
use super::identifier::{parse_plain_id, push_plain_id};
use super::record::RecordReader;
use super::table::{Row, TableReader};
use crate::text::chunks::{ByteSource, Chunk, OneAfterAnother, Workers, first_chunk, in_chunks};
use crate::text::problem::{Place, Problem, ProblemKind, Reading, limited};

/// The columns of the file.
pub const COLUMNS: [&str; 2] = ["employee_id", "employee_edu_type"];

/// The position of `employee_id` among the columns.
pub(crate) const ID: usize = 0;
/// The position of `employee_edu_type` among the columns.
pub(crate) const TYPE: usize = 1;

/// The type of an employee: how much training the employee completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EmployeeType {
    /// Completes all training.
    A,
    /// Completes one training: the first of the list.
    B,
    /// Completes no training.
    F,
}

impl EmployeeType {
    /// All types, in the order of display.
    pub const ALL: [EmployeeType; 3] = [EmployeeType::A, EmployeeType::B, EmployeeType::F];

    /// Parses a type: `a`, `b` or `f` in either case, with optional spaces around it.
    #[must_use]
    pub fn parse(text: &[u8]) -> Option<EmployeeType> {
        match text.trim_ascii() {
            b"a" | b"A" => Some(Self::A),
            b"b" | b"B" => Some(Self::B),
            b"f" | b"F" => Some(Self::F),
            _ => None,
        }
    }

    /// The lower-case letter of the type, as in employees.csv.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Self::A => 'a',
            Self::B => 'b',
            Self::F => 'f',
        }
    }

    /// What an employee of the type does, to follow "the employee".
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::A => "completes all",
            Self::B => "completes one",
            Self::F => "completes none",
        }
    }
}

/// One employee of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employee {
    /// The employee's id, from 1 to 2^63 - 1.
    pub id: u64,
    /// The line in employees.csv, from 1.
    pub line: u32,
    /// The employee's type.
    pub kind: EmployeeType,
}

/// The content of employees.csv.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Employees {
    /// The employees, in the order of the file.
    pub rows: Vec<Employee>,
    /// The number of comment rows.
    pub comment_rows: usize,
    /// The number of bad rows that were left out with [`BadRows::Skip`].
    pub skipped_rows: usize,
}

/// Appends the header.
pub fn push_header(out: &mut Vec<u8>) {
    out.extend_from_slice(COLUMNS.join(",").as_bytes());
    out.push(b'\n');
}

/// Appends the row of an employee.
pub fn push_row(out: &mut Vec<u8>, id: u64, kind: EmployeeType) {
    push_plain_id(out, id);
    out.push(b',');
    // A letter of ASCII is one byte.
    out.push(kind.letter() as u8);
    out.push(b'\n');
}

/// The treatment of unusable rows of employees.csv.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadRows {
    /// Each bad row is an error, so the file is refused.
    #[default]
    Refuse,
    /// Bad rows are left out, each with a warning.
    Skip,
}

/// Reads employees.csv. With [`BadRows::Skip`], problems of rows are warnings; a bad header, or a file without any
/// usable row, is still an error.
#[must_use]
pub fn read(bytes: &[u8], bad_rows: BadRows) -> Reading<Employees> {
    read_from(&bytes, &OneAfterAnother, bad_rows)
}

/// As [`read`], from a source that is read in chunks.
#[must_use]
pub fn read_from(source: &dyn ByteSource, workers: &impl Workers, bad_rows: BadRows) -> Reading<Employees> {
    let head = first_chunk(source);
    let (header, _) = TableReader::open_to_check(&head, COLUMNS, &[ID, TYPE], true);
    let read = |chunk: Chunk<'_>| {
        let (table, header_problems) = TableReader::open_chunk(header.as_ref(), chunk, COLUMNS, &[ID, TYPE], true);
        let mut lines = LinesRead { header_problems, ..LinesRead::default() };
        let Some(mut table) = table else { return chunk.is_last.then_some(lines) };
        lines.has_header = true;
        lines.read(&mut table, chunk.bytes);
        (chunk.is_last || !table.records.rows().ran_out()).then_some(lines)
    };
    in_chunks(source, workers, read, LinesRead::append).finish(bad_rows)
}

/// The content of some lines of the file: of a chunk, whose lines count from its first one, or of all chunks so far.
#[derive(Default)]
struct LinesRead {
    /// False if the header could not be read: nothing below it is read then.
    has_header: bool,
    /// The number of lines.
    lines: u32,
    employees: Vec<Employee>,
    comment_rows: usize,
    /// The lines of refused rows, each with the id if only the type is wrong: such an id still counts when repeated ids
    /// are looked for.
    refused: Vec<(Option<u64>, u32)>,
    /// The lines whose id does not begin in column 1, and that column.
    id_columns: Vec<(u32, u32)>,
    problems: Vec<Problem>,
    /// Warnings about comments that may be employees.
    hidden: Vec<Problem>,
    header_problems: Vec<Problem>,
}

impl LinesRead {
    fn read(&mut self, table: &mut TableReader<'_, 2>, bytes: &[u8]) {
        while let Some(ClassifiedRow { line, id_column, kind }) = next_classified_row(table) {
            if id_column != 1 && !matches!(kind, RowKind::Comment(_)) {
                self.id_columns.push((line, id_column));
            }
            match kind {
                RowKind::Comment(problem) => {
                    self.comment_rows += 1;
                    match problem {
                        Some(Problem { kind: ProblemKind::HiddenId { .. }, .. }) => self.hidden.extend(problem),
                        _ => self.problems.extend(problem),
                    }
                }
                RowKind::Employee(employee) => self.employees.push(employee),
                RowKind::Refused(found, id) => {
                    self.refused.push((id, line));
                    self.problems.extend(found);
                }
            }
        }
        self.lines = table.records.rows().lines_read();
        self.comment_rows += table.records.comment_lines;
        self.problems.append(&mut table.records.comment_problems);
        self.hidden.extend(hidden_ids(bytes, table));
    }

    /// Appends the lines that follow in the file.
    fn append(&mut self, below: LinesRead) {
        let above = self.lines;
        let moved = |line: u32| line.saturating_add(above);
        let further_down = |problem: Problem| problem.further_down(above);
        self.has_header |= below.has_header;
        self.lines = moved(below.lines);
        self.employees.extend(below.employees.into_iter().map(|one| Employee { line: moved(one.line), ..one }));
        self.comment_rows += below.comment_rows;
        self.refused.extend(below.refused.into_iter().map(|(id, line)| (id, moved(line))));
        self.id_columns.extend(below.id_columns.into_iter().map(|(line, column)| (moved(line), column)));
        self.problems.extend(below.problems.into_iter().map(further_down));
        self.hidden.extend(below.hidden.into_iter().map(further_down));
        self.header_problems.extend(below.header_problems);
    }

    /// The result of reading, once all lines are appended: repeated ids removed, and problems in the order of the file.
    fn finish(mut self, bad_rows: BadRows) -> Reading<Employees> {
        if !self.has_header {
            return Reading { value: Employees::default(), problems: self.header_problems };
        }
        let mut skipped_rows = self.refused.len() + self.remove_repeated(bad_rows);
        let mut problems = self.problems;
        self.hidden.sort_by_key(|problem| problem.place);
        problems.extend(limited(self.hidden));
        match bad_rows {
            BadRows::Skip => problems = problems.into_iter().map(Problem::into_warning).collect(),
            BadRows::Refuse => skipped_rows = 0,
        }
        problems.extend(self.header_problems);
        problems.sort_by_key(|problem| problem.place);
        let employees = Employees { rows: self.employees, comment_rows: self.comment_rows, skipped_rows };
        if employees.rows.is_empty() && !problems.iter().any(Problem::is_error) {
            problems.push(Problem::error(Place::START, ProblemKind::NoEmployees));
        }
        Reading { value: employees, problems }
    }

    /// Removes every employee whose id an earlier row has, reports each with both lines, and returns the number of
    /// removed ones. With [`BadRows::Skip`], refused rows do not count as earlier rows.
    fn remove_repeated(&mut self, bad_rows: BadRows) -> usize {
        let refused = self.refused.iter().filter(|_| bad_rows == BadRows::Refuse);
        let mut by_id: Vec<(u64, u32)> = refused.filter_map(|(id, line)| id.map(|id| (id, *line))).collect();
        if by_id.is_empty() && self.employees.is_sorted_by(|earlier, later| earlier.id < later.id) {
            return 0;
        }
        by_id.extend(self.employees.iter().map(|employee| (employee.id, employee.line)));
        by_id.sort();
        let mut repeated = Vec::new();
        let mut first = 0;
        for at in 1..by_id.len() {
            if by_id[at].0 != by_id[first].0 {
                first = at;
                continue;
            }
            let ((id, line), first_line) = (by_id[at], by_id[first].1);
            let noted = self.id_columns.binary_search_by_key(&line, |entry| entry.0);
            let column = noted.map_or(1, |index| self.id_columns[index].1);
            let kind = ProblemKind::RepeatedId { column: COLUMNS[ID].to_owned(), id, first_line };
            self.problems.push(Problem::error(Place::new(line, column), kind));
            repeated.push(line);
        }
        repeated.sort();
        self.employees.retain(|employee| repeated.binary_search(&employee.line).is_err());
        repeated.len()
    }
}

/// Warnings about comment lines that may be employees whose ids a spreadsheet could not show.
fn hidden_ids(bytes: &[u8], table: &TableReader<'_, 2>) -> Vec<Problem> {
    let (columns, _) = table.layout();
    table
        .records
        .signs_alone
        .iter()
        .filter_map(|line| {
            let mut alone = RecordReader::new(&bytes[line.start..line.end], false);
            let record = alone.next_record()?;
            let place = Place::new(line.line, record.place(0).column);
            let (id, kind) = (record.value(columns[ID]), record.value(columns[TYPE]));
            let is_employee = columns[ID] != 0
                && parse_plain_id(id).is_some()
                && (columns[TYPE] == 0 || EmployeeType::parse(kind).is_some());
            match is_employee {
                true => Some(Problem::warning(place, ProblemKind::HiddenRow { found: record.text(0).into_owned() })),
                false => hidden_id(id, kind, place),
            }
        })
        .collect()
}

/// The warning about a row that is read as a comment although it has a valid type and, in place of an id, only a
/// spreadsheet's mark for a value that it cannot show.
fn hidden_id(id: &[u8], kind: &[u8], place: Place) -> Option<Problem> {
    let found = String::from_utf8_lossy(id).into_owned();
    let is_hidden = is_spreadsheet_mark(&found) && EmployeeType::parse(kind).is_some();
    is_hidden.then(|| Problem::warning(place, ProblemKind::HiddenId { found }))
}

/// A row of the file, as the reader of a run and the editor (`roster`) see it.
pub(crate) struct ClassifiedRow {
    /// The line on which it begins, from 1.
    pub(crate) line: u32,
    /// The column at which its id begins, from 1, in characters.
    id_column: u32,
    /// Its classification.
    pub(crate) kind: RowKind,
}

/// The classification of a row.
pub(crate) enum RowKind {
    /// A comment in the form of a row, with its problem, if any.
    Comment(Option<Problem>),
    /// An employee.
    Employee(Employee),
    /// An unusable row with its problems; and its id, if only the type is wrong.
    Refused(Vec<Problem>, Option<u64>),
}

/// Reads the next row. If the id or type contains a line break, the row is taken to end with its first line.
pub(crate) fn next_classified_row(table: &mut TableReader<'_, 2>) -> Option<ClassifiedRow> {
    let row = table.next_row()?;
    let is_comment = row.value(ID).trim_ascii_start().starts_with(b"#");
    let kind = if is_comment {
        let not_text = row.fault().filter(|fault| matches!(fault.kind, ProblemKind::NotUtf8 { .. }));
        RowKind::Comment(not_text.or_else(|| hidden_id(row.value(ID), row.value(TYPE), row.place(ID))))
    } else {
        match read_row(&row) {
            Ok(employee) => RowKind::Employee(employee),
            Err(found) => {
                let has_good_id = matches!(found[..], [Problem { kind: ProblemKind::UnknownType { .. }, .. }]);
                RowKind::Refused(found, parse_plain_id(row.value(ID)).filter(|_| has_good_id))
            }
        }
    };
    let (line, id_column) = (row.line(), row.place(ID).column);
    let is_slip =
        !matches!(kind, RowKind::Employee(_)) && (field_over_lines(&row).is_some() || swallowed_rows(&row).is_some());
    if is_slip {
        // The stray quote must not swallow the rows below.
        table.records.resume_at_next_line();
    }
    Some(ClassifiedRow { line, id_column, kind })
}

fn read_row(row: &Row<'_, 2>) -> Result<Employee, Vec<Problem>> {
    if let Some(fault) = row.fault() {
        return Err(vec![fault]);
    }
    if let Some(column) = field_over_lines(row) {
        return Err(vec![Problem::error(row.place(column), ProblemKind::UnclosedQuote)]);
    }
    if let Some(problem) = swallowed_rows(row) {
        return Err(vec![problem]);
    }
    match (parse_plain_id(row.value(ID)), EmployeeType::parse(row.value(TYPE))) {
        (Some(id), Some(kind)) => Ok(Employee { id, line: row.line(), kind }),
        (id, kind) => {
            let mut problems = Vec::new();
            if id.is_none() {
                problems.push(row.bad_id(ID));
            }
            if kind.is_none() {
                problems.push(unknown_type(row));
            }
            Err(problems)
        }
    }
}

/// The column (id or type) whose field contains a line break. Valid values never do, so its quote is a slip.
fn field_over_lines(row: &Row<'_, 2>) -> Option<usize> {
    [ID, TYPE].into_iter().find(|column| row.value(*column).iter().any(|byte| matches!(byte, b'\n' | b'\r')))
}

/// The problem of a field of another column that swallows the rows below.
fn swallowed_rows(row: &Row<'_, 2>) -> Option<Problem> {
    row.swallowed_rows(|row| parse_plain_id(row.value(ID)).is_some() && EmployeeType::parse(row.value(TYPE)).is_some())
}

fn unknown_type(row: &Row<'_, 2>) -> Problem {
    let found = row.text(TYPE).into_owned();
    let meant = meant_type(&found).map(|kind| kind.letter().to_string());
    Problem::error(row.place(TYPE), ProblemKind::UnknownType { found, meant })
}

/// The type whose word is the text (`none`, `completes one`), else the one whose letter occurs in it, if it is only one. `None`
/// for spreadsheet marks and the like.
fn meant_type(found: &str) -> Option<EmployeeType> {
    let lower = found.trim().to_ascii_lowercase();
    let is_word_of = |kind: &EmployeeType| {
        let words = kind.describe();
        words == lower || words.strip_prefix("completes ") == Some(&lower)
    };
    let mut named = EmployeeType::ALL.into_iter().filter(|kind| lower.contains(kind.letter()));
    let by_letter = named.next().filter(|_| named.next().is_none() && hint_of(found, false).is_none());
    EmployeeType::ALL.into_iter().find(is_word_of).or(by_letter)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::chunks::SmallChunks;

    fn check(text: &[u8], bad_rows: BadRows, rows: &str, problems: &[&str]) {
        let reading = read(text, bad_rows);
        for chunk in [1, 9, 40] {
            assert_eq!(read_from(&text, &SmallChunks(chunk), bad_rows), reading, "in chunks of {chunk} bytes");
        }
        let found: Vec<String> =
            reading.value.rows.iter().map(|row| format!("{}:{}{}", row.line, row.id, row.kind.letter())).collect();
        let texts: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!((found.join(" ").as_str(), texts), (rows, problems.iter().map(|p| (*p).to_owned()).collect()));
    }

    #[test]
    fn what_is_accepted() {
        for (text, rows) in [
            ("employee_id,employee_edu_type\n63492,a\n7,B\n8,f\n", "2:63492a 3:7b 4:8f"),
            ("\u{feff}employee_id,employee_edu_type\r\n63492,a\r\n\r\n  \r\n7, f ", "2:63492a 5:7f"),
            ("# first\n\nEMPLOYEE_EDU_TYPE,store, Employee_Id \nF,\"12, High St\",\"0042\"\n", "4:42f"),
            ("employee_id,employee_edu_type\n# 63492,a  <- on \"leave\n  #\n\"# 5\",a\n6,b", "5:6b"),
            ("employee_id,employee_edu_type\n9223372036854775807,a", "2:9223372036854775807a"),
        ] {
            check(text.as_bytes(), BadRows::Refuse, rows, &[]);
        }
    }

    #[test]
    fn an_id_that_a_spreadsheet_could_not_show_is_warned_of_and_counts_as_a_comment() {
        let warning = |place: &str, found: &str| {
            format!(
                "{place}: this row counts as a comment, because its employee_id is '{found}': a spreadsheet shows a value so \
                 that does not fit its column or cannot be computed. Write the id, or put '# ' before the row to keep it as a \
                 comment"
            )
        };
        let text = "employee_id,employee_edu_type\n########,a\n #,B \n\"###\",f\n#N/A,a\n#NAME?,b\n1,a\n";
        let expected = [("2:1", "########"), ("3:1", " #"), ("4:1", "###"), ("5:1", "#N/A"), ("6:1", "#NAME?")];
        let expected: Vec<String> = expected.into_iter().map(|(place, found)| warning(place, found)).collect();
        for bad_rows in [BadRows::Refuse, BadRows::Skip] {
            check(text.as_bytes(), bad_rows, "7:1a", &expected.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(read(text.as_bytes(), bad_rows).value.comment_rows, 5);
        }
        let text = "employee_edu_type,store,employee_id\na,x,####\nb,x,5\n";
        check(text.as_bytes(), BadRows::Refuse, "3:5b", &[&warning("2:5", "####")]);
        let text =
            "########,a\nemployee_id,employee_edu_type\n####\n####,c\n####,\n#5,a\n#,off\n##, a note\n#OLD,a\n1,a\n";
        check(text.as_bytes(), BadRows::Refuse, "10:1a", &[]);
        let text = "employee_id,employee_edu_type\n1,a\n".to_owned() + &"####,a\n".repeat(1_200);
        let reading = read(text.as_bytes(), BadRows::Refuse);
        assert_eq!((reading.problems.len(), reading.value.comment_rows), (1_001, 1_200));
    }

    #[test]
    fn an_employee_behind_another_value_that_a_spreadsheet_could_not_show_is_warned_of() {
        let warning = |found: &str| {
            format!(
                "2:1: this row counts as a comment, because it begins with '{found}': a spreadsheet shows a value so that does \
                 not fit its column or cannot be computed. Write the value itself, or put '# ' before the row to keep it as a \
                 comment"
            )
        };
        let text = "hired,employee_id,employee_edu_type\n########,101,a\n########,x,a\n#old,103,a\n2024-01-02,102,a\n";
        check(text.as_bytes(), BadRows::Refuse, "5:102a", &[&warning("########")]);
        let text = "employee_edu_type,employee_id\n#N/A,101\na,102\n";
        check(text.as_bytes(), BadRows::Refuse, "3:102a", &[&warning("#N/A")]);
    }

    #[test]
    fn rows_without_any_value_are_blank() {
        let text = "employee_id,employee_edu_type\n1,a\n".to_owned() + &", \n\"\",\"\"\n\t,,,\n\u{a0},\n".repeat(1_000);
        check(text.as_bytes(), BadRows::Refuse, "2:1a", &[]);
        check(
            (text + "x,a\n").as_bytes(),
            BadRows::Skip,
            "2:1a",
            &["4003:1: employee_id 'x' is no id: digits only, from 1 to 9223372036854775807"],
        );
    }

    #[test]
    fn a_first_line_that_names_the_separator_is_passed_over() {
        check(b"sep=,\nemployee_id,employee_edu_type\n1,a\n", BadRows::Refuse, "3:1a", &[]);
        check(b"\xEF\xBB\xBF\"sep=,\"\r\n,\r\nemployee_id,employee_edu_type\r\n1,a\r\n", BadRows::Refuse, "4:1a", &[]);
        // The conversion of other separators, which comes before this reader, has checked the named separator.
        check(b"sep=;\nemployee_id,employee_edu_type\n1,a\n", BadRows::Refuse, "3:1a", &[]);
        check(b"sep=\t\nemployee_id,employee_edu_type\n1,a\n", BadRows::Refuse, "3:1a", &[]);
    }

    #[test]
    fn ids_and_types_that_a_spreadsheet_rewrote_are_refused_with_what_was_meant() {
        let no_id = |place: &str, id: &str| {
            format!("{place}: employee_id '{id}' is no id: digits only, from 1 to 9223372036854775807")
        };
        for id in
            ["'104829", "=\"\"104829\"\"", "104829.0", "104.829", "104 829", "1.04829E+05", "104'829", "\u{a0}104829"]
        {
            let text = format!("employee_id,employee_edu_type\n\"{id}\",a\n");
            let shown = id.replace("\"\"", "\"").replace('\u{a0}', "\\u{a0}");
            let message = no_id("2:1", &shown) + ". Did you mean '104829'?";
            check(text.as_bytes(), BadRows::Refuse, "", &[&message]);
        }
        for (id, hint) in [
            ("NaN", " (an empty field means NULL, and this column must have a value)"),
            (
                "1.0E+11",
                " (an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again)",
            ),
        ] {
            let text = format!("employee_id,employee_edu_type\n{id},a\n");
            check(text.as_bytes(), BadRows::Refuse, "", &[&(no_id("2:1", id) + hint)]);
        }
        for (kind, meant) in [("all", 'a'), ("One", 'b'), ("none", 'f'), ("Completes none", 'f')] {
            let message = format!(
                "2:3: unknown employee type '{kind}': a (completes all), b (completes one) or f (completes none) is allowed. \
                 Did you mean '{meant}'?"
            );
            check(format!("employee_id,employee_edu_type\n1,{kind}\n").as_bytes(), BadRows::Refuse, "", &[&message]);
        }
        for kind in ["#NAME?", "NaN", "#N/A", "########"] {
            let message = format!(
                "2:3: unknown employee type '{kind}': a (completes all), b (completes one) or f (completes none) is allowed"
            );
            check(format!("employee_id,employee_edu_type\n1,{kind}\n").as_bytes(), BadRows::Refuse, "", &[&message]);
        }
    }

    #[test]
    fn a_header_problem_hides_no_row_problem() {
        check(
            b"employe_id,employee_edu_type\nx,a\n5,c\n6\n5,b\n",
            BadRows::Refuse,
            "",
            &[
                "1:1: the column employee_id is missing from the header. Did you mean 'employee_id' where it says 'employe_id'?",
                "2:1: employee_id 'x' is no id: digits only, from 1 to 9223372036854775807",
                "3:3: unknown employee type 'c': a (completes all), b (completes one) or f (completes none) is allowed",
                "5:1: employee_id 5 stands in line 3 already; keep one of the two rows",
            ],
        );
        check(
            b"id,employee_edu_type\nx,c\n",
            BadRows::Refuse,
            "",
            &["1:21: the column employee_id is missing from the header; add it"],
        );
    }

    #[test]
    fn comment_rows_are_counted() {
        let text = "# one\nemployee_id,employee_edu_type\n# two, \"\n\"#3\",a\n4,a\n";
        assert_eq!(read(text.as_bytes(), BadRows::Refuse).value.comment_rows, 3);
    }

    #[test]
    fn every_problem_is_named_with_its_place() {
        check(
            "employee_id,employee_edu_type\n4,\u{430},\n".as_bytes(),
            BadRows::Refuse,
            "",
            &[
                "2:5: 3 fields in this row, but the header has 2; remove what is too much, or put a field that holds a comma into double quotes. The row is '4,\u{430},' (U+0430, not the Latin letter a)",
            ],
        );
        check(
            b"employee_id,employee_edu_type\n1,c\nx,bb\n3\n4,a,\n5,a\n005,b\n0,f\n\"6\",a\xE9\n 7,a\n1 000,b\n",
            BadRows::Refuse,
            "6:5a",
            &[
                "2:3: unknown employee type 'c': a (completes all), b (completes one) or f (completes none) is allowed",
                "3:1: employee_id 'x' is no id: digits only, from 1 to 9223372036854775807",
                "3:3: unknown employee type 'bb': a (completes all), b (completes one) or f (completes none) is allowed. Did you mean 'b'?",
                "4:2: 1 field in this row, but the header has 2; add what is missing, with a comma before each field. The row is '3'",
                "5:5: 3 fields in this row, but the header has 2; remove what is too much, or put a field that holds a comma into double quotes. The row is '4,a,'",
                "7:1: employee_id 5 stands in line 6 already; keep one of the two rows",
                "8:1: employee_id '0' is no id: digits only, from 1 to 9223372036854775807",
                "9:6: byte 0xE9 is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")",
                "10:1: employee_id ' 7' is no id: digits only, from 1 to 9223372036854775807. Did you mean '7'?",
                "11:1: employee_id '1 000' is no id: digits only, from 1 to 9223372036854775807. Did you mean '1000'?",
            ],
        );
    }

    #[test]
    fn a_stray_quote_does_not_swallow_the_rows_below() {
        check(
            b"employee_id,employee_edu_type\n1,\"a\n2,b\n3,\"f\n4,a\n",
            BadRows::Refuse,
            "3:2b 5:4a",
            &[
                "2:3: a quote opens here and is never closed; close it, or write the field without quotes",
                "4:3: a quote opens here and is never closed; close it, or write the field without quotes",
            ],
        );
    }

    #[test]
    fn a_stray_quote_that_meets_another_one_below_costs_its_line_alone() {
        let message = |place: &str| {
            format!("{place}: a quote opens here and is never closed; close it, or write the field without quotes")
        };
        let header = "employee_id,employee_edu_type,note\n";
        for (rows, expected, place) in [
            ("101,a,\"ask Ann\n102,a,ok\n103,b,\"new\"\n104,f,\n", "3:102a 4:103b 5:104f", "2:7"),
            ("101,a,\"24\"\" TV\n102,a,ok\n103,b,\"new\"\n104,f,\n", "3:102a 4:103b 5:104f", "2:7"),
            ("101,a,\"ask\r\n102,a,\"a, b\"\r\n103,f,\r\n", "3:102a 4:103f", "2:7"),
        ] {
            check((header.to_owned() + rows).as_bytes(), BadRows::Refuse, expected, &[&message(place)]);
        }
        let text = "employee_id,note,employee_edu_type\n101,\"ask Ann,a\n102,\"new\",b\n104,,f\n";
        check(text.as_bytes(), BadRows::Refuse, "3:102b 4:104f", &[&message("2:5")]);
        let text = "employee_id,employee_edu_type,\"note\n101,a,x\n102,b,\"y\"\n103,f,z\n";
        check(text.as_bytes(), BadRows::Refuse, "2:101a 3:102b 4:103f", &[&message("1:31")]);
        let text = "employee_id,employee_edu_type,n\n\"# 1\",a,\"x\n101,a,y\n102,b,\"z\"\n";
        check(text.as_bytes(), BadRows::Refuse, "3:101a 4:102b", &[]);
        let text = header.to_owned() + "101,a,\"one\ntwo\"\n102,b,\"\"\n";
        check(text.as_bytes(), BadRows::Refuse, "2:101a 4:102b", &[]);
    }

    #[test]
    fn a_stray_quote_before_a_comment_does_not_swallow_the_rows_below() {
        let text = b"employee_id,employee_edu_type\n\"# 1,a\n2,b\n\"# 3,a\n4,f\n";
        check(text, BadRows::Refuse, "3:2b 5:4f", &[]);
        assert_eq!(read(text, BadRows::Refuse).value.comment_rows, 2);
        let not_utf8 =
            "2:4: byte 0xE9 is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")";
        check(b"employee_id,employee_edu_type\n\"# \xE9\",a\n2,b\n", BadRows::Refuse, "3:2b", &[not_utf8]);
    }

    #[test]
    fn an_id_is_repeated_in_a_row_of_an_unknown_type_too() {
        let unknown = |place| {
            format!(
                "{place}: unknown employee type 'x': a (completes all), b (completes one) or f (completes none) is allowed"
            )
        };
        let text = b"employee_edu_type,employee_id\na,5\nx,5\nx,6\na,6\n";
        check(
            text,
            BadRows::Refuse,
            "2:5a",
            &[
                &unknown("3:1"),
                "3:3: employee_id 5 stands in line 2 already; keep one of the two rows",
                &unknown("4:1"),
                "5:3: employee_id 6 stands in line 4 already; keep one of the two rows",
            ],
        );
        check(text, BadRows::Skip, "2:5a 5:6a", &[&unknown("3:1"), &unknown("4:1")]);
    }

    #[test]
    fn a_file_without_employees_is_refused() {
        let no_employee = "1:1: no employee in the file; add a row such as 63492,a below the header";
        check(b"employee_id,employee_edu_type\n", BadRows::Refuse, "", &[no_employee]);
        check(b"employee_id,employee_edu_type\n# 1,a\n", BadRows::Skip, "", &[no_employee]);
    }

    #[test]
    fn bad_rows_can_be_skipped_and_are_listed() {
        let text = b"employee_id,employee_edu_type\n1,c\n2,a\n2,b\n";
        let reading = read(text, BadRows::Skip);
        assert!(!reading.is_refused());
        assert_eq!((reading.problems.len(), reading.value.skipped_rows, reading.value.rows.len()), (2, 2, 1));
        assert!(read(text, BadRows::Refuse).is_refused());
    }
}
