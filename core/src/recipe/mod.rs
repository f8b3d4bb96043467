//! A recipe: everything of a run that is no file, and which files it needs, as a text that fits into a link.
//!
//! The text is the fragment of a link, so that it goes to no server: `recipe=1&version=0.1.0&now=...&seed=42&...`. Its
//! parts are called as the options of `simulate`; what is usual is left out. A file is named by its name, size and
//! SHA-256, never by its content. The same recipe always has the same text.

mod percent;
mod reading;
#[cfg(test)]
mod tests;

use std::fmt;

use crate::breakage::BreakList;
use crate::calendar::BusinessZone;
use crate::format::employees::BadRows;
use crate::format::instant::instant_text;
use crate::format::non_completed::RequestIdStyle;
use crate::input::InputRole;
use crate::problem::Place;
use crate::run_record::{InputRecord, RunRecord};
use crate::settings::Settings;
use crate::visible::quoted;

pub use reading::RecipeReading;

/// How a run is made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The version of the program that it comes from.
    pub version: String,
    /// Seed, instant and settings.
    pub settings: Settings,
    /// What is broken on purpose.
    pub breaks: BreakList,
    /// The files that it needs, in the order of [`InputRole::ALL`], at most one of each role; where they were is not
    /// told. Where one could be built in and is not named, it is built in.
    pub files: Vec<InputRecord>,
}

/// One thing that is wrong with the text of a recipe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecipeProblem {
    /// Where it stands.
    pub place: Place,
    /// What it is.
    pub kind: RecipeProblemKind,
}

/// What can be wrong with the text of a recipe, with the data that its text needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipeProblemKind {
    /// There is no recipe in the text.
    NoRecipe {
        /// How the text begins.
        found: String,
    },
    /// A recipe in a format that came after this program.
    OtherFormat {
        /// The number of the format.
        found: String,
    },
    /// A part that no recipe has.
    UnknownPart {
        /// What it is called.
        found: String,
        /// What was probably meant.
        meant: Option<&'static str>,
    },
    /// A part that stands there twice.
    RepeatedPart {
        /// What it is called.
        part: &'static str,
    },
    /// A part that every recipe has, and that is not there.
    MissingPart {
        /// What it is called.
        part: &'static str,
    },
    /// A value that cannot be read.
    BadValue {
        /// The part.
        part: &'static str,
        /// What is wrong with it, and what is allowed.
        said: String,
    },
}

impl Recipe {
    /// The recipe of a run.
    #[must_use]
    pub fn of_run(record: &RunRecord) -> Recipe {
        let breaks = BreakList::behind(&record.broken);
        Recipe { version: record.version.clone(), breaks, ..Recipe::new(record.settings, &record.inputs) }
    }

    /// A recipe of this version of the program, of a feed that is whole.
    #[must_use]
    pub fn new(settings: Settings, files: &[InputRecord]) -> Recipe {
        let without_path = |file: &InputRecord| InputRecord { path: None, ..file.clone() };
        let mut files: Vec<InputRecord> = files.iter().map(without_path).collect();
        crate::order::sort_by_key(&mut files, |file| file.role);
        files.dedup_by_key(|file| file.role);
        Recipe { version: crate::VERSION.to_owned(), settings, breaks: BreakList::default(), files }
    }

    /// Reads a recipe: the fragment of a link, or a whole link. Never stops at the first problem.
    #[must_use]
    pub fn read(text: &str) -> RecipeReading {
        reading::read(text)
    }

    /// The link that sets a page up; a fragment of `page` is replaced.
    #[must_use]
    pub fn link(&self, page: &str) -> String {
        format!("{}#{self}", page.split('#').next().unwrap_or_default())
    }
}

impl fmt::Display for Recipe {
    /// The fragment of the link, without `#`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { now, seed, time_zone, byte_order_mark, request_id, bad_rows, mix, population } = self.settings;
        write!(f, "{RECIPE}={FORMAT}&{VERSION}={}", percent::encoded(&self.version))?;
        write!(f, "&{NOW}={}&{SEED}={seed}", instant_text(now))?;
        if time_zone != BusinessZone::UTC {
            write!(f, "&{TIME_ZONE}={}", percent::encoded(time_zone.name()))?;
        }
        if byte_order_mark {
            write!(f, "&{MARK}={YES}")?;
        }
        if request_id == RequestIdStyle::FakeDay {
            write!(f, "&{REQUEST_ID}={FAKE_DAY}")?;
        }
        if bad_rows == BadRows::Skip {
            write!(f, "&{SKIP_BAD_ROWS}={YES}")?;
        }
        if let Some(mix) = mix {
            write!(f, "&{MIX}={mix}")?;
        }
        if let Some(population) = population {
            write!(f, "&{NEW_POPULATION}={}&{IDS}={}", population.employees(), population.ids())?;
        }
        if !self.breaks.is_empty() {
            write!(f, "&{BREAK}={}", percent::encoded(&self.breaks.text()))?;
        }
        self.files.iter().try_for_each(|file| write_file(f, file))
    }
}

fn write_file(f: &mut fmt::Formatter<'_>, file: &InputRecord) -> fmt::Result {
    let InputRecord { role, name, bytes, sha256, .. } = file;
    let name = match file {
        InputRecord { built_in: true, .. } => BUILT_IN.to_owned(),
        InputRecord { made_up: true, .. } => MADE_UP.to_owned(),
        _ => percent::encoded(name),
    };
    write!(f, "&{}={name}:{bytes}:{}", part_of_role(*role), percent::encoded(sha256))
}

impl fmt::Display for RecipeProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.kind)
    }
}

impl fmt::Display for RecipeProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecipe { found } => write!(
                f,
                "{} has no recipe: that is the part of a link after the #, and begins with {RECIPE}={FORMAT}; was the \
                 link changed or cut off?",
                quoted(found)
            ),
            Self::OtherFormat { found } => write!(
                f,
                "this recipe has the format {}, and this program reads {FORMAT}; use the version that made it",
                quoted(found)
            ),
            Self::UnknownPart { found, meant: Some(meant) } => {
                write!(f, "a recipe has no part {}. Did you mean '{meant}'?", quoted(found))
            }
            Self::UnknownPart { found, meant: None } => {
                write!(f, "this version knows no part {} of a recipe; it knows ", quoted(found))?;
                write_list(f, &known_parts().collect::<Vec<_>>())
            }
            Self::RepeatedPart { part } => write!(f, "'{part}' stands there twice; keep one of them"),
            Self::MissingPart { part } => write!(f, "'{part}' is missing; was the link cut off? Copy the whole of it"),
            Self::BadValue { part, said } => write!(f, "{part}: {said}"),
        }
    }
}

fn write_list(f: &mut fmt::Formatter<'_>, words: &[&str]) -> fmt::Result {
    for (index, word) in words.iter().enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        f.write_str(word)?;
    }
    Ok(())
}

/// The only format so far.
const FORMAT: &str = "1";

const RECIPE: &str = "recipe";
const VERSION: &str = "version";
const NOW: &str = "now";
const SEED: &str = "seed";
const TIME_ZONE: &str = "timezone";
const MARK: &str = "bom";
const REQUEST_ID: &str = "request-id";
const SKIP_BAD_ROWS: &str = "skip-bad-rows";
const MIX: &str = "mix";
const NEW_POPULATION: &str = "new-population";
const IDS: &str = "ids";
const BREAK: &str = "break";

const YES: &str = "yes";
const NO: &str = "no";
const NUMERIC: &str = "numeric";
const FAKE_DAY: &str = "fake-day";

/// In the place of the name of a file that is built in. The name of a real file never looks so: brackets in it are
/// encoded.
const BUILT_IN: &str = "(built-in)";

/// In the place of the name of the new population's file.
const MADE_UP: &str = "(made-up)";

/// What the parts of a recipe are called.
fn known_parts() -> impl Iterator<Item = &'static str> {
    let settings =
        [RECIPE, VERSION, NOW, SEED, TIME_ZONE, MARK, REQUEST_ID, SKIP_BAD_ROWS, MIX, NEW_POPULATION, IDS, BREAK];
    settings.into_iter().chain(InputRole::ALL.iter().copied().map(part_of_role))
}

/// The part that names the file of a role: the option of `simulate`.
fn part_of_role(role: InputRole) -> &'static str {
    match role {
        InputRole::Employees => "employees",
        InputRole::StandaloneContent => "standalone-content",
        InputRole::CourseCatalog => "course-catalog",
        InputRole::Assignments => "assignments",
        InputRole::Completions => "completions",
        InputRole::Recommendations => "recommendations",
        InputRole::UserCompletionTemplate => "user-completion-template",
    }
}
