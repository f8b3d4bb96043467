//! Limits on the memory that a workbook needs, checked before it is opened: a small ZIP archive can unpack to
//! gigabytes.

use std::io::{Cursor, Read};

use zip::ZipArchive;

/// The maximum size in bytes of all parts of a workbook, unpacked: enough for a million rows of a state table.
pub(super) const MOST_BYTES: u64 = 1 << 29;

/// The maximum number of cells of an OpenDocument workbook, whose reader holds each sheet in memory as a whole grid.
const MOST_CELLS: usize = 20_000_000;

/// The kinds of workbook that are ZIP archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packed {
    Xlsx,
    Ods,
}

/// The maximum number of bytes from one tag to the next. The text of a cell is far shorter.
const LONGEST_TAG: usize = 1 << 20;

/// The message about a cell whose text calamine would leave out, because the file does not say that it is a text.
const UNTYPED: &str = "this workbook has a cell with a text and without the type of its value (office:value-type), which cannot \
                       be read; open it in a spreadsheet and save it again";

/// The kind of workbook of an archive; `None` if the archive is not a workbook.
///
/// # Errors
/// A message if the archive cannot be unpacked or exceeds the limits.
pub(super) fn examine(bytes: &[u8]) -> Result<Option<Packed>, String> {
    let damaged = |message: String| format!("this workbook or archive is damaged ({message}); save or copy it again");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|message| damaged(message.to_string()))?;
    let names: Vec<String> = archive.file_names().flatten().map(|name| plain_name(&name)).collect();
    let has = |name: &str| names.iter().any(|one| one == name);
    let kind = match () {
        () if has("xl/workbook.xml") => Packed::Xlsx,
        () if has("content.xml") => Packed::Ods,
        () => return Ok(None),
    };
    let mut left = MOST_BYTES;
    for index in 0..archive.len() {
        let Ok(part) = archive.by_index(index) else { continue };
        let is_content = part.name().is_ok_and(|name| plain_name(&name) == "content.xml");
        let mut counter = Counter { grid: (kind == Packed::Ods && is_content).then(GridSize::default), read: 0 };
        counter.go_through(part.take(left + 1)).map_err(|message| damaged(message.to_string()))?;
        if counter.grid.as_ref().is_some_and(|grid| grid.has_untyped_text) {
            return Err(UNTYPED.to_owned());
        }
        if counter.grid.as_ref().is_some_and(|grid| counter.read <= left && !grid.is_whole()) {
            return Err(damaged("its elements do not end as they begin".to_owned()));
        }
        let fits = counter.read <= left && counter.grid.is_none_or(|grid| grid.cells() <= MOST_CELLS);
        if !fits {
            let message = "this workbook holds more than can be read (512 MB unpacked, 20,000,000 cells); delete empty rows \
                        and columns that have a format, or save it as CSV UTF-8";
            return Err(message.to_owned());
        }
        left -= counter.read;
    }
    Ok(Some(kind))
}

/// The name of a part of an archive as it is compared with others: with `/` between folders, in lower case.
pub(super) fn plain_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase()
}

/// Counter of the unpacked bytes of one part of an archive, and of its cells if it is the content of an OpenDocument
/// workbook.
struct Counter {
    read: u64,
    grid: Option<GridSize>,
}

impl Counter {
    fn go_through(&mut self, mut part: impl Read) -> std::io::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        // The bytes of a tag that goes on beyond the buffer.
        let mut rest = Vec::new();
        loop {
            let read = part.read(&mut buffer)?;
            if read == 0 {
                self.grid.iter_mut().for_each(|grid| grid.take(&rest));
                return Ok(());
            }
            self.read += read as u64;
            if let Some(grid) = &mut self.grid {
                let last = buffer[..read].iter().rposition(|byte| *byte == b'<');
                let whole = last.map_or(0, |at| rest.len() + at);
                rest.extend_from_slice(&buffer[..read]);
                grid.take(&rest[..whole]);
                rest.drain(..whole);
                if rest.len() > LONGEST_TAG {
                    // Too large, as nothing of it can be counted.
                    *grid = GridSize { cells: usize::MAX, ..GridSize::default() };
                    rest.clear();
                }
            }
        }
    }
}

/// The number of cells of the sheets of an OpenDocument workbook. Rows and cells may be stored once with a number of
/// repetitions, so that a short text makes a huge grid.
#[derive(Default)]
struct GridSize {
    /// The cells of the sheets before the current one; `usize::MAX` if they could not be counted.
    cells: usize,
    rows: usize,
    used_rows: usize,
    row_repeats: usize,
    column: usize,
    width: usize,
    /// The names of the elements that have begun and not ended yet.
    open: Vec<Vec<u8>>,
    /// True if an end tag did not match the element opened last.
    is_broken: bool,
    /// True if the current cell has neither a type of value nor a formula.
    is_untyped: bool,
    /// True if such a cell has a text.
    has_untyped_text: bool,
}

impl GridSize {
    fn cells(&self) -> usize {
        self.cells.saturating_add(self.used_rows.saturating_mul(self.width))
    }

    /// True if every element is closed. calamine 0.38 would loop without end on an element that is not.
    fn is_whole(&self) -> bool {
        (self.open.is_empty() && !self.is_broken) || self.cells == usize::MAX
    }

    /// Counts the cells of a text that ends between two tags.
    fn take(&mut self, xml: &[u8]) {
        for tag in xml.split(|byte| *byte == b'<').skip(1) {
            let end = tag_end(tag);
            let text = tag.get(end + 1..).unwrap_or_default();
            let (tag, is_alone) = (&tag[..end], tag[..end].ends_with(b"/"));
            self.has_untyped_text |= self.is_untyped && !text.trim_ascii().is_empty() && self.begins_text_of_cell(tag);
            self.nest(tag, is_alone);
            if tag.starts_with(b"table:table-row") && !tag.starts_with(b"table:table-rows") {
                self.row_repeats = repeats(tag, b"table:number-rows-repeated");
                self.rows = self.rows.saturating_add(self.row_repeats);
                self.column = 0;
            } else if tag.starts_with(b"table:table-cell") || tag.starts_with(b"table:covered-table-cell") {
                self.column = self.column.saturating_add(repeats(tag, b"table:number-columns-repeated"));
                self.is_untyped = !contains(tag, b"office:") && !contains(tag, b"table:formula");
                if !is_alone || contains(tag, b"office:") {
                    self.width = self.width.max(self.column);
                    self.used_rows = self.rows;
                }
            } else if tag.starts_with(b"table:table ") {
                let (cells, open) = (self.cells(), std::mem::take(&mut self.open));
                let (is_broken, has_untyped_text) = (self.is_broken, self.has_untyped_text);
                *self = GridSize { cells, open, is_broken, has_untyped_text, ..GridSize::default() };
            }
        }
    }

    /// True if the text behind a tag belongs to a cell. Notes and drawings in a cell have paragraphs, too.
    fn begins_text_of_cell(&self, tag: &[u8]) -> bool {
        let cell = self.open.iter().rposition(|name| name.ends_with(b"table-cell"));
        match cell.map(|cell| &self.open[cell + 1..]) {
            Some([]) => tag.starts_with(b"text:p"),
            Some([first, ..]) => first == b"text:p",
            None => false,
        }
    }

    fn nest(&mut self, tag: &[u8], is_alone: bool) {
        let name = |tag: &[u8]| tag.split(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default().to_vec();
        match tag {
            [b'!' | b'?', ..] => {}
            [b'/', ended @ ..] => self.is_broken |= self.open.pop() != Some(name(ended)),
            begun if !is_alone => self.open.push(name(begun)),
            _ => {}
        }
    }
}

/// The offset at which a tag ends: the first `>` outside of quotes.
fn tag_end(tag: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, *byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The number of repetitions in an attribute of a tag; 1 without the attribute.
fn repeats(tag: &[u8], attribute: &[u8]) -> usize {
    let Some(at) = tag.windows(attribute.len()).position(|window| window == attribute) else { return 1 };
    let value = tag[at + attribute.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
    let digits = value.take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_usize, |sum, byte| sum.saturating_mul(10).saturating_add(usize::from(byte - b'0')))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
