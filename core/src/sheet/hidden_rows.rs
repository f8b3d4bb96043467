//! Hidden rows of a sheet of an xlsx workbook, such as those that a filter hides. They are read like all others, which
//! people who filtered a list may not expect. The reader of workbooks does not pass them on, so that they are looked up in
//! the XML of the sheet.

use std::io::{BufReader, Cursor, Read};
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// The hidden rows of a sheet, as ranges of numbers from 0, in order.
#[derive(Default)]
pub(super) struct HiddenRows(Vec<Range<u32>>);

impl HiddenRows {
    /// True if a row is hidden.
    pub(super) fn has(&self, row: u32) -> bool {
        let behind = self.0.partition_point(|range| range.start <= row);
        self.0[..behind].last().is_some_and(|range| range.contains(&row))
    }
}

/// The hidden rows of a sheet. Empty if they cannot be found: the sheet itself is read all the same.
pub(super) fn hidden_rows(bytes: &[u8], sheet: &str) -> HiddenRows {
    let mut hidden = hidden_rows_of(bytes, sheet).unwrap_or_default();
    hidden.sort_by_key(|range| range.start);
    HiddenRows(hidden)
}

fn hidden_rows_of(bytes: &[u8], sheet: &str) -> Option<Vec<Range<u32>>> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut relation = None;
    each_element(&mut archive, "xl/workbook.xml", |element| {
        if is_called(element, "sheet") && attribute(element, "name").as_deref() == Some(sheet) {
            relation = attribute(element, "id");
        }
    })?;
    let mut target = None;
    each_element(&mut archive, "xl/_rels/workbook.xml.rels", |element| {
        if is_called(element, "Relationship") && attribute(element, "Id") == relation {
            target = attribute(element, "Target");
        }
    })?;
    let target = target?;
    let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let (mut rows, mut hidden) = (0_u32, Vec::new());
    each_element(&mut archive, &part, |element| {
        if is_called(element, "row") {
            // A row without a number is the one after the row before.
            rows = attribute(element, "r").and_then(|number| number.parse().ok()).unwrap_or(rows.saturating_add(1));
            if matches!(attribute(element, "hidden").as_deref(), Some("1" | "true")) {
                hidden.push(rows.saturating_sub(1)..rows);
            }
        }
    })?;
    Some(hidden)
}

/// Calls `each` with every start of an element of a part of the archive. `None` if there is no such part, or if it is no
/// XML.
fn each_element(archive: &mut Archive<'_>, name: &str, mut each: impl FnMut(&BytesStart<'_>)) -> Option<()> {
    let plain = |name: &str| name.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase();
    let names: Vec<String> =
        archive.file_names().map(|name| name.map(|name| plain(&name)).unwrap_or_default()).collect();
    let wanted = plain(name);
    let index = names.iter().position(|one| *one == wanted)?;
    let part = archive.by_index(index).ok()?.take(super::bounds::MOST_BYTES);
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(element) | Event::Empty(element) => each(&element),
            Event::Eof => return Some(()),
            _ => {}
        }
        buffer.clear();
    }
}

fn is_called(element: &BytesStart<'_>, name: &str) -> bool {
    element.local_name().as_ref() == name
}

/// The value of an attribute by its name without a namespace prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|one| one.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned())
}
