//! A file that is being written. Its bytes leave the memory of wasm piece by piece and become one blob of the browser.

use btcfake_core::record::run_record::OutputRecord;
use btcfake_core::text::digest::ByteDigest;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, File, FilePropertyBag};

use crate::browser_error::error_text;
use crate::messages::OutputFile;
use crate::messages::feed_rows::PREVIEW_LINES;

/// The media type of the files of a feed.
pub(super) const CSV: &str = "text/csv";

/// The size of a piece in bytes: large enough for few pieces, small enough for memory.
const PIECE: usize = 4 << 20;

/// The number of bytes that are copied from the browser's memory at once, so that they are in the processor's cache when they
/// are digested.
const COPIED_AT_ONCE: u32 = 64 << 10;

/// The largest size of a preview in bytes.
const LONGEST_PREVIEW: usize = 64 << 10;

/// A file that is being written.
pub(super) struct Output {
    name: String,
    media_type: &'static str,
    digest: ByteDigest,
    lines: u64,
    beginning: Vec<u8>,
    /// The parts of the next piece, and their size in bytes.
    piece: (Array, usize),
    pieces: Array,
}

/// A file that was written.
pub(super) struct Written {
    /// The file's description for the page.
    pub(super) file: OutputFile,
    /// Its content.
    pub(super) blob: Blob,
}

impl Written {
    /// The file's record in the run file.
    pub(super) fn record(&self) -> OutputRecord {
        let OutputFile { name, bytes, sha256, .. } = &self.file;
        OutputRecord { name: name.clone(), bytes: *bytes, sha256: sha256.clone() }
    }
}

impl Output {
    /// An empty file.
    pub(super) fn new(name: &str, media_type: &'static str) -> Output {
        Output {
            name: name.to_owned(),
            media_type,
            digest: ByteDigest::default(),
            lines: 0,
            beginning: Vec::new(),
            piece: (Array::new(), 0),
            pieces: Array::new(),
        }
    }

    /// A file with these bytes.
    pub(super) fn of(name: &str, media_type: &'static str, bytes: &[u8]) -> Result<Output, String> {
        let mut output = Output::new(name, media_type);
        output.write(bytes)?;
        Ok(output)
    }

    /// Appends some bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.count(bytes);
        self.hold(&Uint8Array::from(bytes))
    }

    /// Appends a piece of the browser's memory, which can be reused afterwards.
    pub(super) fn take(&mut self, piece: &Uint8Array) -> Result<(), String> {
        for begin in (0..piece.length()).step_by(COPIED_AT_ONCE as usize) {
            self.count(&piece.subarray(begin, piece.length().min(begin + COPIED_AT_ONCE)).to_vec());
        }
        self.hold(piece)?;
        self.end_piece()
    }

    fn count(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.lines += memchr::memchr_iter(b'\n', bytes).count() as u64;
        let wanted = LONGEST_PREVIEW.saturating_sub(self.beginning.len()).min(bytes.len());
        self.beginning.extend_from_slice(&bytes[..wanted]);
    }

    fn hold(&mut self, bytes: &Uint8Array) -> Result<(), String> {
        let (parts, size) = &mut self.piece;
        parts.push(bytes);
        *size += bytes.length() as usize;
        if *size >= PIECE { self.end_piece() } else { Ok(()) }
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<Written, String> {
        self.end_piece()?;
        let blob = blob(&self.pieces, self.media_type)?;
        let (bytes, sha256) = self.digest.finish();
        let file = OutputFile { name: self.name, bytes, sha256, lines: self.lines, preview: preview(&self.beginning) };
        Ok(Written { file, blob })
    }

    /// Makes a blob of the piece, which the browser can then move out of memory.
    fn end_piece(&mut self) -> Result<(), String> {
        let (parts, size) = std::mem::replace(&mut self.piece, (Array::new(), 0));
        if size > 0 {
            self.pieces.push(&blob(&parts, self.media_type)?.into());
        }
        Ok(())
    }
}

/// A blob of bytes or of other blobs.
pub(super) fn blob(parts: &Array, media_type: &str) -> Result<Blob, String> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_blob_sequence_and_options(parts, &options)
        .map_err(|error| format!("the browser cannot hold the results: {}", error_text(&error)))
}

/// A CSV file of the browser.
pub(super) fn file_of(name: &str, bytes: &[u8]) -> Result<JsValue, String> {
    let options = FilePropertyBag::new();
    options.set_type("text/csv");
    File::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), name, &options)
        .map(JsValue::from)
        .map_err(|error| format!("the browser cannot hold the file: {}", error_text(&error)))
}

fn preview(beginning: &[u8]) -> String {
    let lines: Vec<&[u8]> = beginning.split_inclusive(|byte| *byte == b'\n').take(PREVIEW_LINES).collect();
    String::from_utf8_lossy(&lines.concat()).into_owned()
}
