//! Journal of a live run: a file to which each answer of the recommender is written when it arrives. With it, a stopped
//! run can be resumed; a run that succeeds removes its answers, and the file if it has no others. The journal is in the
//! folder for downloads, because the output folder contains only whole feeds.
//!
//! The file is a recording, one answer per line, in the order of arrival. Failed calls are left out, so a resumed run
//! makes them again. The file name contains a digest of the recommender's address: answers of another recommender are
//! never used.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use btcfake_core::format::instant::instant_text;
use btcfake_core::text::digest::sha256;
use btcfake_core::text::words::counted;
use chrono::{DateTime, Utc};

use crate::configuration::RecommenderSettings;
use crate::files::reading::{open_found, read_to_end};
use crate::files::temporary_file;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// Answers of an earlier run, by employee.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    text: Vec<u8>,
    lines: HashMap<u64, Range<usize>>,
}

impl Answers {
    /// Reads a journal. Lines that are no answers are ignored; the last line may be incomplete.
    fn read(text: Vec<u8>) -> Answers {
        let mut lines = HashMap::new();
        let mut start = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let range = start..start + line.len();
            start = range.end;
            if let Some(employee_id) = employee_of(line) {
                lines.insert(employee_id, range);
            }
        }
        Answers { text, lines }
    }

    /// True if an employee has an answer.
    pub(crate) fn has(&self, employee_id: u64) -> bool {
        self.lines.contains_key(&employee_id)
    }

    /// Line of the recording about an employee, with its line feed.
    pub(super) fn line(&self, employee_id: u64) -> Option<&[u8]> {
        self.text.get(self.lines.get(&employee_id)?.clone())
    }

    /// Removes the answers for other employees than these, and returns their lines.
    fn take_others(&mut self, employees: &[u64]) -> Vec<u8> {
        let employees: HashSet<u64> = employees.iter().copied().collect();
        let others = self.lines.extract_if(|employee, _| !employees.contains(employee));
        let mut lines: Vec<Range<usize>> = others.map(|(_, line)| line).collect();
        lines.sort_by_key(|line| line.start);
        lines.into_iter().flat_map(|line| &self.text[line]).copied().collect()
    }

    /// Length of the text up to its last line feed, in bytes.
    fn whole_lines(&self) -> u64 {
        self.text.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last as u64 + 1)
    }
}

/// Employee id of a whole line of a journal; `None` for other lines.
fn employee_of(line: &[u8]) -> Option<u64> {
    let line = line.strip_prefix(b"{\"ba_id\":")?;
    let digits = line.iter().position(|byte| !byte.is_ascii_digit())?;
    let rest = line[digits..].strip_prefix(b",\"body\":{")?;
    rest.ends_with(b"}}\n").then(|| std::str::from_utf8(&line[..digits]).ok()?.parse().ok())?
}

/// The journal of a run.
pub(crate) struct Journal {
    path: PathBuf,
    /// Open and locked from the first answer on.
    file: Option<File>,
    /// Answers in the file.
    kept: usize,
    /// Lines of answers for employees who are not in this run; they stay in the file.
    others: Vec<u8>,
    /// True once a write has failed; after that nothing more is written.
    has_failed: bool,
}

impl Journal {
    /// Journal, in a folder, of runs that ask a certain recommender. Nothing is written before the first answer.
    pub(crate) fn of(folder: &Path, settings: &RecommenderSettings) -> Journal {
        let digest = sha256(settings.address().as_bytes());
        let path = folder.join(format!(".btcfake-recommendations-{}.jsonl", &digest[..8]));
        Journal { path, file: None, kept: 0, others: Vec::new(), has_failed: false }
    }

    /// Resumes a stopped run: returns its answers for these employees, and a sentence about them. The run will not ask for
    /// these answers again, and appends to the same file. Answers for other employees stay in the file.
    ///
    /// # Errors
    /// A file that cannot be read or written, or that a running program writes.
    pub(crate) fn take_up(&mut self, employees: &[u64]) -> Result<(Answers, String), Failure> {
        let opened = self.open_left().map_err(|error| Failure::file(&self.path, "read", error))?;
        let Some((file, mut answers, last)) = opened else {
            let nothing = "no stopped run has left answers of this recommender: all are asked for";
            return Ok((Answers::default(), nothing.to_owned()));
        };
        self.file = Some(file);
        self.kept = answers.lines.len();
        self.others = answers.take_others(employees);
        let taken = answers.lines.len();
        let mut note = format!("{} of a stopped run are taken up, the last of {last}", counted(taken, "answer"));
        if taken < self.kept {
            let others = counted(self.kept - taken, "answer");
            note.push_str(&format!("; {others} for employees who are not in this run stay for another"));
        }
        Ok((answers, note))
    }

    /// Opens and locks the file of a stopped run, cuts off an incomplete line, and returns the answers and the time of
    /// the last one; `None` if there is none. The file is read once it is locked, so that no line of another run is cut off.
    fn open_left(&self) -> io::Result<Option<(File, Answers, String)>> {
        match open_found(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            found => found.map(drop)?,
        }
        let mut file = OpenOptions::new().read(true).append(true).open(&self.path)?;
        if !temporary_file::lock(&file)? {
            let why = "another run is writing it; wait for its end, or run without --resume";
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, why));
        }
        if !temporary_file::is_at(&file, &self.path) {
            // The run that wrote it has ended and removed it meanwhile.
            return Ok(None);
        }
        let last = DateTime::<Utc>::from(file.metadata()?.modified()?);
        let answers = Answers::read(read_to_end(&mut file)?);
        file.set_len(answers.whole_lines())?;
        Ok(Some((file, answers, instant_text(last))))
    }

    /// Message that a stopped run left answers, which this run will replace, or that a running one writes them, so that
    /// this run keeps none; `None` if there are none.
    pub(crate) fn left(&mut self) -> Option<String> {
        let path = self.path.exists().then(|| shown_path(&self.path))?;
        let file = OpenOptions::new().append(true).open(&self.path);
        self.has_failed = file.is_ok_and(|file| matches!(temporary_file::lock(&file), Ok(false)));
        Some(if self.has_failed {
            format!(
                "another run asks this recommender now and keeps its answers in {path}; this one keeps none, so it cannot \
                 be taken up if it is stopped"
            )
        } else {
            format!("{path} has the answers of a stopped run; they are asked for anew. --resume takes them up instead")
        })
    }

    /// Adds an answer, as a line of a recording. A failure is reported once; the run continues without the journal.
    pub(crate) fn keep(&mut self, line: &str) {
        if self.has_failed {
            return;
        }
        match self.append(line) {
            Ok(()) => self.kept += 1,
            Err(error) => {
                self.has_failed = true;
                let failure = Failure::file(&self.path, "write", error);
                console::warn(format!("{failure}. A stopped run could not be taken up from here on"));
            }
        }
    }

    /// One write a line, so that a killed program leaves whole lines.
    fn append(&mut self, line: &str) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => {
                fs::create_dir_all(self.path.parent().unwrap_or(Path::new("")))?;
                let locked = temporary_file::create_locked(&self.path)?;
                let busy = || io::Error::new(io::ErrorKind::ResourceBusy, "another run is writing it");
                none.insert(locked.ok_or_else(busy)?)
            }
        };
        file.write_all(line.as_bytes())
    }

    /// Removes the answers of a run that succeeded, and the file if it has no others.
    ///
    /// # Errors
    /// The failure of the run, with a note on how to resume the run if the journal has answers.
    pub(crate) fn end<T>(self, run: Result<T, Failure>) -> Result<T, Failure> {
        let made = run.map_err(|failure| self.explain(failure))?;
        let Some(file) = self.file else { return Ok(made) };
        drop(file);
        if self.others.is_empty() {
            if fs::remove_file(&self.path).is_err() {
                console::warn(format!("{} cannot be removed; it is not needed any more", shown_path(&self.path)));
            }
        } else if let Err(error) = replace(&self.path, &self.others) {
            // The unchanged file still has the answers for other employees.
            let failure = Failure::file(&self.path, "write", error);
            console::warn(format!("{failure}. It keeps the answers of this run besides those for other employees"));
        }
        Ok(made)
    }

    fn explain(&self, failure: Failure) -> Failure {
        if self.kept == 0 || failure.exit_code() != 1 {
            return failure;
        }
        // The same options would lead to the same refusal.
        let (failure, when) = match failure {
            Failure::Interrupted => ("stopped before the end".to_owned(), ", with the same options,"),
            failure => (failure.to_string(), ", once that is mended,"),
        };
        let (kept, path) = (counted(self.kept, "answer"), shown_path(&self.path));
        Failure::Other(format!(
            "{failure}\n{kept} of the recommender in {path}: `btcfake run --resume`{when} does not ask for them again"
        ))
    }
}

/// Replaces a file as a whole. After a failure, the old file is unchanged.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("partial");
    let mut file = temporary_file::create(&temporary)?;
    let written = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::rename(&temporary, path));
    written.inspect_err(|_| _ = fs::remove_file(&temporary))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const LINE: &str = "{\"ba_id\":7,\"body\":{\"a\":{}}}\n";

    fn journal(folder: &Path) -> Journal {
        Journal { path: folder.join("out/journal.jsonl"), file: None, kept: 0, others: Vec::new(), has_failed: false }
    }

    #[test]
    fn only_whole_answers_are_taken_up() {
        for (line, expected) in [
            (LINE, Some(7)),
            ("{\"ba_id\":18446744073709551615,\"body\":{\"a\":{}}}\n", Some(u64::MAX)),
            ("{\"ba_id\":18446744073709551616,\"body\":{\"a\":{}}}\n", None),
            ("{\"ba_id\":7,\"body\":{\"a\":{}}}", None),
            ("{\"ba_id\":7,\"body\":{\"a\":{}\n", None),
            ("{\"ba_id\":7,\"error\":\"boom\"}\n", None),
            ("{\"ba_id\":,\"body\":{\"a\":{}}}\n", None),
            ("\n", None),
        ] {
            assert_eq!(employee_of(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn what_a_killed_run_left_is_continued_behind_its_last_whole_line() {
        let folder = tempfile::tempdir().unwrap();
        let mut killed = journal(folder.path());
        assert_eq!(killed.left(), None);
        killed.keep(LINE);
        killed.keep("{\"ba_id\":8,\"bo");
        drop(killed);
        let mut next = journal(folder.path());
        assert!(next.left().unwrap().contains("--resume"));
        let (answers, note) = next.take_up(&[7, 8]).unwrap();
        assert_eq!((answers.line(7), answers.line(8)), (Some(LINE.as_bytes()), None));
        assert!(note.starts_with("1 answer of a stopped run") && !note.contains("not in this run"), "{note}");
        let other = LINE.replace('7', "9");
        next.keep(&other);
        assert_eq!(fs::read_to_string(&next.path).unwrap(), format!("{LINE}{other}"));
        let explained = next.explain(Failure::Interrupted).to_string();
        assert!(explained.starts_with("stopped before the end\n2 answers of the recommender in "), "{explained}");
        assert!(explained.contains("with the same options"), "{explained}");
        let explained = next.explain(Failure::at("out", "the disk is full")).to_string();
        assert!(explained.contains("--resume`, once that is mended, does not"), "{explained}");
        let mut second = journal(folder.path());
        assert!(second.take_up(&[]).is_err(), "a living run writes it");
        let told = second.left().unwrap();
        assert!(told.starts_with("another run asks") && !told.contains("--resume"), "{told}");
        second.keep(LINE);
        assert_eq!((second.kept, fs::read_to_string(&next.path).unwrap()), (0, format!("{LINE}{other}")));
        let path = next.path.clone();
        next.end(Ok(())).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_run_without_answers_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = journal(folder.path());
        assert!(!journal.take_up(&[7]).unwrap().0.has(7));
        assert!(matches!(journal.end::<()>(Err(Failure::Interrupted)), Err(Failure::Interrupted)));
        assert!(!folder.path().join("out").exists());
    }

    #[test]
    fn answers_for_employees_of_another_run_stay() {
        let folder = tempfile::tempdir().unwrap();
        let [seven, eight, nine] = ["7", "8", "9"].map(|id| LINE.replace('7', id));
        let mut stopped = journal(folder.path());
        [&seven, &eight, &nine].into_iter().for_each(|line| stopped.keep(line));
        drop(stopped);
        let mut other = journal(folder.path());
        let (answers, note) = other.take_up(&[8, 10]).unwrap();
        assert_eq!([7, 8, 9, 10].map(|id| answers.has(id)), [false, true, false, false]);
        let expected = "; 2 answers for employees who are not in this run stay for another";
        assert!(note.starts_with("1 answer of a stopped run are taken up") && note.ends_with(expected), "{note}");
        other.keep(&LINE.replace('7', "10"));
        let path = other.path.clone();
        other.end(Ok(())).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), seven + &nine);
        let mut last = journal(folder.path());
        assert!(last.take_up(&[9, 7]).unwrap().0.has(9));
        last.end(Ok(())).unwrap();
        assert!(!path.exists());
    }

    #[test]
    fn a_new_run_replaces_what_a_stopped_one_left() {
        let folder = tempfile::tempdir().unwrap();
        journal(folder.path()).keep(&LINE.repeat(3));
        let mut next = journal(folder.path());
        next.keep(LINE);
        assert_eq!(fs::read_to_string(&next.path).unwrap(), LINE);
    }
}
