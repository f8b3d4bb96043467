//! The faults of a feed that was broken on purpose, and which of them the check found.

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::{ExpectedFault, ExpectedFaults};
use crate::page::components::{markup, table_box};
use crate::page::words::{feed_file, purpose};

const COLUMNS: [&str; 3] = ["Fault", "Found by the check", "What the batch job should do"];

/// The table, a row for each fault.
pub(crate) fn expected_view(expected: &ExpectedFaults) -> AnyView {
    let found = expected.faults.iter().filter(|fault| fault.found.is_some()).count();
    let verdict = format!(
        "{found} of {} found. {}",
        counted(expected.faults.len(), "fault"),
        match expected.others {
            0 => "Nothing else is wrong.".to_owned(),
            others => format!("From other causes: {}.", counted(others, "problem")),
        }
    );
    let rows = expected.faults.iter().map(fault_row).collect_view();
    markup! {
        <h3 id="expected-heading">"Broken on purpose: expected and found"</h3>
        <p>{verdict}</p>
        {table_box("expected-heading", &COLUMNS, markup! { <tbody>{rows}</tbody> })}
    }
}

fn fault_row(fault: &ExpectedFault) -> AnyView {
    let ExpectedFault { title, text, batch_job, found } = fault.clone();
    let (class, found) = match found {
        Some(found) => ("dot good", with_title(&found)),
        None => ("dot bad", "Not found".to_owned()),
    };
    markup! {
        <tr>
            <th scope="row">{title}<br/><span class="hint">{with_title(&text)}</span></th>
            <td><span class=class aria-hidden="true"></span>" "{found}</td>
            <td>{batch_job}</td>
        </tr>
    }
}

/// A message with the title of its file in place of its name, and its place in words: `Completions, line 7: …`.
fn with_title(message: &str) -> String {
    let Some((name, rest)) = message.split_once(".csv") else { return message.to_owned() };
    let Some(file) = feed_file(name) else { return message.to_owned() };
    let title = purpose(file).0;
    let mut parts = rest.splitn(4, ':').skip(1);
    let mut number = || parts.next().filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    match (number(), number()) {
        (Some(line), Some(column)) => {
            format!("{title}, line {line}, column {column}:{}", parts.next().unwrap_or_default())
        }
        (Some(line), None) => {
            format!("{title}, line {line}:{}", rest.splitn(3, ':').nth(2).unwrap_or_default())
        }
        (None, _) => format!("{title}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_title_of_its_file() {
        for (message, expected) in [
            (
                "ContentUserCompletion_V2_2026_11_28_1_x.csv:6646:36: cut off: here",
                "Completions, line 6646, column 36: cut off: here",
            ),
            (
                "Non_Completed_Assignments_V2_2026_11_28_1_x.csv:7: empty: it is",
                "Open assignments, line 7: empty: it is",
            ),
            ("UserCompletion_v2_2026_11_28_1_x.csv: the file is left out", "User completion: the file is left out"),
            (
                "run_2026_11_28_1_x.json:1:1: UserCompletion_v2.csv is missing",
                "run_2026_11_28_1_x.json:1:1: UserCompletion_v2.csv is missing",
            ),
            ("employees.csv:7: no", "employees.csv:7: no"),
        ] {
            assert_eq!(with_title(message), expected);
        }
    }
}
