//! Files that are no workbook, or one that is damaged, protected or too large.

use super::{TOO_LARGE, archive, check_employees, ods, ods_with_manifest, sheet};
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::sheet::{Choices, read_as};

#[test]
fn an_opendocument_sheet_whose_elements_do_not_end_is_refused() {
    const REFUSAL: &str =
        "1:1: this workbook or archive is damaged (its elements do not end as they begin); save or copy it again";
    let row = "<table:table-row><table:table-cell office:value-type=\"string\"><text:p>a</text:p></table:table-cell>";
    for rows in [
        row.to_owned(),
        format!("{row}</table:table-row></table:tabel><table:table table:name=\"b\">"),
        format!("{row}</table:table-row><table:table-row>"),
        "</table:table></office:spreadsheet>".to_owned(),
    ] {
        check_employees(&ods(&rows), &[REFUSAL]);
    }
    let whole = format!("<!-- of 2026 -->{row}<table:table-cell table:formula=\"of:=[.A1]>'/\"/></table:table-row>");
    let read = read_as(InputRole::Employees, &ods(&whole), &Choices::NONE, |csv| employees::read(csv, BadRows::Refuse));
    assert!(read.problems[0].to_string().starts_with("1:1: read from sheet 'Staff'"), "{:?}", read.problems);
}

/// The refusal of a workbook that is too large.
#[test]
fn what_is_no_workbook_or_damaged_is_refused() {
    check_employees(
        &archive(&[("a.csv", "employee_id")]),
        &[
            "1:1: this is no workbook of a kind that is read (xlsx, xlsm, ods), but another ZIP archive: save a workbook as one of \
             these, and unpack another archive",
        ],
    );
    check_employees(
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        &["1:1: this is not a CSV file: it looks like an old Excel workbook. Save it as \"CSV UTF-8\" and try again"],
    );
    let whole = sheet(&["A1=employee_id"]);
    for bytes in [&whole[..whole.len() / 2], &b"PK\x03\x04..."[..]] {
        let reading = read_as(InputRole::Employees, bytes, &Choices::NONE, |csv| employees::read(csv, BadRows::Refuse));
        assert!(reading.is_refused());
        let message = reading.problems[0].to_string();
        assert!(message.starts_with("1:1: this workbook") && message.contains(" damaged ("), "{message}");
    }
}

#[test]
fn a_cell_outside_of_any_sheet_is_refused() {
    for (cell, place) in [
        ("A4000000000=7", "column A, row 4000000000"),
        ("A1048577=7", "column A, row 1048577"),
        ("ZZZZZ2=7", "column ZZZZZ, row 2"),
        ("XFE2=7", "column XFE, row 2"),
    ] {
        let message = format!(
            "1:1: this workbook is damaged (it has a cell in {place}; a sheet has no more than 16384 columns and 1048576 rows); \
             open it in a spreadsheet and save it again"
        );
        check_employees(&sheet(&["A1=employee_id", "B1=employee_edu_type", cell]), &[&message]);
    }
}

#[test]
fn a_workbook_that_is_protected_by_a_password_is_refused() {
    const REFUSAL: &str =
        "1:1: this workbook is protected by a password; open it, take the password away, and save it again";
    let stream: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_employees(&[&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &stream].concat(), &[REFUSAL]);
    let manifest = "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    check_employees(&ods_with_manifest("", manifest), &[REFUSAL]);
}

#[test]
fn a_small_archive_that_unpacks_to_much_is_refused() {
    let bomb = " ".repeat(usize::try_from(crate::sheet::bounds::MOST_BYTES).unwrap() + 1);
    check_employees(&archive(&[("xl/workbook.xml", &bomb)]), &[TOO_LARGE]);
}
