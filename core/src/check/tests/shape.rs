//! The shape of a vendor file: lines, bytes, quotes, header and the width of rows.

use super::{
    ASSIGNMENTS, COMPLETIONS, COMPLETIONS_HEADER, DUMMY, assignments, check_assignments, check_completions, check_set,
    completions, done, dummy, left, standalone,
};
use crate::check::{FindingKind, GivenFile, check, kinds};

#[test]
fn lines_end_with_lf() {
    let rows = done(7, "999", "08:00:00", "08:05:00") + &done(8, "999", "08:00:00", "08:05:00");
    let text = completions(&rows);
    check_set(
        &[(COMPLETIONS, text.replace('\n', "\r\n").as_bytes())],
        &["C:1:51: 3 lines end with CRLF, this one first; they should end with LF"],
    );
    check_set(
        &[(COMPLETIONS, text.replacen('\n', "\r", 1).as_bytes())],
        &["C:1:51: the line ends with a lone CR; it should end with LF"],
    );
    check_set(
        &[(COMPLETIONS, text.trim_end().as_bytes())],
        &["C:3:56: the last line does not end with LF: the file may have been cut off; end it with LF"],
    );
    check_set(
        &[(COMPLETIONS, &text.as_bytes()[..text.len() - 30])],
        &["C:3:27: the file is cut off here, amid its last line; complete it, and end it with LF"],
    );
}

#[test]
fn blank_lines_and_empty_files_are_reported() {
    let blank = |line: u32| format!("C:{line}:1: a blank line; remove it, or write the row that it replaced");
    check_completions(
        &("\n".to_owned() + &done(7, "999", "08:00:00", "08:05:00") + "  \n"),
        &[blank(2).as_str(), blank(4).as_str()],
    );
    let empty =
        "C:1:1: the file is empty; its first line should be \"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"";
    check_set(&[(COMPLETIONS, b"")], &[empty]);
    check_set(&[(COMPLETIONS, b"\xEF\xBB\xBF")], &[empty]);
    check_set(&[(COMPLETIONS, b"\n")], &[empty]);
}

#[test]
fn bytes_are_utf_8_without_stray_marks() {
    let row = done(7, "999", "08:00:00", "08:05:00");
    check_completions(
        &format!("\u{feff}{row}"),
        &["C:2:1: a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only"],
    );
    check_set(
        &[(COMPLETIONS, format!("\u{feff}\u{feff}{COMPLETIONS_HEADER}").as_bytes())],
        &["C:1:1: a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only"],
    );
    let mut bytes = assignments(&left(7, "1", "999").replace("Media", "M\u{e9}dia")).into_bytes();
    check_set(&[(ASSIGNMENTS, &bytes)], &[]);
    let at = bytes.iter().position(|byte| *byte == 0xC3).unwrap();
    bytes[at] = 0xFF;
    check_set(
        &[(ASSIGNMENTS, &bytes)],
        &["A:2:86: byte 0xFF is not UTF-8 text; save the file with the encoding UTF-8 (in Excel: \"CSV UTF-8\")"],
    );
    check_set(
        &[(ASSIGNMENTS, b"\xFF\xFE\"\0U\0")],
        &[
            "A:1:1: this is not a CSV file: it looks like text in the encoding UTF-16. Save it as \"CSV UTF-8\" and try again",
        ],
    );
    let marked = [b"\xEF\xBB\xBF".to_vec(), dummy()].concat();
    check_set(
        &[(DUMMY, &marked)],
        &["U:1:1: the file begins with a byte order mark; this one should begin with its header"],
    );
}

#[test]
fn every_field_stands_in_quotes() {
    let row = done(7, "1,999", "08:00:00", "08:05:00");
    check_completions(&row.replacen("\"7\"", "7", 1), &["C:2:1: no double quotes around '7'; write \"7\""]);
    check_completions(
        "7,999,2026-01-29T08:00:00Z,\"2026-01-29T08:05:00Z\"\n",
        &["C:2:1: no double quotes around '7', and 2 more fields of this line; write \"7\""],
    );
    check_set(
        &[(COMPLETIONS, COMPLETIONS_HEADER.replace('"', "").as_bytes())],
        &["C:1:1: no double quotes around 'UserId', and 3 more fields of this line; write \"UserId\""],
    );
    let media = |kind: &str| left(7, "1", "999").replace("\"Media\"", kind);
    check_assignments(&(media("\"say \"\"hi\"\",\r\nyou\"") + &left(8, "2", "999")), &[]);
    check_assignments(
        &media("\"say \"hi\"\""),
        &[
            "A:2:90: text follows a closing quote; double a quote that belongs to the field (\"\"), or put a comma and a quote before the next field",
        ],
    );
    check_assignments(
        &(media("\"Media") + &left(8, "1", "999")),
        &["A:2:84: a quote opens here and is never closed; close it at the end of the field"],
    );
    check_completions(
        &(row.replacen("999\"", "999", 1) + &done(8, "999", "08:00:00", "08:05:00")),
        &["C:2:5: a quote opens here and is not closed at the end of the field; write \"1,999\""],
    );
    check_completions(
        &row.replacen("\"7\"", "\"7", 1),
        &["C:2:1: a quote opens here and is not closed at the end of the field; write \"7\""],
    );
}

#[test]
fn headers_are_exact() {
    let check_header = |header: &str, expected: &[&str]| {
        check_set(&[(COMPLETIONS, format!("{header}\n").as_bytes())], expected);
    };
    let right = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"";
    check_header(
        "\"UserID\",\"ContentId\",\"DateBegun\",\"DateCompleted\"",
        &[
            "C:1:1: the column 'UserID' should be called UserId",
            "C:1:22: the column 'DateBegun' should be called DateStarted",
        ],
    );
    check_header(
        "\"UserId\",\"DateStarted\",\"DateCompleted\"",
        &[format!("C:1:10: the column ContentId is missing from the header, which should be {right}").as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateStarted\"",
        &[format!("C:1:35: the column DateCompleted is missing from the header, which should be {right}").as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateCompleted\",\"DateStarted\"",
        &[format!(
            "C:1:22: the columns DateCompleted, DateStarted stand in the wrong order; the header should be {right}"
        )
        .as_str()],
    );
    check_header(
        "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\",\"Store\",\"UserId\"",
        &[
            "C:1:52: the column 'Store' does not belong here; remove it",
            "C:1:60: the column 'UserId' stands in the header twice; remove it",
        ],
    );
    check_header(
        done(7, "999", "08:00:00", "08:05:00").trim_end(),
        &[format!("C:1:1: the header is missing; the first line should be {right}").as_str()],
    );
}

#[test]
fn rows_are_checked_under_a_header_that_is_wrong() {
    let swapped = "\"UserId\",\"ContentId\",\"DateCompleted\",\"DateStarted\"\n\"7\",\"999\",\"2026-01-29T08:05:00Z\",\"2026-01-29T08:00:00Z\"\n";
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: swapped.as_bytes() }]);
    assert_eq!(report.files[0].findings.len(), 1);
    let missing = COMPLETIONS_HEADER.replace("\"ContentId\",", "") + &done(7, "1999", "08:00:00", "08:05:00");
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: missing.as_bytes() }]);
    let last = report.files[0].findings.last().unwrap().to_string();
    assert_eq!(last, "2:5: ContentId '1999' does not have its thousands separators in place; write 1,999");
}

#[test]
fn rows_have_as_many_fields_as_the_header() {
    check_completions(
        "\"7\",\"999\"\n\"7\",\"999\",\"\",\"\",\"\"\n",
        &[
            "C:2:10: 2 fields in this row, but the header has 4; add what is missing, with a comma before each field. The row is '\"7\",\"999\"'",
            "C:3:17: 5 fields in this row, but the header has 4; remove what is too much, or put a field that holds a comma into double quotes. The row is '\"7\",\"999\",\"\",\"\",\"\"'",
        ],
    );
    check_set(
        &[(DUMMY, [dummy(), b"\"1\"\r\na,b,c,d,e,f,\"g\nh\",i".to_vec()].concat().as_slice())],
        &[
            "U:3:4: 1 field in this row, but the header has 8; add what is missing, with a comma before each field. The row is '\"1\"'",
        ],
    );
}

#[test]
fn a_row_of_another_width_is_reported_as_that_and_not_by_its_quotes() {
    let row = done(7, "999", "08:00:00", "08:05:00");
    for (wrong, found) in
        [(row.replace('\n', ",\n"), "5 fields"), ("# done\n".to_owned(), "1 field"), ("7,999\n".to_owned(), "2 fields")]
    {
        let report = check(&[GivenFile { name: COMPLETIONS, bytes: completions(&wrong).as_bytes() }]);
        let texts: Vec<&str> = report.files[0].findings.iter().map(|finding| &*finding.text).collect();
        assert!(matches!(texts[..], [text] if text.starts_with(&format!("{found} in this row"))), "{wrong}: {texts:?}");
    }
    // A comma in a field without quotes.
    let split = row.replace("\"7\",\"999\"", "7,1,999").replace("\"2026", "2026").replace("Z\"", "Z");
    check_completions(&split, &["C:2:1: no double quotes around '7', and 4 more fields of this line; write \"7\""]);
}

#[test]
fn the_kinds_of_many_findings_are_counted_the_most_frequent_first() {
    let row = done(7, "999", "08:00:00", "08:05:00");
    let blank = "\n".repeat(1_500);
    let cut = "\"7\",\"999\"\n";
    let rows = format!("{cut}{row}{blank}{cut}");
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: completions(&rows).as_bytes() }]);
    let expected = [(FindingKind::BlankLine, 1_500), (FindingKind::FieldCount, 2)];
    assert_eq!(kinds(&report.files[0].findings), expected);
    assert_eq!(kinds([]), []);
}

#[test]
fn many_findings_of_one_kind_end_with_their_number() {
    let rows: String = (0..1_500).map(|_| "\n").collect();
    let report = check(&[GivenFile { name: COMPLETIONS, bytes: completions(&rows).as_bytes() }]);
    assert_eq!((report.files[0].findings.len(), report.files[0].counts()), (1_001, (1_500, 0)));
    let last = report.files[0].findings.last().unwrap().to_string();
    assert_eq!(last, "1002:1: and 500 more like the 1,000 before, up to line 1501");
    assert_eq!(report.by_file()[0].iter().map(|finding| finding.count).sum::<usize>(), 1_500);
    // The same applies to inputs, refused or not.
    let employees = "employee_id,employee_edu_type\n7,a\n".to_owned() + &"x,a\n".repeat(1_200);
    let contents = standalone(&["1"]) + &"no id,,,,,,,,,,,\n".repeat(1_200);
    let last = "1003:1: and 200 more like the 1,000 before, up to line 1202";
    for (name, text, counts) in
        [("employees.csv", employees, (1_200, 0)), ("StandAloneContent.csv", contents, (0, 1_200))]
    {
        let report = check(&[GivenFile { name, bytes: text.as_bytes() }]);
        let file = &report.files[0];
        assert_eq!((file.findings.len(), file.counts()), (1_001, counts), "{name}");
        assert!(file.findings.iter().any(|problem| problem.to_string() == last), "{name}: {:#?}", file.findings.last());
    }
}

/// Each is a whole file: what stands in it, and the only finding.
#[test]
fn a_fault_of_the_whole_file_is_one_finding() {
    let header = COMPLETIONS_HEADER.trim_end();
    let rows = done(7, "1,999", "08:00:00", "08:05:00") + &done(8, "1,999", "08:00:00", "08:05:00");
    let right = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"";
    let with_header = |header: &str| format!("{header}\n{rows}");
    let marked = "a byte order mark (U+FEFF) amid the file; remove it, it may stand at the very start only";
    for (text, expected) in [
        (with_header(&header.to_lowercase()), "1:1: the columns 'userid', 'contentid', 'datestarted', 'datecompleted' are in the wrong case; write UserId, ContentId, DateStarted, DateCompleted".to_owned()),
        (with_header(&header.replacen("Id\"", "Id", 1)), "1:1: a quote opens here and is not closed at the end of the field; write \"UserId\"".to_owned()),
        (with_header(&format!("{header} ")), "1:51: a blank follows a closing quote; remove it".to_owned()),
        (with_header(&format!("{header},")), "1:52: a column without a name does not belong here; remove it with its comma".to_owned()),
        (with_header(header).lines().map(|line| format!("{line},\"x\"\n")).collect(), "1:52: the column 'x' does not belong here; remove it".to_owned()),
        (with_header(&header.replacen("Id\"", "Id\0\"", 1)), "1:8: NUL character (byte 0x00); no text has it, so remove it or write what it replaced".to_owned()),
        (with_header("\"ContentId\",\"UserId\",\"DateStarted\",\"DateCompleted\""), format!("1:1: the columns ContentId, UserId stand in the wrong order; the header should be {right}")),
        (with_header("\"UserId\",\"ContentId\",\"DateCompleted\",\"DateStarted\""), format!("1:22: the columns DateCompleted, DateStarted stand in the wrong order; the header should be {right}")),
        (with_header(""), format!("1:1: the header is missing; the first line should be {right}")),
        (with_header("\"a\",\"b\",\"c\",\"d\""), format!("1:1: the first line is not the header: '\"a\",\"b\",\"c\",\"d\"'; it should be {right}")),
        (format!("Export\n{header}\n{rows}"), "1:1: a line before the header: 'Export'; remove it".to_owned()),
        ("Hello there\n".to_owned(), format!("1:1: the first line is not the header: 'Hello there'; it should be {right}")),
        (with_header(header).replace('"', ""), "1:1: no double quotes around 'UserId', nor around any other field of this file; write \"UserId\"".to_owned()),
        (with_header(header).replace('\n', "\r\r\n"), "1:51: 3 lines end with CR CR LF, this one first; they should end with LF".to_owned()),
        (with_header(header) + "\u{feff}", format!("4:1: {marked}")),
        (with_header(header) + "\u{feff}\n", format!("4:1: {marked}")),
        (with_header(header) + "  ", "4:1: a blank line; remove it, or write the row that it replaced".to_owned()),
        (with_header(header).trim_end().rsplit_once('"').unwrap().0.rsplit_once('"').unwrap().0.to_owned(), "3:36: the file is cut off here, amid its last line; complete it, and end it with LF".to_owned()),
        (with_header(header).replacen("\",\"2026", "\"\n,\"2026", 1), "2:12: the row has a line break here and goes on in the next line; take the line break out".to_owned()),
        (with_header(header).replacen("7\",", "7\",\n", 1), "2:5: the row has a line break here and goes on in the next line; take the line break out".to_owned()),
        (with_header(header).replacen("\"7\",\"1,999\"", "\"1,999\",\"1234567\"", 1), "2:1: UserId '1,999' and ContentId '1234567' stand in each other's columns; swap the two".to_owned()),
    ] {
        check_set(&[(COMPLETIONS, text.as_bytes())], &[&*format!("C:{expected}")]);
    }
    for length in [9, 15, 30, 40, header.len() - 1] {
        let expected = format!("C:1:{}: the file is cut off here, amid its header; give the whole file", length + 1);
        check_set(&[(COMPLETIONS, &header.as_bytes()[..length])], &[&*expected]);
    }
}
