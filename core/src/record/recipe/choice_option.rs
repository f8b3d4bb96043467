//! Answers to the questions of inputs as options of the command line: `--sheet employees=Staff`,
//! `--column 'employees.employee_id=Personnel number'`, `--encoding employees=windows-1252`, `--header employees=none`.

use super::shell::shell_quoted;
use crate::format::input_role::InputRole;
use crate::sheet::{Choice, Subject};
use crate::text::visible::quoted;

/// The option that gives an answer about the file of a role, quoted for POSIX shells.
#[must_use]
pub fn choice_option(role: InputRole, answer: &Choice) -> String {
    let column = answer.wanted().map_or_else(String::new, |wanted| format!(".{wanted}"));
    let value = format!("{}{column}={}", role.name(), answer.value());
    format!("--{} {}", answer.subject().name(), shell_quoted(&value))
}

/// Parses the value of the option `--sheet`, `--column`, `--encoding` or `--header`; `subject` is that of the option.
///
/// # Errors
/// A message that names what is allowed.
pub fn parse_choice(subject: Subject, text: &str) -> Result<(InputRole, Choice), String> {
    let example = if subject == Subject::Column { "employees.employee_id=Personnel number" } else { "employees=Staff" };
    let (place, value) = text.split_once('=').ok_or_else(|| format!("write it like {example}"))?;
    let (input, wanted) = place.split_once('.').map_or((place, None), |(input, wanted)| (input, Some(wanted)));
    let role = InputRole::ALL.into_iter().find(|role| role.name() == input).ok_or_else(|| {
        let all: Vec<&str> = InputRole::ALL.into_iter().filter(|role| role.is_table()).map(InputRole::name).collect();
        format!("{} is no input; those that are: {}", quoted(input), all.join(", "))
    })?;
    if !role.is_table() {
        return Err(format!("{input} is no table, so there is nothing to answer about it"));
    }
    match (subject, wanted) {
        (Subject::Column, None) => Err(format!("the column that is wanted is missing; write it like {example}")),
        (_, wanted) => Choice::of(subject, wanted, value).map(|answer| (role, answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: Subject, text: &str, expected: Result<&str, &str>) {
        let found = parse_choice(subject, text).map(|(role, answer)| choice_option(role, &answer));
        assert_eq!(found, expected.map(str::to_owned).map_err(str::to_owned), "--{} {text}", subject.name());
    }

    #[test]
    fn an_answer_is_written_as_the_option_that_gives_it() {
        check(Subject::Sheet, "employees=Staff", Ok("--sheet employees=Staff"));
        check(Subject::Sheet, "standalone-content=Q1=Q2, old", Ok("--sheet 'standalone-content=Q1=Q2, old'"));
        check(
            Subject::Column,
            "employees.employee_id=Personnel number",
            Ok("--column 'employees.employee_id=Personnel number'"),
        );
        check(Subject::Column, "assignments.ba_id=#2", Ok("--column 'assignments.ba_id=#2'"));
        check(Subject::Encoding, "employees=Windows-1252", Ok("--encoding employees=windows-1252"));
        check(Subject::Header, "completions=none", Ok("--header completions=none"));
    }

    #[test]
    fn what_is_no_answer_is_refused_with_what_is_allowed() {
        let inputs = "those that are: employees, standalone-content, course-catalog, assignments, completions";
        check(Subject::Sheet, "Staff", Err("write it like employees=Staff"));
        check(Subject::Sheet, "staff=Staff", Err(&format!("'staff' is no input; {inputs}")));
        check(Subject::Sheet, "employees=", Err("nothing stands after the ="));
        check(Subject::Sheet, "employees.x=Staff", Err("'sheet' is no answer about a column"));
        check(
            Subject::Sheet,
            "recommendations=Staff",
            Err("recommendations is no table, so there is nothing to answer about it"),
        );
        check(
            Subject::Column,
            "employees=Staff",
            Err("the column that is wanted is missing; write it like employees.employee_id=Personnel number"),
        );
        check(Subject::Encoding, "employees=latin1", Err("'latin1' is not allowed; windows-1252 is"));
        check(Subject::Header, "employees=yes", Err("'yes' is not allowed; none is"));
    }
}
