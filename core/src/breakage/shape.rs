//! Faults of a whole file: changes of its columns, separators and line ends.

use super::fault::{Fault, free_columns};
use super::row_faults::draw;
use crate::format::feed_file::FeedFile;
use crate::run::simulation::Simulation;

/// The layout in which a file is written.
pub(super) struct Shape {
    /// The positions of the written columns, in the order of writing.
    pub(super) columns: Vec<usize>,
    /// The position of the renamed column, if any.
    pub(super) renamed: Option<usize>,
    /// True if the header is written.
    pub(super) has_header: bool,
    /// The separator of fields.
    pub(super) separator: u8,
    /// The line end.
    pub(super) line_end: &'static [u8],
    /// True if rows without a fault of their own can be copied unchanged.
    pub(super) keeps_rows: bool,
}

impl Shape {
    /// Draws the affected columns, and reports each fault to `report` with its line and a sentence.
    pub(super) fn draw(
        simulation: &Simulation,
        file: FeedFile,
        faults: &[Fault],
        report: &mut dyn FnMut(Fault, Option<u32>, String),
    ) -> Shape {
        let names = file.columns();
        let has = |fault: &Fault| faults.contains(fault);
        let mut shape = Shape {
            columns: (0..names.len()).collect(),
            renamed: None,
            has_header: !has(&Fault::MissingHeader),
            separator: if has(&Fault::WrongSeparator) { b';' } else { b',' },
            line_end: if has(&Fault::Crlf) { b"\r\n" } else { b"\n" },
            keeps_rows: true,
        };
        for fault in faults.iter().filter(|fault| !fault.is_of_rows()) {
            let mut draw = draw(simulation, *fault, file);
            let message = match fault {
                Fault::MissingColumn => {
                    let missing = draw.one_of(&free_columns(file, faults)).copied();
                    shape.columns.retain(|column| Some(*column) != missing);
                    let name = missing.map_or("", |column| names[column]);
                    format!("the column {name} is left out of the header and of every row")
                }
                Fault::RenamedColumn => {
                    shape.renamed = draw.one_of(&shape.columns).copied();
                    let name = shape.renamed.map_or("", |column| names[column]);
                    format!("the column {name} is called {}", new_name(name))
                }
                Fault::ColumnOrder => {
                    let at = usize::try_from(draw.below(shape.columns.len() as u64 - 1)).unwrap_or_default();
                    shape.columns.swap(at, at + 1);
                    let (one, other) = (names[shape.columns[at + 1]], names[shape.columns[at]]);
                    format!("the columns {one} and {other} have changed places")
                }
                Fault::MissingHeader => "the header is left out; this is the first row".to_owned(),
                Fault::WrongSeparator => "semicolons stand between the fields in place of commas".to_owned(),
                Fault::Crlf => "every line ends with CRLF in place of LF".to_owned(),
                _ => continue,
            };
            shape.keeps_rows &= matches!(fault, Fault::RenamedColumn | Fault::MissingHeader);
            report(*fault, Some(1), message);
        }
        shape
    }
}

/// The new name of a renamed column.
pub(super) fn new_name(column: &str) -> String {
    format!("{column}_new")
}
