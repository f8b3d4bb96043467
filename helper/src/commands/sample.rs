//! `btcfake sample`: writes realistic sample inputs into a folder, all six files or none.

use std::io::Write;

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::{SampleRecipe, file_names, files};
use btcfake_core::text::words::size_text;
use chrono::Utc;

use crate::commands::cli::SampleArguments;
use crate::files::file_set::{FileSet, SetKind, SetNames};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};
use crate::terminal::interrupt;

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
