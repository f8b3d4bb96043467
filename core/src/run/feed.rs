//! The feed of a run, generated in order as batches.
//!
//! A batch holds pieces, each some bytes of one file, and the counts of the employees that they come from.
//! Concatenating a file's pieces in the order of the batches gives the file. The batches of [`Simulation::opening`]
//! come first: headers, the dummy file, and the open assignments that stay open. One batch of [`Simulation::simulate`]
//! follows for each slice of the employees; these do not depend on each other, so a shell may make them on many
//! threads. The consumers of batches (files, digests, memory) never change their content.

use std::ops::Range;
use std::sync::Arc;

use crate::format::assignments_table::DEFAULT_CONTENT_TYPE;
use crate::format::feed_file::FeedFile;
use crate::format::instant::InstantWriter;
use crate::format::quoted::push_line;
use crate::format::record::BYTE_ORDER_MARK;
use crate::rules::day::EmployeeDay;
use crate::run::detail::{Detail, details};
use crate::run::rows::push_completions;
use crate::run::simulation::Simulation;
use crate::run::state_after::NextState;
use crate::run::tally::Tally;

/// Some bytes of one file of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The file.
    pub file: FeedFile,
    /// Complete rows, each with its line end; or the header; or the whole dummy file.
    pub bytes: Vec<u8>,
}

/// The unit of generation: some bytes of the files, with their counts.
#[derive(Debug, Default)]
pub struct Batch {
    /// The bytes, at most one piece for each file.
    pub pieces: Vec<Piece>,
    /// The counts of the employees and rows of this batch.
    pub tally: Tally,
    /// The details of the employees; empty unless requested.
    pub details: Vec<Detail>,
    /// The state of the employees after the run; empty unless the run collects it for the next day of a series.
    pub next: NextState,
}

/// A whole feed in memory.
#[derive(Clone, Debug, Default)]
pub struct Feed {
    /// The bytes of ContentUserCompletion.
    pub completions: Vec<u8>,
    /// The bytes of `Non_Completed_Assignments`.
    pub assignments: Vec<u8>,
    /// The bytes of UserCompletion, the dummy file.
    pub user_completion: Vec<u8>,
    /// The counts of the run.
    pub tally: Tally,
    /// The state after the run; empty unless the run collects it for the next day of a series.
    pub next: NextState,
}

/// Employees per slice: enough that threads seldom wait for each other, few enough that batches stay small.
const SLICE: usize = 4_096;

/// The approximate size in bytes of a piece of the open assignments that stay open.
const OPEN_PIECE: usize = 1 << 20;

/// The bytes reserved for the rows of an employee in a file. Most employees need fewer.
const USUAL_BYTES: usize = 256;

impl Simulation {
    /// All batches of the run, in order.
    pub fn batches(&self) -> impl Iterator<Item = Batch> {
        self.opening().chain(self.slices().map(|positions| self.simulate(positions, false)))
    }

    /// The whole feed in memory.
    #[must_use]
    pub fn feed(&self) -> Feed {
        self.batches().collect()
    }

    /// The batches before those of the employees: the headers and the dummy file, then the open assignments that stay
    /// open, sorted by employee id, due, begin and content id.
    pub fn opening(&self) -> impl Iterator<Item = Batch> {
        let pieces = vec![
            Piece { file: FeedFile::Completions, bytes: self.header(FeedFile::Completions) },
            Piece { file: FeedFile::Assignments, bytes: self.header(FeedFile::Assignments) },
            Piece { file: FeedFile::Dummy, bytes: self.inputs().template.clone() },
        ];
        let headers = Batch { pieces, ..Batch::default() };
        std::iter::once(headers).chain(self.open_assignments_left())
    }

    /// Ranges of positions in employees.csv, from 0, that together cover all employees in order.
    pub fn slices(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let employees = self.employee_count();
        (0..employees).step_by(SLICE).map(move |start| start..(start + SLICE).min(employees))
    }

    /// Simulates the employees at these positions in employees.csv. Positions past the last are ignored.
    #[must_use]
    pub fn simulate(&self, positions: Range<usize>, with_details: bool) -> Batch {
        self.simulate_watched(positions, with_details, |_, _| {})
    }

    /// As [`Simulation::simulate`]; also calls `watch` with each employee's position and day.
    pub fn simulate_watched(
        &self,
        positions: Range<usize>,
        with_details: bool,
        mut watch: impl FnMut(usize, &EmployeeDay<'_>),
    ) -> Batch {
        let positions = positions.start..positions.end.min(self.employee_count());
        let buffer = || Vec::with_capacity(positions.len() * USUAL_BYTES);
        let (mut completions, mut assignments) = (buffer(), buffer());
        let (mut instants, mut dates) = (InstantWriter::default(), Default::default());
        let media = Arc::from(DEFAULT_CONTENT_TYPE);
        let mut batch = Batch::default();
        for position in positions {
            let day = self.employee_day(position);
            push_completions(&mut completions, &mut instants, &day);
            self.push_new_left(&mut assignments, &mut dates, &day, position);
            batch.tally.count(&day);
            watch(position, &day);
            if self.keeps_state() {
                batch.next.add(position, &day, self, &media);
            }
            if with_details {
                batch.details.extend(details(&day, &self.inputs().catalog));
            }
        }
        batch.pieces = vec![
            Piece { file: FeedFile::Completions, bytes: completions },
            Piece { file: FeedFile::Assignments, bytes: assignments },
        ];
        batch
    }

    /// One employee's rows exactly as in the feed, by the position in employees.csv. No headers; the dummy file is
    /// empty.
    ///
    /// # Panics
    /// If there is no such position.
    #[must_use]
    pub fn employee_rows(&self, position: usize) -> Feed {
        let before = self.inputs().index.positions_by_id().take_while(|one| *one != position);
        let ids_before: usize = before.map(|one| self.inputs().state.open.of(one).len()).sum();
        let mut request_id = self.first_request_id() + self.slice().open_before + ids_before as u64;
        let mut rows = Feed::default();
        self.push_open_left(&mut rows.assignments, position, &mut request_id);
        rows.take(self.simulate(position..position + 1, false));
        rows
    }

    fn header(&self, file: FeedFile) -> Vec<u8> {
        let mut header = if self.settings().byte_order_mark { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
        push_line(&mut header, file.columns());
        header
    }

    fn open_assignments_left(&self) -> impl Iterator<Item = Batch> {
        let mut positions = self.inputs().index.positions_by_id();
        let mut request_id = self.first_request_id() + self.slice().open_before;
        let is_none_open = self.inputs().state.open.is_empty();
        std::iter::from_fn(move || {
            let mut bytes = Vec::new();
            let mut tally = Tally::default();
            for position in positions.by_ref().take_while(|_| !is_none_open) {
                tally.open_left += self.push_open_left(&mut bytes, position, &mut request_id);
                if bytes.len() >= OPEN_PIECE {
                    break;
                }
            }
            let pieces = vec![Piece { file: FeedFile::Assignments, bytes }];
            (tally.open_left > 0).then(|| Batch { pieces, tally, ..Batch::default() })
        })
    }
}

impl Feed {
    /// Appends the pieces of the next batch and adds its counts.
    pub fn take(&mut self, batch: Batch) {
        for Piece { file, bytes } in batch.pieces {
            match file {
                FeedFile::Completions => self.completions.extend(bytes),
                FeedFile::Assignments => self.assignments.extend(bytes),
                FeedFile::Dummy => self.user_completion.extend(bytes),
            }
        }
        self.tally.add(&batch.tally);
        self.next.extend(batch.next);
    }
}

impl FromIterator<Batch> for Feed {
    fn from_iter<B: IntoIterator<Item = Batch>>(batches: B) -> Feed {
        let mut feed = Feed::default();
        batches.into_iter().for_each(|batch| feed.take(batch));
        feed
    }
}
