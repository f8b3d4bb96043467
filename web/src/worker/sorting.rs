//! Finds the places of files without a role, and converts files to CSV by the answers to their questions.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::sorting::{Sorted, SortedFile, is_settings_file, sort};
use btcfake_core::sheet::{Choices, answered};
use btcfake_core::text::digest::sha256;
use wasm_bindgen::JsValue;
use web_sys::File;

use super::output::file_of;
use super::reading::read;
use crate::messages::{Conversion, FromSorting, OriginalFile, ToPage, ToSorting};

/// The number of bytes of a text that are enough to recognise it.
const BEGINNING: i32 = 1 << 20;

/// The answer to a request, with the converted file if there is one.
pub(super) async fn answer(message: ToSorting, files: Vec<File>) -> (ToPage, Vec<JsValue>) {
    let (answer, file) = match message {
        ToSorting::Sort { request } => (FromSorting::Places { request, places: places(&files).await }, None),
        ToSorting::Convert { request, role, choices } => {
            let converted = match files.first() {
                Some(file) => converted(file, role, choices).await,
                None => Err("there is no file".to_owned()),
            };
            match converted {
                Ok((conversion, file)) => (FromSorting::Converted { request, outcome: Ok(conversion) }, Some(file)),
                Err(why) => (FromSorting::Converted { request, outcome: Err(why) }, None),
            }
        }
    };
    (ToPage::Sorted(answer), file.into_iter().collect())
}

async fn places(files: &[File]) -> Vec<Option<Sorted>> {
    let mut contents = Vec::new();
    for (at, file) in files.iter().enumerate() {
        contents.push(match is_settings_file(&file.name()) {
            true => Some(Ok(Vec::new())),
            false if comes_again(&files[..at], file).await => None,
            false => Some(beginning(file).await),
        });
    }
    let names: Vec<String> = files.iter().map(File::name).collect();
    let readable: Vec<SortedFile<'_>> = names
        .iter()
        .zip(&contents)
        .filter_map(|(name, bytes)| Some(SortedFile { name, bytes: bytes.as_ref()?.as_ref().ok()? }))
        .collect();
    let mut sorted = sort(&readable).into_iter();
    let mut place = |bytes: Result<Vec<u8>, String>| match bytes {
        Ok(_) => sorted.next().unwrap_or(Sorted::Nowhere(String::new())),
        Err(why) => Sorted::Nowhere(why),
    };
    contents.into_iter().map(|bytes| bytes.map(&mut place)).collect()
}

/// Whether one of the files `before` has the same name and bytes.
async fn comes_again(before: &[File], file: &File) -> bool {
    let is_like = |other: &&File| other.name() == file.name() && other.size().to_bits() == file.size().to_bits();
    let alike: Vec<&File> = before.iter().filter(is_like).collect();
    if alike.is_empty() {
        return false;
    }
    // A file that cannot be read gets its report when its place is searched.
    let Ok(bytes) = read(file).await else { return false };
    for other in alike {
        if read(other).await.is_ok_and(|others| others == bytes) {
            return true;
        }
    }
    false
}

/// The bytes that are enough to recognise a file: the beginning of a text, else the whole file.
async fn beginning(file: &File) -> Result<Vec<u8>, String> {
    let Ok(beginning) = file.slice_with_i32_and_i32(0, BEGINNING) else { return read(file).await };
    let bytes = read(&beginning).await?;
    if bytes.starts_with(b"PK") || bytes.starts_with(b"{") || bytes.starts_with(b"[") {
        read(file).await
    } else {
        Ok(bytes)
    }
}

async fn converted(file: &File, role: InputRole, choices: Choices) -> Result<(Conversion, JsValue), String> {
    let bytes = read(file).await?;
    let (csv, note) = answered(role, &bytes, &choices)?;
    let name = file.name();
    let converted = file_of(&csv_name(&name), &csv)?;
    let original = OriginalFile { name, bytes: bytes.len() as u64, sha256: sha256(&bytes), choices };
    Ok((Conversion { note, original }, converted))
}

/// The name of a file once it is CSV.
pub(super) fn csv_name(name: &str) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.csv")
}
