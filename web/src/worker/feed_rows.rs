//! Rows of a feed's files. They are read from the bytes of the file, a piece at a time, so that a file of any size can be
//! searched whole.

use std::collections::HashMap;

use btcfake_core::format::identifier::{content_id_text, parse_content_id, parse_plain_id};
use btcfake_core::format::record::RecordReader;
use btcfake_core::inputs::run_inputs::Inputs;
use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::instants::instant_in_form;
use super::running::FinishedRun;
use crate::browser_error::error_text;
use crate::messages::feed_rows::PREVIEW_LINES;
use crate::messages::{FeedRow, FeedRows};

/// The number of bytes that are read at a time.
const PIECE: usize = 4 << 20;

/// The columns that hold a content's id.
const CONTENT_COLUMNS: [&str; 2] = ["ContentId", "TrainingElementId"];

/// A search, in the forms in which a file may have the text.
struct Search<'r> {
    /// Texts, any of which makes a row match.
    texts: Vec<String>,
    /// The text in lower case. A content name in either language that contains it makes a row match.
    name: String,
    inputs: &'r Inputs,
    /// The names of contents that were looked up. A lookup may go through the recommendations of all employees.
    names: HashMap<u64, Option<&'r str>>,
}

/// The first rows of a file that match `search`; the first rows at all for an empty text.
///
/// # Errors
/// The browser's message if it does not give the bytes.
pub(super) async fn rows_of(run: &FinishedRun, file: usize, search: &str) -> Result<FeedRows, String> {
    let written = run.files.get(file).ok_or("there is no such file")?;
    let inputs = run.simulation.inputs();
    let mut search = Search::new(search, inputs);
    let mut found = FeedRows::default();
    let (mut rest, mut at) = (Vec::new(), 0.0);
    while at < written.blob.size() {
        #[allow(clippy::cast_precision_loss, reason = "a few megabytes")]
        let end = at + PIECE as f64;
        rest.extend(bytes_of(&written.blob, at, end).await?);
        at = end;
        let whole = if at < written.blob.size() { end_of_lines(&rest) } else { rest.len() };
        take_rows(&rest[..whole], &mut search, &mut found);
        rest.drain(..whole);
        if search.is_empty() && found.rows.len() == PREVIEW_LINES {
            found.found = written.file.lines.saturating_sub(1);
            break;
        }
    }
    Ok(found)
}

fn take_rows(bytes: &[u8], search: &mut Search<'_>, found: &mut FeedRows) {
    let mut reader = RecordReader::new(bytes, false);
    while let Some(row) = reader.next_record() {
        if found.columns.is_empty() {
            found.columns = (0..row.len()).map(|at| row.text(at).into_owned()).collect();
            let is_content = |column: &String| CONTENT_COLUMNS.contains(&column.as_str());
            found.content_column = found.columns.iter().position(is_content);
            continue;
        }
        let content = found.content_column.filter(|at| *at < row.len());
        let content = content.and_then(|at| parse_content_id(row.value(at)));
        if !search.is_in(row.whole(), content) {
            continue;
        }
        found.found += 1;
        if found.rows.len() == PREVIEW_LINES {
            // Without a search, the number of lines is known.
            if search.is_empty() {
                return;
            }
            continue;
        }
        let employee = parse_plain_id(row.value(0)).and_then(|id| search.inputs.index.position(id));
        let mut cells: Vec<String> = (0..row.len()).map(|at| row.text(at).into_owned()).collect();
        for (at, cell) in cells.iter_mut().enumerate() {
            if let Some(instant) = instant_in_form(cell) {
                *cell = instant;
                if !found.instant_columns.contains(&at) {
                    found.instant_columns.push(at);
                }
            }
        }
        found.rows.push(FeedRow {
            cells,
            kind: employee.map(|position| search.inputs.employees[position as usize].kind),
            content: content.and_then(|id| search.name_of(id)).map(str::to_owned),
            french: content.and_then(|id| search.inputs.catalog.french_name(id)).map(str::to_owned),
        });
    }
}

impl<'r> Search<'r> {
    fn new(search: &str, inputs: &'r Inputs) -> Search<'r> {
        let search = search.trim();
        let mut texts = vec![search.to_owned()];
        // For 1915085, the files have 1,915,085.
        texts.extend(search.parse().ok().filter(|id| *id > 999).map(content_id_text));
        Search { texts, name: search.to_lowercase(), inputs, names: HashMap::new() }
    }

    fn is_empty(&self) -> bool {
        self.name.is_empty()
    }

    fn is_in(&mut self, row: &[u8], content: Option<u64>) -> bool {
        let text = String::from_utf8_lossy(row);
        self.texts.iter().any(|one| text.contains(one.as_str()))
            || content.is_some_and(|id| {
                let names = [self.name_of(id), self.inputs.catalog.french_name(id)];
                names.into_iter().flatten().any(|name| name.to_lowercase().contains(&self.name))
            })
    }

    fn name_of(&mut self, id: u64) -> Option<&'r str> {
        *self.names.entry(id).or_insert_with(|| self.inputs.content_name(id))
    }
}

/// The end of the last whole line; of all bytes if there is no line break.
fn end_of_lines(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(bytes.len(), |at| at + 1)
}

async fn bytes_of(blob: &Blob, from: f64, to: f64) -> Result<Vec<u8>, String> {
    let read = async {
        let piece = blob.slice_with_f64_and_f64(from, to)?;
        JsFuture::from(piece.array_buffer()).await
    };
    let buffer = read.await.map_err(|error| format!("the browser does not give the file: {}", error_text(&error)))?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
