//! Rows of state tables that came from Databricks, as messages name them: by employee and content, because no file has
//! their lines, and a table has no order.

use std::fmt;

use btcfake_core::format::table::TableReader;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::text::note::Note;
use btcfake_core::text::problem::Problem;
use btcfake_core::text::visible::shown;

use crate::terminal::console;

/// Name of a row.
pub(crate) struct RowName<'a> {
    /// Number of the row in the result, from 1.
    pub(crate) number: usize,
    /// Its `ba_id`; empty if it has none.
    pub(crate) employee: &'a str,
    /// Its `content_id`; empty if it has none.
    pub(crate) content: &'a str,
}

impl fmt::Display for RowName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}", self.number)?;
        let named: Vec<String> = [("employee", self.employee), ("content", self.content)]
            .into_iter()
            .filter(|(_, id)| !id.is_empty())
            .map(|(what, id)| format!("{what} {}", shown(id)))
            .collect();
        if named.is_empty() { Ok(()) } else { write!(f, " ({})", named.join(", ")) }
    }
}

/// Prints problems of a state table from Databricks by row, employee and content: no file has its lines.
pub(crate) fn print_problems_of_table(table: &InputFile<'_>, problems: &[Problem], quiet: bool) {
    notes(table, problems).iter().filter(|note| !(quiet && note.is_warning)).for_each(console::note);
}

/// The notes on problems, which must be sorted by place.
fn notes(table: &InputFile<'_>, problems: &[Problem]) -> Vec<Note> {
    let place = format!("{} from Databricks", table.name.trim_end_matches(".csv"));
    let note = |problem: &Problem, row: &str| {
        let place = Some(format!("{place}{row}"));
        Note { is_warning: !problem.is_error(), place, text: problem.kind.to_string() }
    };
    let mut notes = Vec::new();
    let mut left = problems.iter().peekable();
    // The last row that was read, as text after a comma. It is empty for problems of the header.
    let mut current = String::new();
    if let Ok(mut reader) = TableReader::open(&table.bytes, ["ba_id", "content_id"], false) {
        let mut number = 0;
        while left.peek().is_some()
            && let Some(row) = reader.next_row()
        {
            let above = |problem: &&Problem| problem.place.line < row.line();
            notes.extend(std::iter::from_fn(|| left.next_if(above)).map(|problem| note(problem, &current)));
            number += 1;
            current = format!(", {}", RowName { number, employee: &row.text(0), content: &row.text(1) });
        }
    }
    notes.extend(left.map(|problem| note(problem, &current)));
    notes
}

#[cfg(test)]
mod tests {
    use btcfake_core::format::completions_table;
    use btcfake_core::format::input_role::InputRole;

    use super::*;

    #[test]
    fn a_problem_names_its_row_by_employee_and_content() {
        let rows = "7,100,2026-01-01\n,101,2026-01-01\n8,,2026-01-02\n\"8\n\",102,soon\n9,103,soon\n";
        let csv = format!("ba_id,content_id,completion_date\n{rows}");
        let problems = completions_table::read(csv.as_bytes(), |_| true).problems;
        let table = InputFile::given(InputRole::Completions, "content_completion.csv", csv.into_bytes());
        let named: Vec<String> = notes(&table, &problems).iter().filter_map(|note| note.place.clone()).collect();
        assert_eq!(
            named,
            [
                "row 2 (content 101)",
                "row 3 (employee 8)",
                "row 4 (employee 8\\n, content 102)",
                "row 5 (employee 9, content 103)"
            ]
            .map(|row| format!("content_completion from Databricks, {row}"))
        );
    }
}
