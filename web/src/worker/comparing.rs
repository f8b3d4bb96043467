//! Two feeds compared by employee and content, as `btcfake diff` does.

use btcfake_core::check::GivenFile;
use btcfake_core::compare::{Change, ComparedRow, FeedFault, FeedTables, RowDifference, compare};
use btcfake_core::format::feed_file::FeedFile;
use btcfake_core::format::identifier::content_id_text;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Blob;

use super::instants::instant_in_form;
use super::reading::read;
use crate::messages::comparison::{ComparedFeedFile, ComparisonOrder, DifferingRow, MOST_DIFFERENCES};

/// The columns of employee and content, by which rows are compared.
const KEYS: [&str; 4] = ["UserId", "UserID", "ContentId", "TrainingElementId"];

/// The comparison, file by file.
///
/// # Errors
/// Why the feeds cannot be compared, in plain words.
pub(super) async fn compared(order: ComparisonOrder, attached: Vec<JsValue>) -> Result<Vec<ComparedFeedFile>, String> {
    let mut blobs = attached.into_iter().filter_map(|value| value.dyn_into::<Blob>().ok());
    let mut feeds = [Vec::new(), Vec::new()];
    for (names, feed) in order.names.into_iter().zip(&mut feeds) {
        for (name, blob) in names.into_iter().zip(blobs.by_ref()) {
            let bytes = read(&blob).await.map_err(|why| format!("{name}: {why}"))?;
            feed.push((name, bytes));
        }
    }
    let [before, after] = &feeds;
    let (before, after) = (tables_of(before)?, tables_of(after)?);
    let mut rows: [Vec<DifferingRow>; FeedFile::ALL.len()] = Default::default();
    let comparison = compare(&before, &after, &mut |difference| {
        let of_file = &mut rows[difference.file as usize];
        if of_file.len() < MOST_DIFFERENCES {
            of_file.push(shown(&difference));
        }
    });
    let files = comparison.files.iter().map(|file| ComparedFeedFile {
        file: file.file,
        same: file.same,
        added: file.added,
        gone: file.gone,
        changed: file.changed,
        rows: std::mem::take(&mut rows[file.file as usize]),
    });
    Ok(files.collect())
}

fn tables_of(files: &[(String, Vec<u8>)]) -> Result<FeedTables<'_>, String> {
    let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    let in_words = |faults: Vec<FeedFault>| faults.iter().map(FeedFault::to_string).collect::<Vec<_>>().join("\n");
    FeedTables::read(&given).map_err(in_words)
}

/// A value of a file; an instant is in people's form.
fn in_form(value: &str) -> String {
    instant_in_form(value).map_or_else(|| value.to_owned(), |instant| format!("{instant} UTC"))
}

fn shown(difference: &RowDifference) -> DifferingRow {
    let columns = difference.file.columns();
    // Employee and content have columns of their own in the page's table.
    let named = |row: &ComparedRow| {
        let fields = columns.iter().zip(&row.values).filter(|(column, _)| !KEYS.contains(column));
        fields.map(|(column, value)| format!("{column}: {}", in_form(value))).collect::<Vec<_>>()
    };
    let (change, values) = match &difference.change {
        Change::Added { after } => ("Added", named(after)),
        Change::Gone { before } => ("Gone", named(before)),
        Change::Changed { before, after, columns: changed } => {
            let value = |row: &ComparedRow, name: &str| {
                let at = columns.iter().position(|column| *column == name);
                at.and_then(|at| row.values.get(at)).cloned().unwrap_or_default()
            };
            let line =
                |name: &&str| format!("{name}: {} → {}", in_form(&value(before, name)), in_form(&value(after, name)));
            ("Changed", changed.iter().map(line).collect())
        }
    };
    DifferingRow {
        employee: difference.employee.map(|id| id.to_string()).unwrap_or_default(),
        content: difference.content.map(content_id_text).unwrap_or_default(),
        change: change.to_owned(),
        values,
    }
}
