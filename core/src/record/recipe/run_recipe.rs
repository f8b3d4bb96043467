//! The recipe of a run as data, and its formatting as a link.

use std::fmt;

use super::names::{
    BREAK, BUILT_IN, FAKE_DAY, FORMAT, IDS, MADE_UP, MARK, MIX, NEW_POPULATION, NOW, RECIPE, REQUEST_ID, SEED,
    SKIP_BAD_ROWS, TIME_ZONE, VERSION, YES,
};
use super::percent;
use crate::breakage::BreakList;
use crate::format::employees::BadRows;
use crate::format::instant::instant_text;
use crate::format::non_completed::RequestIdStyle;
use crate::plan::calendar::BusinessZone;
use crate::plan::settings::Settings;
use crate::record::run_record::{InputRecord, RunRecord};

/// Everything that is needed to repeat a run, except the contents of its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipe {
    /// The version of the program that made the run.
    pub version: String,
    /// Seed, instant and settings.
    pub settings: Settings,
    /// The faults to make on purpose.
    pub breaks: BreakList,
    /// The input files, at most one per role, in the order of
    /// [`InputRole::ALL`](crate::format::input_role::InputRole::ALL), without paths. A role that is not listed uses the
    /// built-in file, if it has one.
    pub files: Vec<InputRecord>,
}

impl Recipe {
    /// The recipe of a run.
    #[must_use]
    pub fn of_run(record: &RunRecord) -> Recipe {
        let breaks = BreakList::behind(&record.broken);
        Recipe { version: record.version.clone(), breaks, ..Recipe::new(record.settings, &record.inputs) }
    }

    /// A recipe for this version of the program, without faults. Drops the paths of `files` and all but one file per
    /// role.
    #[must_use]
    pub fn new(settings: Settings, files: &[InputRecord]) -> Recipe {
        let without_path = |file: &InputRecord| InputRecord { path: None, ..file.clone() };
        let mut files: Vec<InputRecord> = files.iter().map(without_path).collect();
        files.sort_by_key(|file| file.role);
        files.dedup_by_key(|file| file.role);
        Recipe { version: crate::VERSION.to_owned(), settings, breaks: BreakList::default(), files }
    }

    /// The link to `page` with this recipe as its fragment, replacing any other fragment.
    #[must_use]
    pub fn link(&self, page: &str) -> String {
        format!("{}#{self}", page.split('#').next().unwrap_or_default())
    }
}

impl fmt::Display for Recipe {
    /// Formats as the fragment of the link, without `#`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { now, seed, time_zone, byte_order_mark, request_id, bad_rows, mix, population } = self.settings;
        write!(f, "{RECIPE}={FORMAT}&{VERSION}={}", percent::encoded(&self.version))?;
        write!(f, "&{NOW}={}&{SEED}={seed}", instant_text(now))?;
        if time_zone != BusinessZone::UTC {
            write!(f, "&{TIME_ZONE}={}", percent::encoded(time_zone.name()))?;
        }
        if byte_order_mark {
            write!(f, "&{MARK}={YES}")?;
        }
        if request_id == RequestIdStyle::FakeDay {
            write!(f, "&{REQUEST_ID}={FAKE_DAY}")?;
        }
        if bad_rows == BadRows::Skip {
            write!(f, "&{SKIP_BAD_ROWS}={YES}")?;
        }
        if let Some(mix) = mix {
            write!(f, "&{MIX}={mix}")?;
        }
        if let Some(population) = population {
            write!(f, "&{NEW_POPULATION}={}&{IDS}={}", population.employee_count(), population.ids())?;
        }
        if !self.breaks.is_empty() {
            write!(f, "&{BREAK}={}", percent::encoded(&self.breaks.text()))?;
        }
        self.files.iter().try_for_each(|file| write_file(f, file))
    }
}

fn write_file(f: &mut fmt::Formatter<'_>, file: &InputRecord) -> fmt::Result {
    let InputRecord { role, name, bytes, sha256, choices, .. } = file;
    let name = match file {
        InputRecord { built_in: true, .. } => BUILT_IN.to_owned(),
        InputRecord { made_up: true, .. } => MADE_UP.to_owned(),
        _ => percent::encoded(name),
    };
    write!(f, "&{}={name}:{bytes}:{}", role.name(), percent::encoded(sha256))?;
    choices.iter().try_for_each(|answer| write!(f, ":{}", percent::encoded(&answer.to_string())))
}
