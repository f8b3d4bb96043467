//! Questions about ambiguous tables: which question a file leaves open, and the file as CSV after a person's answer.
//!
//! The CSV replaces the original file, and may leave another question open. Its lines have the numbers of the lines or
//! rows in the original file, except after [`Choice::Header`], which adds a line.

use encoding_rs::WINDOWS_1252;

use super::columns::Wanted;
use super::conversion::Converted;
use super::delimited::{self, HeaderRow};
use super::kind::{conversion_of, is_packed, wanted};
use super::question::{Choice, Question};
use super::workbook;
use crate::format::input_role::InputRole;
use crate::format::record::BYTE_ORDER_MARK;
use crate::text::visible::quoted;

/// The question that a person must answer before a file can be read in a role; `None` if there is none, or if no answer
/// would help.
#[must_use]
pub fn question(role: InputRole, bytes: &[u8]) -> Option<Question> {
    let wanted = wanted(role)?;
    if let Some(text) = western_european(bytes) {
        return Some(Question::WesternEuropean { shown: first_word_beyond_ascii(&text) });
    }
    match conversion_of(bytes, wanted) {
        Ok(Some(Converted { doubt: Some(doubt), .. })) | Err(doubt) => doubt.question,
        Ok(Some(converted)) => question_of_csv(&converted.csv, wanted),
        Ok(None) => question_of_csv(bytes, wanted),
    }
}

/// The file as CSV after an answer, and one line of text about what was converted.
///
/// # Errors
/// A message if the file cannot be converted, or if the answer does not fit it, such as a sheet that it does not have.
pub fn answered(role: InputRole, bytes: &[u8], answer: &Choice) -> Result<(Vec<u8>, String), String> {
    let no_table = || "this kind of file is no table".to_owned();
    let wanted = wanted(role).ok_or_else(no_table)?;
    match answer {
        Choice::Sheet(sheet) => {
            let converted = workbook::convert_sheet(bytes, wanted, sheet)?;
            let note = converted.note_text();
            Ok((converted.csv, note))
        }
        Choice::WesternEuropean => {
            let text = western_european(bytes).ok_or("this text is not in the encoding Windows-1252")?;
            Ok((text.into_bytes(), "read as Windows-1252 (Western European)".to_owned()))
        }
        Choice::Column { wanted: name, position } => in_csv(bytes, wanted, |csv| {
            let name = wanted.names.iter().find(|one| *one == name).ok_or("this table has no such column")?;
            let mut header = delimited::header(csv, wanted).ok_or("this file has no header")?;
            let found = header.names.get_mut(*position).ok_or("the header has no such column")?;
            let note = format!("column {} read as {name}", quoted(found));
            *found = (*name).to_owned();
            Ok((header.csv_of(csv, wanted), note))
        }),
        Choice::Header => in_csv(bytes, wanted, |csv| {
            let header = delimited::header(csv, wanted).ok_or("this file has no rows")?;
            let text = header.csv_of(csv, wanted);
            let csv = [wanted.names.join(",").as_bytes(), b"\n", &text].concat();
            Ok((csv, format!("header added: {}; line numbers count it", wanted.names.join(","))))
        }),
    }
}

/// Calls `then` with the file as CSV, and puts the note about that conversion before the one that `then` returns.
fn in_csv(
    bytes: &[u8],
    wanted: Wanted,
    then: impl FnOnce(&[u8]) -> Result<(Vec<u8>, String), String>,
) -> Result<(Vec<u8>, String), String> {
    match conversion_of(bytes, wanted).map_err(|refusal| refusal.message)? {
        Some(converted) => {
            let (csv, note) = then(&converted.csv)?;
            Ok((csv, [converted.note_text(), note].join("; ")))
        }
        None => then(bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)),
    }
}

/// The question about the first column that the header of a CSV lacks; `None` if it lacks none.
fn question_of_csv(csv: &[u8], wanted: Wanted) -> Option<Question> {
    let csv = csv.strip_prefix(BYTE_ORDER_MARK).unwrap_or(csv);
    let HeaderRow { names, fit, text, .. } = delimited::header(csv, wanted)?;
    let missing = wanted.names.iter().find(|name| fit.position_of(name).is_none())?;
    // A table with fewer columns lacks a required one under any name.
    if names.len() < wanted.names.len() {
        return None;
    }
    if names[0].starts_with(|c: char| c.is_ascii_digit()) {
        return (names.len() == wanted.names.len()).then_some(Question::Header { first_row: text });
    }
    let is_free = |position: &usize| !fit.is_taken(*position);
    let found = (0..names.len()).filter(is_free).map(|position| (position, names[position].clone())).collect();
    Some(Question::Column { wanted: (*missing).to_owned(), found })
}

/// A text decoded from Windows-1252; `None` if it is valid UTF-8, a binary file, or not valid Windows-1252.
fn western_european(bytes: &[u8]) -> Option<String> {
    if is_packed(bytes)
        || std::str::from_utf8(bytes).is_ok()
        || bytes.contains(&0)
        || bytes.starts_with(BYTE_ORDER_MARK)
    {
        return None;
    }
    let text = WINDOWS_1252.decode_without_bom_handling(bytes).0;
    // Bytes without a character become control characters.
    let is_control = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
    (!text.contains(is_control)).then(|| text.into_owned())
}

fn first_word_beyond_ascii(text: &str) -> String {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"');
    text.split(is_between).find(|word| !word.is_ascii()).unwrap_or_default().chars().take(40).collect()
}
