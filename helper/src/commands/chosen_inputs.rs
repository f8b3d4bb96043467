//! Input files that a command line names, and those that the configuration or a folder gives in their place.

use std::path::{Path, PathBuf};

use btcfake_core::format::file_name::VendorKind;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::text::note::Note;

use crate::commands::feed_arguments::FileArguments;
use crate::commands::feed_order::FeedOrder;
use crate::feed::loaded_file::{LoadedFile, with_missing};
use crate::feed::recent_file::most_recent_file;
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// Inputs named by options; without one, the most recent catalogs, else built-in ones.
///
/// # Errors
/// A file that cannot be read, or standard input named twice.
pub(super) fn input_files(arguments: &FileArguments, order: &FeedOrder<'_>) -> Result<Vec<LoadedFile>, Failure> {
    standard_input::refuse_twice(arguments.input_files())?;
    let today = order.settings.time_zone.date_of(order.settings.now);
    let local_dir = order.configuration.sftp_local_dir();
    let given_or_recent = |given: &Option<PathBuf>, role, kind| match given {
        Some(argument) => LoadedFile::read_named(role, argument).map(Some),
        None => most_recent_file(&local_dir, kind, today, order.output.quiet)?
            .map(|path| LoadedFile::read_found(role, &path))
            .transpose(),
    };
    let mut files = vec![employees_file(order)?];
    let (role, kind) = (InputRole::StandaloneContent, VendorKind::StandAloneContent);
    files.extend(given_or_recent(&arguments.standalone_content, role, kind)?);
    files.extend(given_or_recent(&arguments.course_catalog, InputRole::CourseCatalog, VendorKind::CourseCatalog)?);
    for (role, path) in [
        (InputRole::Assignments, &arguments.assignments),
        (InputRole::Completions, &arguments.completions),
        (InputRole::Recommendations, &arguments.recommendations),
    ] {
        if let Some(path) = path {
            files.push(LoadedFile::read_named(role, path)?);
        }
    }
    files.extend(template_file(order)?);
    order.refuse_idle_choices(&files)?;
    let files = files.into_iter().map(|file| order.with_choices(file)).collect();
    Ok(with_missing(files, &order.settings))
}

/// Reads the employees file, with the answers about it, or makes up the new population.
///
/// # Errors
/// A file that cannot be read.
pub(super) fn employees_file(order: &FeedOrder<'_>) -> Result<LoadedFile, Failure> {
    if let Some(made_up) = InputFile::made_by_program(InputRole::Employees, &order.settings) {
        return Ok(LoadedFile::built_in(made_up));
    }
    let file = match &order.arguments.employees {
        Some(argument) => LoadedFile::read_named(InputRole::Employees, argument),
        None => LoadedFile::read_found(InputRole::Employees, &order.configuration.employees_file()),
    };
    file.map(|file| order.with_choices(file))
}

/// Reads the template of the dummy file. `None`, for the built-in one, if none is set or the file does not exist.
///
/// # Errors
/// A file that exists and cannot be read.
pub(super) fn template_file(order: &FeedOrder<'_>) -> Result<Option<LoadedFile>, Failure> {
    let role = InputRole::UserCompletionTemplate;
    let is_there = |argument: &&Path| standard_input::is_named_by(argument) || argument.exists();
    if let Some(argument) = order.arguments.user_completion_template.as_deref().filter(is_there) {
        return LoadedFile::read_named(role, argument).map(Some);
    }
    let named = order.arguments.user_completion_template.clone();
    match named.or_else(|| order.configuration.user_completion_template_file()) {
        Some(path) if path.exists() => LoadedFile::read_found(role, &path).map(Some),
        Some(path) => {
            if !order.output.quiet {
                console::note(&Note::warning("not there; the built-in template is used").at(shown_path(&path)));
            }
            Ok(None)
        }
        None => Ok(None),
    }
}
