//! Tables of every kind through one function: what the reader of CSV gets, what is reported, and at which place.
#![allow(clippy::unwrap_used)]

mod damaged;
mod questions;
mod texts;
mod workbooks;

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table};
use crate::sheet::{Choices, read_as};
use crate::text::problem::Reading;

/// An archive of named parts.
pub(crate) fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A workbook of sheets, each with its name, its `state` and its rows in XML. Style 1 is a date, 2 a date with time.
pub(crate) fn xlsx(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut list = String::new();
    let mut relations = String::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    for (index, (name, state, rows)) in sheets.iter().enumerate() {
        let id = index + 1;
        list.push_str(&format!("<sheet name=\"{name}\" sheetId=\"{id}\" state=\"{state}\" r:id=\"rId{id}\"/>"));
        relations.push_str(&format!(
            "<Relationship Id=\"rId{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{id}.xml\"/>"
        ));
        parts.push((
            format!("xl/worksheets/sheet{id}.xml"),
            format!("<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"),
        ));
    }
    parts.push((
        "xl/workbook.xml".to_owned(),
        format!("<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets>{list}</sheets></workbook>"),
    ));
    parts.push((
        "xl/_rels/workbook.xml.rels".to_owned(),
        format!("<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"),
    ));
    parts.push((
        "xl/styles.xml".to_owned(),
        "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><cellXfs count=\"3\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>".to_owned(),
    ));
    let root = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
    parts.push(("_rels/.rels".to_owned(), root.to_owned()));
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, content)| (name.as_str(), content.as_str())).collect();
    archive(&parts)
}

/// Rows in XML from cells: `A1=text`, `B2=#5` a number, `C2=@46050.5` a date with time, `C2=$46050` a date, `D2=!#N/A` an
/// error, `E2==` a formula without a value, `F2==7` one with, `G2=` a cell with a format alone.
pub(crate) fn cells(cells: &[&str]) -> String {
    let mut rows: std::collections::BTreeMap<u32, String> = std::collections::BTreeMap::new();
    for cell in cells {
        let (place, value) = cell.split_once('=').unwrap();
        let row: u32 = place.trim_start_matches(char::is_alphabetic).parse().unwrap();
        let rest = value.get(1..).unwrap_or_default();
        let xml = match value.chars().next() {
            None => format!("<c r=\"{place}\" s=\"1\"/>"),
            Some('#') => format!("<c r=\"{place}\"><v>{rest}</v></c>"),
            Some('@') => format!("<c r=\"{place}\" s=\"2\"><v>{rest}</v></c>"),
            Some('$') => format!("<c r=\"{place}\" s=\"1\"><v>{rest}</v></c>"),
            Some('!') => format!("<c r=\"{place}\" t=\"e\"><v>{rest}</v></c>"),
            Some('=') if rest.is_empty() => format!("<c r=\"{place}\"><f>1+1</f></c>"),
            Some('=') => format!("<c r=\"{place}\"><f>1+1</f><v>{rest}</v></c>"),
            Some(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
        };
        rows.entry(row).or_default().push_str(&xml);
    }
    rows.iter().map(|(row, cells)| format!("<row r=\"{row}\">{cells}</row>")).collect()
}

/// A workbook with one sheet.
fn sheet(list: &[&str]) -> Vec<u8> {
    xlsx(&[("Staff", "visible", &cells(list))])
}

/// An OpenDocument workbook with one sheet.
fn ods(rows: &str) -> Vec<u8> {
    ods_with_manifest(
        rows,
        "<manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\"/>",
    )
}

fn ods_with_manifest(rows: &str, manifest: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet><table:table table:name=\"Staff\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ])
}

fn described<T>(rows: Vec<String>, reading: &Reading<T>) -> Vec<String> {
    rows.into_iter().chain(reading.problems.iter().map(ToString::to_string)).collect()
}

/// Reads employees; each is `line: id type`, followed by the problems.
fn check_employees(bytes: &[u8], expected: &[&str]) {
    let reading = read_as(InputRole::Employees, bytes, &Choices::NONE, |csv| employees::read(csv, BadRows::Refuse));
    let rows = reading.value.rows.iter().map(|row| format!("{}: {} {}", row.line, row.id, row.kind.letter())).collect();
    assert_eq!(described(rows, &reading), expected);
}

fn check_assignments(bytes: &[u8], expected: &[&str]) {
    let reading = read_as(InputRole::Assignments, bytes, &Choices::NONE, |csv| assignments_table::read(csv, |_| true));
    let rows = reading.value.iter().map(|row| {
        format!("{}: {} {} {} {} {}", row.line, row.ba_id, row.content_id, row.assigned, row.begin, row.content_type)
    });
    assert_eq!(described(rows.collect(), &reading), expected);
}

fn check_completions(bytes: &[u8], expected: &[&str]) {
    let reading = read_as(InputRole::Completions, bytes, &Choices::NONE, |csv| completions_table::read(csv, |_| true));
    let rows = reading.value.iter().map(|row| format!("{} {} {}", row.ba_id, row.content_id, row.day));
    assert_eq!(described(rows.collect(), &reading), expected);
}

const NOTE: &str = "line and column in messages are its row and column";

fn note(row: u32) -> String {
    format!("{row}:1: read from sheet 'Staff' of an Excel workbook (xlsx), header in row {row}; {NOTE}")
}

/// The message of every workbook that is too large.
const TOO_LARGE: &str = "1:1: this workbook holds more than can be read (512 MB unpacked, 20,000,000 cells); delete empty rows and \
                         columns that have a format, or save it as CSV UTF-8";
