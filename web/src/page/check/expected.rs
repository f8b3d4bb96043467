//! The faults of a feed that was broken on purpose, and which of them the check found.

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::{ExpectedFault, ExpectedFaults, Located};
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
    let ExpectedFault { title, made, batch_job, found } = fault.clone();
    let (class, found) = match found {
        Some(found) => ("dot good", with_title(&found)),
        None => ("dot bad", "Not found".to_owned()),
    };
    markup! {
        <tr>
            <th scope="row">{title}<br/><span class="hint">{with_title(&made)}</span></th>
            <td><span class=class aria-hidden="true"></span>" "{found}</td>
            <td>{batch_job}</td>
        </tr>
    }
}

/// The message, with the title of its file in place of its name: `Completions, line 7: …`.
fn with_title(Located { file, place, text }: &Located) -> String {
    let title = feed_file(file).map_or(file.as_str(), |file| purpose(file).0);
    let place = place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
    format!("{title}{place}: {text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_title_of_its_file() {
        for (file, place, text, expected) in [
            (
                "ContentUserCompletion_V2_2026_11_28_1_x.csv",
                "line 6646, character 36",
                "cut off: here",
                "Completions, line 6646, character 36: cut off: here",
            ),
            (
                "Non_Completed_Assignments_V2_2026_11_28_1_x.csv",
                "line 7",
                "empty: it is",
                "Open assignments, line 7: empty: it is",
            ),
            (
                "UserCompletion_v2_2026_11_28_1_x.csv",
                "",
                "the file is left out",
                "User completion: the file is left out",
            ),
            (
                "run_2026_11_28_1_x.json",
                "line 1, character 1",
                "UserCompletion_v2.csv is missing",
                "run_2026_11_28_1_x.json, line 1, character 1: UserCompletion_v2.csv is missing",
            ),
            ("employees.csv", "line 7", "no", "employees.csv, line 7: no"),
        ] {
            let place = (!place.is_empty()).then(|| place.to_owned());
            let message = Located { file: file.to_owned(), place, text: text.to_owned() };
            assert_eq!(with_title(&message), expected);
        }
    }
}
