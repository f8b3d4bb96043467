//! For tests: a run over a sample, with run file and inputs, which tests check unchanged or after a change.
#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;

use super::{CheckReport, GivenFile, check};
use crate::breakage::Damage;
use crate::format::input_role::InputRole;
use crate::inputs::input_file::{InputFile, InputOrigin};
use crate::inputs::reading::read_inputs;
use crate::plan::settings::{Settings, parse_now};
use crate::record::run_record::{InputRecord, OutputRecord, RunRecord};
use crate::run::feed::Feed;
use crate::run::simulation::Simulation;
use crate::sample::{self, SampleRecipe};

/// Name and bytes.
pub(crate) type OwnedFile = (String, Vec<u8>);

/// A run over a sample of 150 employees and 60 contents.
pub(crate) struct OwnRun {
    inputs: Vec<InputFile<'static>>,
    pub(crate) simulation: Simulation,
}

impl OwnRun {
    /// A run over the sample of a day.
    pub(crate) fn new(now: &str, sample_day: NaiveDate, change: impl FnOnce(&mut Settings)) -> OwnRun {
        OwnRun::over(now, sample_day, change, |_, bytes| bytes)
    }

    /// A run over the sample of a day with changed inputs.
    pub(crate) fn over(
        now: &str,
        sample_day: NaiveDate,
        change: impl FnOnce(&mut Settings),
        change_input: impl Fn(InputRole, Vec<u8>) -> Vec<u8>,
    ) -> OwnRun {
        let mut settings = Settings::new(parse_now(now).unwrap(), 11);
        change(&mut settings);
        let recipe = SampleRecipe { seed: 5, today: sample_day, employees: 150, contents: 60 };
        let mut inputs: Vec<InputFile<'static>> = InputRole::ALL
            .into_iter()
            .zip(sample::files(&recipe))
            .map(|(role, file)| InputFile::given(role, &file.name, change_input(role, file.bytes)))
            .collect();
        inputs.extend(InputFile::built_in(InputRole::UserCompletionTemplate));
        let simulation = Simulation::new(read_inputs(&inputs, settings.bad_rows).0, settings);
        OwnRun { inputs, simulation }
    }

    /// The default run of the tests: Thursday, 29 January 2026, 18:00 UTC.
    pub(crate) fn usual() -> OwnRun {
        OwnRun::new("2026-01-29T18:00:00Z", "2026-01-29".parse().unwrap(), |_| ())
    }

    /// The inputs of the run.
    pub(crate) fn inputs(&self) -> Vec<OwnedFile> {
        let given = self.inputs.iter().filter(|file| file.origin == InputOrigin::Given);
        given.map(|file| (file.name.clone(), file.bytes.to_vec())).collect()
    }

    /// The bytes of its feed.
    pub(crate) fn bytes(&self) -> Feed {
        self.simulation.feed()
    }

    /// Name and bytes of the files of its feed.
    pub(crate) fn outputs(&self) -> Vec<OwnedFile> {
        let (names, bytes) = (self.simulation.file_names(), self.bytes());
        vec![
            (names.completions, bytes.completions),
            (names.assignments, bytes.assignments),
            (names.user_completion, bytes.user_completion),
        ]
    }

    /// A feed, with a run file that names these outputs.
    pub(crate) fn with_record(&self, mut outputs: Vec<OwnedFile>, damage: Vec<Damage>) -> Vec<OwnedFile> {
        let recorded = outputs.iter().map(|(name, bytes)| OutputRecord::of(name, bytes));
        let inputs = self.inputs.iter().map(InputRecord::of).collect();
        let record = RunRecord::new(*self.simulation.settings(), inputs, recorded.collect());
        let record = RunRecord { broken: damage, ..record };
        outputs.push((self.simulation.file_names().run, record.to_bytes()));
        outputs
    }
}

/// The same files, borrowed.
pub(crate) fn borrowed(files: &[OwnedFile]) -> Vec<(&str, &[u8])> {
    files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
}

/// Runs the checker over files.
pub(crate) fn check_owned(files: &[OwnedFile]) -> CheckReport {
    let given: Vec<GivenFile<'_>> = files.iter().map(|(name, bytes)| GivenFile { name, bytes }).collect();
    check(&given)
}

/// All errors, as `name:line:column: text`.
pub(crate) fn errors(report: &CheckReport) -> Vec<String> {
    let of_files = report.files.iter().flat_map(|file| &file.findings).chain(&report.disagreements);
    of_files.filter(|one| one.is_error()).map(|one| format!("{}:{one}", one.file)).collect()
}
