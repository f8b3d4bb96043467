//! Large texts in chunks that begin and end with a line, read one after another or by several workers at the same time.
//!
//! The core neither opens files nor starts threads. A shell hands it a [`ByteSource`], which need not be in memory, and
//! [`Workers`], which may be threads.

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};
use std::sync::{Mutex, PoisonError};

use memchr::memchr;

/// The bytes of a file, of which any range can be read at any time.
pub trait ByteSource: Sync {
    /// The number of bytes.
    fn size(&self) -> usize;

    /// The bytes of a range within the size. A shell that fails to read them returns fewer, and reports that itself.
    fn bytes(&self, range: Range<usize>) -> Cow<'_, [u8]>;

    /// All bytes.
    fn whole(&self) -> Cow<'_, [u8]> {
        self.bytes(0..self.size())
    }
}

impl<T: AsRef<[u8]> + Sync> ByteSource for T {
    fn size(&self) -> usize {
        self.as_ref().len()
    }

    fn bytes(&self, range: Range<usize>) -> Cow<'_, [u8]> {
        Cow::Borrowed(&self.as_ref()[range])
    }
}

/// An executor of independent pieces of work, possibly several at the same time.
pub trait Workers: Sync {
    /// The size of a chunk in bytes: small beside what is kept of a file, large beside the cost of handing it over.
    fn chunk_size(&self) -> usize {
        CHUNK
    }

    /// Calls `work` with each number from 0 to `count - 1`, and returns the results in that order.
    fn each<T: Send>(&self, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
        let mut results = Vec::with_capacity(count);
        self.in_order(count, work, |result| {
            results.push(result);
            ControlFlow::Continue(())
        });
        results
    }

    /// Calls `work` with each number from 0 to `count - 1`, and `take` with the results in the order of the numbers,
    /// until `take` breaks. `work` may call this method itself.
    fn in_order<T: Send>(&self, count: usize, work: impl Fn(usize) -> T + Sync, take: impl FnMut(T) -> ControlFlow<()>);

    /// Calls each function once, possibly several at the same time. They may call the methods of these workers.
    fn call_all(&self, functions: &mut [&mut (dyn FnMut() + Send)]) {
        let functions: Vec<_> = functions.iter_mut().map(Mutex::new).collect();
        self.each(functions.len(), |number| functions[number].lock().unwrap_or_else(PoisonError::into_inner)());
    }
}

/// Workers that do one piece of work after another, on the caller's thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct OneAfterAnother;

impl Workers for OneAfterAnother {
    fn in_order<T: Send>(
        &self,
        count: usize,
        work: impl Fn(usize) -> T + Sync,
        mut take: impl FnMut(T) -> ControlFlow<()>,
    ) {
        let _ = (0..count).try_for_each(|number| take(work(number)));
    }
}

/// The usual size of a chunk in bytes, which stays in a processor's cache with its rows.
const CHUNK: usize = 1 << 18;

/// A chunk of a source. It begins with a line, and ends with a line feed or the end of the source. It is empty if no
/// line begins within its share of the source.
#[derive(Clone, Copy)]
pub(crate) struct Chunk<'p> {
    /// Its bytes.
    pub(crate) bytes: &'p [u8],
    /// True for the beginning of the source.
    pub(crate) is_first: bool,
    /// True for the end of the source.
    pub(crate) is_last: bool,
}

/// The beginning of a source, to its first line feed after the size of a chunk.
pub(crate) fn first_chunk(source: &dyn ByteSource) -> Cow<'_, [u8]> {
    source.bytes(0..line_start_from(source, CHUNK))
}

/// Reads a source chunk by chunk, and collects the results in order. If `read` returns `None`, because a chunk cannot
/// be read without the one that follows it, everything collected is dropped and the source is read again as a single
/// chunk, for which `read` must return a value.
pub(crate) fn in_chunks<P: Send, R: Default>(
    source: &dyn ByteSource,
    workers: &impl Workers,
    read: impl Fn(Chunk<'_>) -> Option<P> + Sync,
    collect: impl Fn(&mut R, P),
) -> R {
    let size = workers.chunk_size();
    let count = source.size().div_ceil(size).max(1);
    let read_chunk = |number: usize| {
        let (start, end) = (line_start_from(source, number * size), line_start_from(source, (number + 1) * size));
        let is_last = end == source.size();
        (is_last, read(Chunk { bytes: &source.bytes(start..end), is_first: number == 0, is_last }))
    };
    let (mut collected, mut is_read) = (R::default(), true);
    workers.in_order(count, read_chunk, |(is_last, chunk)| {
        is_read = chunk.is_some();
        chunk.into_iter().for_each(|chunk| collect(&mut collected, chunk));
        if is_read && !is_last { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    if !is_read {
        collected = R::default();
        if let Some(chunk) = read(Chunk { bytes: &source.whole(), is_first: true, is_last: true }) {
            collect(&mut collected, chunk);
        }
    }
    collected
}

/// The first offset at or after `at` that follows a line feed; the end of the source where there is none.
fn line_start_from(source: &dyn ByteSource, at: usize) -> usize {
    /// Longer than most lines.
    const STEP: usize = 1 << 12;
    if at == 0 {
        return 0;
    }
    let mut from = at - 1;
    while from < source.size() {
        let end = source.size().min(from + STEP);
        match memchr(b'\n', &source.bytes(from..end)) {
            Some(length) => return from + length + 1,
            None => from = end,
        }
    }
    source.size()
}

/// For tests: the caller alone, with chunks of another size.
#[cfg(test)]
pub(crate) struct SmallChunks(pub(crate) usize);

#[cfg(test)]
impl Workers for SmallChunks {
    fn chunk_size(&self) -> usize {
        self.0
    }

    fn in_order<T: Send>(
        &self,
        count: usize,
        work: impl Fn(usize) -> T + Sync,
        take: impl FnMut(T) -> ControlFlow<()>,
    ) {
        OneAfterAnother.in_order(count, work, take);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_the_text_and_begin_with_a_line() {
        for line in [1, 7, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 5 * CHUNK] {
            let text: Vec<u8> = (0..4 * CHUNK).map(|at| if at % line == line - 1 { b'\n' } else { b'x' }).collect();
            let copy = |chunk: Chunk<'_>| Some((chunk.bytes.to_vec(), chunk.is_first, chunk.is_last));
            let chunks: Vec<_> =
                in_chunks(&text, &OneAfterAnother, copy, |chunks: &mut Vec<_>, chunk| chunks.push(chunk));
            assert!(chunks.iter().map(|(bytes, ..)| &**bytes).collect::<Vec<_>>().concat() == text, "{line}");
            let last = chunks.len() - 1;
            let ends = chunks.iter().map(|(_, is_first, is_last)| (*is_first, *is_last));
            assert!(ends.eq((0..=last).map(|at| (at == 0, at == last))), "{line}");
            let read: Vec<_> = chunks.iter().filter(|(bytes, ..)| !bytes.is_empty()).collect();
            assert!(read[..read.len() - 1].iter().all(|(bytes, ..)| bytes.ends_with(b"\n")), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_read_in_chunks_is_read_as_one() {
        let text = b"line\n".repeat(CHUNK / 2);
        let lines = |chunk: Chunk<'_>| (chunk.is_first && chunk.is_last).then_some(chunk.bytes.len());
        let read: Vec<usize> =
            in_chunks(&text, &OneAfterAnother, lines, |read: &mut Vec<usize>, chunk| read.push(chunk));
        assert_eq!(read, [text.len()]);
    }
}
