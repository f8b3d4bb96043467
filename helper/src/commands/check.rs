//! `btcfake check`: the kind of each file, and its breaches of format and rules.
//!
//! Findings go to standard error as `file:line:column: text`, the verdict on each file to standard output.

use std::fs;
use std::path::{Path, PathBuf};

use btcfake_core::breakage::Damage;
use btcfake_core::check::{
    BrokenOnPurpose, CheckReport, CheckedFile, FileKind, Finding, FindingKind, GivenFile, SourceFile,
    broken_on_purpose, check_sources, kinds,
};
use btcfake_core::format::file_kind::has_known_extension;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::sheet::{Choices, question, role_after_choices};
use btcfake_core::text::chunks::ByteSource;
use btcfake_core::text::problem::{Place, Severity};
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::{counted, grouped};
use clap::Args;
use serde_json::{Value, json};

use crate::commands::feed_arguments::ChoiceArguments;
use crate::commands::feed_order::idle_choice;
use crate::feed::parsing::in_words;
use crate::files::file_source::FileSource;
use crate::files::reading::{is_read_once, read_found, read_named};
use crate::files::standard_input;
use crate::files::threads::Threads;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Options of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArguments {
    /// Files of any kind, or folders of them; - for standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
    /// Answers to the questions of inputs.
    #[command(flatten)]
    choices: ChoiceArguments,
}

/// Runs the command.
///
/// # Errors
/// `File` for a file that cannot be read, `Reported` for an error or a disagreement, `Usage` if standard input is named
/// twice.
pub(crate) fn run(arguments: &CheckArguments) -> Result<(), Failure> {
    standard_input::refuse_twice(arguments.files.iter().map(|path| ("check", path.as_path())))?;
    let paths = files_of(&arguments.files)?;
    let contents = paths
        .iter()
        .map(|path| CheckedContent::of(path, arguments.files.contains(path)))
        .collect::<Result<Vec<_>, _>>()?;
    // A pipe has no name of its own either.
    let has_name = |path: &PathBuf| !standard_input::is_named_by(path) && !is_read_once(path);
    let have_names: Vec<bool> = paths.iter().map(has_name).collect();
    let called = |path: PathBuf| if standard_input::is_named_by(&path) { standard_input::NAME.into() } else { path };
    let paths: Vec<PathBuf> = paths.into_iter().map(called).collect();
    let names: Vec<String> = paths.iter().map(|path| name_of(path)).collect();
    let choices = arguments.choices.by_input().map_err(Failure::Usage)?;
    let given: Vec<SourceFile<'_>> = names
        .iter()
        .zip(contents.iter().map(CheckedContent::source))
        .zip(have_names)
        .map(|((name, source), is_file_name)| {
            let chosen = role_after_choices(source, &choices).map(|role| (role, choices.of(role)));
            SourceFile { name, is_file_name, source, chosen }
        })
        .collect();
    let is_taken = |role: InputRole| given.iter().any(|file| file.chosen.is_some_and(|(one, _)| one == role));
    if let Some(role) = choices.roles().find(|role| !is_taken(*role)) {
        return Err(idle_choice(role, choices.of(role)));
    }
    let report = check_sources(&given, &Threads);
    paths.iter().zip(&contents).try_for_each(|(path, content)| content.check(path))?;
    let run_files = given.iter().zip(&report.files).filter(|(_, checked)| checked.kind == FileKind::RunFile);
    let run_files: Vec<_> = run_files.map(|(given, _)| (given.name, given.source.whole())).collect();
    let run_files: Vec<_> = run_files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let broken = broken_on_purpose(&run_files, &report);
    if arguments.json {
        console::print_json(&as_json(&paths, &report, broken.as_ref()));
    } else {
        print(&paths, &names, &given, &report);
        broken.iter().for_each(print_broken);
    }
    if report.is_clean() { Ok(()) } else { Err(Failure::Reported) }
}

/// Content of a file: in memory if it can be read only once, else an open file.
enum CheckedContent {
    InMemory(Vec<u8>),
    InParts(FileSource),
}

impl CheckedContent {
    /// Reads or opens a file or standard input. Only a path from the command line may be a pipe.
    fn of(path: &Path, is_named: bool) -> Result<CheckedContent, Failure> {
        if standard_input::is_named_by(path) {
            return standard_input::read().map(CheckedContent::InMemory);
        }
        let read_or_open = || {
            if is_named && is_read_once(path) {
                return read_named(path).map(CheckedContent::InMemory);
            }
            match FileSource::open(path)? {
                // A file that reports no size has to be read to its end.
                source if source.size() == 0 => read_found(path).map(CheckedContent::InMemory),
                source => Ok(CheckedContent::InParts(source)),
            }
        };
        read_or_open().of_file(path, "read")
    }

    fn source(&self) -> &dyn ByteSource {
        match self {
            Self::InMemory(bytes) => bytes,
            Self::InParts(source) => source,
        }
    }

    /// Fails if a part of the file could not be read.
    fn check(&self, path: &Path) -> Result<(), Failure> {
        match self {
            Self::InMemory(_) => Ok(()),
            Self::InParts(source) => source.check().of_file(path, "read"),
        }
    }
}

fn print(paths: &[PathBuf], names: &[String], given: &[SourceFile<'_>], report: &CheckReport) {
    let shown = |name: &String| {
        let position = names.iter().position(|other| other == name);
        position.map_or_else(|| shown_whole(name), |position| shown_path(&paths[position]))
    };
    for (path, (given, file)) in paths.iter().zip(given.iter().zip(&report.files)) {
        console::print_problems(&shown_path(path), file.findings.iter().map(line), false);
        if let Some(question) = question_about(*given, file) {
            console::print_diagnostic(&format!("{}: {question}", shown_path(path)));
        }
    }
    for one in &report.disagreements {
        console::print_problems(&shown(&one.file), [line(one)], false);
    }
    for (path, file) in paths.iter().zip(&report.files) {
        let verdict = match file.copy_of {
            Some(original) => format!("the same file as {}, counted once", shown_path(&paths[original])),
            None => verdict(file),
        };
        console::print(&format!("{}: {verdict}\n", shown_path(path)));
    }
    let errors = report.disagreements.iter().filter(|one| one.is_error()).map(|one| one.count).sum();
    let together = match (paths.len(), errors) {
        (1, _) => String::new(),
        (_, 0) if report.disagreements.is_empty() => "The files agree with each other.\n".to_owned(),
        (_, 0) => "The files agree with each other, as far as they were compared.\n".to_owned(),
        (_, found) => {
            format!("{} between the files{}.\n", counted(found, "disagreement"), kinds_of_many(&report.disagreements))
        }
    };
    console::print(&together);
}

/// The question about an input without a readable row, with the options that answer it; `None` if no answer helps.
fn question_about(given: SourceFile<'_>, file: &CheckedFile) -> Option<String> {
    let role = file.kind.input_role().filter(|role| role.is_table() && file.rows == 0 && file.counts().0 > 0)?;
    let choices = given.chosen.map_or(Choices::NONE, |(_, choices)| choices.clone());
    Some(in_words(role, &question(role, &given.source.whole(), &choices)?))
}

/// Prints the faults that were made on purpose, each with the finding that reveals it.
fn print_broken(broken: &BrokenOnPurpose<'_>) {
    let found = broken.faults.iter().filter(|(_, finding)| finding.is_some()).count();
    let of = broken.faults.len();
    let mut text = format!("Broken on purpose: {found} of {} found.\n", counted(of, "fault"));
    for (damage, finding) in &broken.faults {
        let revealed = finding.map_or_else(|| "NOT FOUND".to_owned(), |finding| format!("found at {}", finding.place));
        text.push_str(&format!("  {}: {revealed}\n", damage.describe()));
    }
    if !broken.others.is_empty() {
        text.push_str(&format!("  and {} besides\n", counted(broken.others.len(), "problem")));
    }
    console::print(&text);
}

fn line(finding: &Finding) -> (Severity, Place, &str) {
    (finding.severity, finding.place, &finding.text)
}

fn verdict(file: &CheckedFile) -> String {
    let found = match file.counts() {
        (0, 0) if !file.kind.is_checked() => "passed over, they are for people".to_owned(),
        (0, 0) => "nothing wrong".to_owned(),
        (0, warnings) => counted(warnings, "warning"),
        (errors, 0) => counted(errors, "problem"),
        (errors, warnings) => format!("{}, {}", counted(errors, "problem"), counted(warnings, "warning")),
    };
    format!("{}: {found}{}", file.about(), kinds_of_many(&file.findings))
}

/// The number of findings that fit a screen of a terminal.
const A_SCREEN: usize = 20;

/// The kinds of findings that do not fit a screen, with their numbers, after a colon; else nothing.
fn kinds_of_many(findings: &[Finding]) -> String {
    if findings.len() <= A_SCREEN {
        return String::new();
    }
    let named = |(kind, count): (FindingKind, usize)| format!("{} {}", grouped(count), kind.id());
    format!(": {}", kinds(findings).into_iter().map(named).collect::<Vec<_>>().join(", "))
}

fn as_json(paths: &[PathBuf], report: &CheckReport, broken: Option<&BrokenOnPurpose<'_>>) -> Value {
    let files: Vec<Value> = paths
        .iter()
        .zip(&report.files)
        .map(|(path, file)| {
            let mut json = json!({
                "path": path.to_string_lossy(),
                "name": file.name,
                "kind": file.kind,
                "rows": file.rows,
                "problems": file.findings,
            });
            if let Some(original) = file.copy_of {
                json["copy_of"] = json!(paths[original].to_string_lossy());
            }
            json
        })
        .collect();
    let disagreements: Vec<Value> = report.disagreements.iter().map(disagreement_as_json).collect();
    let mut json = json!({ "clean": report.is_clean(), "files": files, "disagreements": disagreements });
    if let Some(broken) = broken {
        let fault = |(damage, finding): &(Damage, Option<&Finding>)| json!({ "fault": damage, "found": finding.map(disagreement_as_json) });
        json["broken_on_purpose"] = json!({
            "faults": broken.faults.iter().map(fault).collect::<Vec<_>>(),
            "others": broken.others.len(),
        });
    }
    json
}

/// JSON of a disagreement between files: a finding, plus its file. Place and text are repeated under their names in
/// former versions.
fn disagreement_as_json(finding: &Finding) -> Value {
    let mut json = json!(finding);
    json["file"] = json!(finding.file);
    json["place"] = json!(finding.place);
    json["said"] = json!(finding.text);
    json
}

/// Named files and, sorted by path, the files of named folders and their subfolders.
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

/// Adds files of a folder recursively. Linked folders are skipped: a link may lead back.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in fs::read_dir(folder).of_file(folder, "list")? {
        let entry = entry.of_file(folder, "list")?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) && !name_of(&path).starts_with('.') {
            collect(&path, files)?;
        } else if !path.is_dir() && may_be_known(&path) {
            // If this is no file, the reader reports that.
            files.push(path);
        }
    }
    Ok(())
}

fn may_be_known(path: &Path) -> bool {
    let name = name_of(path);
    !name.starts_with('.') && has_known_extension(&name)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
