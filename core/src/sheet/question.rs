//! Questions about ambiguous tables, and the choices that answer them. A choice has a text form, which run files, recipes
//! and the options of the command line have: `sheet=Staff`, `column.employee_id=Personnel number`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::text::visible::quoted;

/// A question about a table that has several readings, or no certain one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Question {
    /// Which of these sheets holds the table?
    Sheet(Vec<String>),
    /// Which column of the file is the one that should have the name `wanted`?
    Column {
        /// The name that the column should have.
        wanted: String,
        /// Its choices.
        found: Vec<FoundColumn>,
    },
    /// Is the header missing, so that the first row is a row of the table?
    Header {
        /// The first row.
        first_row: String,
    },
    /// Is the text in the encoding Windows-1252 (Western European)?
    WesternEuropean {
        /// The first word with a character beyond ASCII, decoded from Windows-1252.
        shown: String,
    },
}

/// A column of a header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundColumn {
    /// Its name, for people.
    pub name: String,
    /// Its name in an answer: the name, or `#2` for the second column if its name is empty or not the only one.
    pub found: String,
}

/// The answer to a [`Question`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Choice {
    /// The text is in the encoding Windows-1252.
    WesternEuropean,
    /// The table is in this sheet.
    Sheet(String),
    /// The first row is a row of the table: the header is added above it.
    Header,
    /// The column of the file that should have the name `wanted`.
    Column {
        /// The name that the column should have.
        wanted: String,
        /// Its name in the file; `#2` for the second column.
        found: String,
    },
}

/// What a question is about. Its name is that of the option which answers the question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum Subject {
    /// The encoding of a text.
    Encoding,
    /// The sheet of a workbook.
    Sheet,
    /// A header that may be missing.
    Header,
    /// A column that may have another name.
    Column,
}

impl Subject {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl FoundColumn {
    /// The column for people, unlike any other.
    fn label(&self) -> String {
        let FoundColumn { name, found } = self;
        if name == found || name.is_empty() { found.clone() } else { format!("{name} ({found})") }
    }

    /// The columns at some positions of a header, from 0.
    pub(super) fn at(names: &[String], positions: impl IntoIterator<Item = usize>) -> Vec<FoundColumn> {
        let found = |at: usize| FoundColumn { name: names[at].clone(), found: name_in_answer(names, at) };
        positions.into_iter().map(found).collect()
    }

    /// The position of a column in a header, from 0, by its name in an answer.
    ///
    /// # Errors
    /// A message that names the columns of the header.
    pub(super) fn position(names: &[String], found: &str) -> Result<usize, String> {
        let at = (0..names.len()).find(|at| name_in_answer(names, *at) == found);
        let numbered = || found.strip_prefix('#')?.parse::<usize>().ok()?.checked_sub(1).filter(|at| *at < names.len());
        at.or_else(numbered).ok_or_else(|| {
            let all: Vec<String> = (0..names.len()).map(|at| quoted(&name_in_answer(names, at))).collect();
            format!("no column has the name {}; the columns are {}", quoted(found), all.join(", "))
        })
    }
}

/// The name of a column in an answer: its number if the name is empty, looks like a number, or is not the only one.
fn name_in_answer(names: &[String], at: usize) -> String {
    let name = &names[at];
    let is_the_only = names.iter().filter(|one| *one == name).count() == 1;
    if is_the_only && !name.is_empty() && !name.starts_with('#') { name.clone() } else { format!("#{}", at + 1) }
}

impl Question {
    /// The choices that answer the question, each with a label for people.
    #[must_use]
    pub fn choices(&self) -> Vec<(String, Choice)> {
        match self {
            Self::Sheet(names) => names.iter().map(|name| (name.clone(), Choice::Sheet(name.clone()))).collect(),
            Self::Column { wanted, found } => {
                let choice = |one: &FoundColumn| Choice::Column { wanted: wanted.clone(), found: one.found.clone() };
                found.iter().map(|one| (one.label(), choice(one))).collect()
            }
            Self::Header { .. } => vec![("Add the header".to_owned(), Choice::Header)],
            Self::WesternEuropean { .. } => {
                vec![("Read as Western European (Windows-1252)".to_owned(), Choice::WesternEuropean)]
            }
        }
    }
}

impl fmt::Display for Question {
    /// Formats as a question for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sheet(_) => write!(f, "which sheet is it?"),
            Self::Column { wanted, .. } => write!(f, "which column is {wanted}?"),
            Self::Header { first_row } => write!(f, "is the first row a row of the table: {}?", quoted(first_row)),
            Self::WesternEuropean { shown } => write!(f, "is this spelled right: {}?", quoted(shown)),
        }
    }
}

impl Choice {
    /// The subject of the question that it answers.
    #[must_use]
    pub fn subject(&self) -> Subject {
        match self {
            Self::WesternEuropean => Subject::Encoding,
            Self::Sheet(_) => Subject::Sheet,
            Self::Header => Subject::Header,
            Self::Column { .. } => Subject::Column,
        }
    }

    /// The column that it is about; `None` for an answer about the whole table.
    #[must_use]
    pub fn wanted(&self) -> Option<&str> {
        match self {
            Self::Column { wanted, .. } => Some(wanted),
            _ => None,
        }
    }

    /// True if another answer is to the same question.
    #[must_use]
    pub fn answers_same(&self, other: &Choice) -> bool {
        (self.subject(), self.wanted()) == (other.subject(), other.wanted())
    }

    /// The answer itself: a sheet, a column of the file, `windows-1252` or `none`.
    #[must_use]
    pub fn value(&self) -> &str {
        match self {
            Self::WesternEuropean => "windows-1252",
            Self::Sheet(name) => name,
            Self::Header => "none",
            Self::Column { found, .. } => found,
        }
    }

    /// The answer of a subject, a column and a value, as [`Choice::subject`], [`Choice::wanted`] and [`Choice::value`]
    /// return them.
    ///
    /// # Errors
    /// A message that names what is allowed.
    pub fn of(subject: Subject, wanted: Option<&str>, value: &str) -> Result<Choice, String> {
        let allowed = |one: &str| format!("{} is not allowed; {one} is", quoted(value));
        match (subject, wanted) {
            (_, _) if value.is_empty() => Err(NO_VALUE.to_owned()),
            (Subject::Column, Some(wanted)) if !wanted.is_empty() => {
                Ok(Choice::Column { wanted: wanted.to_owned(), found: value.to_owned() })
            }
            (Subject::Column, _) => Err("the column that is wanted is missing".to_owned()),
            (subject, Some(_)) => Err(no_answer_about_column(subject.name())),
            (Subject::Sheet, None) => Ok(Choice::Sheet(value.to_owned())),
            (Subject::Encoding, None) if value.eq_ignore_ascii_case("windows-1252") => Ok(Choice::WesternEuropean),
            (Subject::Encoding, None) => Err(allowed("windows-1252")),
            (Subject::Header, None) if value == "none" => Ok(Choice::Header),
            (Subject::Header, None) => Err(allowed("none")),
        }
    }
}

const NO_VALUE: &str = "nothing stands after the =";

fn no_answer_about_column(name: &str) -> String {
    format!("{} is no answer about a column", quoted(name))
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.subject().name())?;
        self.wanted().map_or(Ok(()), |wanted| write!(f, ".{wanted}"))?;
        write!(f, "={}", self.value())
    }
}

impl FromStr for Choice {
    type Err = String;

    fn from_str(text: &str) -> Result<Choice, String> {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("{} has no =", quoted(text)))?;
        let (name, wanted) = name.split_once('.').map_or((name, None), |(name, wanted)| (name, Some(wanted)));
        match name.parse::<Subject>() {
            Ok(subject) => Choice::of(subject, wanted, value),
            Err(_) if value.is_empty() => Err(NO_VALUE.to_owned()),
            Err(_) if wanted.is_some() => Err(no_answer_about_column(name)),
            Err(_) => Err(format!("{} is no answer; sheet, column, encoding and header are", quoted(name))),
        }
    }
}

impl From<Choice> for String {
    fn from(choice: Choice) -> String {
        choice.to_string()
    }
}

impl TryFrom<String> for Choice {
    type Error = String;

    fn try_from(text: String) -> Result<Choice, String> {
        text.parse()
    }
}
