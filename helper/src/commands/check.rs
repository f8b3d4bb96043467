//! `btcfake check`: what kind of file each is, and every way in which it breaks the format or the rules.
//!
//! Findings go to standard error as `file:line:column: what`, the verdict of each file to standard output.

use std::fs;
use std::path::{Path, PathBuf};

use btcfake_core::check::{CheckReport, CheckedFile, GivenFile, check};
use btcfake_core::text::problem::Problem;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::counted;
use serde_json::{Value, json};

use crate::commands::cli::CheckArguments;
use crate::files::reading::{read_found, read_named};
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// Runs the command.
///
/// # Errors
/// A file that cannot be read, or anything that was found.
pub(crate) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    standard_input::refuse_twice(arguments.files.iter().map(|path| ("check", path.as_path())))?;
    let paths = files_of(&arguments.files)?;
    let contents =
        paths.iter().map(|path| content_of(path, arguments.files.contains(path))).collect::<Result<Vec<_>, _>>()?;
    let called = |path: PathBuf| if standard_input::is_named_by(&path) { standard_input::NAME.into() } else { path };
    let paths: Vec<PathBuf> = paths.into_iter().map(called).collect();
    let names: Vec<String> = paths.iter().map(|path| name_of(path)).collect();
    let given: Vec<GivenFile<'_>> =
        names.iter().zip(&contents).map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let report = check(&given);
    if arguments.json {
        console::print_json(&as_json(&paths, &report));
    } else {
        tell(&paths, &names, &report);
    }
    if report.is_clean() { Ok(()) } else { Err(Failure::Reported) }
}

/// What is in a file, or comes from standard input. A path that the command line names may be that of a pipe.
fn content_of(path: &Path, is_named: bool) -> Result<Vec<u8>, Failure> {
    if standard_input::is_named_by(path) {
        return standard_input::read();
    }
    let read = if is_named { read_named(path) } else { read_found(path) };
    read.map_err(|said| Failure::file(path, "read", said))
}

fn tell(paths: &[PathBuf], names: &[String], report: &CheckReport) {
    let shown = |name: &String| {
        let position = names.iter().position(|other| other == name);
        position.map_or_else(|| shown_whole(name), |position| shown_path(&paths[position]))
    };
    for (path, file) in paths.iter().zip(&report.files) {
        console::complain_of(&shown_path(path), &file.problems, false);
    }
    for disagreement in &report.disagreements {
        console::complain(&format!("{}:{}: {}", shown(&disagreement.file), disagreement.place, disagreement.said));
    }
    for (path, file) in paths.iter().zip(&report.files) {
        console::print(&format!("{}: {}\n", shown_path(path), verdict(file)));
    }
    let together = match (paths.len(), report.disagreements.iter().map(|one| one.count).sum()) {
        (1, _) => String::new(),
        (_, 0) => "The files agree with each other.\n".to_owned(),
        (_, found) => format!("{} between the files.\n", counted(found, "disagreement")),
    };
    console::print(&together);
}

fn verdict(file: &CheckedFile) -> String {
    let found = match file.counts() {
        (0, 0) => "nothing wrong".to_owned(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "problem"),
        (errors, warnings) => format!("{}, {}", counted(errors, "problem"), counted(warnings, "warning")),
    };
    format!("{}, {}: {found}", file.kind.describe(), counted(file.rows, "row"))
}

fn as_json(paths: &[PathBuf], report: &CheckReport) -> Value {
    let files: Vec<Value> = paths
        .iter()
        .zip(&report.files)
        .map(|(path, file)| {
            json!({
                "path": path.to_string_lossy(),
                "name": file.name,
                "kind": file.kind,
                "rows": file.rows,
                "problems": file.problems.iter().map(problem_as_json).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({ "clean": report.is_clean(), "files": files, "disagreements": report.disagreements })
}

fn problem_as_json(problem: &Problem) -> Value {
    json!({
        "severity": problem.severity,
        "line": problem.place.line,
        "column": problem.place.column,
        "text": problem.kind.to_string(),
        "count": problem.count(),
    })
}

/// The files that were named, and those of the folders that were named, with the folders in them, in order of their
/// names.
fn files_of(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if standard_input::is_named_by(path) || !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let mut of_folder = Vec::new();
        collect(path, &mut of_folder)?;
        if of_folder.is_empty() {
            return Err(Failure::Other(format!(
                "{}: no .csv, .json or .jsonl file or workbook in this folder",
                shown_path(path)
            )));
        }
        of_folder.sort();
        files.extend(of_folder);
    }
    Ok(files)
}

/// Adds the files of a folder. Linked folders are not followed: a link may lead back here.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).map_err(|said| Failure::file(folder, "list", said))? {
        let entry = entry.map_err(|said| Failure::file(folder, "list", said))?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !name_of(&path).starts_with('.') {
            collect(&path, files)?;
        } else if !path.is_dir() && may_be_known(&path) {
            // Reading it says what it is if it is no file.
            files.push(path);
        }
    }
    Ok(())
}

/// What the names of files of a folder end in that are checked.
const EXTENSIONS: [&str; 8] = ["csv", "json", "jsonl", "xlsx", "xlsm", "xlsb", "xls", "ods"];

fn may_be_known(path: &Path) -> bool {
    let known = |extension: &str| EXTENSIONS.iter().any(|one| extension.eq_ignore_ascii_case(one));
    let is_hidden = name_of(path).starts_with('.');
    !is_hidden && path.extension().and_then(|extension| extension.to_str()).is_some_and(known)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
