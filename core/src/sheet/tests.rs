//! Tables of every kind through one function: what the reader of CSV gets, what is reported, and at which place.
#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Choice, Choices, FoundColumn, Question, answered, question, read_as};
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::format::{assignments_table, completions_table, standalone_content};
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

#[test]
fn plain_csv_reaches_its_reader_as_it_is() {
    check_employees(b"# c\nemployee_id,employee_edu_type\n7,a\n", &["3: 7 a"]);
    check_employees(b"sep=,\r\nEMPLOYEE_ID,employee_edu_type,Employee ID\r\n7,a,x\r\n", &["3: 7 a"]);
}

#[test]
fn a_sheet_is_read_with_its_rows_as_lines() {
    check_employees(
        &sheet(&["A1=employee_id", "B1=employee_edu_type", "A2=#63492", "B2=a", "A4=#7", "B4=f"]),
        &["2: 63492 a", "4: 7 f", &note(1)],
    );
}

#[test]
fn title_rows_empty_columns_and_formats_are_passed_over() {
    check_employees(
        &sheet(&[
            "A1=Staff of store 7",
            "C3=Employee ID",
            "D3=Employee Edu Type",
            "C4=#7",
            "D4=a",
            "XFD4=",
            "F5=note",
            "C5=#8",
            "D5=b",
            "A1048576=",
        ]),
        &[
            "4: 7 a",
            "5: 8 b",
            &format!(
                "{}; passed over above the header: 1 row; column F has values and no header, and is passed \
                 over; columns read by another name: 'Employee ID' as employee_id, 'Employee Edu Type' as employee_edu_type",
                note(3)
            ),
        ],
    );
}

#[test]
fn a_problem_stands_at_row_and_column_of_the_sheet() {
    check_employees(
        &sheet(&["C2=employee_id", "D2=employee_edu_type", "C3=x", "D3=a", "C4=#7", "D4=q", "C5=#1.5", "D5=a"]),
        &[
            &note(2),
            "3:3: employee_id 'x' is no id: digits only, from 1 to 9223372036854775807",
            "4:4: unknown employee type 'q': a (completes all), b (completes one) or f (completes none) is allowed",
            "5:3: employee_id '1.5' is no id: digits only, from 1 to 9223372036854775807",
        ],
    );
}

#[test]
fn numbers_dates_and_formulas_become_the_texts_of_the_readers() {
    let header = [
        "A1=ba_id",
        "B1=content_id",
        "C1=assignment_date",
        "D1=update_date",
        "E1=assignment_begin_date",
        "F1=assignment_due_date",
        "G1=content_type",
    ];
    let rows = ["A2=#7", "B2==2033875", "C2=@46050.5", "D2=$46050", "E2=$46050", "G2=Media"];
    let list: Vec<&str> = header.into_iter().chain(rows).collect();
    check_assignments(&sheet(&list), &["2: 7 2033875 2026-01-28 12:00:00 UTC 2026-01-28 00:00:00 UTC Media", &note(1)]);
    check_completions(
        &sheet(&["A1=ba_id", "B1=content_id", "C1=completion_date", "A2=#7", "B2=#5", "C2=$46050"]),
        &["7 5 2026-01-28", &note(1)],
    );
    check_completions(
        &sheet(&["A1=ba_id", "B1=content_id", "C1=completion_date", "A2=#1E15", "B2==", "C2=!#N/A"]),
        &[
            &note(1),
            "2:1: ba_id '1E15' is no id: digits only, from 1 to 9223372036854775807 (an exponent form may have lost digits; give the spreadsheet's column the format 0 and save again)",
            "2:2: content_id '#NOT_COMPUTED!' is no id: digits only, from 1 to 9223372036854775807 (it is an error value of a spreadsheet; write the value itself)",
            "2:3: completion_date '#N/A' cannot be read; write it like 2026-01-26 (it is an error value of a spreadsheet; write the value itself)",
        ],
    );
}

#[test]
fn of_several_sheets_the_one_that_fits_is_read_and_two_are_refused() {
    let table = cells(&["A1=employee_id", "B1=employee_edu_type", "A2=#7", "B2=a"]);
    let other = cells(&["A1=what", "A2=#7"]);
    check_employees(
        &xlsx(&[("Notes", "visible", &other), ("Staff", "visible", &table), ("Old", "hidden", &table)]),
        &["2: 7 a", &note(1)],
    );
    check_employees(
        &xlsx(&[("Notes", "visible", &other), ("Staff", "hidden", &table)]),
        &["2: 7 a", &format!("{}; the sheet is hidden", note(1))],
    );
    check_employees(
        &xlsx(&[("A", "visible", &table), ("B", "visible", &table)]),
        &["1:1: several sheets fit: 'A', 'B'; save the right one alone"],
    );
    check_employees(
        &xlsx(&[("A", "visible", &other), ("B", "visible", &other)]),
        &["1:1: no sheet has the columns employee_id, employee_edu_type; its sheets are 'A', 'B'"],
    );
    check_employees(&xlsx(&[("A", "visible", "")]), &["1:1: this workbook has no sheet with anything in it"]);
}

#[test]
fn two_columns_that_fit_are_refused_and_an_exact_name_is_not() {
    check_employees(
        &sheet(&["A1=Employee ID", "B1=employee-id", "C1=employee_edu_type", "A2=#7", "B2=#8", "C2=a"]),
        &[
            "1:1: sheet 'Staff', row 1: several columns fit employee_id: 'Employee ID', 'employee-id'; call the right one employee_id",
        ],
    );
    check_employees(
        b"Employee ID,employee-id,employee_edu_type\n7,8,a\n",
        &["1:1: line 1: several columns fit employee_id: 'Employee ID', 'employee-id'; call the right one employee_id"],
    );
    check_employees(
        &sheet(&["A1=Employee ID", "B1=employee_id", "C1=employee_edu_type", "A2=#7", "B2=#8", "C2=a"]),
        &["2: 8 a", &note(1)],
    );
}

#[test]
fn an_opendocument_sheet_is_read() {
    let text = |text: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
    };
    let number = |value: &str| {
        format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{value}\"><text:p>{value}</text:p></table:table-cell>"
        )
    };
    let date = |value: &str| {
        format!(
            "<table:table-cell office:value-type=\"date\" office:date-value=\"{value}\"><text:p>x</text:p></table:table-cell>"
        )
    };
    let row = |cells: &str| {
        format!("<table:table-row>{cells}<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>")
    };
    let blank = "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let rows = [
        row(&[text("ba_id"), text("content_id"), text("completion_date")].concat()),
        row(&[number("7"), number("5"), date("2026-01-28")].concat()),
        row(&[number("7"), number("6"), date("2026-01-28T12:00:00")].concat()),
        blank.to_owned(),
    ];
    check_completions(
        &ods(&rows.concat()),
        &[
            "7 5 2026-01-28",
            &format!("1:1: read from sheet 'Staff' of an OpenDocument workbook (ods), header in row 1; {NOTE}"),
            "3:3: completion_date '2026-01-28T12:00:00' cannot be read; write it like 2026-01-26",
        ],
    );
    let cell = "<table:table-cell table:number-columns-repeated=\"1000\" office:value-type=\"float\" office:value=\"1\"><text:p>1</text:p></table:table-cell>";
    let repeated = format!("<table:table-row table:number-rows-repeated=\"1048576\">{cell}</table:table-row>");
    // Of two sheets, each of which could be read alone, both are held.
    let half = format!("<table:table-row table:number-rows-repeated=\"15000\">{cell}</table:table-row>");
    let two = format!("{half}</table:table><table:table table:name=\"b\">{half}");
    let long = format!("<table:table-row><table:table-cell><text:p>{}", "x".repeat(3 << 20));
    for rows in [repeated, two, long] {
        check_completions(&ods(&rows), &[TOO_LARGE]);
    }
}

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
const TOO_LARGE: &str = "1:1: this workbook holds more than can be read (512 MB unpacked, 20,000,000 cells); delete empty rows and \
                         columns that have a format, or save it as CSV UTF-8";

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
    let bomb = " ".repeat(usize::try_from(super::bounds::MOST_BYTES).unwrap() + 1);
    check_employees(&archive(&[("xl/workbook.xml", &bomb)]), &[TOO_LARGE]);
}

fn utf_16(text: &str, mark: bool, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    mark.encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect()
}

#[test]
fn other_encodings_separators_and_names_are_read_with_a_note() {
    const TABLE: &str = "employee_id,employee_edu_type\n7,a\n8,x\n";
    const UNKNOWN: &str =
        "unknown employee type 'x': a (completes all), b (completes one) or f (completes none) is allowed";
    for bytes in [
        utf_16(TABLE, true, u16::to_le_bytes),
        utf_16(TABLE, true, u16::to_be_bytes),
        utf_16(TABLE, false, u16::to_le_bytes),
        utf_16(TABLE, false, u16::to_be_bytes),
    ] {
        check_employees(&bytes, &["2: 7 a", "1:1: read as UTF-16", &format!("3:3: {UNKNOWN}")]);
    }
    check_employees(
        &utf_16("employee_id\temployee_edu_type\r\n7\ta\r\n", true, u16::to_le_bytes),
        &["2: 7 a", "1:1: read as UTF-16; tabs read as separators"],
    );
    check_employees(
        b"\xEF\xBB\xBFsep=;\n# a, \"b;c\n\nEmployee ID;employee_edu_type;note\n7;a;x, \"y\"\n8;x;\"p;\nq\"\n9;b;\n",
        &[
            "5: 7 a",
            "8: 9 b",
            "4:1: semicolons read as separators; columns read by another name: 'Employee ID' as employee_id",
            &format!("6:3: {UNKNOWN}"),
        ],
    );
    check_employees(
        b"note;employee_id;employee_edu_type\na,b;7;x\n",
        &[
            "1:1: semicolons read as separators",
            "2:7: unknown employee type 'x': a (completes all), b (completes one) or f (completes none) is allowed",
        ],
    );
    check_employees(
        b"EmployeeID,Type\n7,a\n",
        &[
            "1:1: columns read by another name: 'EmployeeID' as employee_id",
            "1:16: the column employee_edu_type is missing from the header; add it",
        ],
    );
}

#[test]
fn a_sheet_of_another_kind_is_left_to_the_reader() {
    let row = cells(&["A1=ba_id", "B1=content_id", "C1=assignment_date", "D1=content_type", "A2=#7"]);
    let reading = read_as(
        InputRole::StandaloneContent,
        &xlsx(&[("Staff", "visible", &row)]),
        &Choices::NONE,
        standalone_content::read,
    );
    let message: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(message[0], note(1));
    assert!(message[3].starts_with("1:4: the column ContentName is missing"), "{message:?}");
}

#[test]
fn what_is_not_sure_is_left_to_the_reader() {
    check_employees(
        b"id;type\n7;a\n",
        &[
            "1:1: no column of this table is called employee_id or employee_edu_type. Its fields are separated by semicolons, and \
             its columns are 'id', 'type'. Give the right ones these names",
        ],
    );
    check_employees(
        b"employee_id,employee_edu_type\n7,a # \xE9\n",
        &["2:7: byte 0xE9 is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")"],
    );
    check_employees(b"\xFF\xFEa", &["1:1: this text in the encoding UTF-16 is damaged; save it as UTF-8"]);
}

/// Answers the questions that a file leaves open one after another, each of which must be the expected one, and reads it
/// then. All answers at once are the same.
fn check_questions(bytes: Vec<u8>, asked: &[(Question, Choice, &str)], expected: &[&str]) {
    let (role, mut csv, mut choices) = (InputRole::Employees, bytes.clone(), Choices::NONE);
    for (expected, answer, note) in asked {
        assert_eq!(question(role, &csv, &Choices::NONE).as_ref(), Some(expected));
        assert_eq!(question(role, &bytes, &choices).as_ref(), Some(expected));
        let (next, found) = answered(role, &csv, &answer.clone().into()).unwrap();
        assert_eq!(found, *note);
        assert_eq!(answer.to_string().parse(), Ok(answer.clone()));
        csv = next;
        choices.add(answer.clone());
    }
    assert_eq!(question(role, &csv, &Choices::NONE), None);
    assert_eq!(question(role, &bytes, &choices), None);
    check_employees(&csv, expected);
    let reading = read_as(role, &bytes, &choices, |csv| employees::read(csv, BadRows::Refuse));
    let rows = reading.value.rows.iter().map(|one| format!("{}: {} {}", one.line, one.id, one.kind.letter()));
    assert_eq!(rows.collect::<Vec<_>>(), expected);
    let notes = reading.problems.iter().map(|one| one.kind.to_string());
    let parts = asked.iter().flat_map(|(.., note)| note.split("; ").filter(|part| !part.contains("line numbers")));
    assert!(parts.clone().all(|part| notes.clone().any(|one| one.contains(part))), "{reading:?}");
}

fn columns(names: &[&str]) -> Vec<FoundColumn> {
    names.iter().map(|name| FoundColumn { name: (*name).to_owned(), found: (*name).to_owned() }).collect()
}

fn column(wanted: &str, found: &[&str], chosen: &str) -> (Question, Choice) {
    let (wanted, found, chosen) = (wanted.to_owned(), columns(found), chosen.to_owned());
    (Question::Column { wanted: wanted.clone(), found }, Choice::Column { wanted, found: chosen })
}

fn of_sheets(names: &[&str], chosen: &str) -> (Question, Choice) {
    (Question::Sheet(names.iter().map(|name| (*name).to_owned()).collect()), Choice::Sheet(chosen.to_owned()))
}

#[test]
fn what_is_ambiguous_is_asked_one_question_at_a_time() {
    let (id, id_answer) = column("employee_id", &["id", "type", "store"], "id");
    let (kind, kind_answer) = column("employee_edu_type", &["type", "store"], "type");
    let (near, near_answer) = column("employee_id", &["Employee ID", "employee-id"], "employee-id");
    for separator in [",", ";", "\t"] {
        let text = |line: &str| line.replace(';', separator).into_bytes();
        check_questions(
            text("# of 2026\n\nid;type;store\n7;a;\"x, y\"\n"),
            &[
                (id.clone(), id_answer.clone(), "column 'id' read as employee_id"),
                (kind.clone(), kind_answer.clone(), "column 'type' read as employee_edu_type"),
            ],
            &["4: 7 a"],
        );
    }
    check_questions(
        b"Employee ID,employee_edu_type,employee-id\n7,a,8\n".to_vec(),
        &[(near.clone(), near_answer, "column 'employee-id' read as employee_id")],
        &["2: 8 a"],
    );
    let table = cells(&["A1=employee_id", "B1=employee_edu_type", "A2=#7", "B2=a"]);
    let other = cells(&["B3=Store 7", "B5=id", "C5=type", "D5=store", "B6=#8", "C6=b"]);
    let (sheets, first) = of_sheets(&["A", "B"], "B");
    let read = |row: u32| format!("read from sheet 'B' of an Excel workbook (xlsx), header in row {row}");
    check_questions(
        xlsx(&[("A", "visible", &table), ("B", "visible", &table)]),
        &[(sheets.clone(), first.clone(), &read(1))],
        &["2: 7 a"],
    );
    check_questions(
        xlsx(&[("A", "visible", &other), ("B", "visible", &other)]),
        &[
            (sheets, first, &format!("{}; passed over above the header: 1 row", read(5))),
            (id, id_answer, "column 'id' read as employee_id"),
            (kind, kind_answer, "column 'type' read as employee_edu_type"),
        ],
        &["6: 8 b"],
    );
}

#[test]
fn a_missing_header_is_added_and_a_foreign_encoding_is_read_when_people_say_so() {
    let header = |first_row: &str| Question::Header { first_row: first_row.to_owned() };
    check_questions(
        b"7\ta\r\n8\tb\r\n".to_vec(),
        &[(header("7\ta"), Choice::Header, "header added: employee_id,employee_edu_type; line numbers count it")],
        &["2: 7 a", "3: 8 b"],
    );
    let western = Question::WesternEuropean { shown: "Montr\u{e9}al\u{2019}s".to_owned() };
    check_questions(
        b"employee_id,employee_edu_type,store\n7,a,\"Montr\xE9al\x92s\"\n".to_vec(),
        &[(western, Choice::WesternEuropean, "read as Windows-1252 (Western European)")],
        &["2: 7 a"],
    );
    for bytes in [
        &b"employee_id,employee_edu_type\n7,\x81\xE9\n"[..], // a byte without a character in it
        b"\xEF\xBB\xBF\xE9\n",
        b"id\n7\n",
        b"\"employee_id,employee_edu_type\"\n\"7,\xE9\"\n", // all columns in one
        b"",
    ] {
        assert_eq!(question(InputRole::Employees, bytes, &Choices::NONE), None, "{bytes:?}");
    }
}

#[test]
fn an_answer_that_does_not_fit_is_refused() {
    let column = |found: &str| Choice::Column { wanted: "employee_id".to_owned(), found: found.to_owned() };
    let other = Choice::Column { wanted: "x".to_owned(), found: "id".to_owned() };
    let sheet = || Choice::Sheet("Nosuch".to_owned());
    for (bytes, answer) in [
        (&b"id,type\n7,a\n"[..], column("Nosuch")),
        (b"id,type\n7,a\n", column("#3")),
        (b"id,id\n7,a\n", column("id")),
        (b"id,type\n7,a\n", other),
        (b"id,type\n7,a\n", sheet()),
        ("id,t\u{e9}\n7,a\n".as_bytes(), Choice::WesternEuropean),
        (b"", column("id")),
        (b"", Choice::Header),
        (&xlsx(&[("Staff", "visible", "")]), sheet()),
        (b"PK\x03\x04", column("id")),
    ] {
        assert!(answered(InputRole::Employees, bytes, &answer.clone().into()).is_err(), "{answer:?}");
    }
    assert!(answered(InputRole::Recommendations, b"{}", &Choice::Header.into()).is_err());
}

#[test]
fn an_answer_about_a_text_is_applied_whatever_the_first_name_looks_like() {
    // Without the blank, it begins as a ZIP archive does.
    let bytes = b" PK\x03\x04,id\na,7\n";
    let answer = Choice::Column { wanted: "employee_id".to_owned(), found: "id".to_owned() };
    let (csv, _) = answered(InputRole::Employees, bytes, &answer.into()).unwrap();
    assert_eq!(csv, b"PK\x03\x04,employee_id\na,7\n");
}

#[test]
fn utf_32_with_its_mark_is_read() {
    let text = "\u{feff}employee_id,employee_edu_type\n7,a\n";
    for bytes in [u32::to_le_bytes, u32::to_be_bytes] {
        let bytes: Vec<u8> = text.chars().flat_map(|c| bytes(c.into())).collect();
        check_employees(&bytes, &["2: 7 a", "1:1: read as UTF-32"]);
        check_employees(
            &bytes[..bytes.len() - 1],
            &["1:1: this text in the encoding UTF-32 is damaged; save it as UTF-8"],
        );
    }
}

#[test]
fn a_formula_without_a_saved_value_is_an_error_value_in_every_workbook() {
    let text = |value: &str| {
        format!("<table:table-cell office:value-type=\"string\"><text:p>{value}</text:p></table:table-cell>")
    };
    let formula = "<table:table-cell table:formula=\"of:=1+1\"/>";
    let rows = format!(
        "<table:table-row>{}{}</table:table-row><table:table-row>{formula}{}</table:table-row><table:table-row>{}{formula}</table:table-row>",
        text("employee_id"),
        text("employee_edu_type"),
        text("a"),
        text("7"),
    );
    let read = format!("1:1: read from sheet 'Staff' of an OpenDocument workbook (ods), header in row 1; {NOTE}");
    let reading =
        read_as(InputRole::Employees, &ods(&rows), &Choices::NONE, |csv| employees::read(csv, BadRows::Refuse));
    let problems: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems[0], read);
    for place in ["2:1: ", "3:2: "] {
        assert!(problems.iter().any(|one| one.starts_with(place) && one.contains("'#NOT_COMPUTED!'")), "{problems:?}");
    }
}

#[test]
fn a_row_of_the_table_above_its_header_is_never_passed_over() {
    check_employees(
        &sheet(&["A1=#7", "B1=a", "A2=employee_id", "B2=employee_edu_type", "A3=#8", "B3=b"]),
        &[
            "1:1: sheet 'Staff': row 1 looks like a row of the table, but stands above the header in row 2; move the header above \
           it, or delete the row",
        ],
    );
    const MISSING: &str = "is missing from the header; this line looks like data: put the header line before it";
    check_employees(
        b"7,a\nemployee_id,employee_edu_type\n8,b\n",
        &[&format!("1:1: the column employee_id {MISSING}"), &format!("1:1: the column employee_edu_type {MISSING}")],
    );
}

#[test]
fn titles_above_the_header_of_a_text_are_passed_over_with_a_note() {
    const NOTE: &str = "header in line 4; passed over above the header: 2 lines";
    check_employees(
        b"Staff, of store 7\r\n,\r\n2026\r\nemployee_id,employee_edu_type\r\n7,a\r\n",
        &["5: 7 a", &format!("4:1: {NOTE}")],
    );
    check_employees(
        b"Staff;\n;\n2026;\nEmployee ID;Employee Edu Type\n7;a\n8;x\n",
        &[
            "5: 7 a",
            &format!(
                "4:1: semicolons read as separators; {NOTE}; columns read by another name: 'Employee ID' as employee_id, \
                 'Employee Edu Type' as employee_edu_type"
            ),
            "6:3: unknown employee type 'x': a (completes all), b (completes one) or f (completes none) is allowed",
        ],
    );
    // A header that lacks a column is no reason to take a line below for it.
    check_employees(
        b"employee_id,type\n7,a\nemployee_id,employee_edu_type\n",
        &["1:17: the column employee_edu_type is missing from the header; add it"],
    );
}

#[test]
fn an_unclosed_quote_costs_its_own_line_with_any_separator() {
    let problems = |separator: &str| -> Vec<String> {
        let text = "employee_id;employee_edu_type;note\n7;a;\"ask Ann\n8;b;y\n9;f;\"new\"\n".replace(';', separator);
        let reading =
            read_as(InputRole::Employees, text.as_bytes(), &Choices::NONE, |csv| employees::read(csv, BadRows::Refuse));
        let problems = reading.problems.into_iter().map(|problem| problem.to_string());
        problems.filter(|problem| !problem.contains("read as separators")).collect()
    };
    assert_eq!(problems(",").len(), 1);
    assert_eq!(problems(";"), problems(","));
    assert_eq!(problems("\t"), problems(","));
}

#[test]
fn a_row_with_too_few_or_too_many_fields_names_the_separator_of_its_file() {
    let errors = |text: String, choices: &Choices| -> Vec<String> {
        let reading =
            read_as(InputRole::Employees, text.as_bytes(), choices, |csv| employees::read(csv, BadRows::Refuse));
        reading.problems.iter().filter(|one| one.is_error()).map(ToString::to_string).collect()
    };
    for (separator, word, shown) in
        [(",", "comma", ","), (";", "semicolon", ";"), ("\t", "tab", "\\t"), ("|", "pipe", "|")]
    {
        let too_few = |place: &str, wanted: u32| {
            format!(
                "{place}: 1 field in this row, but the header has {wanted}; add what is missing, with a {word} before each \
                 field. The row is '8'"
            )
        };
        let too_many = format!(
            "4:7: 4 fields in this row, but the header has 3; remove what is too much, or put a field that holds a {word} into \
             double quotes. The row is '9{shown}b{shown}c{shown}d'"
        );
        let rows = "7;a;x\n8\n9;b;c;d\n";
        let named = format!("employee_id;employee_edu_type;note\n{rows}").replace(';', separator);
        assert_eq!(errors(named, &Choices::NONE), [too_few("3:2", 3), too_many.clone()]);
        let misnamed = format!("id;employee_edu_type;note\n{rows}").replace(';', separator);
        let column = Choice::Column { wanted: "employee_id".to_owned(), found: "id".to_owned() };
        assert_eq!(errors(misnamed, &column.into()), [too_few("3:2", 3), too_many]);
        assert_eq!(errors("7;a\n8\n".replace(';', separator), &Choice::Header.into()), [too_few("3:2", 2)]);
    }
}

#[test]
fn tables_that_programs_print_with_pipes_are_read() {
    const NOTE: &str = "pipes read as separators";
    check_employees(b"employee_id|employee_edu_type\n7|a\n", &["2: 7 a", &format!("1:1: {NOTE}")]);
    let border = "+-----------+-----------------+";
    let printed =
        format!("{border}\n|employee_id|employee_edu_type|\n{border}\n|          7|                a|\n{border}\n");
    check_employees(
        printed.as_bytes(),
        &["4: 7 a", &format!("2:1: {NOTE}; header in line 2; passed over above the header: 1 line")],
    );
    check_employees(
        b"| employee_id | employee_edu_type |\n|---|:---|\n| 7 | a |\n",
        &["3: 7 a", &format!("1:1: {NOTE}")],
    );
}

#[test]
fn a_line_that_names_another_separator_is_passed_over_with_a_note() {
    check_employees(
        b"sep=;\nemployee_id,employee_edu_type\n7,a\n",
        &[
            "3: 7 a",
            "2:1: commas read as separators; the line sep= above the header names another separator, and is passed over",
        ],
    );
    check_employees(b"sep=;\nemployee_id;employee_edu_type\n7;a\n", &["3: 7 a", "2:1: semicolons read as separators"]);
}

#[test]
fn a_header_over_several_lines_is_read_and_the_lines_below_keep_their_numbers() {
    let renamed = "columns read by another name: 'Employee ID' as employee_id";
    check_employees(
        b"\"Employee\r\nID\",employee_edu_type\r\n7,a\r\n8,x\r\n",
        &[
            "3: 7 a",
            &format!("1:1: {renamed}"),
            "4:3: unknown employee type 'x': a (completes all), b (completes one) or f (completes none) is allowed",
        ],
    );
    // A quote that is never closed takes no rows in.
    let reading = read_as(
        InputRole::Employees,
        b"employee_id;\"employee_edu_type;note\n7;a;\"x\"\n8;b;\"y\n9;f;z\n",
        &Choices::NONE,
        |csv| employees::read(csv, BadRows::Refuse),
    );
    assert!(reading.is_refused(), "{reading:?}");
    // A title with a stray quote takes no header in.
    check_employees(
        b"5\" screens\nemployee_id,employee_edu_type\n7,a\n",
        &["3: 7 a", "2:1: header in line 2; passed over above the header: 1 line"],
    );
}

#[test]
fn a_table_in_one_column_is_refused_with_how_to_split_it() {
    let split = |place: &str, header: &str, word: &str| {
        format!(
            "1:1: {place}: all columns stand in one, '{header}'. Open the file in a spreadsheet, mark that column, split it at \
             its {word} (in Excel: Data > Text to Columns), and save it"
        )
    };
    let header = "employee_id;employee_edu_type";
    check_employees(
        &sheet(&["A1=employee_id;employee_edu_type", "A2=7;a"]),
        &[&split("sheet 'Staff', row 1", header, "semicolons")],
    );
    check_employees(format!("\"{header}\"\n\"7;a\"\n").as_bytes(), &[&split("line 1", header, "semicolons")]);
    check_employees(
        &sheet(&["A1=employee_id,employee_edu_type", "A2=7,a"]),
        &[&split("sheet 'Staff', row 1", "employee_id,employee_edu_type", "commas")],
    );
}

#[test]
fn hidden_rows_are_read_with_a_note() {
    let rows = cells(&["A1=employee_id", "B1=employee_edu_type", "A2=#7", "B2=a", "A3=#8", "B3=b", "A4=#9", "B4=f"]);
    let hidden = |numbers: &[u32]| {
        let hide = |rows: String, number: &u32| {
            rows.replace(&format!("<row r=\"{number}\""), &format!("<row r=\"{number}\" hidden=\"1\""))
        };
        xlsx(&[("Other", "visible", ""), ("Staff", "visible", &numbers.iter().fold(rows.clone(), hide))])
    };
    let read = ["2: 7 a", "3: 8 b", "4: 9 f"];
    for (numbers, end_of_note) in [
        (&[][..], ""),
        (&[1], ""),
        (&[3], "; 1 row is hidden in the workbook, and is read too"),
        (&[2, 4, 5], "; 2 rows are hidden in the workbook, and are read too"),
    ] {
        check_employees(&hidden(numbers), &[&read[..], &[&format!("{}{end_of_note}", note(1))]].concat());
    }
}

#[test]
fn hidden_rows_of_an_opendocument_sheet_are_read_with_a_note() {
    let row = |id: &str, kind: &str, attributes: &str| {
        let cell = |text: &str| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
        };
        format!("<table:table-row {attributes}>{}{}</table:table-row>", cell(id), cell(kind))
    };
    let visibility = |value: &str| format!("table:visibility=\"{value}\"");
    let (collapsed, filtered) = (visibility("collapse"), visibility("filter"));
    let read = |attributes: [&str; 4]| {
        let [header, a, blank, c] = attributes;
        // Two blank rows, stored as one, stand between the two rows; another sheet has hidden rows, too.
        let rows = [
            row("employee_id", "employee_edu_type", header),
            row("7", "a", a),
            format!("<table:table-row table:number-rows-repeated=\"2\" {blank}><table:table-cell/></table:table-row>"),
            row("8", "b", c),
            format!("</table:table><table:table table:name=\"Other\">{}", row("x", "y", &collapsed)),
        ];
        ods(&rows.concat())
    };
    const READ: &str = "1:1: read from sheet 'Staff' of an OpenDocument workbook (ods), header in row 1";
    const ONE: &str = "; 1 row is hidden in the workbook, and is read too";
    for (attributes, end_of_note) in [
        (["", "", "", ""], ""),
        ([&collapsed, "", &filtered, ""], ""),
        (["", &visibility("visible"), "", &filtered], ONE),
        (["", &collapsed, "", ""], ONE),
        (["", &collapsed, &collapsed, &filtered], "; 2 rows are hidden in the workbook, and are read too"),
    ] {
        let note = format!("{READ}; {NOTE}{end_of_note}");
        check_employees(&read(attributes), &["2: 7 a", "5: 8 b", &note]);
    }
}

#[test]
fn what_is_no_table_leaves_no_question_open() {
    for bytes in
        [&b"[{\"id\":7,\"type\":\"a\"}]"[..], b"\x1F\x8B\x08 , ; , ;", b"{\\rtf1 id,type}", b"<?xml a=\"1,2\"?>"]
    {
        assert_eq!(question(InputRole::Employees, bytes, &Choices::NONE), None, "{bytes:?}");
    }
}
