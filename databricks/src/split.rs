//! A file of the feed as several files of its kind.

use btcfake_core::run::split::{self, FilePart};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Splitter of one file, for files of no more than some bytes.
#[pyclass(module = "btcfake._native")]
pub(crate) struct FileSplitter(split::Split);

/// Bytes of a file, with its sequence number.
type Part<'py> = (u64, Bound<'py, PyBytes>);

#[pymethods]
impl FileSplitter {
    #[new]
    fn new(head: &[u8], most_bytes: usize) -> FileSplitter {
        FileSplitter(split::Split::new(head, most_bytes))
    }

    /// Takes the next bytes, and returns those of files.
    fn push<'py>(&mut self, py: Python<'py>, bytes: &[u8]) -> Vec<Part<'py>> {
        python(py, self.0.push(bytes))
    }

    /// The bytes that are left at the end.
    fn finish<'py>(&mut self, py: Python<'py>) -> Vec<Part<'py>> {
        python(py, self.0.finish())
    }
}

fn python(py: Python<'_>, parts: Vec<FilePart>) -> Vec<Part<'_>> {
    parts.into_iter().map(|part| (part.sequence, PyBytes::new(py, &part.bytes))).collect()
}
