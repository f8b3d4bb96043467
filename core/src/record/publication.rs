//! Concerns about publishing a run, found by comparing it with the feed that was published last: the same feed is on
//! the server already, or the run began with a state from before that feed was published.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::format::input_role::InputRole;
use crate::format::instant::{instant_text, parse_instant};
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
    /// They were read at this instant (UTC).
    ReadAt(&'a str),
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
            StateOrigin::ReadAt(read) => was_read_before(read),
            StateOrigin::Unknown => false,
        };
        let is_same = self.state.is_empty() || self.state == last.state;
        (is_old || is_same).then(|| PublishConcern::OldState { at, run_file: last.run_file.clone() })
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
            Self::UnpublishedState { run_file } => write!(
                f,
                "the state of this run is what another feed left ({run_file}), which was not published last: publish that \
                 feed first, or read the state again, and make the run again"
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
        let (before, after) =
            (StateOrigin::ReadAt("2026-01-29T18:29:59Z"), StateOrigin::ReadAt("2026-01-29T18:30:00.5Z"));
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
            (&["a"], &["b"], "2", StateOrigin::LeftBy("run_x.json"), &None),
            (&["a"], &["b"], "2", StateOrigin::LeftBy("run_y.json"), &left),
            (&["a"], &["b"], "1", StateOrigin::LeftBy("run_y.json"), &same),
        ] {
            let last = Publication { at: at.clone(), run: run(last_state, "1") };
            assert_eq!(run(state, output).concern(origin, &last), *expected, "{state:?} {output} {origin:?}");
        }
    }
}
