//! Workbooks: rows as lines, the sheet that fits, values as texts, and hidden rows.

use super::{NOTE, TOO_LARGE, cells, check_assignments, check_completions, check_employees, note, ods, sheet, xlsx};
use crate::format::employees::{self, BadRows};
use crate::format::input_role::InputRole;
use crate::sheet::{Choices, Columns, read_as};
use crate::text::problem::Place;

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
fn a_place_in_words_has_the_terms_of_its_file() {
    for (bytes, line, column, expected) in [
        (sheet(&["A1=employee_id"]), 3, 2, "row 3, column B"),
        (sheet(&["A1=employee_id"]), 1_048_576, 16_384, "row 1048576, column XFD"),
        (b"employee_id;x\n".to_vec(), 3, 2, "line 3, character 2"),
    ] {
        assert_eq!(Columns::of(&bytes).place_text(Place { line, column }), expected);
    }
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
fn a_text_of_an_opendocument_cell_is_never_lost() {
    let sheet = |cell: &str| {
        let typed = |text: &str| {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>")
        };
        let row = |cells: &[&str]| format!("<table:table-row>{}</table:table-row>", cells.concat());
        let header = row(&[&typed("employee_id"), &typed("employee_edu_type"), &typed("note")]);
        ods(&[header, row(&[&typed("7"), &typed("a"), &format!("<table:table-cell>{cell}</table:table-cell>")])]
            .concat())
    };
    const REFUSAL: &str = "1:1: this workbook has a cell with a text and without the type of its value (office:value-type), \
                           which cannot be read; open it in a spreadsheet and save it again";
    for text in ["<text:p>b</text:p>", "<text:p><text:span>b</text:span></text:p>", "<text:p>\n<text:s/>b</text:p>"] {
        check_employees(&sheet(text), &[REFUSAL]);
    }
    let read = format!("1:1: read from sheet 'Staff' of an OpenDocument workbook (ods), header in row 1; {NOTE}");
    for no_text in [
        "",
        "<text:p/>",
        "<text:p>\n</text:p>",
        "<office:annotation><text:p>note</text:p></office:annotation>",
        "<draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame>",
    ] {
        check_employees(&sheet(no_text), &["2: 7 a", &read]);
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
