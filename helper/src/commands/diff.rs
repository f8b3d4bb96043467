//! `btcfake diff`: two feeds compared by employee and content.
//!
//! As with diff(1), the exit code is 0 for the same rows, 1 for others, and 2 where the feeds cannot be compared.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use btcfake_core::check::GivenFile;
use btcfake_core::compare::{
    Change, ComparedRow, FeedComparison, FeedTables, FileComparison, RowDifference, Side, compare,
};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::file_kind::{FileKind, recognise};
use btcfake_core::format::file_name::{VendorKind, VendorName};
use btcfake_core::format::identifier::content_id_text;
use btcfake_core::record::run_record::RunRecord;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::visible::shown_whole;
use btcfake_core::text::words::{counted, grouped};
use clap::Args;

use crate::files::reading::{is_plain_name, read_found, read_named};
use crate::files::standard_input;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Options of `diff`.
#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// The two feeds, each a folder, a run file or a vendor file; with --to, only the files of the first feed.
    #[arg(value_name = "FEED", required = true)]
    feeds: Vec<PathBuf>,
    /// The files of the second feed, if the feeds are given as several vendor files.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    to: Vec<PathBuf>,
    /// Print all differences and the counts as one JSON object.
    #[arg(long)]
    json: bool,
}

/// Maximum number of differences printed per file, without `--json`.
const FIRST: usize = 20;

/// Runs the command.
///
/// # Errors
/// [`Failure::Reported`] where rows differ; [`Failure::Usage`] where the feeds cannot be compared.
pub(crate) fn run(arguments: &DiffArguments) -> Result<(), Failure> {
    match compare_named(arguments).and_then(|is_same| console::check_printed().map(|()| is_same)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(Failure::Reported),
        Err(Failure::Interrupted) => Err(Failure::Interrupted),
        // Exit code 1 means that the feeds differ.
        Err(failure) => Err(Failure::Usage(failure.to_string())),
    }
}

/// Compares the feeds and prints the result. Returns true if they have the same rows.
fn compare_named(arguments: &DiffArguments) -> Result<bool, Failure> {
    let (before, after) = match (arguments.feeds.as_slice(), arguments.to.as_slice()) {
        ([before, after], []) => (vec![before.clone()], vec![after.clone()]),
        (_, []) => {
            let message = "name two feeds; the files of a second feed of several go behind --to".to_owned();
            return Err(Failure::Usage(message));
        }
        (before, after) => (before.to_vec(), after.to_vec()),
    };
    let all = before.iter().chain(&after);
    standard_input::refuse_twice(all.map(|path| ("diff", path.as_path())))?;
    let (before, after) = (files_of(&before)?, files_of(&after)?);
    let (before, after) = (tables_of(&before)?, tables_of(&after)?);
    let comparison = if arguments.json { print_json(&before, &after) } else { print(&before, &after) };
    Ok(comparison.is_same())
}

/// File of a feed with its content.
struct FeedPart {
    path: PathBuf,
    name: String,
    bytes: Vec<u8>,
}

fn tables_of(files: &[FeedPart]) -> Result<FeedTables<'_>, Failure> {
    let given: Vec<GivenFile<'_>> =
        files.iter().map(|file| GivenFile { name: &file.name, bytes: &file.bytes }).collect();
    // Two feeds of the same seed and instant have files of the same names.
    let path_of = |name: &str| {
        let file = files.iter().find(|file| file.name == name);
        file.map_or_else(|| name.to_owned(), |file| shown_path(&file.path))
    };
    let tables = FeedTables::read(&given).map_err(|faults| {
        let message: Vec<String> = faults.into_iter().map(|fault| fault.renamed(path_of).to_string()).collect();
        Failure::Usage(message.join("\n"))
    })?;
    for (name, problems) in tables.problems() {
        console::print_problems(&path_of(name), problems.iter().map(Problem::printed), false);
    }
    Ok(tables)
}

/// Files of a feed: of a folder, of a run file, or the named ones.
fn files_of(named: &[PathBuf]) -> Result<Vec<FeedPart>, Failure> {
    let [only] = named else { return named.iter().map(|path| read(path, read_named)).collect() };
    if only.is_dir() {
        return files_of_folder(only);
    }
    let file = read(only, read_named)?;
    if recognise(&file.name, &file.bytes) != FileKind::RunFile {
        return Ok(vec![file]);
    }
    if !only.is_file() {
        let message = "no files are beside a run file from here; name it by its path".to_owned();
        return Err(Failure::at(shown_path(&file.path), message));
    }
    outputs_of(&file)
}

fn read(path: &Path, read: fn(&Path) -> std::io::Result<Vec<u8>>) -> Result<FeedPart, Failure> {
    let (bytes, path) = match standard_input::is_named_by(path) {
        true => (standard_input::read()?, PathBuf::from(standard_input::NAME)),
        false => (read(path).of_file(path, "read")?, path.to_owned()),
    };
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok(FeedPart { path, name, bytes })
}

/// Outputs of a run that are compared, from beside its run file.
fn outputs_of(run_file: &FeedPart) -> Result<Vec<FeedPart>, Failure> {
    let record = RunRecord::from_bytes(&run_file.bytes)
        .map_err(|message| Failure::at(shown_path(&run_file.path), message.to_string()))?;
    let mut files = Vec::new();
    for output in record.outputs.iter().filter(|output| !output.name.starts_with(FeedFile::Dummy.kind().prefix())) {
        if !is_plain_name(&output.name) {
            let message = format!("it names {}, which is no plain name of a file", shown_whole(&output.name));
            return Err(Failure::at(shown_path(&run_file.path), message));
        }
        files.push(read(&run_file.path.with_file_name(&output.name), read_found)?);
    }
    Ok(files)
}

/// The completions and assignments files of a folder, recognised by name. If their names are of several runs, they must be
/// those of its only run file.
fn files_of_folder(folder: &Path) -> Result<Vec<FeedPart>, Failure> {
    let (mut names, mut runs, mut run_files) = (Vec::new(), BTreeSet::new(), Vec::new());
    for entry in std::fs::read_dir(folder).of_file(folder, "list")? {
        let name = entry.of_file(folder, "list")?.file_name().to_string_lossy().into_owned();
        let Some(found) = VendorName::parse(&name) else { continue };
        match found.kind {
            VendorKind::ContentUserCompletion | VendorKind::NonCompletedAssignments => {
                runs.insert((found.date, found.random));
                names.push(name);
            }
            VendorKind::Run => run_files.push(name),
            _ => {}
        }
    }
    names.sort();
    run_files.sort();
    match (names.is_empty(), runs.len() > 1) {
        (true, _) => Err(Failure::Usage(format!(
            "{}: no {} or {} file in this folder",
            shown_path(folder),
            VendorKind::ContentUserCompletion.prefix(),
            VendorKind::NonCompletedAssignments.prefix()
        ))),
        (_, false) => names.iter().map(|name| read(&folder.join(name), read_found)).collect(),
        (_, true) => files_of_only_run(folder, &names, &run_files),
    }
}

/// The files of a folder whose names are of several runs.
///
/// # Errors
/// More or fewer than one run file in the folder, or one that does not name all of the files.
fn files_of_only_run(folder: &Path, names: &[String], run_files: &[String]) -> Result<Vec<FeedPart>, Failure> {
    if let [run_file] = run_files {
        let mut files = outputs_of(&read(&folder.join(run_file), read_found)?)?;
        files.sort_by(|one, other| one.name.cmp(&other.name));
        if files.iter().map(|file| &file.name).eq(names) {
            return Ok(files);
        }
    }
    let mend = match run_files {
        [] => "name the files of one, those of the second feed behind --to".to_owned(),
        _ => format!("name the run file of one, such as {}", run_files.join(" or ")),
    };
    Err(Failure::Usage(format!("{}: it holds the feeds of several runs; {mend}", shown_path(folder))))
}

/// Prints counts and first differences of each file.
fn print(before: &FeedTables<'_>, after: &FeedTables<'_>) -> FeedComparison {
    let mut first: Vec<RowDifference> = Vec::new();
    let comparison = compare(before, after, &mut |difference| {
        if first.iter().filter(|one| one.file == difference.file).count() < FIRST {
            first.push(difference);
        }
    });
    for file in &comparison.files {
        let shown: Vec<&RowDifference> = first.iter().filter(|one| one.file == file.file).collect();
        let mut text = format!("{}\n", counts(file));
        shown.iter().for_each(|difference| text.push_str(&format!("  {}\n", line_of(difference))));
        let more = (file.added + file.gone + file.changed).saturating_sub(shown.len());
        if more > 0 {
            text.push_str(&format!("  and {} more; --json prints all\n", grouped(more)));
        }
        console::print(&text);
    }
    console::print(if comparison.is_same() { "The feeds have the same rows.\n" } else { "The feeds differ.\n" });
    comparison
}

/// Counts of a file on one line.
fn counts(file: &FileComparison) -> String {
    let mut text = format!(
        "{}: {} before, {} after",
        file.file.name(),
        counted(file.rows_before, "row"),
        grouped(file.rows_after)
    );
    match file.absent {
        Some(Side::Before) => text.push_str(", and the first feed has no such file"),
        Some(Side::After) => text.push_str(", and the second feed has no such file"),
        None => {}
    }
    if file.added + file.gone + file.changed == 0 {
        text.push_str(": no difference");
    } else {
        let (added, gone, changed) = (grouped(file.added), grouped(file.gone), grouped(file.changed));
        text.push_str(&format!(": {added} added, {gone} gone, {changed} changed"));
    }
    let columns: Vec<String> = (file.columns.iter().zip(&file.changed_columns))
        .filter(|(_, count)| **count > 0)
        .map(|(column, count)| format!("{column} {}", grouped(*count)))
        .collect();
    if !columns.is_empty() {
        text.push_str(&format!(" ({})", columns.join(", ")));
    }
    if file.other_request_ids > 0 {
        let rows = counted(file.other_request_ids, "row");
        text.push_str(&format!("; another RequestId in {rows}, which is no difference by itself"));
    }
    text
}

fn line_of(difference: &RowDifference) -> String {
    let key = match (difference.employee, difference.content) {
        (Some(employee), Some(content)) => format!("employee {employee}, content {}", content_id_text(content)),
        _ => "a row that cannot be read".to_owned(),
    };
    let place = |row: &ComparedRow| match &row.name {
        Some(name) => format!("line {} of {}", row.line, shown_whole(name)),
        None => format!("line {}", row.line),
    };
    let row = |row: &ComparedRow| {
        let values: Vec<String> = row.values.iter().map(|value| shown_whole(value)).collect();
        format!("{}: {}", place(row), values.join(" | "))
    };
    match &difference.change {
        Change::Added { after } => format!("added    {key}, {}", row(after)),
        Change::Gone { before } => format!("gone     {key}, {}", row(before)),
        Change::Changed { before, after, columns } => {
            let all = difference.file.columns();
            let value = |row: &ComparedRow, name: &str| {
                let position = all.iter().position(|column| *column == name);
                shown_whole(position.and_then(|position| row.values.get(position)).map_or("", String::as_str))
            };
            let change = |name: &&str| format!("{name} {} -> {}", value(before, name), value(after, name));
            let changes: Vec<String> = columns.iter().map(change).collect();
            let places = match (&before.name, &after.name) {
                (None, None) => format!("lines {} and {}", before.line, after.line),
                _ => format!("{} and {}", place(before), place(after)),
            };
            format!("changed  {key}, {places}: {}", changes.join(", "))
        }
    }
}

/// Prints all differences and counts as one JSON object. Differences are on a line each and printed in pieces as they
/// are found.
fn print_json(before: &FeedTables<'_>, after: &FeedTables<'_>) -> FeedComparison {
    const PIECE: usize = 1 << 16;
    let mut text = "{\n\"differences\": [".to_owned();
    let mut separator = "\n";
    let comparison = compare(before, after, &mut |difference| {
        text.push_str(separator);
        text.push_str(&console::json_line(&difference));
        separator = ",\n";
        if text.len() > PIECE {
            console::print(&std::mem::take(&mut text));
        }
    });
    let files: Vec<String> = comparison.files.iter().map(console::json_line).collect();
    text.push_str(&format!("\n],\n\"files\": [\n{}\n],\n\"same\": {}\n}}\n", files.join(",\n"), comparison.is_same()));
    console::print(&text);
    comparison
}
