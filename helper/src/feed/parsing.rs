//! Parsing of a run's loaded files: inputs, or every problem printed. Digests for the run file are computed meanwhile.

use std::thread::{self, Builder};

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputSource;
use btcfake_core::inputs::inputs_reader::{FileProblems, InputsPart, InputsReader};
use btcfake_core::inputs::reading::read_sources;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::record::recipe::choice_option;
use btcfake_core::sheet::Question;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::words::grouped;

use crate::feed::loaded_file::LoadedFile;
use crate::feed::table_rows::print_problems_of_table;
use crate::files::threads::Threads;
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Calls `work` while the files are digested for their records. If the system grants no thread, they are digested when
/// they are recorded.
pub(crate) fn while_digested<T>(files: &[LoadedFile], work: impl FnOnce() -> T) -> T {
    thread::scope(|scope| {
        let digest = || files.iter().for_each(|file| _ = file.identity());
        let _ = Builder::new().spawn_scoped(scope, digest);
        work()
    })
}

/// Ends the digesting of files that are not used after all.
pub(crate) fn abandon(files: &[LoadedFile]) {
    files.iter().for_each(LoadedFile::abandon);
}

/// Parses the files and prints every problem; `quiet` leaves out warnings.
///
/// # Errors
/// `Refused`, with the number of errors, if there are any; a file that cannot be read.
pub(crate) fn parse_inputs(files: &[LoadedFile], bad_rows: BadRows, quiet: bool) -> Result<Inputs, Failure> {
    parse_inputs_by(files, quiet, |inputs| read_sources(inputs, bad_rows, &Threads))
}

/// As [`parse_inputs`], with the function of the core that reads the files.
pub(crate) fn parse_inputs_by<T>(
    files: &[LoadedFile],
    quiet: bool,
    read: impl FnOnce(&[InputSource<'_>]) -> (T, Vec<FileProblems>),
) -> Result<T, Failure> {
    let (read, problems) = read_checked(files, read)?;
    report(files, &problems, quiet).map(|()| read)
}

/// Parsing of a run's files as they arrive. Each file is parsed once.
pub(crate) struct GradualParsing {
    reader: InputsReader<'static, Threads>,
    quiet: bool,
}

impl GradualParsing {
    /// Nothing parsed yet; `quiet` leaves out warnings.
    pub(crate) fn new(bad_rows: BadRows, quiet: bool) -> GradualParsing {
        GradualParsing { reader: InputsReader::new(bad_rows, &Threads), quiet }
    }

    /// Parses what was not parsed yet, up to and with a part; prints nothing unless it fails.
    ///
    /// # Errors
    /// As [`parse_inputs`].
    pub(crate) fn parse_up_to(&mut self, part: InputsPart, files: &[LoadedFile]) -> Result<(), Failure> {
        read_checked(files, |inputs| self.reader.read_up_to(part, inputs))?;
        let is_refused = self.reader.problems().iter().flat_map(|file| &file.problems).any(Problem::is_error);
        if is_refused { report(files, self.reader.problems(), self.quiet) } else { Ok(()) }
    }

    /// Ids of the employees.
    pub(crate) fn employee_ids(&self) -> Vec<u64> {
        self.reader.inputs().employees.iter().map(|employee| employee.id).collect()
    }

    /// Parses the rest of the files and prints every problem.
    ///
    /// # Errors
    /// As [`parse_inputs`].
    pub(crate) fn finish(mut self, files: &[LoadedFile]) -> Result<Inputs, Failure> {
        read_checked(files, |inputs| self.reader.read_up_to(InputsPart::All, inputs))?;
        let (inputs, problems) = self.reader.finish();
        report(files, &problems, self.quiet).map(|()| inputs)
    }
}

/// Calls a function of the core that reads the files. Fails if a file could not be read to its end.
fn read_checked<T>(files: &[LoadedFile], read: impl FnOnce(&[InputSource<'_>]) -> T) -> Result<T, Failure> {
    let inputs: Vec<InputSource<'_>> = files.iter().map(LoadedFile::source).collect();
    let read = read(&inputs);
    files.iter().try_for_each(LoadedFile::check).map(|()| read)
}

/// Prints the problems of the files; `quiet` leaves out warnings.
///
/// # Errors
/// `Refused`, with the number of errors, if there are any.
fn report(files: &[LoadedFile], problems: &[FileProblems], quiet: bool) -> Result<(), Failure> {
    let mut refusing = 0;
    for file_problems in problems {
        match files.iter().find(|file| file.input.role == file_problems.role) {
            Some(file) if file.is_fetched_table() => {
                print_problems_of_table(&file.input, &file_problems.problems, quiet);
            }
            file => {
                let shown = file.map(LoadedFile::shown).unwrap_or_default();
                console::print_problems(&shown, file_problems.problems.iter().map(Problem::printed), quiet);
                file.filter(|_| may_be_answered(&file_problems.problems)).iter().for_each(|file| print_question(file));
            }
        }
        refusing += file_problems.problems.iter().filter(|problem| problem.is_error()).count();
    }
    if refusing > 0 { Err(Failure::Refused { problems: refusing }) } else { Ok(()) }
}

/// True if an answer to a question about the file may help: the table as a whole could not be read.
fn may_be_answered(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.is_error() && problem.kind.is_of_whole_table())
}

/// The number of choices that a question names.
const NAMED_CHOICES: usize = 8;

/// Prints the question that a refused file leaves open, with the options that answer it.
fn print_question(file: &LoadedFile) {
    if let Some(question) = file.question() {
        console::print_diagnostic(&format!("{}: {}", file.shown(), in_words(file.input.role, &question)));
    }
}

/// A question about an input, with the options that answer it.
pub(crate) fn in_words(role: InputRole, question: &Question) -> String {
    let choices = question.choices();
    let options = choices.iter().take(NAMED_CHOICES).map(|(_, answer)| choice_option(role, answer));
    let mut text = format!("{question} To answer, add {}", options.collect::<Vec<_>>().join(", or "));
    if choices.len() > NAMED_CHOICES {
        text.push_str(&format!(", or another of its {}", grouped(choices.len())));
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn files_are_refused_for_errors_and_not_for_what_is_missing() {
        for (employee, day, problems) in [("7", "2026-01-01", 0), ("8", "soon", 1), ("7", "soon", 1), ("x", "soon", 2)]
        {
            let state = format!("ba_id,content_id,completion_date\n{employee},1,{day}\n");
            let files = [
                LoadedFile::on_disk(
                    InputRole::Employees,
                    Path::new("e.csv"),
                    b"employee_id,employee_edu_type\n7,a\n".into(),
                ),
                LoadedFile::fetched(InputRole::Completions, "content_completion.csv", state.into_bytes()),
            ];
            let mut parsing = GradualParsing::new(BadRows::Refuse, true);
            let refused = match parsing.parse_up_to(InputsPart::CatalogsAndState, &files) {
                Err(Failure::Refused { problems }) => problems,
                done => done.map(|()| 0).unwrap(),
            };
            assert_eq!(refused, problems, "{employee} {day}");
        }
    }
}
