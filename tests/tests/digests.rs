//! The same bytes natively and in wasm: whole runs of the core, recorded by their SHA-256.
//!
//! Native and wasm runs are compared with the same recording, `tests/data/digests.txt`. A digest changes when the bytes
//! of a run change for the same inputs, settings, `now` and seed: that breaks the replay of every earlier run file. If
//! the change is intended, replace the recording by the one that the failing test prints.

//!
//! The file does without Rust's test harness, which a hand-made wasm toolchain may lack: natively `main` calls the tests; in
//! wasm, the runner of wasm-bindgen finds them.

#![allow(clippy::unwrap_used)]

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::run::feed::Feed;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::sample::{SampleRecipe, built_in_standalone_content, files};
use btcfake_core::text::digest::ByteDigest;
#[cfg(target_family = "wasm")]
use wasm_bindgen_test::wasm_bindgen_test;

const RECORDED: &str = include_str!("../data/digests.txt");

/// The inputs of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inputs {
    /// All six files of a sample.
    All,
    /// employees.csv alone, with the built-in catalog.
    EmployeesOnly,
}

/// One run: name, employees, contents, seed, `now`, zone, byte order mark, RequestIds, inputs.
type Scenario = (&'static str, usize, usize, u64, &'static str, &'static str, bool, RequestIdStyle, Inputs);

use Inputs::{All, EmployeesOnly};
use RequestIdStyle::{FakeDay, Numeric};

const SCENARIOS: [Scenario; 12] = [
    ("one-employee", 1, 10, 1, "2026-01-29T18:00:00Z", "UTC", false, Numeric, All),
    ("usual", 2_000, 1_600, 1, "2026-01-29T18:00:00Z", "UTC", false, Numeric, All),
    ("another-seed", 500, 400, 2, "2026-01-29T18:00:00Z", "UTC", false, Numeric, All),
    ("highest-seed", 500, 400, u64::MAX, "2026-01-29T18:00:00Z", "UTC", false, Numeric, All),
    ("built-in-catalog", 500, 0, 3, "2026-01-29T18:00:00Z", "UTC", false, Numeric, EmployeesOnly),
    ("mark-and-fake-day", 300, 200, 4, "2026-01-05T09:30:15Z", "UTC", true, FakeDay, All),
    ("short-shift", 300, 200, 5, "2026-01-26T00:00:59Z", "UTC", false, Numeric, All),
    ("saturday-edge", 300, 200, 6, "2026-01-31T13:13:59Z", "UTC", false, Numeric, All),
    ("leap-day", 300, 200, 7, "2024-02-29T23:59:59Z", "Europe/Paris", false, Numeric, All),
    ("clock-forward", 300, 200, 8, "2026-03-08T12:00:00Z", "America/New_York", false, Numeric, All),
    ("clock-back", 300, 200, 9, "2026-11-01T06:30:00Z", "America/New_York", false, FakeDay, All),
    ("few-contents", 300, 3, 10, "2026-06-10T12:00:00Z", "Asia/Kathmandu", false, Numeric, All),
];

fn digest(scenario: &Scenario) -> String {
    let (_, employees, contents, seed, now, zone, byte_order_mark, request_id, inputs) = *scenario;
    let now = parse_now(now).unwrap();
    let recipe = SampleRecipe { seed, today: now.date_naive(), employees, contents };
    let roles = [
        InputRole::Employees,
        InputRole::StandaloneContent,
        InputRole::CourseCatalog,
        InputRole::Assignments,
        InputRole::Completions,
        InputRole::Recommendations,
    ];
    let count = if inputs == All { roles.len() } else { 1 };
    let files: Vec<InputFile<'_>> = roles
        .into_iter()
        .zip(files(&recipe))
        .take(count)
        .map(|(role, file)| InputFile::given(role, &file.name, file.bytes))
        .collect();
    let (inputs, problems) = read_inputs(&files, BadRows::Refuse);
    assert_eq!(problems, []);
    let zone = zone.parse().unwrap();
    let settings = Settings { time_zone: zone, byte_order_mark, request_id, ..Settings::new(now, seed) };
    let simulation = Simulation::new(inputs, settings);

    let slices =
        (0..simulation.employee_count()).step_by(77).map(|start| simulation.simulate(start..start + 77, false));
    let feed: Feed = simulation.opening().chain(slices).collect();
    let mut digest = ByteDigest::default();
    for bytes in [&feed.completions, &feed.assignments, &feed.user_completion] {
        digest.update(bytes);
    }
    for file in &files {
        digest.update(InputRecord::of(file).sha256.as_bytes());
    }
    digest.finish().1
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
fn every_run_has_its_recorded_digest() {
    let found: String = SCENARIOS.iter().map(|scenario| format!("{} {}\n", scenario.0, digest(scenario))).collect();
    assert!(found == RECORDED, "tests/data/digests.txt would now be:\n{found}");
}

#[cfg_attr(target_family = "wasm", wasm_bindgen_test)]
fn the_built_in_catalog_has_its_recorded_digest() {
    let digest = btcfake_core::text::digest::sha256(&built_in_standalone_content());
    let recorded = "e8f5b125358959db266d6e2ea96726f4019fdcf598c31c9b6bf636f2075af5bc";
    assert_eq!(digest, recorded);
}

fn main() {
    if cfg!(not(target_family = "wasm")) {
        every_run_has_its_recorded_digest();
        the_built_in_catalog_has_its_recorded_digest();
    }
}
