//! Writes a file of the feed again, with its faults.

use super::error::TooFewRows;
use super::fault::Fault;
use super::list::BreakList;
use super::row_faults::{Chosen, Surroundings, change, choose};
use super::rows::{Rows, fields};
use super::shape::{Shape, new_name};
use crate::format::feed_file::FeedFile;
use crate::format::record::BYTE_ORDER_MARK;
use crate::run::simulation::Simulation;
use crate::text::lines::line_breaks;

/// Writes a file with its faults of rows, columns and lines. `report` gets each fault with its line and sentence.
///
/// # Errors
/// [`TooFewRows`] if fewer rows can have a fault than the list demands.
pub(super) fn write(
    simulation: &Simulation,
    file: FeedFile,
    name: &str,
    bytes: Vec<u8>,
    list: &BreakList,
    report: &mut dyn FnMut(Fault, Option<u32>, String),
) -> Result<Vec<u8>, TooFewRows> {
    let faults = list.breakages().iter().filter(|one| one.file == file).map(|one| one.fault);
    let faults: Vec<Fault> = faults.filter(|fault| *fault != Fault::WrongDateInName).collect();
    if faults.is_empty() {
        return Ok(bytes);
    }
    let rows = Rows::of(&bytes);
    if faults.contains(&Fault::CutOff) && rows.len() == 0 {
        return Err(TooFewRows { fault: Fault::CutOff, file: name.to_owned(), wanted: 1, found: 0 });
    }
    let chosen = choose(simulation, file, name, &rows, list)?;
    let shape = Shape::draw(simulation, file, &faults, report);
    let mut writer = Writer { shape, out: Vec::with_capacity(bytes.len()), line: 1, last: (1, 0), report };
    writer.header(&rows, file);
    writer.rows(&rows, chosen, simulation, file);
    if faults.contains(&Fault::CutOff) {
        writer.cut_off();
    }
    Ok(writer.out)
}

/// Writer of a file with faults.
struct Writer<'t> {
    shape: Shape,
    out: Vec<u8>,
    /// The number of the line that is written next, from 1.
    line: u32,
    /// The line and the byte offset at which the last row begins.
    last: (u32, usize),
    report: &'t mut dyn FnMut(Fault, Option<u32>, String),
}

impl Writer<'_> {
    fn header(&mut self, rows: &Rows<'_>, file: FeedFile) {
        if rows.marked {
            self.out.extend_from_slice(BYTE_ORDER_MARK);
        }
        let mut names: Vec<Vec<u8>> = rows.header().into_iter().map(<[u8]>::to_vec).collect();
        if let Some(column) = self.shape.renamed {
            names[column] = new_name(file.columns()[column]).into_bytes();
        }
        if self.shape.has_header {
            self.row(&names, None);
        }
    }

    fn rows(&mut self, rows: &Rows<'_>, mut chosen: Chosen, simulation: &Simulation, file: FeedFile) {
        let first = if rows.len() > 0 { fields(rows.row(0)) } else { Vec::new() };
        let around = Surroundings { simulation, file, first };
        for index in 0..rows.len() {
            let row = rows.row(index);
            let fault = chosen.rows[index];
            if fault.is_none() && self.shape.keeps_rows {
                self.begin_row();
                self.out.extend_from_slice(row);
                self.end_line();
                continue;
            }
            let mut values: Vec<Vec<u8>> = fields(row).into_iter().map(<[u8]>::to_vec).collect();
            // A row that cannot be split into fields was not chosen.
            let draw = chosen.draws.iter_mut().find(|(one, _)| Some(*one) == fault);
            if let Some((fault, draw)) = draw {
                let fault = *fault;
                let done = change(fault, &mut values, &around, draw);
                let line = if fault == Fault::RepeatedRow { self.line + line_breaks(row) + 1 } else { self.line };
                (self.report)(fault, Some(line), done);
            }
            self.row(&values, fault);
            if fault == Some(Fault::RepeatedRow) {
                self.row(&values, None);
            }
        }
    }

    /// Writes a row in the layout of the file, with the fault if that is one of its text.
    fn row(&mut self, values: &[Vec<u8>], fault: Option<Fault>) {
        self.begin_row();
        if fault == Some(Fault::BlankLine) {
            self.end_line();
            self.begin_row();
        }
        if fault == Some(Fault::StrayBom) {
            self.out.extend_from_slice(BYTE_ORDER_MARK);
        }
        let written = self.shape.columns.iter().filter_map(|column| Some((*column, values.get(*column)?)));
        for (position, (column, value)) in written.enumerate() {
            if position > 0 {
                self.out.push(self.shape.separator);
            }
            let quote: &[u8] = if fault == Some(Fault::Unquoted) { b"" } else { b"\"" };
            let closing = if fault == Some(Fault::UnclosedQuote) && column == 0 { b"" } else { quote };
            self.out.extend_from_slice(quote);
            self.out.extend_from_slice(value);
            self.out.extend_from_slice(closing);
        }
        self.end_line();
    }

    fn begin_row(&mut self) {
        self.last = (self.line, self.out.len());
    }

    fn end_line(&mut self) {
        self.line += line_breaks(&self.out[self.last.1..]) + 1;
        self.out.extend_from_slice(self.shape.line_end);
    }

    /// Cuts the last row off after its first half.
    fn cut_off(&mut self) {
        let (line, start) = self.last;
        let half = (self.out.len() - self.shape.line_end.len() - start) / 2;
        self.out.truncate(start + half);
        (self.report)(Fault::CutOff, Some(line), format!("the last line is cut off after {half} bytes"));
    }
}
