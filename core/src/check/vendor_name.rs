//! The name of a file of a run: the vendor's pattern to the letter, with a date that exists and six characters.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::findings::Findings;
use super::run_key::RunKey;
use crate::format::file_name::{FileKind, VendorName};
use crate::text::problem::{Place, Problem, ProblemKind};
use crate::text::visible::{lookalikes, quoted};

/// Checks a name, and returns the date and random part in it where it can be read.
pub(super) fn check(name: &str, kind: FileKind, findings: &mut Findings) -> Option<RunKey> {
    let Some(found) = VendorName::parse(name) else {
        unreadable(name, kind, findings);
        return None;
    };
    if found.kind != kind {
        let said = format!(
            "the name begins like that of a {} file, but what is in it is a {} file; name it like {}",
            found.kind.prefix(),
            kind.prefix(),
            kind.name(found.date, &found.random)
        );
        findings.say(Place::START, said);
        return Some(RunKey { date: found.date, random: found.random });
    }
    if !is_random_part(&found.random) {
        let random = quoted(&found.random);
        let said = format!("the last part of the name is {random}; it should be six characters of 0-9 and a-z");
        findings.say(Place::START, said);
    }
    let (usual, found_end) = (format!("_1_{}.", found.random), format!("_{}_{}.", found.sequence, found.random));
    let right = kind.name(found.date, &found.random).replacen(&usual, &found_end, 1);
    if name != right {
        findings.say(Place::START, format!("the name is not spelled as the vendor does; it should be {right}"));
    }
    Some(RunKey { date: found.date, random: found.random })
}

fn is_random_part(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

fn unreadable(name: &str, kind: FileKind, findings: &mut Findings) {
    let example = NaiveDate::from_ymd_opt(2026, 1, 29).map(|date| kind.name(date, "5fccff")).unwrap_or_default();
    let rest = name.get(kind.prefix().len()..).unwrap_or_default();
    let begins_right = name.get(..kind.prefix().len()).is_some_and(|start| start.eq_ignore_ascii_case(kind.prefix()));
    if begins_right && rest.to_ascii_lowercase().starts_with("_yyyy_") {
        let said = "the name has no date in it: this is a template, no file of a run".to_owned();
        findings.push(Problem::warning(Place::START, ProblemKind::Feed { said }));
        return;
    }
    let mut said = String::from("the name is not of the vendor's pattern");
    if let Some(date) = impossible_date(rest).filter(|_| begins_right) {
        let _ = write!(said, ": the date {date} does not exist");
    }
    let _ = write!(said, "; name it like {example}");
    if let Some(named) = lookalikes(name) {
        let _ = write!(said, ". The name holds {named}");
    }
    findings.say(Place::START, said);
}

/// A date written as in a name that does not exist.
fn impossible_date(rest: &str) -> Option<String> {
    let mut numbers = rest.strip_prefix('_')?.splitn(4, '_');
    let mut next = || numbers.next()?.parse::<u32>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let exists = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).is_some_and(|date| date.year() > 0);
    (!exists).then(|| format!("{year:04}-{month:02}-{day:02}"))
}
