//! The cells of the tables' rows, in the order of the page's columns.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::rules::manager::{Conflict, LeftOut};
use btcfake_core::rules::training::DropReason;
use btcfake_core::run::detail::Detail;
use chrono::{DateTime, Utc};

use crate::locale::{day_and_second_text, second_text};
use crate::messages::Table;

/// The table that a detail belongs to.
pub(super) fn table_of(detail: &Detail) -> Table {
    match detail {
        Detail::Completed { .. } => Table::Completed,
        Detail::DailyDoseSkipped { .. } => Table::SkippedForDailyDose,
        Detail::DailyDoseLeftOut { .. } => Table::DosesLeftOut,
        Detail::NoRandomContent { .. } => Table::WithoutRandomContent,
        Detail::RecommendationDropped { .. } => Table::DroppedRecommendations,
        Detail::RecommenderFailed { .. } => Table::FailedCalls,
    }
}

/// The cells of a detail's row.
pub(super) fn cells(detail: &Detail, now: DateTime<Utc>) -> Vec<String> {
    let employee = detail.employee_id().to_string();
    let content = |content_id: u64, name: &Option<String>| {
        [content_id_text(content_id), name.clone().unwrap_or_else(|| "(no name)".to_owned())]
    };
    let mut cells = vec![employee];
    match detail {
        Detail::Completed { employee_type, content_id, content_name, source, origin, started, completed, .. } => {
            cells.push(employee_type.letter().to_string());
            cells.extend(content(*content_id, content_name));
            cells.push(source.describe().to_owned());
            cells.extend([origin.describe().to_owned(), clock_text(started, now), clock_text(completed, now)]);
        }
        Detail::DailyDoseSkipped { reason, content_id, content_name, .. } => {
            cells.push(conflict_text(*reason).to_owned());
            cells.extend(content(*content_id, content_name));
        }
        Detail::DailyDoseLeftOut { reason, content_id, content_name, .. } => {
            cells.push(left_out_text(*reason).to_owned());
            cells.extend(content(*content_id, content_name));
        }
        Detail::RecommendationDropped { reason, content_id, content_name, .. } => {
            cells.push(drop_text(*reason).to_owned());
            cells.extend(content(*content_id, content_name));
        }
        Detail::RecommenderFailed { error, .. } => cells.push(error.clone()),
        Detail::NoRandomContent { .. } => {}
    }
    cells
}

/// A time in UTC, with its day unless that is the run's: `10:43:05`.
fn clock_text(instant: &str, now: DateTime<Utc>) -> String {
    match parse_instant(instant) {
        Some(time) if time.date_naive() == now.date_naive() => second_text(time.naive_utc()),
        Some(time) => day_and_second_text(time.naive_utc()),
        None => instant.to_owned(),
    }
}

fn conflict_text(reason: Conflict) -> &'static str {
    match reason {
        Conflict::CompletedThisWeek => "completed a Daily Dose this week",
        Conflict::OpenThisWeek => "has a Daily Dose open this week",
    }
}

fn left_out_text(reason: LeftOut) -> &'static str {
    match reason {
        LeftOut::AlreadyOpen => "open already",
        LeftOut::AlreadyCompleted => "completed in the past",
    }
}

fn drop_text(reason: DropReason) -> &'static str {
    match reason {
        DropReason::AlreadyOnList => "on the list already",
        DropReason::CompletedRecently => "completed in the last 12 days",
    }
}

/// A content by id and name.
pub(super) fn content_text(content_id: u64, name: Option<&str>) -> String {
    let id = content_id_text(content_id);
    match name {
        Some(name) => format!("{id} {name}"),
        None => id,
    }
}
