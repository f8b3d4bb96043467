//! Texts: other encodings, separators and names of columns, titles, and rows of another width.

use super::{cells, check_completions, check_employees, note, sheet, xlsx};
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::format::standalone_content;
use crate::sheet::{Choice, Choices, read_as};

#[test]
fn plain_csv_reaches_its_reader_as_it_is() {
    check_employees(b"# c\nemployee_id,employee_edu_type\n7,a\n", &["3: 7 a"]);
    check_employees(b"sep=,\r\nEMPLOYEE_ID,employee_edu_type,Employee ID\r\n7,a,x\r\n", &["3: 7 a"]);
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
fn a_quote_takes_in_no_rows_with_any_separator() {
    let unclosed = |place: &str| {
        format!("{place}: a quote opens here and is never closed; close it, or write the field without quotes")
    };
    check_employees(
        b"employee_id;employee_edu_type;note\n7;a;\"x\n8;a;y, \"\n9;f;z\n",
        &["3: 8 a", "4: 9 f", "1:1: semicolons read as separators", &unclosed("2:5")],
    );
    check_employees(
        b"employee_id;note;employee_edu_type\n7;\"x;a\nfree\n8;y\";a\n9;z;f\n",
        &[
            "4: 8 a",
            "5: 9 f",
            "1:1: semicolons read as separators",
            &unclosed("2:3"),
            "3:5: 1 field in this row, but the header has 3; add what is missing, with a semicolon before each field. The row is 'free'",
        ],
    );
    check_employees(
        b"employee_id\tnote\temployee_edu_type\r\n7\t\"x\ta\r\n8\ty\"\ta\r\n",
        &["3: 8 a", "1:1: tabs read as separators", &unclosed("2:3")],
    );
    check_employees(
        b"| employee_id | note | employee_edu_type |\n|7|\"x|a|\n| 8 | y\" | a |\n|9|z|f|\n",
        &["3: 8 a", "4: 9 f", "1:1: pipes read as separators", &unclosed("2:4")],
    );
    check_completions(
        b"ba_id;content_id;completion_date;note\n7;5;2026-01-01;\"x\n8;6;2026-01-02;y\"\n9;7;2026-01-03;z\n",
        &["8 6 2026-01-02", "9 7 2026-01-03", "1:1: semicolons read as separators", &unclosed("2:16")],
    );
    // A text over several lines that has no row in it.
    check_employees(
        b"employee_id;employee_edu_type;note\n7;a;\"x\n8;a\n8;a;y;z\nx;a;y\"\n",
        &["2: 7 a", "1:1: semicolons read as separators"],
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
    check_employees(b"sep=\t\nemployee_id\temployee_edu_type\n7\ta\n", &["3: 7 a", "2:1: tabs read as separators"]);
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
