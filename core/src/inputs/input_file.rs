//! An input file of a run: given by the user, built into the program, or made up from the settings.
//!
//! [`InputFile::missing`] alone decides which files the program adds to the given ones.

use std::borrow::Cow;

use crate::format::input_role::InputRole;
use crate::format::user_completion;
use crate::plan::mix::Mix;
use crate::plan::new_population;
use crate::plan::settings::Settings;
use crate::sample;
use crate::sheet::Choices;
use crate::text::chunks::ByteSource;

/// An input file of a run.
#[derive(Clone, Debug)]
pub struct InputFile<'a> {
    /// The role in which it is read.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: String,
    /// Its content.
    pub bytes: Cow<'a, [u8]>,
    /// The origin of its content.
    pub origin: InputOrigin,
    /// The answers to its questions.
    pub choices: Choices,
}

/// The origin of an input file's content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputOrigin {
    /// The user gave it.
    Given,
    /// It is built into the program.
    BuiltIn,
    /// It is made up from the settings of the run.
    MadeUp,
}

/// An input file of a run whose bytes need not be in memory.
#[derive(Clone, Copy)]
pub struct InputSource<'a> {
    /// The role in which it is read.
    pub role: InputRole,
    /// Its name, without any folder.
    pub name: &'a str,
    /// Its content.
    pub source: &'a dyn ByteSource,
    /// The origin of its content.
    pub origin: InputOrigin,
    /// The answers to its questions.
    pub choices: &'a Choices,
}

impl<'a> InputSource<'a> {
    /// A file whose bytes are in memory.
    #[must_use]
    pub fn of(file: &'a InputFile<'_>) -> InputSource<'a> {
        let InputFile { role, name, bytes, origin, choices } = file;
        InputSource { role: *role, name, source: bytes, origin: *origin, choices }
    }
}

impl<'a> InputFile<'a> {
    /// A file that the user gave.
    #[must_use]
    pub fn given(role: InputRole, name: &str, bytes: impl Into<Cow<'a, [u8]>>) -> InputFile<'a> {
        InputFile {
            role,
            name: name.to_owned(),
            bytes: bytes.into(),
            origin: InputOrigin::Given,
            choices: Choices::NONE,
        }
    }

    /// The file that the program makes for a role: the new population of the settings, the built-in catalog or the
    /// built-in template. `None` for the other roles, and for employees without a new population.
    #[must_use]
    pub fn made_by_program(role: InputRole, settings: &Settings) -> Option<InputFile<'static>> {
        match role {
            InputRole::Employees => InputFile::new_population(settings),
            role => InputFile::built_in(role),
        }
    }

    /// The files that the program adds to the given ones: its own file for each role that was not given, where it has
    /// one.
    #[must_use]
    pub fn missing(given: &[InputRole], settings: &Settings) -> Vec<InputFile<'static>> {
        let missing = InputRole::ALL.into_iter().filter(|role| !given.contains(role));
        missing.filter_map(|role| InputFile::made_by_program(role, settings)).collect()
    }

    /// The built-in file of a role; `None` if the role has none.
    #[must_use]
    pub fn built_in(role: InputRole) -> Option<InputFile<'static>> {
        let name = built_in_name(role)?;
        let bytes = match role {
            InputRole::UserCompletionTemplate => user_completion::built_in_template(),
            _ => sample::built_in_standalone_content(),
        };
        Some(InputFile { origin: InputOrigin::BuiltIn, ..InputFile::given(role, name, bytes) })
    }

    /// The made-up employees.csv; `None` if the settings have no new population.
    #[must_use]
    fn new_population(settings: &Settings) -> Option<InputFile<'static>> {
        let bytes = settings.population?.file(settings.mix.unwrap_or(Mix::USUAL), settings.seed);
        let file = InputFile::given(InputRole::Employees, new_population::NAME, bytes);
        Some(InputFile { origin: InputOrigin::MadeUp, ..file })
    }
}

/// The name of the built-in file of a role; `None` if the role has none.
#[must_use]
pub fn built_in_name(role: InputRole) -> Option<&'static str> {
    match role {
        InputRole::StandaloneContent => Some(sample::BUILT_IN_NAME),
        InputRole::UserCompletionTemplate => Some("built-in template"),
        _ => None,
    }
}
