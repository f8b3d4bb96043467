//! The faults of a feed that was broken on purpose, and which of them the check found.

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::{ExpectedFault, ExpectedFaults};
use crate::page::components::{markup, table_box};

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
        Some(found) => ("dot good", found),
        None => ("dot bad", "Not found".to_owned()),
    };
    markup! {
        <tr>
            <th scope="row">{title}<br/><span class="hint">{text}</span></th>
            <td><span class=class aria-hidden="true"></span>" "{found}</td>
            <td>{batch_job}</td>
        </tr>
    }
}
