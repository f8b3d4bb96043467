//! Details: events of an employee's day, such as completed trainings, skipped Daily Doses and failed calls.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::format::employees::EmployeeType;
use crate::format::instant::seconds_text;
use crate::inputs::catalog::Catalog;
use crate::rules::day::EmployeeDay;
use crate::rules::manager::{Conflict, LeftOut};
use crate::rules::training::{DropReason, Origin, Source};
use crate::text::visible::{shown_name, shown_whole};

/// One event of an employee's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Detail {
    /// A training was completed.
    Completed {
        /// The employee.
        employee_id: u64,
        /// The employee's type.
        employee_type: EmployeeType,
        /// The content.
        content_id: u64,
        /// Its name, if known.
        content_name: Option<String>,
        /// The source: manager or recommender.
        source: Source,
        /// The origin of the item on the list.
        origin: Origin,
        /// DateStarted (UTC).
        started: String,
        /// DateCompleted (UTC).
        completed: String,
    },
    /// The employee gets no Daily Dose at all.
    DailyDoseSkipped {
        /// The employee.
        employee_id: u64,
        /// The reason.
        reason: Conflict,
        /// The Daily Dose that causes the conflict.
        content_id: u64,
        /// Its name, if known.
        content_name: Option<String>,
    },
    /// One Daily Dose was left out.
    DailyDoseLeftOut {
        /// The employee.
        employee_id: u64,
        /// The reason.
        reason: LeftOut,
        /// The Daily Dose.
        content_id: u64,
        /// Its name, if known.
        content_name: Option<String>,
    },
    /// No content remained from which the random one could be drawn.
    NoRandomContent {
        /// The employee.
        employee_id: u64,
    },
    /// A recommendation was dropped.
    RecommendationDropped {
        /// The employee.
        employee_id: u64,
        /// The reason.
        reason: DropReason,
        /// The content.
        content_id: u64,
        /// Its name, if known.
        content_name: Option<String>,
    },
    /// The recommender's call failed; the employee has no recommendations.
    RecommenderFailed {
        /// The employee.
        employee_id: u64,
        /// The reason.
        error: String,
    },
}

impl Detail {
    /// The id of the employee concerned.
    #[must_use]
    pub fn employee_id(&self) -> u64 {
        match self {
            Self::Completed { employee_id, .. }
            | Self::DailyDoseSkipped { employee_id, .. }
            | Self::DailyDoseLeftOut { employee_id, .. }
            | Self::NoRandomContent { employee_id }
            | Self::RecommendationDropped { employee_id, .. }
            | Self::RecommenderFailed { employee_id, .. } => *employee_id,
        }
    }

    /// The event as a message, without the employee.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Completed { content_id, content_name, source, origin, started, completed, .. } => {
                let source = source.describe();
                let content = content_words(*content_id, content_name.as_deref());
                format!("completed {content} ({source}: {}), {started} to {completed}", origin.describe())
            }
            Self::DailyDoseSkipped { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    Conflict::CompletedThisWeek => format!("no Daily Dose: completed {content} this week"),
                    Conflict::OpenThisWeek => format!("no Daily Dose: has {content} open this week"),
                }
            }
            Self::DailyDoseLeftOut { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    LeftOut::AlreadyOpen => format!("Daily Dose {content} left out: open already"),
                    LeftOut::AlreadyCompleted => format!("Daily Dose {content} left out: completed in the past"),
                }
            }
            Self::NoRandomContent { .. } => "no random content: nothing remains to be given".to_owned(),
            Self::RecommendationDropped { reason, content_id, content_name, .. } => {
                let content = content_words(*content_id, content_name.as_deref());
                match reason {
                    DropReason::AlreadyOnList => format!("recommendation {content} dropped: on the list already"),
                    DropReason::CompletedRecently => {
                        format!("recommendation {content} dropped: completed in the last 12 days")
                    }
                }
            }
            Self::RecommenderFailed { error, .. } => {
                format!("no recommendations: the call failed ({})", shown_whole(error))
            }
        }
    }
}

/// All details of an employee's day, in the order of the summary.
#[must_use]
pub fn details(day: &EmployeeDay<'_>, catalog: &Catalog) -> Vec<Detail> {
    let employee_id = day.employee.id;
    let recommended = recommended_names(day);
    let name =
        |content_id| catalog.name(content_id).or_else(|| recommended.get(&content_id).copied()).map(str::to_owned);
    let mut details = Vec::new();
    details.extend(day.failed_call.map(|error| Detail::RecommenderFailed { employee_id, error: error.to_owned() }));
    details.extend(day.new.conflict.map(|(reason, content_id)| Detail::DailyDoseSkipped {
        employee_id,
        reason,
        content_id,
        content_name: name(content_id),
    }));
    details.extend(day.new.left_out.iter().map(|(content_id, reason)| Detail::DailyDoseLeftOut {
        employee_id,
        reason: *reason,
        content_id: *content_id,
        content_name: name(*content_id),
    }));
    if day.new.random.is_none() {
        details.push(Detail::NoRandomContent { employee_id });
    }
    details.extend(day.list.dropped.iter().map(|(position, reason)| {
        let content_id = day.recommendations[*position].content_id;
        Detail::RecommendationDropped { employee_id, reason: *reason, content_id, content_name: name(content_id) }
    }));
    details.extend(day.completed().map(|(item, training)| Detail::Completed {
        employee_id,
        employee_type: day.employee.kind,
        content_id: item.content_id,
        content_name: name(item.content_id),
        source: item.origin.source(),
        origin: item.origin,
        started: seconds_text(training.started),
        completed: seconds_text(training.completed),
    }));
    details
}

/// Names of contents from the employee's recommendations, by content id; of several for one content, the first
/// non-empty one.
pub(crate) fn recommended_names<'a>(day: &EmployeeDay<'a>) -> FxHashMap<u64, &'a str> {
    let mut names = FxHashMap::default();
    for one in day.recommendations.iter().filter(|one| !one.name.is_empty()) {
        names.entry(one.content_id).or_insert(&*one.name);
    }
    names
}

/// A content as messages show it: its id, and its name if known.
pub(crate) fn content_words(content_id: u64, name: Option<&str>) -> String {
    let id = crate::format::identifier::content_id_text(content_id);
    match name {
        Some(name) => format!("{id} \"{}\"", shown_name(name)),
        None => id,
    }
}
