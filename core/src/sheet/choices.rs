//! Questions about ambiguous tables: which question a file leaves open, and the file as CSV after people's answers.
//!
//! The lines of the CSV have the numbers of the lines or rows in the original file, except after [`Choice::Header`], which
//! adds a line.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use serde::{Deserialize, Serialize};

use super::columns::Wanted;
use super::conversion::{Converted, Original};
use super::conversion_error::ConversionError;
use super::delimited::{self, HeaderRow};
use super::kind::{conversion_of, is_packed, wanted};
use super::question::{Choice, FoundColumn, Question};
use super::workbook_table;
use crate::format::file_kind;
use crate::format::input_role::InputRole;
use crate::format::record::BYTE_ORDER_MARK;
use crate::format::table::column_name;
use crate::text::separator::Separator;
use crate::text::visible::quoted;

/// The answers to the questions of one file, at most one for each question, in the order in which they are applied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Vec<Choice>", from = "Vec<Choice>")]
pub struct Choices(Vec<Choice>);

impl Choices {
    /// No answers: the file must be clear without them.
    pub const NONE: Choices = Choices(Vec::new());

    /// True if there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The answers, in the order in which they are applied.
    pub fn iter(&self) -> impl Iterator<Item = &Choice> {
        self.0.iter()
    }

    /// Adds an answer, in place of one to the same question.
    pub fn add(&mut self, answer: Choice) {
        self.0.retain(|one| !one.answers_same(&answer));
        self.0.push(answer);
        self.0.sort();
    }
}

impl From<Vec<Choice>> for Choices {
    fn from(all: Vec<Choice>) -> Choices {
        let mut choices = Choices::NONE;
        all.into_iter().for_each(|choice| choices.add(choice));
        choices
    }
}

impl From<Choice> for Choices {
    fn from(choice: Choice) -> Choices {
        Choices(vec![choice])
    }
}

impl From<Choices> for Vec<Choice> {
    fn from(choices: Choices) -> Vec<Choice> {
        choices.0
    }
}

/// The answers to the questions of several inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputChoices([Choices; InputRole::ALL.len()]);

impl InputChoices {
    /// The answers about the file of a role.
    #[must_use]
    pub fn of(&self, role: InputRole) -> &Choices {
        &self.0[role as usize]
    }

    /// Adds an answer about the file of a role, in place of one to the same question.
    pub fn add(&mut self, role: InputRole, answer: Choice) {
        self.0[role as usize].add(answer);
    }

    /// The roles whose files have answers.
    pub fn roles(&self) -> impl Iterator<Item = InputRole> {
        InputRole::ALL.into_iter().filter(|role| !self.of(*role).is_empty())
    }
}

/// The question that a person must answer before a file can be read in a role, after the answers given so far; `None` if
/// there is none, or if no answer would help.
#[must_use]
pub fn question(role: InputRole, bytes: &[u8], choices: &Choices) -> Option<Question> {
    let wanted = wanted(role)?;
    let is_open = !choices.iter().any(|one| *one == Choice::WesternEuropean);
    // The answer must make the file readable.
    let is_table = |text: &String| conversion_of(text.as_bytes(), wanted).is_ok();
    if is_open && let Some(text) = western_european(bytes).filter(is_table) {
        return Some(Question::WesternEuropean { shown: first_word_beyond_ascii(&text) });
    }
    let converted = match choices.is_empty() {
        true => conversion_of(bytes, wanted),
        false => after(bytes, wanted, choices).map(Some),
    };
    match converted {
        Ok(Some(Converted { doubt: Some(doubt), .. })) | Err(doubt) => doubt.question,
        Ok(Some(converted)) => question_of_csv(&converted.csv, wanted),
        Ok(None) => question_of_csv(bytes, wanted),
    }
}

/// The file as CSV after the answers, and one line of text about what was converted.
///
/// # Errors
/// A message if the file cannot be converted, or if an answer does not fit it, such as a sheet that it does not have.
pub fn answered(role: InputRole, bytes: &[u8], choices: &Choices) -> Result<(Vec<u8>, String), String> {
    let no_table = || "this kind of file is no table, so there is nothing to answer about it".to_owned();
    let converted = after(bytes, wanted(role).ok_or_else(no_table)?, choices).map_err(|refusal| refusal.message)?;
    let note = converted.note_text();
    Ok((converted.csv, note))
}

/// The conversion of a file by the answers: its encoding, then the sheet, then the header or names of columns.
///
/// # Errors
/// [`ConversionError`] if the file cannot be converted, or if an answer does not fit it.
pub(super) fn after(bytes: &[u8], wanted: Wanted, choices: &Choices) -> Result<Converted, ConversionError> {
    let (mut bytes, mut encoding) = (Cow::Borrowed(bytes), None);
    let mut converted: Option<Converted> = None;
    for answer in choices.iter() {
        converted = match answer {
            Choice::WesternEuropean => {
                bytes = Cow::Owned(from_windows(&bytes)?.into_bytes());
                encoding = Some("read as Windows-1252 (Western European)".to_owned());
                None
            }
            Choice::Sheet(sheet) => Some(workbook_table::convert_sheet(&bytes, wanted, sheet)?),
            Choice::Header => Some(with_header(as_csv(converted, &bytes, wanted)?, wanted)?),
            Choice::Column { wanted: name, found } => {
                Some(with_column(as_csv(converted, &bytes, wanted)?, wanted, name, found)?)
            }
        };
    }
    let mut converted = as_csv(converted, &bytes, wanted)?;
    converted.notes.splice(0..0, encoding);
    Ok(converted)
}

/// The conversion so far, or that of a file about which nothing was answered yet.
fn as_csv(converted: Option<Converted>, bytes: &[u8], wanted: Wanted) -> Result<Converted, ConversionError> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let unchanged = || Converted::plain(text, Vec::new(), header_fit(bytes, wanted));
    match converted {
        Some(converted) => Ok(converted),
        None => Ok(conversion_of(bytes, wanted)?.unwrap_or_else(unchanged)),
    }
}

/// A table after the answer that the first row is no header: the header stands above it.
fn with_header(converted: Converted, wanted: Wanted) -> Result<Converted, String> {
    let header = delimited::header(&converted.csv, wanted).ok_or("this file has no rows")?;
    let names = wanted.names.join(",");
    let csv = [names.as_bytes(), b"\n", &header.csv_of(&converted.csv, wanted)].concat();
    let (matched, separator) = (wanted.names.len(), named_separator(&converted, &header));
    let mut notes = converted.notes;
    notes.push(format!("header added: {names}; line numbers count it"));
    let original = Original::Same;
    Ok(Converted { csv, header_line: 1, notes, matched, doubt: None, separator, original, ..converted })
}

/// A table after the answer which column is the wanted one. Another column of that name loses its name.
fn with_column(converted: Converted, wanted: Wanted, name: &str, found: &str) -> Result<Converted, String> {
    let is_name = |one: &&&'static str| one.eq_ignore_ascii_case(name);
    let name =
        *wanted.names.iter().find(is_name).ok_or_else(|| {
            format!("no column {} is wanted; those that are: {}", quoted(name), wanted.names.join(", "))
        })?;
    let mut header = delimited::header(&converted.csv, wanted).ok_or("this file has no header")?;
    let at = FoundColumn::position(&header.names, found)?;
    for (position, other) in header.names.iter_mut().enumerate() {
        if position == at {
            name.clone_into(other);
        } else if column_name(other).eq_ignore_ascii_case(name) {
            other.clear();
        }
    }
    let csv = header.csv_of(&converted.csv, wanted);
    let separator = named_separator(&converted, &header);
    let mut notes = converted.notes;
    notes.push(format!("column {} read as {name}", quoted(found)));
    let original = match converted.original {
        Original::Same => Original::Text { text: converted.csv, separator: header.separator },
        other => other,
    };
    // Other columns may fit nearly, now that the header is known.
    let again = delimited::convert(&csv, wanted).map_err(|refusal| refusal.message)?;
    let so_far = Converted { csv, header_line: header.line, notes, doubt: None, separator, original, ..converted };
    Ok(match again {
        Some(Converted { csv, renamed, matched, doubt, .. }) => {
            let renamed = so_far.renamed.iter().cloned().chain(renamed).collect();
            Converted { csv, renamed, matched, doubt, ..so_far }
        }
        None => {
            let matched = header_fit(&so_far.csv, wanted);
            Converted { matched, ..so_far }
        }
    })
}

/// The separator of the original file: that of the conversion so far, or of the header that was converted now.
fn named_separator(converted: &Converted, header: &HeaderRow) -> Separator {
    if converted.separator == Separator::Comma { header.separator } else { converted.separator }
}

/// The number of wanted columns that the header of a CSV names.
fn header_fit(csv: &[u8], wanted: Wanted) -> usize {
    delimited::header(csv, wanted).map_or(0, |header| header.fit.matched)
}

/// The question about the first column that the header of a CSV lacks; `None` if it lacks none.
fn question_of_csv(csv: &[u8], wanted: Wanted) -> Option<Question> {
    let csv = csv.strip_prefix(BYTE_ORDER_MARK).unwrap_or(csv);
    if file_kind::is_no_table(csv) {
        return None;
    }
    let HeaderRow { names, fit, text, .. } = delimited::header(csv, wanted)?;
    let missing = wanted.names.iter().find(|name| fit.position_of(name).is_none())?;
    // A table with fewer columns lacks a required one under any name.
    if names.len() < wanted.names.len() {
        return None;
    }
    if names[0].starts_with(|c: char| c.is_ascii_digit()) {
        return (names.len() == wanted.names.len()).then_some(Question::Header { first_row: text });
    }
    let free = (0..names.len()).filter(|position| !fit.is_taken(*position));
    Some(Question::Column { wanted: (*missing).to_owned(), found: FoundColumn::at(&names, free) })
}

/// A text decoded from Windows-1252, as people answered. A text in ASCII is the same in every encoding.
fn from_windows(bytes: &[u8]) -> Result<String, String> {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.is_ascii() => Ok(text.to_owned()),
        Ok(_) => Err("this text is in UTF-8, and not in Windows-1252; leave that answer out".to_owned()),
        Err(_) => western_european(bytes)
            .ok_or_else(|| "this is no text in the encoding Windows-1252; leave that answer out".to_owned()),
    }
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
