//! Answers of the recommender: of one employee as a line of the recording, and of all employees with their counts.

use std::collections::BTreeSet;

use btcfake_core::format::lenient_json::{self, length_of_string};
use btcfake_core::format::recommendations::{self, Answer};
use btcfake_core::text::json_error::json_words;
use btcfake_core::text::problem::ProblemKind;
use btcfake_core::text::visible::shown_whole;
use serde_json::json;

use crate::configuration::secret::Secrets;

/// Mend of an answer that only the API's owners can change.
pub(super) const ASK_OWNERS: &str = "ask the API's owners";

/// Result for one employee.
#[derive(Clone, Debug)]
pub(crate) struct EmployeeAnswer {
    /// The employee.
    pub(crate) employee_id: u64,
    /// Recommendations, or the reason of the failure.
    pub(crate) answer: Answer,
    /// What is wrong with the answer, such as recommendations that are left out.
    pub(crate) problems: Vec<ProblemKind>,
    /// How to mend a failed call; empty if unknown.
    pub(crate) mend: &'static str,
    /// Line of the recording, with its line feed.
    pub(crate) line: String,
}

/// Result for all employees.
#[derive(Debug, Default)]
pub(crate) struct AllAnswers {
    /// The answers as a recording: one JSON object a line, in the given order of the employees.
    pub(crate) recording: Vec<u8>,
    /// Number of employees without recommendations because of a failure.
    pub(crate) failed: usize,
    /// First employee whose call failed, and why.
    pub(crate) first_failure: Option<FirstReason>,
    /// How to mend the failed calls.
    pub(crate) mends: BTreeSet<&'static str>,
    /// Number of recommendations that are left out of answers.
    pub(crate) left_out: usize,
    /// First employee with a recommendation that is left out, and why.
    pub(crate) first_left_out: Option<FirstReason>,
    /// Reason for giving up the API, after which no new employee was asked about; `None` if it was not given up.
    pub(crate) gave_up: Option<String>,
}

/// The first of the employees with a problem of a kind.
#[derive(Debug)]
pub(crate) struct FirstReason {
    /// Position among the employees of the run.
    position: usize,
    /// The employee.
    pub(crate) employee_id: u64,
    /// The problem.
    pub(crate) why: String,
}

/// Progress over all employees.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CallProgress {
    /// Employees with a result, failed ones included.
    pub(crate) done: usize,
    /// Employees whose call failed or was not made.
    pub(crate) failed: usize,
    /// All employees of the run.
    pub(crate) total: usize,
}

impl CallProgress {
    /// Counts a result.
    pub(super) fn count(&mut self, asked: &EmployeeAnswer) {
        self.done += 1;
        self.failed += usize::from(asked.failure().is_some());
    }
}

impl EmployeeAnswer {
    /// Why the call failed, if it did.
    pub(crate) fn failure(&self) -> Option<&str> {
        match &self.answer {
            Answer::Failed(why) => Some(why),
            Answer::Recommendations(_) => None,
        }
    }

    /// Why the call failed and how to mend that, if it did.
    pub(crate) fn explained_failure(&self) -> Option<String> {
        self.failure().map(|why| with_mend(&shown_whole(why), self.mend))
    }

    /// Recommendations of the answer that are left out, with the reasons.
    pub(super) fn left_out(&self) -> impl Iterator<Item = &ProblemKind> {
        self.problems.iter().filter(|problem| matches!(problem, ProblemKind::BadRecommendation { .. }))
    }

    /// Result of a failed call.
    pub(super) fn failed(employee_id: u64, why: String, mend: &'static str) -> EmployeeAnswer {
        let line = format!("{}\n", json!({ "ba_id": employee_id, "error": why }));
        EmployeeAnswer { employee_id, answer: Answer::Failed(why), problems: Vec::new(), mend, line }
    }

    /// Result for an employee from the body of an answer, parsed as the reader of recordings will parse it. Secrets are
    /// removed first.
    pub(super) fn answered(employee_id: u64, body: &[u8], secrets: &Secrets) -> EmployeeAnswer {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        // The reason has no line and column, so that calls with the same failure have the same reason.
        let no_json = |message: &str| {
            EmployeeAnswer::failed(employee_id, format!("the answer is no JSON: {message}"), ASK_OWNERS)
        };
        let Ok(body) = std::str::from_utf8(body) else { return no_json("it is not UTF-8 text") };
        if let Err(error) = lenient_json::check(body) {
            return no_json(&json_words(&error));
        }
        let body = secrets.taken_out_of_json(&compact(body));
        let line = format!("{{\"ba_id\":{employee_id},\"body\":{body}}}\n");
        let mut reading = recommendations::read(line.as_bytes(), |_| true);
        match reading.value.pop() {
            Some(recorded) => {
                let problems = reading.problems.into_iter().map(|problem| problem.kind).collect();
                EmployeeAnswer { employee_id, answer: recorded.answer, problems, mend: ASK_OWNERS, line }
            }
            None => {
                let why = reading.problems.first().map(|problem| problem.kind.to_string()).unwrap_or_default();
                EmployeeAnswer::failed(employee_id, format!("the answer cannot be read: {why}"), ASK_OWNERS)
            }
        }
    }
}

impl AllAnswers {
    /// Counts the result of the employee at a position. Results may come in any order.
    pub(super) fn count(&mut self, position: usize, asked: &EmployeeAnswer) {
        if let Some(why) = asked.explained_failure() {
            self.failed += 1;
            self.mends.extend(Some(asked.mend).filter(|mend| !mend.is_empty()));
            note_first(&mut self.first_failure, position, asked.employee_id, why);
        }
        self.left_out += asked.left_out().count();
        if let Some(why) = asked.left_out().next() {
            note_first(&mut self.first_left_out, position, asked.employee_id, why.to_string());
        }
    }
}

/// Keeps a reason if no employee before this one has one.
fn note_first(first: &mut Option<FirstReason>, position: usize, employee_id: u64, why: String) {
    if first.as_ref().is_none_or(|first| position < first.position) {
        *first = Some(FirstReason { position, employee_id, why });
    }
}

/// Reason of a failure with its mend.
pub(super) fn with_mend(why: &str, mend: &str) -> String {
    if mend.is_empty() { why.to_owned() } else { format!("{why}; {mend}") }
}

/// A JSON text without the white space between its parts, so that it fits on one line. Everything else stays as the
/// API wrote it, in its order.
fn compact(json: &str) -> String {
    let is_white_space = |character| matches!(character, ' ' | '\t' | '\r' | '\n');
    let mut compacted = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(quote) = rest.find('"') {
        let (between, from_string) = rest.split_at(quote);
        let (string, after) = from_string.split_at(length_of_string(from_string.as_bytes()));
        compacted.extend(between.split(is_white_space));
        compacted.push_str(string);
        rest = after;
    }
    compacted.extend(rest.split(is_white_space));
    compacted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_goes_and_texts_stay() {
        for (json, expected) in [
            ("{ \"b\" : 1,\r\n\t\"a\": [ ] }", "{\"b\":1,\"a\":[]}"),
            (r#"{"a": "x y \" z \\" , "b": "\\" }"#, r#"{"a":"x y \" z \\","b":"\\"}"#),
            ("12.50", "12.50"),
        ] {
            assert_eq!(compact(json), expected);
        }
    }
}
