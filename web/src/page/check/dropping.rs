//! Picked or dropped files and folders as files with paths. Folders are read with all folders in them.

use btcfake_core::format::file_kind::has_known_extension;
use js_sys::{Array, Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use crate::browser_error::error_text;

/// A path relative to the folder that all files share, and the file.
pub(crate) type FoundFile = (String, File);

/// The files of an input field; of a folder, only those with a known extension that are not hidden.
///
/// # Errors
/// A message if no file was chosen.
pub(crate) fn picked(list: Option<FileList>) -> Result<Vec<FoundFile>, String> {
    let list = list.filter(|list| list.length() > 0).ok_or("No file was chosen.")?;
    let list = (0..list.length()).filter_map(|index| list.get(index));
    let with_path = |file: File| {
        let path = Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        (path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name()), file)
    };
    Ok(in_order(list.map(with_path).collect()))
}

/// The entries of a drop. The browser gives them only during the drop event, so they are taken before any `await`.
pub(crate) fn dropped(data: Option<DataTransfer>) -> Vec<FileSystemEntry> {
    let items = data.map(|data| data.items());
    let items = items.iter().flat_map(|items| (0..items.length()).filter_map(|index| items.get(index)));
    items.filter_map(|item| item.webkit_get_as_entry().ok().flatten()).collect()
}

/// The dropped files, and those of folders that have a known extension and are not hidden.
///
/// # Errors
/// The first path that cannot be read, and why.
pub(crate) async fn files_of(mut waiting: Vec<FileSystemEntry>) -> Result<Vec<FoundFile>, String> {
    let mut files = Vec::new();
    while let Some(entry) = waiting.pop() {
        let path = entry.full_path().trim_start_matches('/').to_owned();
        if entry.is_directory() {
            let reader = entry.unchecked_into::<FileSystemDirectoryEntry>().create_reader();
            // The browser returns a batch at a time, and an empty one at the end.
            loop {
                let ask =
                    |done: &Function, failed: &Function| reader.read_entries_with_callback_and_callback(done, failed);
                let some: Array = answered(&path, &ask).await?.unchecked_into();
                if some.length() == 0 {
                    break;
                }
                waiting.extend(some.iter().map(JsCast::unchecked_into));
            }
        } else {
            let entry: FileSystemFileEntry = entry.unchecked_into();
            let ask = |done: &Function, failed: &Function| {
                entry.file_with_callback_and_callback(done, failed);
                Ok(())
            };
            files.push((path.clone(), answered(&path, &ask).await?.unchecked_into()));
        }
    }
    Ok(in_order(files))
}

/// The browser's answer about a path.
async fn answered(path: &str, ask: &dyn Fn(&Function, &Function) -> Result<(), JsValue>) -> Result<JsValue, String> {
    let promise = Promise::new(&mut |done, failed| {
        if let Err(error) = ask(&done, &failed) {
            let _ = failed.call1(&JsValue::NULL, &error);
        }
    });
    JsFuture::from(promise).await.map_err(|error| format!("{path}: the browser cannot read it: {}", error_text(&error)))
}

/// Sorts files by path, without unknown files of folders, and without the folder that all paths share.
fn in_order(mut files: Vec<FoundFile>) -> Vec<FoundFile> {
    files.retain(|(path, _)| !path.contains('/') || may_be_known(path));
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    if let (Some((first, _)), Some((last, _))) = (files.first(), files.last()) {
        // A prefix of the first and the last of sorted paths is a prefix of all.
        let shared = first.bytes().zip(last.bytes()).take_while(|(one, other)| one == other).count();
        let folder = first.as_bytes()[..shared].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
        files.iter_mut().for_each(|(path, _)| drop(path.drain(..folder)));
    }
    files
}

/// The command line's rule for files of a folder: not hidden, and with a known extension.
fn may_be_known(path: &str) -> bool {
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    !is_hidden && has_known_extension(path)
}
