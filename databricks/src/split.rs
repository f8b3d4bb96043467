//! Splits a file of the feed into several files of its kind.

use btcfake_core::run::split::{self, FilePart};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Splitter of one file into files with a maximum size.
#[pyclass(module = "btcfake._native")]
pub(crate) struct FileSplitter(split::Split);

/// Bytes for one of the files, with that file's sequence number.
type Part<'py> = (u64, Bound<'py, PyBytes>);

#[pymethods]
impl FileSplitter {
    #[new]
    fn new(head: &[u8], most_bytes: usize) -> FileSplitter {
        FileSplitter(split::Split::new(head, most_bytes))
    }

    /// Takes the next bytes of the feed's file, and returns the bytes to write to the files.
    fn push<'py>(&mut self, py: Python<'py>, bytes: &[u8]) -> Vec<Part<'py>> {
        python(py, self.0.push(bytes))
    }

    /// The remaining bytes, after the last `push`.
    fn finish<'py>(&mut self, py: Python<'py>) -> Vec<Part<'py>> {
        python(py, self.0.finish())
    }
}

fn python(py: Python<'_>, parts: Vec<FilePart>) -> Vec<Part<'_>> {
    parts.into_iter().map(|part| (part.sequence, PyBytes::new(py, &part.bytes))).collect()
}
