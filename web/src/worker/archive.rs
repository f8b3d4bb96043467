//! Files of runs in one ZIP. The browser compresses, so that this program needs no compressor and holds no content. This module
//! writes the headers and the directory of the ZIP. Entries have the wall clock time of their run.

use btcfake_core::format::file_name::VendorName;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::settings::Settings;
use chrono::{Datelike, Timelike};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableWritablePair, Response};

use super::output::{CSV, Output, Written, blob};
use super::picked_files::PickedFiles;
use super::reading::read;
use super::running::FinishedRun;
use crate::browser_error::error_text;
use crate::messages::ArchivePurpose;

/// One file of a ZIP, with its offset.
struct ArchiveEntry<'a> {
    name: &'a str,
    crc: u32,
    size: u32,
    compressed_size: u32,
    clock: DosClock,
    offset: u32,
}

/// Date and time in the format of a ZIP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DosClock {
    date: u16,
    time: u16,
}

/// A ZIP that is being made.
pub(super) struct Archive {
    parts: Array,
    directory: Vec<u8>,
    entries: u16,
    offset: u32,
}

/// The name and the content of a ZIP with all files of a run. A ZIP to be published also has the run's catalogs.
///
/// # Errors
/// In plain words: the browser cannot compress or hold the files, or they are too large for one ZIP.
pub(super) async fn of(
    finished: &FinishedRun,
    purpose: ArchivePurpose,
    kept: &PickedFiles,
) -> Result<(String, Blob), String> {
    let mut archive = Archive::new();
    archive.add("", &finished.files, finished.simulation.settings()).await?;
    if matches!(purpose, ArchivePurpose::Publish(_)) {
        archive.add("", &catalogs(finished, kept).await?, finished.simulation.settings()).await?;
    }
    Ok((name(&finished.simulation.file_names().run), archive.finish()?))
}

/// The picked catalogs whose names are the vendor's. The helper accepts no others, and takes them from its folder.
async fn catalogs(finished: &FinishedRun, kept: &PickedFiles) -> Result<Vec<Written>, String> {
    let mut catalogs = Vec::new();
    for picked in &finished.inputs {
        let name = picked.file.name();
        let is_catalog = [InputRole::StandaloneContent, InputRole::CourseCatalog].contains(&picked.pick.role);
        if is_catalog && VendorName::parse(&name).is_some() {
            catalogs.push(Output::of(&name, CSV, &kept.get(picked).await?.bytes)?.finish()?);
        }
    }
    Ok(catalogs)
}

impl Archive {
    /// A ZIP without files.
    pub(super) fn new() -> Archive {
        Archive { parts: Array::new(), directory: Vec::new(), entries: 0, offset: 0 }
    }

    /// Adds the files of a run, in a folder such as `2026-01-29/`, or in none.
    ///
    /// # Errors
    /// In plain words: the browser cannot compress the files, or they are too large for one ZIP.
    pub(super) async fn add(&mut self, folder: &str, files: &[Written], settings: &Settings) -> Result<(), String> {
        let clock = DosClock::of(settings);
        for written in files {
            let Compressed { content, crc } = compressed(&written.blob).await?;
            let entry = ArchiveEntry {
                name: &format!("{folder}{}", written.file.name),
                crc,
                size: small(written.file.bytes)?,
                compressed_size: size_of(&content)?,
                clock,
                offset: self.offset,
            };
            let head = entry.head();
            self.offset = small(u64::from(self.offset) + head.len() as u64 + u64::from(entry.compressed_size))?;
            self.parts.push(&Uint8Array::from(head.as_slice()));
            self.parts.push(&content);
            self.directory.extend(entry.directory_line());
            self.entries = self.entries.checked_add(1).ok_or(TOO_LARGE)?;
        }
        Ok(())
    }

    /// The ZIP.
    ///
    /// # Errors
    /// In plain words: the browser cannot compress or hold the files, or they are too large for one ZIP.
    pub(super) fn finish(mut self) -> Result<Blob, String> {
        let end = end_of_directory(self.entries, small(self.directory.len() as u64)?, self.offset);
        self.directory.extend(end);
        self.parts.push(&Uint8Array::from(self.directory.as_slice()));
        blob(&self.parts, "application/zip")
    }
}

/// The name of the ZIP by that of the run file: `run_2026_1_29_1_5fccff.json` gives `btcfake_2026_1_29_1_5fccff.zip`.
fn name(run_file: &str) -> String {
    let run = run_file.strip_prefix("run_").unwrap_or(run_file);
    format!("btcfake_{}.zip", run.strip_suffix(".json").unwrap_or(run))
}

/// A compressed file, ready for a ZIP.
struct Compressed {
    content: Blob,
    crc: u32,
}

/// The sizes in bytes of a gzip file's frame, as browsers write it: a head without optional fields, and at the end the CRC and
/// the size, four bytes each.
const GZIP_HEAD: f64 = 10.0;
const GZIP_END: f64 = 8.0;

/// Compresses a file by the browser's gzip, which has the same compressed content as a ZIP, and the CRC at its end.
async fn compressed(content: &Blob) -> Result<Compressed, String> {
    let failed = |error| format!("the browser cannot compress the files: {}", error_text(&error));
    let stream = content.stream().pipe_through(&gzip().map_err(failed)?);
    let response = Response::new_with_opt_readable_stream(Some(&stream)).map_err(failed)?;
    let compressed = JsFuture::from(response.blob().map_err(failed)?).await.map_err(failed)?;
    let compressed: Blob = compressed.dyn_into().map_err(failed)?;
    let part = |from, to| compressed.slice_with_f64_and_f64(from, to).map_err(failed);
    let end = compressed.size() - GZIP_END;
    let (head, last) = (read(&part(0.0, GZIP_HEAD)?).await?, read(&part(end, compressed.size())?).await?);
    let crc = crc_of(&head, &last).ok_or("the browser compresses the files in a way that no ZIP knows")?;
    Ok(Compressed { content: part(GZIP_HEAD, end)?, crc })
}

/// The CRC of a file from the frame of its gzip; `None` if the head has optional fields.
fn crc_of(head: &[u8], end: &[u8]) -> Option<u32> {
    let crc = end.first_chunk().map(|crc| u32::from_le_bytes(*crc));
    crc.filter(|_| matches!(head, [0x1f, 0x8b, 8, 0, ..]))
}

/// A `CompressionStream`, which web-sys has only as an unstable interface.
fn gzip() -> Result<ReadableWritablePair, JsValue> {
    let constructor: Function = Reflect::get(&js_sys::global(), &"CompressionStream".into())?.dyn_into()?;
    Reflect::construct(&constructor, &Array::of1(&"gzip".into())).map(JsCast::unchecked_into)
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is a whole number")]
fn size_of(content: &Blob) -> Result<u32, String> {
    small(content.size() as u64)
}

const TOO_LARGE: &str = "the files are too large for one ZIP";

/// A size or an offset, which have 32 bits in a plain ZIP.
fn small(number: u64) -> Result<u32, String> {
    u32::try_from(number).map_err(|_| TOO_LARGE.to_owned())
}

impl ArchiveEntry<'_> {
    /// The header before the content.
    fn head(&self) -> Vec<u8> {
        let mut bytes = b"PK\x03\x04".to_vec();
        self.write_common(&mut bytes);
        bytes.extend_from_slice(self.name.as_bytes());
        bytes
    }

    /// The entry in the directory at the end of the ZIP.
    fn directory_line(&self) -> Vec<u8> {
        // Made by: version 2.0, of no system.
        let mut bytes = b"PK\x01\x02\x14\x00".to_vec();
        self.write_common(&mut bytes);
        // No comment, the first disk, no attributes.
        bytes.extend_from_slice(&[0; 10]);
        bytes.extend(self.offset.to_le_bytes());
        bytes.extend_from_slice(self.name.as_bytes());
        bytes
    }

    fn write_common(&self, bytes: &mut Vec<u8>) {
        // To be read with version 2.0; no flags; method 8: deflate.
        bytes.extend_from_slice(&[20, 0, 0, 0, 8, 0]);
        bytes.extend(self.clock.time.to_le_bytes());
        bytes.extend(self.clock.date.to_le_bytes());
        for number in [self.crc, self.compressed_size, self.size] {
            bytes.extend(number.to_le_bytes());
        }
        bytes.extend(u16::try_from(self.name.len()).unwrap_or_default().to_le_bytes());
        bytes.extend([0, 0]);
    }
}

fn end_of_directory(entries: u16, directory_size: u32, directory_offset: u32) -> Vec<u8> {
    let entries = entries.to_le_bytes();
    let mut bytes = b"PK\x05\x06\x00\x00\x00\x00".to_vec();
    bytes.extend(entries);
    bytes.extend(entries);
    bytes.extend(directory_size.to_le_bytes());
    bytes.extend(directory_offset.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

impl DosClock {
    /// The first instant that a ZIP can have.
    const FIRST: DosClock = DosClock { date: (1 << 5) | 1, time: 0 };

    /// The wall clock of the run. A ZIP can have the years from 1980 to 2107; runs of others get [`DosClock::FIRST`].
    fn of(settings: &Settings) -> DosClock {
        let clock = settings.time_zone.wall_clock(settings.now);
        let Some(years) = u32::try_from(clock.year() - 1980).ok().filter(|years| *years < 128) else {
            return Self::FIRST;
        };
        let date = (years << 9) | (clock.month() << 5) | clock.day();
        let time = (clock.hour() << 11) | (clock.minute() << 5) | (clock.second() / 2);
        DosClock { date: u16::try_from(date).unwrap_or_default(), time: u16::try_from(time).unwrap_or_default() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use btcfake_core::plan::settings::parse_now;

    #[test]
    fn the_zip_is_named_after_the_run() {
        assert_eq!(name("run_2026_1_29_1_5fccff.json"), "btcfake_2026_1_29_1_5fccff.zip");
    }

    #[test]
    fn entries_carry_the_wall_clock_of_the_run() {
        for (now, expected) in [
            ("2026-01-29T18:00:00Z", DosClock { date: 0x5C3D, time: 0x9000 }),
            ("1979-12-31T23:59:59Z", DosClock::FIRST),
            ("2108-01-01T00:00:00Z", DosClock::FIRST),
        ] {
            assert_eq!(DosClock::of(&Settings::new(parse_now(now).unwrap(), 1)), expected, "{now}");
        }
    }

    #[test]
    fn a_gzip_file_of_the_browser_has_the_crc_at_its_end() {
        for (head, end, expected) in [
            (b"\x1f\x8b\x08\x00\0\0\0\0\0\x03", b"\x78\x56\x34\x12\x01\0\0\0".as_slice(), Some(0x1234_5678)),
            (b"\x1f\x8b\x08\x08\0\0\0\0\0\x03", b"\x78\x56\x34\x12\x01\0\0\0", None),
            (b"\x1f\x8b\x08\x00\0\0\0\0\0\x03", b"\x78\x56\x34", None),
        ] {
            assert_eq!(crc_of(head, end), expected);
        }
    }

    #[test]
    fn head_and_directory_have_the_lengths_of_the_format() {
        let entry =
            ArchiveEntry { name: "a.csv", crc: 1, size: 2, compressed_size: 3, clock: DosClock::FIRST, offset: 4 };
        assert_eq!((entry.head().len(), entry.directory_line().len()), (30 + 5, 46 + 5));
        assert_eq!(end_of_directory(1, 2, 3).len(), 22);
    }
}
