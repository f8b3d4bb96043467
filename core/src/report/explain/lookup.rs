//! Looking up an employee by id; if the id is not in the run, the reason and similar ids.

use std::fmt;

use crate::format::identifier::parse_plain_id;
use crate::format::input_role::InputRole;
use crate::format::record::BYTE_ORDER_MARK;
use crate::inputs::run_inputs::Inputs;
use crate::plan::settings::Settings;
use crate::sheet::as_lines;
use crate::text::lines::lines;
use crate::text::visible::{shown, shown_whole};

/// The error for an id that is not one of the run's employees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotInRun {
    /// The requested id.
    pub id: u64,
    /// The name of the employees file, as messages show it, or the new population in words.
    pub file: String,
    /// The line, from 1, and text of the first comment in that file that begins with the id, if any.
    pub comment: Option<(u32, String)>,
    /// Ids of the run that differ by one or two typing errors, the nearest first; at most three.
    pub near: Vec<u64>,
}

/// The position of an employee in the employees file, from 0. Name and bytes of that file improve the error, as the new
/// population of the settings does, where the run made one up.
///
/// # Errors
/// [`NotInRun`] if the run has no employee with this id.
pub fn find(
    inputs: &Inputs,
    settings: &Settings,
    employees: Option<(&str, &[u8])>,
    id: u64,
) -> Result<usize, NotInRun> {
    let population = settings.population.map(|population| format!("the new population of {population}"));
    inputs.index.position(id).map(|position| position as usize).ok_or_else(|| NotInRun {
        id,
        file: population.unwrap_or_else(|| shown_file(employees)),
        comment: employees.and_then(|(_, bytes)| comment_about(bytes, id)),
        near: near_ids(inputs, id),
    })
}

impl fmt::Display for NotInRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, file, .. } = self;
        if let Some((line, text)) = &self.comment {
            return write!(
                f,
                "employee {id} is a comment in line {line} of {file} ('{}'), so it takes no part in the run",
                shown(text)
            );
        }
        write!(f, "employee {id} is not in {file}")?;
        match self.near.split_last() {
            None => Ok(()),
            Some((only, [])) => write!(f, ". Did you mean {only}?"),
            Some((last, others)) => {
                let others: Vec<String> = others.iter().map(u64::to_string).collect();
                write!(f, ". Did you mean {} or {last}?", others.join(", "))
            }
        }
    }
}

impl std::error::Error for NotInRun {}

/// The name of the employees file, as messages show it; `employees.csv` if it is not known.
pub(super) fn shown_file(employees: Option<(&str, &[u8])>) -> String {
    employees.map_or_else(|| "employees.csv".to_owned(), |(name, _)| shown_whole(name))
}

/// The text of a line of the employees file, from 1. Lines end with LF, CRLF or a lone CR; a row of a sheet is a line of CSV.
pub(super) fn line_text(bytes: &[u8], line: u32) -> Option<String> {
    let wanted = usize::try_from(line).ok()?.checked_sub(1)?;
    let text = as_lines(InputRole::Employees, bytes).0;
    lines(&text).nth(wanted).map(|line| String::from_utf8_lossy(line).into_owned())
}

/// Line and text of the first comment that begins with the id, in any column.
fn comment_about(bytes: &[u8], id: u64) -> Option<(u32, String)> {
    let is_about = |field: &[u8]| {
        let text = field.trim_ascii_start();
        let text = text.strip_prefix(b"\"").unwrap_or(text).trim_ascii_start();
        let Some(comment) = text.strip_prefix(b"#") else { return false };
        let starts = comment.iter().position(|byte| !matches!(byte, b'#' | b' ' | b'\t' | b'"'));
        let comment = &comment[starts.unwrap_or(comment.len())..];
        let digits = comment.iter().take_while(|byte| byte.is_ascii_digit()).count();
        parse_plain_id(&comment[..digits]) == Some(id)
    };
    let text = as_lines(InputRole::Employees, bytes).0;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&text);
    let is_comment = |line: &[u8]| line.split(|byte| matches!(byte, b',' | b';' | b'\t')).any(is_about);
    let (line, text) = (1..).zip(lines(text)).find(|(_, line)| is_comment(line))?;
    Some((line, String::from_utf8_lossy(text).into_owned()))
}

/// The ids of the run at an edit distance of 1 or 2 from `id`, the smallest distance first, then the lower id; at most
/// three.
fn near_ids(inputs: &Inputs, id: u64) -> Vec<u64> {
    const MOST_NAMED: usize = 3;
    const MOST_TYPING_ERRORS: usize = 2;
    let wanted = id.to_string();
    let slips = |one: u64| {
        let text = one.to_string();
        // Each edit changes the length by at most one.
        let is_near = text.len().abs_diff(wanted.len()) <= MOST_TYPING_ERRORS;
        is_near.then(|| strsim::osa_distance(&text, &wanted)).filter(|slips| *slips <= MOST_TYPING_ERRORS)
    };
    let mut near: Vec<(usize, u64)> =
        inputs.employees.iter().filter_map(|employee| Some((slips(employee.id)?, employee.id))).collect();
    near.sort();
    near.into_iter().take(MOST_NAMED).map(|(_, id)| id).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::format::employees::BadRows;
    use crate::inputs::input_file::InputFile;
    use crate::inputs::reading::read_inputs;

    const EMPLOYEES: &str =
        "employee_id,employee_edu_type\n63492,a\n# 70001,b  <- on \"leave\n\"#70002\",f\n63429,f\n9,b\n";

    fn check(id: u64, expected: Result<usize, &str>) {
        let files = [InputFile::given(InputRole::Employees, "employees.csv", EMPLOYEES.as_bytes())];
        let (inputs, problems) = read_inputs(&files, BadRows::Refuse);
        assert!(problems.is_empty(), "{problems:?}");
        let settings = Settings::new(DateTime::UNIX_EPOCH, 0);
        let employees = Some(("Q1\n.csv", EMPLOYEES.as_bytes()));
        let found = find(&inputs, &settings, employees, id).map_err(|why| why.to_string());
        assert_eq!(found, expected.map_err(str::to_owned));
    }

    #[test]
    fn employees_are_found_or_what_is_nearly_meant_is_told() {
        check(63_492, Ok(0));
        check(9, Ok(2));
        let comment = |id, line, text| {
            format!("employee {id} is a comment in line {line} of Q1\\n.csv ('{text}'), so it takes no part in the run")
        };
        check(70_001, Err(&comment(70_001, 3, "# 70001,b  <- on \"leave")));
        check(70_002, Err(&comment(70_002, 4, "\"#70002\",f")));
        check(64_392, Err("employee 64392 is not in Q1\\n.csv. Did you mean 63492 or 63429?"));
        check(8, Err("employee 8 is not in Q1\\n.csv. Did you mean 9?"));
        check(555_555_555, Err("employee 555555555 is not in Q1\\n.csv"));
    }

    #[test]
    fn a_comment_is_found_in_any_encoding_and_column() {
        let utf_16 = |text: &str| [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let plain = |text: &str| text.as_bytes().to_vec();
        let text = "employee_id,employee_edu_type\n# 14,\u{10a}\n# \u{10a}\n12,a\n";
        for (bytes, line, expected) in [
            (plain("# 14,a\nemployee_id,employee_edu_type\n12,a\n"), 1, "# 14,a"),
            (plain("\u{feff}# 14,a\nemployee_id,employee_edu_type\n12,a\n"), 1, "# 14,a"),
            (plain("employee_edu_type,employee_id\na,12\na,# 14\n"), 3, "a,# 14"),
            (utf_16(text), 2, "# 14,\u{10a}"),
        ] {
            assert_eq!(comment_about(&bytes, 14), Some((line, expected.to_owned())));
        }
        assert_eq!(line_text(&utf_16(text), 4).as_deref(), Some("12,a"));
        assert_eq!(comment_about(&plain("12,a # 14\n"), 14), None);
    }

    #[test]
    fn lines_end_with_lf_crlf_or_a_lone_cr() {
        let text = b"one\r\ntwo\rthree\n\nfive";
        let found: Vec<Option<String>> = (0..7).map(|line| line_text(text, line)).collect();
        let expected = [None, Some("one"), Some("two"), Some("three"), Some(""), Some("five"), None];
        assert_eq!(found, expected.map(|line| line.map(str::to_owned)));
    }
}
