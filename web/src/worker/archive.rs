//! All files of a run in one ZIP. Its entries carry the instant of the run, so that the same run gives the same bytes.

use std::io::{Cursor, Write};

use btcfake_core::settings::Settings;
use chrono::{Datelike, Timelike};
use js_sys::{Array, Uint8Array};
use web_sys::Blob;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::output::blob;
use super::read;
use super::running::FinishedRun;
use crate::client::said_by;

/// So many bytes of a file are read at a time.
const STEP: u32 = 4 << 20;

/// The ZIP's name and content.
///
/// # Errors
/// Why there is none, in plain words.
pub(super) async fn of(finished: &FinishedRun) -> Result<(String, Blob), String> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(entry_time(finished.simulation.settings()));
    for written in &finished.files {
        let large = written.file.bytes > u64::from(u32::MAX);
        archive.start_file(written.file.name.as_str(), options.large_file(large)).map_err(in_plain_words)?;
        write_content(&mut archive, &written.blob).await?;
    }
    let bytes = archive.finish().map_err(in_plain_words)?.into_inner();
    let content = blob(&Array::of1(&Uint8Array::from(bytes.as_slice())), "application/zip")?;
    Ok((name(&finished.simulation.file_names().run), content))
}

async fn write_content(archive: &mut impl Write, content: &Blob) -> Result<(), String> {
    let mut from = 0.0;
    while from < content.size() {
        let to = (from + f64::from(STEP)).min(content.size());
        let step = content.slice_with_f64_and_f64(from, to).map_err(|error| said_by(&error))?;
        archive.write_all(&read(&step).await?).map_err(in_plain_words)?;
        from = to;
    }
    Ok(())
}

/// `run_2026_1_29_5fccff.json` gives `btcfake_2026_1_29_5fccff.zip`.
fn name(run_file: &str) -> String {
    let run = run_file.strip_prefix("run_").unwrap_or(run_file);
    format!("btcfake_{}.zip", run.strip_suffix(".json").unwrap_or(run))
}

/// The wall clock of the run. A ZIP knows the years from 1980 to 2107; other runs get its first instant.
fn entry_time(settings: &Settings) -> DateTime {
    let clock = settings.time_zone.wall_clock(settings.now);
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    u16::try_from(clock.year())
        .ok()
        .and_then(|year| {
            let (month, day) = (small(clock.month()), small(clock.day()));
            let (hour, minute, second) = (small(clock.hour()), small(clock.minute()), small(clock.second()));
            DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
        })
        .unwrap_or_default()
}

fn in_plain_words(error: impl std::fmt::Display) -> String {
    format!("the ZIP could not be written: {error}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zip_is_named_after_the_run() {
        assert_eq!(name("run_2026_1_29_5fccff.json"), "btcfake_2026_1_29_5fccff.zip");
    }
}
