//! SHA-256 digests of input and output files. Run files and recipes identify files by them.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use crate::text::chunks::ByteSource;

/// Running byte count and SHA-256 of a stream.
#[derive(Clone, Default)]
pub struct ByteDigest {
    hasher: Sha256,
    bytes: u64,
}

impl ByteDigest {
    /// Adds the next bytes of the stream.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The total number of bytes, and their SHA-256 as 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn finish(self) -> (u64, String) {
        let mut text = String::with_capacity(64);
        for byte in self.hasher.finalize() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        (self.bytes, text)
    }
}

/// The number of bytes of a source, and their SHA-256 as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256_of_source(source: &dyn ByteSource) -> (u64, String) {
    /// Bytes digested at a time, which stay in a processor's cache.
    const STEP: usize = 1 << 17;
    let mut digest = ByteDigest::default();
    for start in (0..source.size()).step_by(STEP) {
        digest.update(&source.bytes(start..source.size().min(start + STEP)));
    }
    digest.finish()
}

/// The SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    let mut digest = ByteDigest::default();
    digest.update(bytes);
    digest.finish().1
}

/// True if `text` has the form of a SHA-256: 64 hexadecimal digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_sha256() {
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
