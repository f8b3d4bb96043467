//! Parsing of a recipe. Collects every problem with its place; unknown parts alone do not prevent reading the rest.

use std::convert::Infallible;
use std::fmt;

use super::names::{
    BREAK, BUILT_IN, FAKE_DAY, FORMAT, IDS, MADE_UP, MARK, MIX, NEW_POPULATION, NO, NOW, NUMERIC, RECIPE, REQUEST_ID,
    SEED, SKIP_BAD_ROWS, TIME_ZONE, VERSION, YES, known_parts,
};
use super::percent;
use super::problem::{RecipeProblem, RecipeProblemKind};
use super::run_recipe::Recipe;
use crate::breakage::BreakList;
use crate::format::employees::BadRows;
use crate::format::input_role::InputRole;
use crate::format::non_completed::RequestIdStyle;
use crate::inputs::input_file::built_in_name;
use crate::plan::calendar::BusinessZone;
use crate::plan::mix::Mix;
use crate::plan::new_population::{self, IdRange, NewPopulation};
use crate::plan::settings::{Settings, parse_now, parse_seed};
use crate::record::run_record::InputRecord;
use crate::sheet::Choice;
use crate::text::digest::is_sha256;
use crate::text::problem::Place;
use crate::text::similar::most_similar;
use crate::text::visible::quoted;

/// The result of parsing a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeReading {
    /// The recipe, if all parts that this version knows could be read. If there are problems as well, the recipe has
    /// unknown parts, and the run may not be the original one.
    pub recipe: Option<Recipe>,
    /// Every problem, in the order of the text. Missing parts are reported at the end of the text.
    pub problems: Vec<RecipeProblem>,
}

/// Parses a link or its fragment. Never stops at the first problem.
pub(super) fn read_link(text: &str) -> RecipeReading {
    let from = text.find('#').map_or_else(|| text.len() - text.trim_start().len(), |mark| mark + 1);
    let fragment = text[from..].trim_end();
    let mut reader = RecipeReader { text, parts: Vec::new(), problems: Vec::new(), unknown: 0 };
    if fragment.strip_prefix(RECIPE).is_some_and(|rest| rest.starts_with('=')) {
        reader.split(fragment, from);
        let recipe = reader.recipe();
        let readable = reader.problems.len() == reader.unknown;
        reader.problems.sort_by_key(|problem| problem.place);
        RecipeReading { recipe: recipe.filter(|_| readable), problems: reader.problems }
    } else {
        let found = text.trim().chars().take(100).collect();
        reader.report(from, RecipeProblemKind::NoRecipe(found));
        RecipeReading { recipe: None, problems: reader.problems }
    }
}

/// Reader of the parts of a recipe, with the problems found so far.
struct RecipeReader<'a> {
    text: &'a str,
    parts: Vec<Part<'a>>,
    problems: Vec<RecipeProblem>,
    /// The number of unknown parts.
    unknown: usize,
}

/// One part of the text: `seed=42`.
#[derive(Clone, Copy)]
struct Part<'a> {
    name: &'static str,
    value: &'a str,
    /// The offset of the value in the text, in bytes.
    at: usize,
}

impl<'a> RecipeReader<'a> {
    /// Splits the fragment, which begins at the byte offset `from` of the text, into its known parts.
    fn split(&mut self, fragment: &'a str, from: usize) {
        let mut at = from;
        for part in fragment.split('&') {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            match known_parts().find(|known| *known == name) {
                _ if part.is_empty() => {}
                Some(name) if self.part(name).is_some() => {
                    self.report(at, RecipeProblemKind::RepeatedPart(name));
                }
                Some(name) => self.parts.push(Part { name, value, at: at + name.len() + 1 }),
                None => {
                    self.unknown += 1;
                    let meant = most_similar(name, &known_parts().collect::<Vec<_>>());
                    self.report(at, RecipeProblemKind::UnknownPart(name.to_owned(), meant));
                }
            }
            at += part.len() + 1;
        }
    }

    fn recipe(&mut self) -> Option<Recipe> {
        let format = self.part(RECIPE).filter(|format| format.value != FORMAT);
        if let Some(Part { value, at, .. }) = format {
            self.report(at, RecipeProblemKind::OtherFormat(value.to_owned()));
            return None;
        }
        let version = self.needed(VERSION, |text| Ok::<_, Infallible>(text.to_owned()));
        let now = self.needed(NOW, parse_now);
        let seed = self.needed(SEED, parse_seed);
        let zone = self.value(TIME_ZONE, str::parse::<BusinessZone>);
        let byte_order_mark = self.value(MARK, yes_or_no);
        let request_id = self.value(REQUEST_ID, parse_style);
        let skip_bad_rows = self.value(SKIP_BAD_ROWS, yes_or_no);
        let mix = self.value(MIX, str::parse::<Mix>);
        let population = self.population();
        let breaks = self.value(BREAK, BreakList::parse).unwrap_or_default();
        let files = InputRole::ALL.iter().copied().filter_map(|role| self.file(role)).collect();
        let settings = Settings {
            time_zone: zone.unwrap_or(BusinessZone::UTC),
            byte_order_mark: byte_order_mark.unwrap_or_default(),
            request_id: request_id.unwrap_or_default(),
            bad_rows: if skip_bad_rows.unwrap_or_default() { BadRows::Skip } else { BadRows::Refuse },
            mix,
            population,
            ..Settings::new(now?, seed?)
        };
        Some(Recipe { version: version?, settings, breaks, files })
    }

    fn part(&self, name: &str) -> Option<Part<'a>> {
        self.parts.iter().find(|part| part.name == name).copied()
    }

    fn needed<T, E: fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if self.part(name).is_none() {
            self.report(self.text.trim_end().len(), RecipeProblemKind::MissingPart(name));
        }
        self.value(name, parse)
    }

    /// The value of an optional part.
    fn value<T, E: fmt::Display>(&mut self, name: &'static str, parse: impl FnOnce(&str) -> Result<T, E>) -> Option<T> {
        let part = self.part(name)?;
        let value = percent::decoded(part.value).and_then(|text| parse(&text).map_err(|error| error.to_string()));
        self.read(part, value)
    }

    /// The new population. A range of ids without a number of employees is ignored.
    fn population(&mut self) -> Option<NewPopulation> {
        let ids = self.value(IDS, str::parse::<IdRange>).unwrap_or(IdRange::USUAL);
        self.value(NEW_POPULATION, |text| NewPopulation::new(NewPopulation::parse_count(text)?, ids))
    }

    fn file(&mut self, role: InputRole) -> Option<InputRecord> {
        let part = self.part(role.name())?;
        self.read(part, parse_file(role, part.value))
    }

    fn read<T>(&mut self, part: Part<'_>, value: Result<T, String>) -> Option<T> {
        value.map_err(|why| self.report(part.at, RecipeProblemKind::BadValue { part: part.name, why })).ok()
    }

    fn report(&mut self, at: usize, kind: RecipeProblemKind) {
        self.problems.push(RecipeProblem { place: place(self.text, at), kind });
    }
}

/// The line and column of a byte offset.
pub(super) fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let number = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    Place::new(number(before.matches('\n').count()), number(line.chars().count()))
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        YES => Ok(true),
        NO => Ok(false),
        _ => Err(format!("{} is neither {YES} nor {NO}", quoted(text))),
    }
}

fn parse_style(text: &str) -> Result<RequestIdStyle, String> {
    match text {
        NUMERIC => Ok(RequestIdStyle::Numeric),
        FAKE_DAY => Ok(RequestIdStyle::FakeDay),
        _ => Err(format!("{} is neither {NUMERIC} nor {FAKE_DAY}", quoted(text))),
    }
}

/// Parses `NAME:BYTES:SHA256`, and `:ANSWER` for each answer to the file's questions.
fn parse_file(role: InputRole, text: &str) -> Result<InputRecord, String> {
    let mut fields = text.split(':');
    let (Some(name), Some(bytes), Some(sha256)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(format!("{} is no file; write NAME:BYTES:SHA256, with %3A for a colon in the name", quoted(text)));
    };
    let (built_in, made_up) = (name == BUILT_IN, name == MADE_UP);
    let name = if built_in {
        built_in_name(role).ok_or("no such file is built in; it has a name of its own")?.to_owned()
    } else if made_up {
        new_population::NAME.to_owned()
    } else {
        percent::decoded(name)?
    };
    if name.is_empty() {
        return Err("the file has no name; it stands before the first colon".to_owned());
    }
    let bytes = bytes.parse().map_err(|_| format!("{} is no size; it is a number of bytes", quoted(bytes)))?;
    let sha256 = sha256.to_ascii_lowercase();
    if !is_sha256(&sha256) {
        return Err(format!("{} is no SHA-256; it has 64 hexadecimal digits", quoted(&sha256)));
    }
    let choices = fields.map(|answer| percent::decoded(answer)?.parse()).collect::<Result<Vec<Choice>, String>>()?;
    Ok(InputRecord { role, name, path: None, built_in, made_up, bytes, sha256, choices: choices.into() })
}
