//! The first completions of a published feed. A state that was read later includes the feed only if it has them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::format::identifier::{parse_content_id, parse_plain_id};
use crate::format::table::TableReader;
use crate::format::{completions, completions_table};

/// The number of completions that are recorded of a feed. The batch job loads a feed as a whole, so a few show whether it did.
const RECORDED: usize = 20;

/// A training that an employee completed in a published feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PublishedCompletion {
    /// The id of the employee.
    pub employee: u64,
    /// The id of the content.
    pub content: u64,
}

/// The first completions of a `ContentUserCompletion` file, from its first bytes, which may end within a row. Empty if they
/// are no such file.
#[must_use]
pub fn first_completions(beginning: &[u8]) -> Vec<PublishedCompletion> {
    let whole_rows = beginning.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let Ok(mut rows) = TableReader::open(&beginning[..whole_rows], completions::COLUMNS, false) else {
        return Vec::new();
    };
    let mut first = Vec::new();
    while let Some(row) = rows.next_row().filter(|_| first.len() < RECORDED) {
        let ids = parse_plain_id(row.value(completions::USER)).zip(parse_content_id(row.value(completions::CONTENT)));
        first.extend(ids.map(|(employee, content)| PublishedCompletion { employee, content }));
    }
    first
}

/// Looks for published completions of these employees in the table `content_completion`, a CSV file. Returns the number of
/// those that were looked for, and of those that the table does not have. `None` if there is none of them, or the table
/// cannot be read.
pub(super) fn missing_completions(
    published: &[PublishedCompletion],
    table: &[u8],
    employee_ids: &[u64],
) -> Option<(usize, usize)> {
    let of_employees = published.iter().filter(|one| employee_ids.contains(&one.employee));
    let mut wanted: BTreeSet<(u64, u64)> = of_employees.map(|one| (one.employee, one.content)).collect();
    let compared = wanted.len();
    if compared == 0 {
        return None;
    }
    let employees: BTreeSet<u64> = wanted.iter().map(|(employee, _)| *employee).collect();
    let read = completions_table::read(table, |employee| employees.contains(&employee));
    if read.is_refused() {
        return None;
    }
    read.value.iter().for_each(|row| {
        wanted.remove(&row.pair());
    });
    Some((compared, wanted.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FEED: &str = "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\
        \"7\",\"1,915,085\",\"2025-12-22T10:43:05Z\",\"2025-12-22T10:47:23Z\"\n\
        \"8\",\"12\",\"2025-12-22T10:43:05Z\",\"2025-12-22T10:47:23Z\"\n";

    fn completion(employee: u64, content: u64) -> PublishedCompletion {
        PublishedCompletion { employee, content }
    }

    #[test]
    fn the_first_completions_are_those_of_whole_rows() {
        let row = "\"9\",\"5\",\"2025-12-22T10:43:05Z\",\"2025-12-22T10:47:23Z\"\n";
        for (beginning, expected) in [
            (FEED.to_owned(), vec![completion(7, 1_915_085), completion(8, 12)]),
            (format!("\u{feff}{FEED}"), vec![completion(7, 1_915_085), completion(8, 12)]),
            (format!("{FEED}\"9\",\"5"), vec![completion(7, 1_915_085), completion(8, 12)]),
            (format!("{FEED}\"nine\",\"5\",\"\",\"\"\n"), vec![completion(7, 1_915_085), completion(8, 12)]),
            (FEED.replace("ContentId", "Content"), Vec::new()),
            (String::new(), Vec::new()),
        ] {
            assert_eq!(first_completions(beginning.as_bytes()), expected, "{beginning}");
        }
        assert_eq!(first_completions((FEED.to_owned() + &row.repeat(30)).as_bytes()).len(), RECORDED);
    }

    #[test]
    fn completions_of_the_states_employees_are_looked_for() {
        let found = |compared, missing| Some((compared, missing));
        let published = [completion(7, 1), completion(7, 2), completion(8, 1)];
        for (rows, employee_ids, expected) in [
            ("7,1,2026-01-29\n7,2,2026-01-29\n8,1,2026-01-29\n", &[7, 8][..], found(3, 0)),
            ("7,1,2026-01-29\n8,2,2026-01-29\n", &[7, 8], found(3, 2)),
            ("", &[7, 8, 9], found(3, 3)),
            ("7,1,2026-01-29\n", &[7], found(2, 1)),
            ("7,1,2026-01-29\n", &[9], None),
            ("7,1,2026-01-29\nx,1,2026-01-29\n", &[7], None),
        ] {
            let table = format!("{}\n{rows}", completions_table::COLUMNS.join(","));
            let missing = missing_completions(&published, table.as_bytes(), employee_ids);
            assert_eq!(missing, expected, "{rows:?} {employee_ids:?}");
        }
    }
}
