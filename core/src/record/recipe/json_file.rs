//! The recipe as a JSON file: an object with the parts of the link, for places where a link would lead to an address that
//! others cannot reach.
//!
//! Values are texts, without the percent-encoding of a link; that of a file is NAME:BYTES:SHA256, as in the link.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::names::{FORMAT, RECIPE};
use super::percent;
use super::problem::{RecipeProblem, RecipeProblemKind};
use super::reading::{RecipeReading, place, read_link};
use super::run_recipe::Recipe;
use crate::format::input_role::InputRole;
use crate::text::json_error::json_words;
use crate::text::problem::Place;

impl Recipe {
    /// The recipe as a JSON file. [`read_recipe`](super::read_recipe) reads it.
    #[must_use]
    pub fn json(&self) -> String {
        let text = |value: &str| Value::from(value).to_string();
        let link = self.to_string();
        let parts = link.split('&').filter_map(|part| part.split_once('='));
        let lines: Vec<String> = parts
            .map(|(name, value)| {
                let decoded = if is_file(name) { None } else { percent::decoded(value).ok() };
                format!("  {}: {}", text(name), text(decoded.as_deref().unwrap_or(value)))
            })
            .collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }
}

/// True if a text is the JSON file of a recipe: an object with the format among its fields.
#[must_use]
pub fn is_recipe_file(text: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(text).is_ok_and(|fields| fields.contains_key(RECIPE))
}

/// Parses the JSON file of a recipe. The place of a problem is that of its field.
pub(super) fn read_json(text: &str) -> RecipeReading {
    let Fields(mut fields) = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) => {
            let number = |count: usize| u32::try_from(count.max(1)).unwrap_or(u32::MAX);
            let place = Place::new(number(error.line()), number(error.column()));
            let kind = RecipeProblemKind::BadJson(json_words(&error));
            return RecipeReading { recipe: None, problems: vec![RecipeProblem { place, kind }] };
        }
    };
    let part = |(name, value): &(String, Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = if is_file(name) { value } else { percent::encoded(&value) };
        format!("{}={value}", percent::encoded(name))
    };
    // A link begins with its format.
    match fields.iter().position(|(name, _)| name == RECIPE) {
        Some(at) => fields[..=at].rotate_right(1),
        None => fields.insert(0, (RECIPE.to_owned(), FORMAT.into())),
    }
    let mut reading = read_link(&fields.iter().map(part).collect::<Vec<_>>().join("&"));
    for problem in &mut reading.problems {
        problem.place = place_of_field(text, &problem.kind);
    }
    reading.problems.sort_by_key(|problem| problem.place);
    reading
}

/// The place of the field that a problem is about; for a repeated field, that of the second one.
fn place_of_field(text: &str, kind: &RecipeProblemKind) -> Place {
    let Some(name) = kind.part().map(|part| Value::from(part).to_string()) else { return Place::START };
    let is_name = |at: &usize| text[at + name.len()..].trim_start().starts_with(':');
    let mut found = text.match_indices(&name).map(|(at, _)| at).filter(is_name);
    let at = if matches!(kind, RecipeProblemKind::RepeatedPart(_)) { found.nth(1) } else { found.next() };
    at.map_or(Place::START, |at| place(text, at))
}

/// The fields of a JSON object in their order, repeated ones included.
struct Fields(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = object.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

fn is_file(name: &str) -> bool {
    InputRole::ALL.iter().any(|role| role.name() == name)
}
