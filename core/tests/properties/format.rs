//! Properties of readers and writers: any bytes can be read, and what is written reads back the same.

use btcfake_core::format::employees::{self, BadRows, EmployeeType};
use btcfake_core::format::identifier;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::quoted::push_line;
use btcfake_core::format::record::RecordReader;
use btcfake_core::inputs::inspection::inspect;
use btcfake_core::plan::settings::parse_now;
use btcfake_core::record::run_record::RunRecord;
use chrono::DateTime;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::*;

/// The lengths of the lines as an editor shows them. Lines end with LF, CRLF or a lone CR; a byte order mark has no
/// column.
fn editor_lines(bytes: &[u8]) -> Vec<usize> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines = Vec::new();
    let mut line = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\n' | b'\r' => {
                at += usize::from(text[at] == b'\r' && text.get(at + 1) == Some(&b'\n'));
                lines.push(String::from_utf8_lossy(&line).chars().count());
                line.clear();
            }
            byte => line.push(byte),
        }
        at += 1;
    }
    lines.push(String::from_utf8_lossy(&line).chars().count());
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_panic_and_problems_have_places_in_the_file(bytes in near_bytes()) {
        let lines = editor_lines(&bytes);
        for role in InputRole::ALL {
            for bad_rows in [BadRows::Refuse, BadRows::Skip] {
                for problem in inspect(role, &bytes, bad_rows).problems {
                    let (line, column) = (problem.place.line as usize, problem.place.column as usize);
                    // In JSON lines, a lone CR is white space within the line.
                    let length = match role {
                        InputRole::Recommendations => bytes.split(|byte| *byte == b'\n').nth(line - 1)
                            .map(|line| String::from_utf8_lossy(line).chars().count()),
                        _ => lines.get(line - 1).copied(),
                    };
                    prop_assert!(length.is_some(), "{role:?} {problem}: {} lines", lines.len());
                    prop_assert!(column >= 1 && column <= length.unwrap_or(0) + 1, "{role:?} {problem}: {length:?}");
                    prop_assert!(!problem.to_string().contains(['\n', '\r']), "{problem:?}");
                }
            }
        }
        let _ = RunRecord::from_bytes(&bytes);
        let _ = parse_instant(&String::from_utf8_lossy(&bytes));
        let _ = parse_now(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn fields_written_are_read_again_as_they_were(table in vec(vec("[ -~éß\"\n\r,#]{0,8}", 1..5), 1..6)) {
        let write = |table: &[Vec<String>]| {
            let mut bytes = Vec::new();
            for row in table {
                push_line(&mut bytes, &row.iter().map(String::as_str).collect::<Vec<_>>());
            }
            bytes
        };
        let bytes = write(&table);
        let mut reader = RecordReader::new(&bytes, false);
        let mut read = Vec::new();
        while let Some(record) = reader.next_record() {
            prop_assert!(record.fault().is_none());
            read.push((0..record.len()).map(|field| record.text(field).into_owned()).collect::<Vec<_>>());
        }
        // A row without any value reads as a blank line.
        let table: Vec<_> = table.into_iter().filter(|row| row.iter().any(|field| !field.trim().is_empty())).collect();
        prop_assert_eq!(&read, &table);
        prop_assert_eq!(write(&read), write(&table));
    }

    #[test]
    fn employees_written_are_read_again_as_they_were(population in population(), crlf: bool, mark: bool, swapped: bool) {
        let text = employees_text(&population, swapped);
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let reading = employees::read(text.as_bytes(), BadRows::Refuse);
        prop_assert_eq!(&reading.problems, &[]);
        let read: Vec<(u64, EmployeeType)> = reading.value.rows.iter().map(|employee| (employee.id, employee.kind)).collect();
        prop_assert_eq!(&read, &population);
        for (row, line) in reading.value.rows.iter().zip(2..) {
            prop_assert_eq!(row.line, line);
        }
    }

    #[test]
    fn ids_and_instants_written_are_read_again_as_they_were(id in 1..=identifier::HIGHEST_ID, seconds in -62_135_596_800_i64..=253_402_300_799) {
        prop_assert_eq!(identifier::parse_content_id(identifier::content_id_text(id).as_bytes()), Some(id));
        let text = btcfake_core::format::instant::instant_text(DateTime::from_timestamp(seconds, 0).unwrap());
        prop_assert_eq!(parse_instant(&text).map(|instant| instant.timestamp()), Some(seconds), "{}", text);
    }
}
