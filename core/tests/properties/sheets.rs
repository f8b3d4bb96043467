//! Properties of tables that are no plain CSV: for any bytes, reading, questions and sorting do not panic, and every
//! question can be answered with each of its choices.

use std::io::{Cursor, Read, Write};

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::inspection::inspect;
use btcfake_core::inputs::mends::{Mend, mends};
use btcfake_core::inputs::sorting::{SortedFile, sort};
use btcfake_core::sheet::{Choice, Choices, Question, answered, as_lines, question};
use proptest::prelude::*;
use proptest::sample::Index;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::world::near_bytes;

const WORKBOOKS: [&[u8]; 3] = [
    include_bytes!("../../../tests/data/employees.xlsx"),
    include_bytes!("../../../tests/data/content_assignments.xlsx"),
    include_bytes!("../../../tests/data/employees.ods"),
];

/// A workbook of which bytes of the XML parts are others, so that what the archive holds is still what its checksums say.
fn changed_workbook() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<Index>(), any::<Index>(), prop_oneof![any::<u8>(), Just(b'<'), Just(b'"'), Just(b'9')]);
    (0..WORKBOOKS.len(), prop::collection::vec(change, 0..6)).prop_map(|(which, changes)| {
        let mut archive = ZipArchive::new(Cursor::new(WORKBOOKS[which])).unwrap();
        let mut parts: Vec<(String, Vec<u8>)> = Vec::new();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).unwrap();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes).unwrap();
            parts.push((part.name().unwrap().to_string(), bytes));
        }
        for (part, at, byte) in changes {
            let bytes = &mut parts[part.index(archive.len())].1;
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
        }
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(&bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    })
}

/// A text of names that are nearly right, of values and of marks.
fn table() -> impl Strategy<Value = Vec<u8>> {
    let field = prop_oneof![
        Just("employee_id"),
        Just("Employee ID"),
        Just("employee-id"),
        Just("employee_edu_type"),
        Just("Type"),
        Just("ba_id"),
        Just("content id"),
        Just("completion_date"),
        Just("7"),
        Just("a"),
        Just("\"x; y\""),
        Just("\""),
        Just("# é"),
        Just(""),
    ];
    let separator =
        prop_oneof![Just(","), Just(";"), Just("\t"), Just("\n"), Just("\r\n"), Just("\r"), Just("sep=;\n")];
    let text = prop::collection::vec((field, separator), 0..24).prop_map(|pieces| {
        pieces.into_iter().map(|(field, separator)| [field, separator].concat()).collect::<String>()
    });
    (text, 0..4_u8).prop_map(|(text, encoding)| match encoding {
        0 => text.into_bytes(),
        1 => format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect(),
        2 => format!("\u{feff}{text}").chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
        _ => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
    })
}

fn choices(question: &Question) -> Vec<Choice> {
    question.choices().into_iter().map(|(_, choice)| choice).collect()
}

fn go_through(bytes: &[u8]) -> Result<(), TestCaseError> {
    let _ = sort(&[SortedFile { name: "x", bytes }, SortedFile { name: "employees.csv", bytes }]);
    for role in InputRole::ALL {
        let _ = as_lines(role, bytes);
        let inspected = inspect(role, bytes, BadRows::Refuse);
        let mends = mends(role, bytes, BadRows::Refuse, &inspected.problems);
        let is_refused = inspected.problems.iter().any(|problem| problem.is_error());
        prop_assert_eq!(mends.last(), is_refused.then_some(&Mend::Remove));
        for answer in question(role, bytes, &Choices::NONE).iter().flat_map(choices) {
            let next = answered(role, bytes, &answer.clone().into());
            prop_assert!(next.is_ok(), "{answer:?}: {next:?}");
            // Each answer settles its question for good.
            let (csv, _) = next.unwrap();
            prop_assert!(
                !question(role, &csv, &Choices::NONE).iter().flat_map(choices).any(|again| again == answer),
                "{answer:?}"
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_change_of_a_workbook_is_read_or_refused(bytes in changed_workbook()) {
        go_through(&bytes)?;
    }

    #[test]
    fn any_damage_of_a_workbook_is_read_or_refused(which in 0..WORKBOOKS.len(), at: Index, byte: u8, cut: Option<Index>) {
        let mut bytes = WORKBOOKS[which].to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.truncate(cut.map_or(bytes.len(), |cut| cut.index(bytes.len())));
        go_through(&bytes)?;
    }

    #[test]
    fn any_table_is_read_or_asked_about(bytes in table()) {
        go_through(&bytes)?;
    }

    #[test]
    fn any_bytes_are_sorted_and_asked_about(bytes in near_bytes(), start in 0..3_usize) {
        let start = [&b""[..], b"PK\x03\x04", b"\xFF\xFE"][start];
        go_through(&[start, &bytes].concat())?;
    }
}
