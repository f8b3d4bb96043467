//! `btcfake recommend`: asks the recommender about one employee.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::format::recommendations::{Answer, Recommendation};
use btcfake_core::text::visible::shown_name;
use clap::Args;
use serde_json::{Value, json};

use crate::commands::argument_values::{employee_id, written_path};
use crate::configuration::{Configuration, RecommenderSettings};
use crate::files::pipe_writer::PipeWriter;
use crate::remote::recommender::{self, EmployeeAnswer, INSECURE_WARNING};
use crate::terminal::console;
use crate::terminal::failure::{Failure, FileResult};
use crate::terminal::network_runtime::small_network_runtime;

/// Options of `recommend`.
#[derive(Debug, Args)]
pub(crate) struct RecommendArguments {
    /// The employee's id.
    #[arg(value_name = "ID", allow_negative_numbers = true, value_parser = employee_id)]
    employee: u64,
    /// Append the answer, or a failed call, to this file, in the format of `simulate --recommendations`.
    #[arg(long, value_name = "FILE", value_parser = written_path())]
    record: Option<PathBuf>,
    /// Print the recommendations as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// `Configuration` if the recommender is not configured; a failed call; a recording that cannot be written.
pub(crate) fn run(arguments: &RecommendArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.print_warnings(false);
    let settings = configuration
        .recommender()?
        .ok_or_else(|| Failure::Configuration("the recommender is not configured; set API_BASE_URL".to_owned()))?;
    if settings.tls_insecure {
        console::warn(INSECURE_WARNING);
    }
    let asked = ask(&settings, arguments.employee)?;
    if let Some(file) = &arguments.record {
        record(file, &asked.line)?;
    }
    asked.problems.iter().for_each(|problem| console::warn(problem.to_string()));
    match &asked.answer {
        Answer::Recommendations(items) if arguments.json => console::print_json(&as_json(arguments.employee, items)),
        Answer::Recommendations(items) => console::print(&as_text(arguments.employee, items)),
        Answer::Failed(_) => {}
    }
    let failure = asked.explained_failure();
    failure.map_or(Ok(()), |why| Err(Failure::at(format!("the recommender at {}", settings.address()), why)))
}

fn ask(settings: &RecommenderSettings, employee_id: u64) -> Result<EmployeeAnswer, Failure> {
    small_network_runtime()?.block_on(recommender::ask_one(settings, employee_id))
}

/// Appends a line to a recording, after a line feed if the file does not end with one.
fn record(file: &Path, line: &str) -> Result<(), Failure> {
    let append = || -> io::Result<()> {
        if std::fs::metadata(file).is_ok_and(|found| !found.is_file()) {
            return PipeWriter::open(file, true)?.write_all(line.as_bytes());
        }
        let mut target = OpenOptions::new().create(true).read(true).append(true).open(file)?;
        let mut last = [b'\n'];
        if target.metadata()?.len() > 0 {
            target.seek(SeekFrom::End(-1))?;
            target.read_exact(&mut last)?;
        }
        let line_feed = if last == *b"\n" { "" } else { "\n" };
        target.write_all(format!("{line_feed}{line}").as_bytes())
    };
    append().of_file(file, "write")
}

fn as_json(employee_id: u64, items: &[Recommendation]) -> Value {
    let items: Vec<_> =
        items.iter().map(|item| json!({ "content_id": item.content_id, "name": &*item.name })).collect();
    json!({ "ba_id": employee_id, "recommendations": items })
}

fn as_text(employee_id: u64, items: &[Recommendation]) -> String {
    if items.is_empty() {
        return format!("No recommendations for employee {employee_id}.\n");
    }
    let line =
        |item: &Recommendation| format!("{:>11}  {}\n", content_id_text(item.content_id), shown_name(&item.name));
    items.iter().map(line).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_do_nothing_to_a_terminal() {
        let item = Recommendation { content_id: 104_829, name: "a\u{1b}[2J\nb\u{202e}c".into() };
        assert_eq!(as_text(7, &[item]), "    104,829  a\\u{1b}[2J\\nb\\u{202e}c\n");
    }

    #[test]
    fn each_answer_has_a_line_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("answers.jsonl");
        for (before, after) in [("", "{}\n"), ("{\"a\":1}\n", "{\"a\":1}\n{}\n"), ("{\"a\":1}", "{\"a\":1}\n{}\n")] {
            std::fs::write(&file, before).unwrap();
            record(&file, "{}\n").unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), after, "{before:?}");
        }
        let refused = record(folder.path(), "{}\n").unwrap_err().to_string();
        assert!(refused.contains("it is a folder, not a file"), "{refused}");
        record(&folder.path().join("new.jsonl"), "{}\n").unwrap();
        assert_eq!(std::fs::read_to_string(folder.path().join("new.jsonl")).unwrap(), "{}\n");
    }
}
