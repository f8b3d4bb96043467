//! Record of the published feeds, a file in the output folder. Before a feed is published, it is compared with the last
//! one.
//!
//! The file has one JSON object per line. Lines that cannot be read are ignored, and a file that cannot be written
//! causes only a warning.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use btcfake_core::format::instant::instant_text;
use btcfake_core::record::publication::{Publication, RunIdentity, StateOrigin};
use btcfake_core::record::published_completions::PublishedCompletion;
use btcfake_core::text::note::Note;
use chrono::Utc;
use serde::{Deserialize, Serialize};

use crate::configuration::{Configuration, SftpSettings};
use crate::files::reading::read_found;
use crate::terminal::console::shown_path;

/// Name of the file in the output folder.
const FILE: &str = ".btcfake-published.jsonl";

/// Record of the publications to one server and folder.
#[derive(Clone, Debug)]
pub(crate) struct Publications {
    file: PathBuf,
    to: String,
}

/// Line of the file.
#[derive(Serialize, Deserialize)]
struct Line {
    /// Server and folder.
    to: String,
    #[serde(flatten)]
    publication: Publication,
}

impl Publications {
    /// Record of the publications to the server and folder of these settings.
    pub(crate) fn of(configuration: &Configuration, settings: &SftpSettings) -> Publications {
        let SftpSettings { host, remote_path, .. } = settings;
        let to = format!("{}:{} {}", host.name, host.port, remote_path.as_deref().unwrap_or_default());
        Publications { file: configuration.output_dir().join(FILE), to }
    }

    /// Last recorded publication; `None` if there is none.
    pub(crate) fn last(&self) -> Option<Publication> {
        let bytes = read_found(&self.file).ok()?;
        let lines = bytes.rsplit(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
        lines.filter(|line| line.to == self.to).map(|line| line.publication).next()
    }

    /// Warning if the last publication has the same feed, or if the run's state does not include that publication;
    /// `None` otherwise.
    pub(crate) fn concern(&self, run: &RunIdentity, origin: StateOrigin<'_>) -> Option<Note> {
        let concern = run.concern(origin, &self.last()?)?;
        Some(Note::warning(concern.to_string()))
    }

    /// Records that a run with these first completions was published now, unless the last recorded publication is of this
    /// run. Returns a warning if the file cannot be written.
    pub(crate) fn add(&self, run: &RunIdentity, completed: &[PublishedCompletion]) -> Option<Note> {
        if self.last().is_some_and(|last| last.run.outputs == run.outputs) {
            return None;
        }
        let publication = Publication { at: instant_text(Utc::now()), run: run.clone(), completed: completed.to_vec() };
        let mut line = serde_json::to_vec(&Line { to: self.to.clone(), publication }).ok()?;
        line.push(b'\n');
        let written = fs::create_dir_all(self.file.parent().unwrap_or(Path::new(""))).and_then(|()| {
            // One write, so that lines of several programs do not mix.
            OpenOptions::new().create(true).append(true).open(&self.file)?.write_all(&line)
        });
        let failure = written.err()?;
        let text = format!("cannot be written ({failure}), so the next publishing is not compared with this one");
        Some(Note::warning(text).at(shown_path(&self.file)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_last_one_to_the_same_place_is_found_among_any_lines() {
        let folder = tempfile::tempdir().unwrap();
        let at = |to: &str| Publications { file: folder.path().join("out").join(FILE), to: to.to_owned() };
        let run = |output: &str| RunIdentity {
            run_file: "run.json".to_owned(),
            now: "2026-01-29T18:00:00Z".to_owned(),
            state: Vec::new(),
            outputs: vec![output.to_owned()],
        };
        assert_eq!(at("a").last(), None);
        for (to, output) in [("a", "1"), ("a", "2"), ("b", "3")] {
            assert_eq!(at(to).add(&run(output), &[]), None);
        }
        fs::write(&at("a").file, [fs::read(&at("a").file).unwrap(), b"{}\nhalf a li".to_vec()].concat()).unwrap();
        let last = |to: &str| at(to).last().map(|publication| publication.run.outputs.concat());
        assert_eq!(["a", "b", "c"].map(last), [Some("2".to_owned()), Some("3".to_owned()), None]);
        fs::create_dir_all(folder.path().join("no")).unwrap();
        let blocked = Publications { file: folder.path().join("no"), to: "a".to_owned() };
        assert!(
            blocked.add(&run("4"), &[]).is_some_and(|note| note.is_warning && note.text.contains("cannot be written"))
        );
    }
}
