//! `btcfake sample`: writes realistic sample inputs into a folder, all six files or none.

use std::io::Write;
use std::path::PathBuf;

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::settings::{parse_now, parse_seed};
use btcfake_core::sample::{SampleRecipe, file_names, files};
use btcfake_core::text::words::size_text;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::commands::argument_values::written_path;
use crate::files::file_set::{FileSet, SetKind, SetNames};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};
use crate::terminal::interrupt;

/// Options of `sample`.
#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// The folder for the files.
    #[arg(value_name = "DIR", value_parser = written_path())]
    dir: PathBuf,
    /// The number of employees.
    #[arg(long, value_name = "N", default_value_t = SampleRecipe::EMPLOYEES, allow_negative_numbers = true, value_parser = SampleRecipe::parse_size)]
    employees: usize,
    /// The number of contents in StandAloneContent; the course catalog has five times as many rows.
    #[arg(long, value_name = "N", default_value_t = SampleRecipe::CONTENTS, allow_negative_numbers = true, value_parser = SampleRecipe::parse_size)]
    contents: usize,
    /// The seed: the same seed, sizes and day give the same files.
    #[arg(long, value_name = "N", default_value_t = 1, allow_negative_numbers = true, value_parser = parse_seed)]
    seed: u64,
    /// The instant for which the sample is made, such as 2026-01-29T12:00:00Z [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    now: Option<DateTime<Utc>>,
}

/// Runs the command.
///
/// # Errors
/// A folder that cannot be used or holds a file of the same name, or `Interrupted`; then nothing was written.
pub(crate) fn run(arguments: &SampleArguments) -> Result<(), Failure> {
    let recipe = SampleRecipe {
        seed: arguments.seed,
        today: BusinessZone::UTC.date_of(arguments.now.unwrap_or_else(Utc::now)),
        employees: arguments.employees,
        contents: arguments.contents,
    };
    // From here on there are files to remove.
    interrupt::listen();
    let names = SetNames { kind: SetKind::Sample, files: file_names(&recipe).to_vec(), optional: Vec::new() };
    let set = FileSet::begin(&arguments.dir, names)?;
    let mut written = String::new();
    for file in files(&recipe) {
        interrupt::check()?;
        let path = set.path(&file.name);
        let mut target = set.create(&file.name)?;
        target.write_all(&file.bytes).and_then(|()| target.sync_all()).of_file(&path, "write")?;
        written.push_str(&format!("{} ({})\n", shown_path(&path), size_text(file.bytes.len() as u64)));
    }
    interrupt::check()?;
    set.publish(|| Ok(()))?;
    console::print(&written);
    Ok(())
}
