//! The rows of a feed's files, found by employee and content. For each row only its position in the bytes is stored;
//! its values are parsed again when it is compared.

use super::outcome::ComparedRow;
use crate::check::GivenFile;
use crate::format::feed_file::FeedFile;
use crate::format::file_kind::{FileKind, recognise};
use crate::format::file_name::VendorName;
use crate::format::identifier::{parse_content_id, parse_plain_id};
use crate::format::record::RecordReader;
use crate::format::table::TableReader;
use crate::format::{completions, non_completed};
use crate::text::problem::Problem;
use crate::text::visible::shown_whole;

/// The two files of a feed that have rows of employees. The dummy file has none and is left out.
#[derive(Debug)]
pub struct FeedTables<'a> {
    tables: [Option<FeedTable<'a>>; 2],
}

/// The reason why a feed cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FeedFault {
    /// A file that is not part of a feed.
    #[error(
        "{}: this is no file of a feed ({}); name ContentUserCompletion and Non_Completed_Assignments files",
        shown_whole(.name), .kind.describe()
    )]
    OtherKind {
        /// Its name.
        name: String,
        /// Its kind.
        kind: FileKind,
    },
    /// Two files of one kind.
    #[error(
        "{} and {} are of one kind; a feed has one file of each kind, or several with the sequence numbers 1, 2, 3",
        shown_whole(.first), shown_whole(.second)
    )]
    Repeated {
        /// The name of the first.
        first: String,
        /// The name of the second.
        second: String,
    },
    /// A file whose header does not allow finding rows by employee and content.
    #[error("{}", lines(.name, .problems))]
    Unreadable {
        /// Its name.
        name: String,
        /// The problems of its header.
        problems: Vec<Problem>,
    },
    /// No file of completions or assignments is given.
    #[error("the feed has neither a ContentUserCompletion nor a Non_Completed_Assignments file")]
    Nothing,
}

impl FeedFault {
    /// The same fault with other names of the files, such as their paths.
    #[must_use]
    pub fn renamed(self, name_of: impl Fn(&str) -> String) -> FeedFault {
        match self {
            FeedFault::OtherKind { name, kind } => FeedFault::OtherKind { name: name_of(&name), kind },
            FeedFault::Repeated { first, second } => {
                FeedFault::Repeated { first: name_of(&first), second: name_of(&second) }
            }
            FeedFault::Unreadable { name, problems } => FeedFault::Unreadable { name: name_of(&name), problems },
            FeedFault::Nothing => FeedFault::Nothing,
        }
    }
}

/// The problems of a file, a line each.
fn lines(name: &str, problems: &[Problem]) -> String {
    let lines = problems.iter().map(|problem| format!("{}:{problem}", shown_whole(name)));
    lines.collect::<Vec<_>>().join("\n")
}

/// The file of a kind, or several with sequence numbers, with the rows in the order of employee, content, file and line.
#[derive(Debug, Default)]
pub(super) struct FeedTable<'a> {
    files: Vec<TableFile<'a>>,
    pub(super) rows: Vec<RowAt>,
    /// Rows whose employee or content cannot be read.
    pub(super) unread: Vec<RowAt>,
}

/// A file whose rows are in a table.
#[derive(Debug)]
struct TableFile<'a> {
    name: &'a str,
    bytes: &'a [u8],
    /// The position of each column in a row.
    positions: Vec<usize>,
    problems: Vec<Problem>,
}

/// The position of a row, with its key. If a row cannot be read, both ids are 0, which is never a valid id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RowAt {
    pub(super) employee: u64,
    pub(super) content: u64,
    /// The position of its file among those of the table.
    pub(super) file: u32,
    start: usize,
    end: usize,
    pub(super) line: u32,
}

/// The files that are compared, in the order of [`FeedTables::tables`].
pub(super) const FILES: [FeedFile; 2] = [FeedFile::Completions, FeedFile::Assignments];

impl<'a> FeedTables<'a> {
    /// Reads the files of a feed. A run file and a dummy file among them are skipped. Files of one kind and run with different
    /// sequence numbers are one table.
    ///
    /// # Errors
    /// One [`FeedFault`] for each file that is not part of a feed, is a second one of its kind, or has a header without
    /// employee or content; [`FeedFault::Nothing`] if neither a completions nor an assignments file is left.
    pub fn read(files: &[GivenFile<'a>]) -> Result<FeedTables<'a>, Vec<FeedFault>> {
        let mut tables: [Option<FeedTable<'a>>; 2] = [None, None];
        let mut faults = Vec::new();
        let mut files = files.to_vec();
        files.sort_by_key(|file| VendorName::parse(file.name).map(|name| name.sequence));
        for file in files {
            let (index, read) = match recognise(file.name, file.bytes) {
                FileKind::ContentUserCompletion => {
                    (0, read_table(file, completions::COLUMNS, [completions::USER, completions::CONTENT]))
                }
                FileKind::NonCompletedAssignments => {
                    (1, read_table(file, non_completed::COLUMNS, [non_completed::USER, non_completed::CONTENT]))
                }
                FileKind::UserCompletion | FileKind::RunFile | FileKind::Details => continue,
                kind => {
                    faults.push(FeedFault::OtherKind { name: file.name.to_owned(), kind });
                    continue;
                }
            };
            match (read, &mut tables[index]) {
                (Err(problems), _) => faults.push(FeedFault::Unreadable { name: file.name.to_owned(), problems }),
                (Ok(next), Some(table)) if table.is_before(file.name) => table.append(next),
                (_, Some(table)) => {
                    let (first, second) = (table.files[0].name.to_owned(), file.name.to_owned());
                    faults.push(FeedFault::Repeated { first, second });
                }
                (Ok(table), None) => tables[index] = Some(table),
            }
        }
        for table in tables.iter_mut().flatten() {
            table.rows.sort_unstable();
        }
        if faults.is_empty() && tables.iter().all(Option::is_none) {
            faults.push(FeedFault::Nothing);
        }
        if faults.is_empty() { Ok(FeedTables { tables }) } else { Err(faults) }
    }

    /// The names and header problems of files whose header is not quite right. Their rows are compared nevertheless;
    /// missing columns are empty in every row.
    pub fn problems(&self) -> impl Iterator<Item = (&'a str, &[Problem])> {
        let files = self.tables.iter().flatten().flat_map(|table| &table.files);
        files.filter(|file| !file.problems.is_empty()).map(|file| (file.name, file.problems.as_slice()))
    }

    /// The table of the file at a position of [`FILES`].
    pub(super) fn table(&self, index: usize) -> Option<&FeedTable<'a>> {
        self.tables[index].as_ref()
    }
}

impl<'a> FeedTable<'a> {
    /// True if a file is a later one of the same sequence.
    fn is_before(&self, name: &str) -> bool {
        let last = self.files.last().and_then(|file| VendorName::parse(file.name));
        last.zip(VendorName::parse(name)).is_some_and(|(last, next)| {
            last.sequence < next.sequence && VendorName { sequence: last.sequence, ..next } == last
        })
    }

    fn append(&mut self, next: FeedTable<'a>) {
        let number = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let of_file = |row| RowAt { file: number, ..row };
        self.rows.extend(next.rows.into_iter().map(of_file));
        self.unread.extend(next.unread.into_iter().map(of_file));
        self.files.extend(next.files);
    }

    fn file(&self, row: &RowAt) -> &TableFile<'a> {
        &self.files[row.file as usize]
    }

    /// A row for the result, with the name of its file if the feed has several of the kind.
    pub(super) fn shown(&self, row: &RowAt, values: Vec<String>) -> ComparedRow {
        let name = (self.files.len() > 1).then(|| self.file(row).name.to_owned());
        ComparedRow { name, line: row.line, values }
    }

    /// The number of rows, including unreadable ones.
    pub(super) fn len(&self) -> usize {
        self.rows.len() + self.unread.len()
    }

    /// The bytes of a row in the file, including its line break.
    pub(super) fn raw(&self, row: &RowAt) -> &[u8] {
        &self.file(row).bytes[row.start..row.end]
    }

    /// The values of a row in the order of [`FeedFile::columns`]; if it cannot be read, its whole line as the only
    /// value. A byte that is not UTF-8 is written as `\xE9`, so that other bytes make another value.
    pub(super) fn values(&self, row: &RowAt) -> Vec<String> {
        let raw = self.raw(row);
        if row.employee == 0 {
            return vec![text_of(raw).trim_end_matches(['\n', '\r']).to_owned()];
        }
        let mut reader = RecordReader::new(raw, false);
        let Some(record) = reader.next_record() else { return Vec::new() };
        self.file(row).positions.iter().map(|position| text_of(record.value(*position))).collect()
    }

    /// The position of each column in a row. In rows with the same positions, equal bytes mean equal values.
    pub(super) fn layout(&self, row: &RowAt) -> &[usize] {
        &self.file(row).positions
    }
}

/// Bytes as text, in which each byte that is not UTF-8 is written as `\xE9`.
fn text_of(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&format!("\\x{byte:02X}")));
    }
    text
}

/// Reads the positions and keys of a file's rows. `key` has the indexes of employee and content in `columns`.
fn read_table<'a, const COLUMNS: usize>(
    file: GivenFile<'a>,
    columns: [&'static str; COLUMNS],
    key: [usize; 2],
) -> Result<FeedTable<'a>, Vec<Problem>> {
    let (table, problems) = TableReader::open_to_check(file.bytes, columns, &key, false);
    let Some(mut table) = table else { return Err(problems) };
    let (mut rows, mut unread) = (Vec::new(), Vec::new());
    while let Some(row) = table.next_row() {
        let ids = parse_plain_id(row.value(key[0])).zip(parse_content_id(row.value(key[1])));
        let (ids, line) = (ids.filter(|_| row.fault().is_none()), row.line());
        if ids.is_none() {
            // An unclosed quote may have swallowed the rows below.
            table.records.resume_at_next_line();
        }
        let (employee, content) = ids.unwrap_or_default();
        let (start, end) = (table.records.start_of_record(), table.records.end_of_line());
        let list = if ids.is_some() { &mut rows } else { &mut unread };
        list.push(RowAt { employee, content, file: 0, start, end, line });
    }
    let (positions, _) = table.layout();
    let file = TableFile { name: file.name, bytes: file.bytes, positions: positions.to_vec(), problems };
    Ok(FeedTable { files: vec![file], rows, unread })
}
