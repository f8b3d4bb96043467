//! The names of a run's files, drawn from the seed and `now`.

use crate::format::feed_file::FeedFile;
use crate::format::file_name::VendorKind;
use crate::plan::calendar::Calendar;
use crate::plan::draw::{Draw, Purpose};

/// The names of a run's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FeedNames {
    /// The name of ContentUserCompletion, the completions.
    pub completions: String,
    /// The name of `Non_Completed_Assignments`, the assignments that were not completed.
    pub assignments: String,
    /// The name of UserCompletion, the dummy file.
    pub user_completion: String,
    /// The name of the run file.
    pub run: String,
}

impl FeedNames {
    /// The file names of the run with this seed at this instant.
    #[must_use]
    pub fn of(seed: u64, calendar: &Calendar) -> FeedNames {
        let mut draw = Draw::for_run(seed, calendar.now, Purpose::FileNames);
        let random = draw.random_part();
        let name = |kind: VendorKind| kind.name(calendar.today, &random);
        FeedNames {
            completions: name(VendorKind::ContentUserCompletion),
            assignments: name(VendorKind::NonCompletedAssignments),
            user_completion: name(VendorKind::UserCompletion),
            run: name(VendorKind::Run),
        }
    }

    /// The name of one of the three CSV files.
    #[must_use]
    pub fn name(&self, file: FeedFile) -> &str {
        match file {
            FeedFile::Completions => &self.completions,
            FeedFile::Assignments => &self.assignments,
            FeedFile::Dummy => &self.user_completion,
        }
    }
}
