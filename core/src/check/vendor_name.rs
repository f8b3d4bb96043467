//! Check of the names of vendor files: the vendor's exact pattern, an existing date, and six characters.

use std::fmt::Write;

use chrono::{Datelike, NaiveDate};

use super::finding::FindingDraft;
use super::finding_kind::FindingKind;
use super::findings::Findings;
use crate::format::file_name::{VendorKind, VendorName};
use crate::text::problem::Place;
use crate::text::visible::{lookalikes, quoted};

/// The date and random part of a file name, which the names of a run's files share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RunKey {
    /// The date of the run.
    pub(super) date: NaiveDate,
    /// The random part, six characters in a correct name.
    pub(super) random: String,
}

/// Checks a name, and returns its date and random part if they can be read.
pub(super) fn check(name: &str, kind: VendorKind, findings: &mut Findings) -> Option<RunKey> {
    let Some(found) = VendorName::parse(name) else {
        unreadable(name, kind, findings);
        return None;
    };
    if found.kind != kind {
        let right = kind.name(found.date, &found.random);
        let text = format!(
            "the name begins like that of a {} file, but what is in it is a {} file; name it like {right}",
            found.kind.prefix(),
            kind.prefix(),
        );
        findings.report(FindingKind::OtherKind, FindingDraft::from((Place::START, text)).expected(right));
        return Some(RunKey { date: found.date, random: found.random });
    }
    if !is_random_part(&found.random) {
        let random = quoted(&found.random);
        let text = format!("the last part of the name is {random}; it should be six characters of 0-9 and a-z");
        findings.report(FindingKind::BadFileName, FindingDraft::from((Place::START, text)).value(&found.random));
    }
    let right = found.spelled();
    let may_be_several = matches!(kind, VendorKind::ContentUserCompletion | VendorKind::NonCompletedAssignments);
    if found.sequence != 1 && !may_be_several {
        let right = kind.name(found.date, &found.random);
        let text =
            format!("the number before the last part of the name is {}; it should be 1: {right}", found.sequence);
        findings.report(FindingKind::BadFileName, FindingDraft::from((Place::START, text)).value(name).expected(right));
    } else if name != right {
        let text = format!("the name is not spelled as the vendor does; it should be {right}");
        findings.report(FindingKind::BadFileName, FindingDraft::from((Place::START, text)).value(name).expected(right));
    }
    Some(RunKey { date: found.date, random: found.random })
}

/// True for the last part of a name: six characters of 0-9 and a-z.
pub(super) fn is_random_part(text: &str) -> bool {
    text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
}

fn unreadable(name: &str, kind: VendorKind, findings: &mut Findings) {
    let example = NaiveDate::from_ymd_opt(2026, 1, 29).map(|date| kind.name(date, "5fccff")).unwrap_or_default();
    let rest = name.get(kind.prefix().len()..).unwrap_or_default();
    let begins_right = name.get(..kind.prefix().len()).is_some_and(|start| start.eq_ignore_ascii_case(kind.prefix()));
    if begins_right && rest.to_ascii_lowercase().starts_with("_yyyy_") {
        let text = "the name has no date in it: this is a template, no file of a run";
        findings.warn(FindingKind::TemplateName, (Place::START, text));
        return;
    }
    let mut text = String::from("the name is not of the vendor's pattern");
    if let Some(date) = impossible_date(rest).filter(|_| begins_right) {
        let _ = write!(text, ": the date {date} does not exist");
    }
    let _ = write!(text, "; name it like {example}");
    if let Some(named) = lookalikes(name) {
        let _ = write!(text, ". The name holds {named}");
    }
    findings.report(FindingKind::BadFileName, FindingDraft::from((Place::START, text)).value(name).expected(example));
}

/// The date in a name as text, if it is written correctly but does not exist.
fn impossible_date(rest: &str) -> Option<String> {
    let mut numbers = rest.strip_prefix('_')?.splitn(4, '_');
    let mut next = || numbers.next()?.parse::<u32>().ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let exists = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).is_some_and(|date| date.year() > 0);
    (!exists).then(|| format!("{year:04}-{month:02}-{day:02}"))
}
