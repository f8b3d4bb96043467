//! Hidden rows of a sheet, such as those that a filter hides. They are read like all others, which people who filtered a
//! list may not expect. The reader of workbooks does not pass them on, so that they are looked up in the XML of the sheet.

use std::io::{BufReader, Cursor, Read};
use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::bounds::{MOST_BYTES, Packed, plain_name};

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

/// The hidden rows of a sheet of a workbook. Empty if they cannot be found: the sheet itself is read all the same.
pub(super) fn hidden_rows(kind: Packed, bytes: &[u8], sheet: &str) -> HiddenRows {
    let hidden = ZipArchive::new(Cursor::new(bytes)).ok().and_then(|mut archive| match kind {
        Packed::Xlsx => in_xlsx(&mut archive, sheet),
        Packed::Ods => in_ods(&mut archive, sheet),
    });
    let mut hidden = hidden.unwrap_or_default();
    hidden.sort_by_key(|range| range.start);
    HiddenRows(hidden)
}

/// The hidden rows of a sheet of an OpenDocument workbook. Rows that are the same are stored once, with their number.
fn in_ods(archive: &mut Archive<'_>, sheet: &str) -> Option<Vec<Range<u32>>> {
    let (mut is_sheet, mut rows, mut hidden) = (false, 0_u32, Vec::new());
    each_element(archive, "content.xml", |element| {
        if is_called(element, "table") {
            is_sheet = attribute(element, "name").as_deref() == Some(sheet);
            rows = 0;
        } else if is_sheet && is_called(element, "table-row") {
            let repeated = attribute(element, "number-rows-repeated").and_then(|number| number.parse().ok());
            let end = rows.saturating_add(repeated.unwrap_or(1));
            if matches!(attribute(element, "visibility").as_deref(), Some("collapse" | "filter")) {
                hidden.push(rows..end);
            }
            rows = end;
        }
    })?;
    Some(hidden)
}

/// The hidden rows of a sheet of an Excel workbook.
fn in_xlsx(archive: &mut Archive<'_>, sheet: &str) -> Option<Vec<Range<u32>>> {
    let mut relation = None;
    each_element(archive, "xl/workbook.xml", |element| {
        if is_called(element, "sheet") && attribute(element, "name").as_deref() == Some(sheet) {
            relation = attribute(element, "id");
        }
    })?;
    let mut target = None;
    each_element(archive, "xl/_rels/workbook.xml.rels", |element| {
        if is_called(element, "Relationship") && attribute(element, "Id") == relation {
            target = attribute(element, "Target");
        }
    })?;
    let target = target?;
    let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let (mut rows, mut hidden) = (0_u32, Vec::new());
    each_element(archive, &part, |element| {
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
    let names: Vec<String> =
        archive.file_names().map(|name| name.map(|name| plain_name(&name)).unwrap_or_default()).collect();
    let wanted = plain_name(name);
    let index = names.iter().position(|one| *one == wanted)?;
    let part = archive.by_index(index).ok()?.take(MOST_BYTES);
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
