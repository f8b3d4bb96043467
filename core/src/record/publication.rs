//! Concerns about publishing a run, found by comparing it with the feed that was published last: the same feed is on
//! the server already, or the run began with a state without that feed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::format::input_role::InputRole;
use crate::format::instant::{instant_text, parse_instant};
use crate::record::published_completions::{PublishedCompletion, missing_completions};
use crate::record::run_record::RunRecord;
use crate::text::words::utc_text;

/// The identity of a run: its files, and the state that it was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RunIdentity {
    /// The name of the run file.
    pub run_file: String,
    /// The instant of the run (UTC).
    pub now: String,
    /// What identifies the state at its beginning: the SHA-256 of each state table; for a later day of a series also
    /// the day. Empty without state tables.
    pub state: Vec<String>,
    /// The SHA-256 of each file that is published of the run, without the catalogs.
    pub outputs: Vec<String>,
}

/// A feed that was published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Publication {
    /// When it was published (UTC).
    pub at: String,
    /// The run.
    #[serde(flatten)]
    pub run: RunIdentity,
    /// The first completions of the feed; empty if it has none, or was broken on purpose, so that it may be refused.
    #[serde(default)]
    pub completed: Vec<PublishedCompletion>,
}

/// What a state that was read has of the feed that was published last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FeedInState {
    /// When the feed was published (UTC).
    pub at: String,
    /// The name of its run file.
    pub run_file: String,
    /// The number of its completions that were looked for in the state.
    pub compared: usize,
    /// The number of those that the state does not have.
    pub missing: usize,
}

/// A reason to think twice before a run is published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "concern", rename_all = "snake_case")]
pub enum PublishConcern {
    /// The same feed was published last.
    SameFeed {
        /// When (UTC).
        at: String,
    },
    /// The state of the run is older than the last publishing.
    OldState {
        /// When that was (UTC).
        at: String,
        /// The run file of the feed that was published.
        run_file: String,
    },
    /// The state of the run does not have completions of the feed published last.
    NotLoaded(FeedInState),
    /// The run began with the state after another feed, and that feed is not the one published last.
    UnpublishedState {
        /// The run file of that feed.
        run_file: String,
    },
}

/// Where the state tables of a run come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOrigin<'a> {
    /// It is not known.
    Unknown,
    /// They were read.
    Read {
        /// When (UTC).
        at: &'a str,
        /// What they have of the feed that was published last by then; `None` if that is not known.
        feed: Option<&'a FeedInState>,
    },
    /// They are the state after the run with this run file.
    LeftBy(&'a str),
}

impl RunIdentity {
    /// The identity of a run by its run file.
    #[must_use]
    pub fn of(record: &RunRecord, run_file: &str) -> RunIdentity {
        let is_state = |role: InputRole| matches!(role, InputRole::Assignments | InputRole::Completions);
        let now = instant_text(record.settings.now);
        let files = record.inputs.iter().filter(|input| is_state(input.role)).map(|input| input.sha256.clone());
        // The rows of tables are not recorded, so such a state is identified by the table's name and the instant of the
        // run.
        let tables =
            record.tables.iter().filter(|table| is_state(table.role)).map(|table| format!("{} {now}", table.name));
        let day = record.series.filter(|series| series.day > 1).map(|series| format!("day {}", series.day));
        RunIdentity {
            run_file: run_file.to_owned(),
            state: files.chain(tables).chain(day).collect(),
            outputs: record.outputs.iter().map(|output| output.sha256.clone()).collect(),
            now,
        }
    }

    /// The concern about publishing this run after `last`, to the same place; `None` if there is none.
    #[must_use]
    pub fn concern(&self, origin: StateOrigin<'_>, last: &Publication) -> Option<PublishConcern> {
        let (at, last) = (last.at.clone(), &last.run);
        let was_read_before =
            |read: &str| parse_instant(read).zip(parse_instant(&at)).is_some_and(|(read, at)| read < at);
        let is_old = match origin {
            _ if self.outputs == last.outputs => return Some(PublishConcern::SameFeed { at }),
            StateOrigin::LeftBy(run_file) if run_file == last.run_file => return None,
            StateOrigin::LeftBy(run_file) => {
                return Some(PublishConcern::UnpublishedState { run_file: run_file.to_owned() });
            }
            StateOrigin::Read { feed: Some(feed), .. } if feed.at == at => {
                return feed.concern();
            }
            StateOrigin::Read { at, .. } => was_read_before(at),
            StateOrigin::Unknown => false,
        };
        let is_same = self.state.is_empty() || self.state == last.state;
        (is_old || is_same).then(|| PublishConcern::OldState { at, run_file: last.run_file.clone() })
    }
}

impl Publication {
    /// Looks for the feed in the table `content_completion`, a CSV file that was read for these employees. `None` if nothing
    /// can be compared.
    #[must_use]
    pub fn in_state(&self, table: &[u8], employee_ids: &[u64]) -> Option<FeedInState> {
        let (compared, missing) = missing_completions(&self.completed, table, employee_ids)?;
        Some(FeedInState { at: self.at.clone(), run_file: self.run.run_file.clone(), compared, missing })
    }
}

impl FeedInState {
    /// The concern about a run with this state; `None` if the state has the feed.
    #[must_use]
    pub fn concern(&self) -> Option<PublishConcern> {
        (self.missing > 0).then(|| PublishConcern::NotLoaded(self.clone()))
    }
}

/// As a sentence without a full stop.
impl fmt::Display for PublishConcern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SameFeed { at } => write!(f, "this feed was published already, at {}", utc_text(at)),
            Self::OldState { at, run_file } => write!(
                f,
                "the state of this run is older than the last publishing ({run_file}, at {}): what that feed completed and \
                 assigned is open or unknown here; read the state again, and make the run again",
                utc_text(at)
            ),
            Self::NotLoaded(FeedInState { at, run_file, compared, missing }) => write!(
                f,
                "the state lacks {missing} of {compared} completions of the last publishing ({run_file}, at {}): the batch job \
                 has not loaded that feed yet, or has refused it; wait for the batch job, read the state again, and make the \
                 run again",
                utc_text(at)
            ),
            Self::UnpublishedState { run_file } => write!(
                f,
                "this run begins with what another feed left ({run_file}), but that feed was not published last: publish it \
                 first, or read the state again and make this run again"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(state: &[&str], output: &str) -> RunIdentity {
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        RunIdentity {
            run_file: "run_x.json".to_owned(),
            now: "2026-01-29T18:00:00Z".to_owned(),
            state: texts(state),
            outputs: texts(&[output]),
        }
    }

    #[test]
    fn a_feed_that_is_there_and_a_state_from_before_are_concerns() {
        let at = "2026-01-29T18:30:00Z".to_owned();
        let same = Some(PublishConcern::SameFeed { at: at.clone() });
        let old = Some(PublishConcern::OldState { at: at.clone(), run_file: "run_x.json".to_owned() });
        let left = Some(PublishConcern::UnpublishedState { run_file: "run_y.json".to_owned() });
        let unknown = StateOrigin::Unknown;
        let read = |at, feed| StateOrigin::Read { at, feed };
        let (before, after) = (read("2026-01-29T18:29:59Z", None), read("2026-01-29T18:30:00.5Z", None));
        let in_state = |at: &str, missing| FeedInState {
            at: at.to_owned(),
            run_file: "run_x.json".to_owned(),
            compared: 20,
            missing,
        };
        let (whole, without) = (in_state(&at, 0), in_state(&at, 3));
        let (of_earlier, late) = (in_state("2026-01-28T18:30:00Z", 3), "2026-01-29T19:00:00Z");
        let not_loaded = without.concern();
        for (last_state, state, output, origin, expected) in [
            (&["a"][..], &["a"][..], "1", unknown, &same),
            (&["a"], &["b"], "1", after, &same),
            (&["a"], &["a"], "2", unknown, &old),
            (&["a"], &["a"], "2", after, &old),
            (&[], &[], "2", unknown, &old),
            (&["a"], &["b"], "2", before, &old),
            (&["a"], &["b"], "2", unknown, &None),
            (&["a"], &["b"], "2", after, &None),
            (&["a"], &[], "2", after, &old),
            (&["a"], &["b"], "2", read(late, Some(&without)), &not_loaded),
            (&["a"], &["b"], "2", read(late, Some(&whole)), &None),
            (&["a"], &["b"], "2", read(late, Some(&of_earlier)), &None),
            (&["a"], &["b"], "1", read(late, Some(&without)), &same),
            (&["a"], &["b"], "2", StateOrigin::LeftBy("run_x.json"), &None),
            (&["a"], &["b"], "2", StateOrigin::LeftBy("run_y.json"), &left),
            (&["a"], &["b"], "1", StateOrigin::LeftBy("run_y.json"), &same),
        ] {
            let last = Publication { at: at.clone(), run: run(last_state, "1"), completed: Vec::new() };
            assert_eq!(run(state, output).concern(origin, &last), *expected, "{state:?} {output} {origin:?}");
        }
    }
}
