//! `btcfake sample`: realistic inputs of the real shapes, in a folder.

use std::fs;
use std::io::Write;

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::{SampleRecipe, files};
use btcfake_core::text::words::counted;
use chrono::Utc;

use crate::cli::SampleArguments;
use crate::console::{self, shown_path};
use crate::failure::Failure;

/// Runs the command.
///
/// # Errors
/// A folder that cannot be used, or that holds a file of the same name.
pub(crate) fn run(arguments: &SampleArguments) -> Result<(), Failure> {
    let recipe = SampleRecipe {
        seed: arguments.seed,
        today: BusinessZone::UTC.date_of(arguments.now.unwrap_or_else(Utc::now)),
        employees: arguments.employees,
        contents: arguments.contents,
    };
    fs::create_dir_all(&arguments.dir).map_err(|said| Failure::file(&arguments.dir, "create", said))?;
    let mut written = Vec::new();
    let result = write_all(arguments, &recipe, &mut written);
    if result.is_err() {
        for path in written {
            let _ = fs::remove_file(path);
        }
    }
    result
}

fn write_all(
    arguments: &SampleArguments,
    recipe: &SampleRecipe,
    written: &mut Vec<std::path::PathBuf>,
) -> Result<(), Failure> {
    let mut told = String::new();
    for file in files(recipe) {
        let path = arguments.dir.join(&file.name);
        let mut target = fs::File::create_new(&path).map_err(|said| Failure::file(&path, "create", said))?;
        written.push(path.clone());
        target.write_all(&file.bytes).map_err(|said| Failure::file(&path, "write", said))?;
        told.push_str(&format!("{} ({})\n", shown_path(&path), counted(file.bytes.len(), "byte")));
    }
    console::print(&told);
    Ok(())
}
