//! Made-up inputs of all kinds, written by `btcfake sample` into the folder `inputs`.

#![allow(clippy::expect_used)]

use crate::command_line::Folder;
use crate::feed::NOW;

/// The options that name an input.
pub const INPUT_OPTIONS: [&str; 6] =
    ["--employees", "--standalone-content", "--course-catalog", "--assignments", "--completions", "--recommendations"];

/// The beginnings of the names of the sample's files, in the order of [`INPUT_OPTIONS`].
const BEGINNINGS: [&str; 6] =
    ["employees", "StandAlone", "CourseCatalog", "content_assignments", "content_completion", "recommendations"];

/// The inputs of a folder.
pub struct SampleInputs {
    /// The paths of the files, in the order of [`INPUT_OPTIONS`].
    paths: [String; 6],
}

impl SampleInputs {
    /// Writes inputs for the instant [`NOW`].
    ///
    /// # Panics
    /// If the command fails.
    #[must_use]
    pub fn write(folder: &Folder, employees: usize, contents: usize) -> SampleInputs {
        SampleInputs::write_for(folder, NOW, employees, contents)
    }

    /// Writes inputs for an instant.
    ///
    /// # Panics
    /// If the command fails.
    #[must_use]
    pub fn write_for(folder: &Folder, now: &str, employees: usize, contents: usize) -> SampleInputs {
        let [employees, contents] = [employees, contents].map(|count| count.to_string());
        let sizes = ["--employees", &employees, "--contents", &contents];
        let _ = folder.run(&[&["sample", "inputs", "--now", now], &sizes[..]].concat()).exits(0);
        let names = folder.names("inputs");
        let path = |start: &str| {
            let name = names.iter().find(|name| name.starts_with(start)).expect("a file of each kind");
            format!("inputs/{name}")
        };
        SampleInputs { paths: BEGINNINGS.map(path) }
    }

    /// The path of an option's file.
    ///
    /// # Panics
    /// If the option names no input.
    #[must_use]
    pub fn path(&self, option: &str) -> &str {
        let at = INPUT_OPTIONS.iter().position(|one| *one == option);
        &self.paths[at.expect("an option for an input")]
    }

    /// All inputs as options.
    pub fn options(&self) -> impl Iterator<Item = &str> {
        self.options_with(|_, path| path)
    }

    /// These inputs as options.
    pub fn options_of<'a>(&'a self, options: &'a [&str]) -> impl Iterator<Item = &'a str> {
        options.iter().flat_map(|option| [*option, self.path(option)])
    }

    /// All inputs as options, with other paths. `path` is called with each option and its path.
    pub fn options_with<'a>(
        &'a self,
        path: impl Fn(&'a str, &'a str) -> &'a str + 'a,
    ) -> impl Iterator<Item = &'a str> {
        INPUT_OPTIONS
            .into_iter()
            .zip(&self.paths)
            .flat_map(move |(option, of_option)| [option, path(option, of_option)])
    }
}
