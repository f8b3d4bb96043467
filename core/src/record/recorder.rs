//! Recording of an output file while it is written: its name, size and SHA-256 for the run file.

use crate::record::run_record::OutputRecord;
use crate::text::digest::ByteDigest;

/// Recorder of one output file. Pass every byte of the file to [`OutputRecorder::update`], in order.
pub struct OutputRecorder {
    name: String,
    digest: ByteDigest,
}

impl OutputRecorder {
    /// A recorder for a file of this name.
    #[must_use]
    pub fn new(name: &str) -> OutputRecorder {
        OutputRecorder { name: name.to_owned(), digest: ByteDigest::default() }
    }

    /// Counts and digests the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
    }

    /// The record of the complete file.
    #[must_use]
    pub fn close(self) -> OutputRecord {
        let (bytes, sha256) = self.digest.finish();
        OutputRecord { name: self.name, bytes, sha256 }
    }

    /// The record of a file whose bytes are all in memory.
    #[must_use]
    pub fn record(name: &str, bytes: &[u8]) -> OutputRecord {
        let mut recorder = OutputRecorder::new(name);
        recorder.update(bytes);
        recorder.close()
    }
}
