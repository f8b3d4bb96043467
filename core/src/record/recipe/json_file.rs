//! The recipe as a JSON file: an object with the parts of the link, for places where a link would lead to an address that
//! others cannot reach.
//!
//! Values are texts, without the percent-encoding of a link; that of a file is NAME:BYTES:SHA256, as in the link.

use serde_json::{Map, Value};

use super::names::{FORMAT, RECIPE, part_of_role};
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
    let fields: Map<String, Value> = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) => {
            let number = |count: usize| u32::try_from(count.max(1)).unwrap_or(u32::MAX);
            let place = Place::new(number(error.line()), number(error.column()));
            let kind = RecipeProblemKind::BadJson(json_words(&error));
            return RecipeReading { recipe: None, problems: vec![RecipeProblem { place, kind }] };
        }
    };
    let part = |(name, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = if is_file(name) { value } else { percent::encoded(&value) };
        format!("&{}={value}", percent::encoded(name))
    };
    let format = fields.get(RECIPE).and_then(Value::as_str).unwrap_or(FORMAT).to_owned();
    let others: String = fields.iter().filter(|(name, _)| *name != RECIPE).map(part).collect();
    let mut reading = read_link(&format!("{RECIPE}={}{others}", percent::encoded(&format)));
    for problem in &mut reading.problems {
        let field = problem.kind.part().and_then(|part| text.find(&Value::from(part).to_string()));
        problem.place = field.map_or(Place::START, |at| place(text, at));
    }
    reading.problems.sort_by_key(|problem| problem.place);
    reading
}

fn is_file(name: &str) -> bool {
    InputRole::ALL.iter().any(|role| part_of_role(*role) == name)
}
