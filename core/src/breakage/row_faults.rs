//! Faults of single rows: which rows can have one, which ones get it, and how their fields change.

use super::damage::IN_PLACE_OF;
use super::error::TooFewRows;
use super::fault::Fault;
use super::list::{BreakList, Breakage};
use super::rows::{Rows, fields};
use crate::format::completions::{self, COMPLETED, STARTED, USER};
use crate::format::feed_file::FeedFile;
use crate::format::identifier::{content_id_text, parse_plain_id};
use crate::format::instant::{parse_instant, seconds_text};
use crate::format::non_completed::{self, CONTENT_TYPE, DUE, REQUEST};
use crate::plan::draw::Draw;
use crate::run::simulation::Simulation;

/// The position of the content id's column.
fn content_column(file: FeedFile) -> usize {
    if file == FeedFile::Completions { completions::CONTENT } else { non_completed::CONTENT }
}

/// The position of the date column that [`Fault::BadDate`] changes.
fn date_column(file: FeedFile) -> usize {
    if file == FeedFile::Completions { COMPLETED } else { DUE }
}

/// The random stream of one fault in one file.
pub(super) fn draw(simulation: &Simulation, fault: Fault, file: FeedFile) -> Draw {
    let settings = simulation.settings();
    Draw::for_breakage(settings.seed, settings.now, fault as u64 * FeedFile::ALL.len() as u64 + file as u64)
}

/// The rows chosen for faults, and the random streams of the faults.
pub(super) struct Chosen {
    /// The fault of each row, if any.
    pub(super) rows: Vec<Option<Fault>>,
    /// The random stream of each fault, from which its values are drawn.
    pub(super) draws: Vec<(Fault, Draw)>,
}

/// Draws the rows of a file for each fault of rows. A row gets at most one fault.
///
/// # Errors
/// [`TooFewRows`] if fewer rows can have a fault than the list demands.
pub(super) fn choose(
    simulation: &Simulation,
    file: FeedFile,
    name: &str,
    rows: &Rows<'_>,
    list: &BreakList,
) -> Result<Chosen, TooFewRows> {
    let mut chosen = Chosen { rows: vec![None; rows.len()], draws: Vec::new() };
    let is_reserved = |index: usize| {
        let first = list.has(Fault::MissingHeader, file) || list.has(Fault::RepeatedRequestId, file);
        (index == 0 && first) || (index + 1 == rows.len() && list.has(Fault::CutOff, file))
    };
    for one in list.breakages().iter().filter(|one| one.file == file && one.fault.is_of_rows()) {
        let can = |index: &usize| {
            !is_reserved(*index) && chosen.rows[*index].is_none() && can_have(one.fault, file, rows.row(*index))
        };
        let candidates: Vec<usize> = (0..rows.len()).filter(can).collect();
        if candidates.len() < one.rows as usize {
            let Breakage { fault, rows: wanted, .. } = *one;
            return Err(TooFewRows { fault, file: name.to_owned(), wanted, found: candidates.len() });
        }
        let mut draw = draw(simulation, one.fault, file);
        for index in some_of(candidates, one.rows as usize, &mut draw) {
            chosen.rows[index] = Some(one.fault);
        }
        chosen.draws.push((one.fault, draw));
    }
    Ok(chosen)
}

/// Draws `count` of the positions, uniformly.
fn some_of(mut positions: Vec<usize>, count: usize, draw: &mut Draw) -> Vec<usize> {
    for drawn in 0..count {
        let left = (positions.len() - drawn) as u64;
        let other = drawn + usize::try_from(draw.below(left)).unwrap_or_default();
        positions.swap(drawn, other);
    }
    positions.truncate(count);
    positions
}

/// True if a fault can be made in a row.
fn can_have(fault: Fault, file: FeedFile, row: &[u8]) -> bool {
    let field = |column: usize| fields(row).get(column).map_or(&[][..], |field| field).to_vec();
    match fault {
        Fault::IdWithoutSeparators => field(content_column(file)).contains(&b','),
        Fault::RepeatedRequestId => parse_plain_id(&field(REQUEST)).is_some(),
        // Without quotes, such text would no longer be one field of one row.
        Fault::Unquoted => {
            !row.iter().any(|byte| matches!(byte, b'\n' | b'\r')) && !row.windows(2).any(|two| two == b"\"\"")
        }
        _ => true,
    }
}

/// The surroundings of a row that a change depends on.
pub(super) struct Surroundings<'a> {
    /// The run.
    pub(super) simulation: &'a Simulation,
    /// The file.
    pub(super) file: FeedFile,
    /// The fields of the first row of the file.
    pub(super) first: Vec<&'a [u8]>,
}

/// Applies a fault to the fields of a row, and returns a sentence on the change.
pub(super) fn change(fault: Fault, row: &mut Vec<Vec<u8>>, around: &Surroundings<'_>, draw: &mut Draw) -> String {
    let file = around.file;
    match fault {
        Fault::MissingField => {
            row.pop();
            format!("the last field, {}, is left out", file.columns()[row.len()])
        }
        Fault::NotUtf8 => {
            row[CONTENT_TYPE].push(0xE9);
            "ContentType ends with the byte 0xE9, which is not UTF-8".to_owned()
        }
        Fault::RepeatedRequestId => {
            let first = around.first.get(REQUEST).map_or_else(Vec::new, |first| first.to_vec());
            replace(row, REQUEST, file, first)
        }
        Fault::CompletedBeforeStart => {
            row.swap(STARTED, COMPLETED);
            "DateStarted and DateCompleted have changed places".to_owned()
        }
        Fault::CompletedInFuture => {
            let started = a_week_later(&row[STARTED]);
            replace(row, STARTED, file, started);
            let completed = a_week_later(&row[COMPLETED]);
            replace(row, COMPLETED, file, completed)
        }
        Fault::WithoutAssignment => {
            let content = unknown(draw, |id| is_known_content(around.simulation, id));
            replace(row, content_column(file), file, content_id_text(content).into_bytes())
        }
        Fault::UnknownEmployee => {
            let employee = unknown(draw, |id| around.simulation.inputs().index.position(id).is_some());
            replace(row, USER, file, employee.to_string().into_bytes())
        }
        Fault::IdWithoutSeparators => {
            let id = row[content_column(file)].iter().copied().filter(|byte| *byte != b',').collect();
            replace(row, content_column(file), file, id)
        }
        Fault::BadDate => {
            let date = bad_date(&row[date_column(file)], draw);
            replace(row, date_column(file), file, date)
        }
        // These faults change how the row is written, not its fields.
        Fault::Unquoted => "the fields stand without quotes".to_owned(),
        Fault::UnclosedQuote => format!("the closing quote of {} is left out", file.columns()[USER]),
        Fault::StrayBom => "a byte order mark stands at the beginning of the line".to_owned(),
        Fault::BlankLine => "a blank line".to_owned(),
        Fault::RepeatedRow => "the row of the line before once more".to_owned(),
        _ => String::new(),
    }
}

fn replace(row: &mut [Vec<u8>], column: usize, file: FeedFile, value: Vec<u8>) -> String {
    let done = format!("{} is '{}{IN_PLACE_OF}{}'", file.columns()[column], text(&value), text(&row[column]));
    row[column] = value;
    done
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn a_week_later(instant: &[u8]) -> Vec<u8> {
    const WEEK: i64 = 7 * 86_400;
    let later = parse_instant(&text(instant)).map(|instant| seconds_text(instant.timestamp() + WEEK));
    later.unwrap_or_default().into_bytes()
}

/// An invalid date: in another order, with a month that does not exist, or no date at all.
fn bad_date(instant: &[u8], draw: &mut Draw) -> Vec<u8> {
    let instant = text(instant);
    let part = |from: usize, to: usize| instant.get(from..to).unwrap_or_default();
    let (year, day, time) = (part(0, 4), part(8, 10), part(11, 19));
    let bad = match draw.below(3) {
        0 => format!("{day}/{}/{year} {time}", part(5, 7)),
        1 => format!("{year}-13-{day}T{time}Z"),
        _ => String::new(),
    };
    bad.into_bytes()
}

/// An id of nine digits that is not known.
fn unknown(draw: &mut Draw, is_known: impl Fn(u64) -> bool) -> u64 {
    const LOWEST: u64 = 900_000_001;
    const HIGHEST: u64 = 999_999_999;
    const TRIES: usize = 1_000;
    (0..TRIES).map(|_| draw.between(LOWEST, HIGHEST)).find(|id| !is_known(*id)).unwrap_or(LOWEST)
}

fn is_known_content(simulation: &Simulation, id: u64) -> bool {
    let catalog = &simulation.inputs().catalog;
    catalog.others.binary_search(&id).is_ok() || catalog.is_daily_dose(id) || catalog.name(id).is_some()
}
