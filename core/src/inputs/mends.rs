//! Ways to go on with a file that a run refuses. The page offers each as a button.

use serde::{Deserialize, Serialize};

use crate::format::employees::BadRows;
use crate::format::input_role::InputRole;
use crate::inputs::inspection::inspect;
use crate::inputs::sorting::{Destination, Sorted, SortedFile, sort};
use crate::sheet::{Choices, Question, question};
use crate::text::problem::Problem;

/// A way to go on after a file was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mend {
    /// Leave out the rows with problems; the rest of the file is good.
    SkipBadRows,
    /// Put the file at the place where it belongs.
    Move(Destination),
    /// Answer a question about the file.
    Answer(Question),
    /// Take the file away.
    Remove,
}

/// The ways to go on with a file, the likeliest first; none for a file that is not refused.
#[must_use]
pub fn mends(role: InputRole, bytes: &[u8], bad_rows: BadRows, problems: &[Problem]) -> Vec<Mend> {
    if !problems.iter().any(Problem::is_error) {
        return Vec::new();
    }
    let mut mends = Vec::new();
    let can_skip = role == InputRole::Employees && bad_rows == BadRows::Refuse;
    if can_skip && !inspect(role, bytes, BadRows::Skip).problems.iter().any(Problem::is_error) {
        mends.push(Mend::SkipBadRows);
    }
    let places = match sort(&[SortedFile { name: "", bytes }]).pop() {
        Some(Sorted::Certain(places)) => places,
        // A run file, or the dummy of a feed.
        Some(Sorted::Doubtful(places)) if places.contains(&Destination::Check) => places,
        _ => Vec::new(),
    };
    match question(role, bytes, &Choices::NONE) {
        _ if mends.is_empty() && !places.is_empty() && !places.contains(&Destination::Input(role)) => {
            mends.extend(places.into_iter().map(Mend::Move));
        }
        Some(question) => mends.push(Mend::Answer(question)),
        None => {}
    }
    mends.push(Mend::Remove);
    mends
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::FoundColumn;

    fn check(role: InputRole, bytes: &[u8], expected: &[Mend]) {
        let problems = inspect(role, bytes, BadRows::Refuse).problems;
        assert_eq!(mends(role, bytes, BadRows::Refuse, &problems), expected, "{}", String::from_utf8_lossy(bytes));
    }

    #[test]
    fn each_refusal_has_its_ways_to_go_on() {
        let employees = InputRole::Employees;
        let column = |found: &[&str]| {
            let found =
                found.iter().map(|name| FoundColumn { name: (*name).to_owned(), found: (*name).to_owned() }).collect();
            Mend::Answer(Question::Column { wanted: "employee_id".to_owned(), found })
        };
        check(employees, b"employee_id,employee_edu_type\n7,a\n", &[]);
        check(employees, b"employee_id,employee_edu_type\n7,a\nx,a\n", &[Mend::SkipBadRows, Mend::Remove]);
        check(employees, b"employee_id,employee_edu_type\nx,a\n", &[Mend::Remove]);
        check(employees, b"id,type\n7,a\n", &[column(&["id", "type"]), Mend::Remove]);
        let header = Mend::Answer(Question::Header { first_row: "7,a".to_owned() });
        check(employees, b"7,a\n", &[header, Mend::Remove]);
        let moved = |place| [Mend::Move(place), Mend::Remove];
        let completions = Destination::Input(InputRole::Completions);
        check(employees, b"ba_id,content_id,completion_date\n", &moved(completions));
        check(employees, b"ba_id;content_id;completion date\n", &moved(completions));
        let catalog = crate::format::course_catalog::COLUMNS.join(",");
        check(InputRole::StandaloneContent, catalog.as_bytes(), &moved(Destination::Input(InputRole::CourseCatalog)));
        check(employees, b"UserId,ContentId,DateStarted,DateCompleted\n", &moved(Destination::Check));
        let [repeat, checked] = [Destination::Repeat, Destination::Check].map(Mend::Move);
        check(employees, b"{\"outputs\": []}", &[repeat, checked, Mend::Remove]);
        check(employees, b"", &[Mend::Remove]);
    }
}
