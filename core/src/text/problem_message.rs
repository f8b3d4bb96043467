//! The messages of the problems of input files. A message names what was found, what is allowed and how to mend it.

use std::fmt::{self, Formatter};

use super::problem_kind::{Hint, KEPT_OF_A_KIND, ProblemKind};
use crate::text::separator::Separator;
use crate::text::visible::{quoted, shown_whole};
use crate::text::words::{counted, grouped, more_of_a_kind};

impl fmt::Display for ProblemKind {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // Names of files and columns and the messages of parsers are outside text, too.
        f.write_str(&shown_whole(&Message(self).to_string()))
    }
}

/// The message of a problem, with found text not yet escaped.
struct Message<'a>(&'a ProblemKind);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        use ProblemKind as Kind;
        match self.0 {
            Kind::EmptyFile { columns } => {
                write!(f, "the file is empty; its first line should be the header {}", columns.join(","))
            }
            Kind::NotCsv { looks_like } => not_csv(f, looks_like),
            Kind::OtherColumns { separator, missing, found } => other_columns(f, *separator, missing, found),
            Kind::NotUtf8 { byte } => not_utf8(f, *byte),
            Kind::MissingColumn { column, similar, header_is_data } => {
                missing_column(f, column, similar.as_deref(), *header_is_data)
            }
            Kind::RepeatedColumn { column } => {
                write!(f, "the header names the column {column} twice; keep one of them")
            }
            Kind::FieldCount { found, wanted, separator, row } => field_count(f, *found, *wanted, *separator, row),
            Kind::UnclosedQuote => f.write_str(UNCLOSED_QUOTE),
            Kind::BadId { column, found, meant, hint } => bad_id(f, column, found, meant.as_deref(), *hint),
            Kind::UnknownType { found, meant } => unknown_type(f, found, meant.as_deref()),
            Kind::RepeatedId { column, id, first_line } => {
                write!(f, "{column} {id} stands in line {first_line} already; keep one of the two rows")
            }
            Kind::NoEmployees => f.write_str("no employee in the file; add a row such as 63492,a below the header"),
            Kind::NoContents => f.write_str("no usable content in the file"),
            Kind::NoDailyDoses => f.write_str("no content has TRUE in Daily_Dose_BA, so no Daily Dose can be assigned"),
            Kind::BadTime { column, found, example, hint } => bad_time(f, column, found, example, *hint),
            Kind::BadFlag { column, found } => bad_flag(f, column, found),
            Kind::BadText { column, found, hint } => write!(f, "{column} {} is no text: {hint}", quoted(found)),
            Kind::HiddenId { found } => hidden_value(f, "its employee_id is", found, "the id"),
            Kind::HiddenRow { found } => hidden_value(f, "it begins with", found, "the value itself"),
            Kind::NoDates => f.write_str(NO_DATES),
            Kind::SwallowedRow { line, row, more } => swallowed_row(f, *line, row, *more),
            Kind::NoRecording { looks_like } => no_recording(f, looks_like),
            Kind::NoAnswers => write!(f, "no answer in the file; {RECORDED_LINE}"),
            Kind::BadJson { message } => write!(f, "not a JSON object ({message}); {RECORDED_LINE}"),
            Kind::BadJsonField { field, message } => write!(f, "{field}: {message}"),
            Kind::BadRecommendation { ba_id, why } => write!(f, "a recommendation for {ba_id} is left out: {why}"),
            Kind::RepeatedField { ba_id, field } => {
                write!(f, "the answer for {ba_id} has the field {field} twice; the later one counts")
            }
            Kind::RepeatedAnswer { ba_id, first_line } => repeated_answer(f, *ba_id, *first_line),
            Kind::OtherKind { message, option: Some(option), .. } => write!(f, "{message} ({option})"),
            Kind::OtherKind { message, option: None, .. } | Kind::Conversion { message } => f.write_str(message),
            Kind::More { more, line, .. } => f.write_str(&more_of_a_kind(*more, KEPT_OF_A_KIND, *line)),
        }
    }
}

/// The expected form of a line, as messages quote it.
const RECORDED_LINE: &str = "each line is {\"ba_id\": 88563, \"body\": ...}";

const UNCLOSED_QUOTE: &str = "a quote opens here and is never closed; close it, or write the field without quotes";

const NO_DATES: &str =
    "assignment_date and assignment_begin_date are both empty; at least one must say when it was assigned";

fn not_csv(f: &mut Formatter<'_>, looks_like: &str) -> fmt::Result {
    write!(f, "this is not a CSV file: it looks like {looks_like}. Save it as \"CSV UTF-8\" and try again")
}

fn other_columns(f: &mut Formatter<'_>, separator: Separator, missing: &[String], found: &[String]) -> fmt::Result {
    const NAMED: usize = 12;
    let names: Vec<String> = found.iter().take(NAMED).map(|name| quoted(name)).collect();
    let more = found.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {} more", grouped(more)) } else { String::new() };
    write!(
        f,
        "no column of this table is called {}. Its fields are separated by {}, and its columns are {}{more}",
        missing.join(" or "),
        separator.plural(),
        names.join(", ")
    )?;
    match found.first().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_digit())) {
        true => write!(f, ": this line looks like data, so put the header before it"),
        false => write!(f, ". Give the right ones these names"),
    }
}

fn not_utf8(f: &mut Formatter<'_>, byte: u8) -> fmt::Result {
    write!(f, "byte 0x{byte:02X} is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")")
}

fn bad_id(f: &mut Formatter<'_>, column: &str, found: &str, meant: Option<&str>, hint: Option<Hint>) -> fmt::Result {
    write!(f, "{column} {} is no id: digits only, from 1 to {}", quoted(found), i64::MAX)?;
    did_you_mean(f, meant)?;
    if meant.is_none() { and_hint(f, hint) } else { Ok(()) }
}

fn unknown_type(f: &mut Formatter<'_>, found: &str, meant: Option<&str>) -> fmt::Result {
    write!(
        f,
        "unknown employee type {}: a (completes all), b (completes one) or f (completes none) is allowed",
        quoted(found)
    )?;
    did_you_mean(f, meant)
}

fn bad_time(f: &mut Formatter<'_>, column: &str, found: &str, example: &str, hint: Option<Hint>) -> fmt::Result {
    write!(f, "{column} {} cannot be read; write it like {example}", quoted(found))?;
    and_hint(f, hint)
}

fn bad_flag(f: &mut Formatter<'_>, column: &str, found: &str) -> fmt::Result {
    write!(f, "{column} {} is neither TRUE nor FALSE and counts as FALSE; write one of the two", quoted(found))
}

fn hidden_value(f: &mut Formatter<'_>, place: &str, found: &str, value: &str) -> fmt::Result {
    write!(
        f,
        "this row counts as a comment, because {place} {}: a spreadsheet shows a value so that does not fit its column or \
         cannot be computed. Write {value}, or put '# ' before the row to keep it as a comment",
        quoted(found)
    )
}

fn no_recording(f: &mut Formatter<'_>, looks_like: &str) -> fmt::Result {
    write!(
        f,
        "these are no recorded recommendations: the file looks like {looks_like}. They are UTF-8 text: {RECORDED_LINE}"
    )
}

fn repeated_answer(f: &mut Formatter<'_>, ba_id: u64, first_line: u32) -> fmt::Result {
    write!(f, "an answer for {ba_id} stands in line {first_line} already; this later one counts. Remove one of the two")
}

fn and_hint(f: &mut Formatter<'_>, hint: Option<Hint>) -> fmt::Result {
    hint.map_or(Ok(()), |hint| write!(f, " ({hint})"))
}

fn missing_column(f: &mut Formatter<'_>, column: &str, similar: Option<&str>, header_is_data: bool) -> fmt::Result {
    write!(f, "the column {column} is missing from the header")?;
    match similar {
        Some(similar) => write!(f, ". Did you mean '{column}' where it says {}?", quoted(similar)),
        None if header_is_data => write!(f, "; this line looks like data: put the header line before it"),
        None => write!(f, "; add it"),
    }
}

fn field_count(f: &mut Formatter<'_>, found: usize, wanted: usize, separator: Separator, row: &str) -> fmt::Result {
    let separator = separator.word();
    write!(f, "{} in this row, but the header has {}; ", counted(found, "field"), grouped(wanted))?;
    if found < wanted {
        write!(f, "add what is missing, with a {separator} before each field")?;
    } else {
        write!(f, "remove what is too much, or put a field that holds a {separator} into double quotes")?;
    }
    write!(f, ". The row is {}", quoted(row))
}

fn swallowed_row(f: &mut Formatter<'_>, line: u32, row: &str, more: usize) -> fmt::Result {
    let rows = match more {
        0 => format!("line {line}, which looks like a row by itself"),
        more => format!("line {line} and {} more that look like rows by themselves", grouped(more)),
    };
    write!(
        f,
        "the quote that opens here takes in {rows}: {}. Close the quote where its field ends, or double it where it belongs \
         to the text",
        quoted(row)
    )
}

fn did_you_mean(f: &mut Formatter<'_>, meant: Option<&str>) -> fmt::Result {
    match meant {
        Some(meant) => write!(f, ". Did you mean '{meant}'?"),
        None => Ok(()),
    }
}
