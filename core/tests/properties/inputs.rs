//! Properties of inputs: no bytes of its files make a run panic.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::run::simulation::Simulation;
use proptest::prelude::*;

use crate::world::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_can_go_into_a_run(
        employees in near_bytes(), catalog in near_bytes(), assigned in near_bytes(), completed in near_bytes(), recorded in near_bytes(), seed: u64,
    ) {
        let files = [
            InputFile::given(InputRole::Employees, "e", [&b"employee_id,employee_edu_type\n5,a\n6,b\n"[..], &employees].concat()),
            InputFile::given(InputRole::StandaloneContent, "s", catalog),
            InputFile::given(InputRole::Assignments, "a", assigned),
            InputFile::given(InputRole::Completions, "c", completed),
            InputFile::given(InputRole::Recommendations, "r", recorded),
        ];
        // Even inputs with errors must not cause a panic.
        let (inputs, _) = read_inputs(&files, BadRows::Skip);
        let simulation = Simulation::new(inputs, Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), seed));
        let _ = simulation.feed();
        let _ = simulation.simulate(0..usize::MAX, true);
    }
}
