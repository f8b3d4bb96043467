//! Records an output file while its bytes pass: the line of the run file about it.

use crate::record::run_record::OutputRecord;
use crate::text::digest::ByteDigest;

/// An output file on its way. Every byte of the file goes through [`OutputRecorder::update`], in order.
pub struct OutputRecorder {
    name: String,
    digest: ByteDigest,
}

impl OutputRecorder {
    /// The recorder of a file of this name, before its first byte.
    #[must_use]
    pub fn new(name: &str) -> OutputRecorder {
        OutputRecorder { name: name.to_owned(), digest: ByteDigest::default() }
    }

    /// Counts and digests the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    /// The record of the whole file.
    #[must_use]
    pub fn close(self) -> OutputRecord {
        let (bytes, sha256) = self.digest.finish();
        OutputRecord { name: self.name, bytes, sha256 }
    }

    /// The record of a file that is in memory.
    #[must_use]
    pub fn record(name: &str, bytes: &[u8]) -> OutputRecord {
        let mut recorder = OutputRecorder::new(name);
        recorder.update(bytes);
        recorder.close()
    }
}
