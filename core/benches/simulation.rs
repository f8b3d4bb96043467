//! Benchmarks of reading and simulating a population: rows and bytes per second, on one thread.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::figures::Figures;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::tally::Tally;
use btcfake_core::sample::{SampleRecipe, files};
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

const SIZES: [usize; 3] = [2_000, 100_000, 1_000_000];

fn main() {
    divan::main();
}

/// `employees.csv` and `StandAloneContent` of a sample.
fn sample(employees: usize) -> Vec<InputFile<'static>> {
    let today = "2026-01-29".parse().unwrap_or_default();
    let recipe = SampleRecipe { seed: 1, today, employees, contents: SampleRecipe::CONTENTS };
    let roles = [InputRole::Employees, InputRole::StandaloneContent];
    roles.into_iter().zip(files(&recipe)).map(|(role, file)| InputFile::given(role, &file.name, file.bytes)).collect()
}

/// Simulates all employees; returns the number of rows and of bytes.
fn simulate(simulation: &Simulation) -> (u64, usize) {
    let mut tally = Tally::default();
    let mut bytes = 0;
    for batch in simulation.batches() {
        bytes += black_box(&batch).pieces.iter().map(|piece| piece.bytes.len()).sum::<usize>();
        tally.add(&batch.tally);
    }
    let rows = tally.completions_manager.total() + tally.completions_ai.total() + tally.open_left + tally.new_left;
    (rows, bytes)
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn simulation(bencher: Bencher, employees: usize) {
    let now = parse_instant("2026-01-29T18:00:00Z").unwrap_or_default();
    let simulation = Simulation::new(read_inputs(&sample(employees), BadRows::Refuse).0, Settings::new(now, 42));
    let (rows, bytes) = simulate(&simulation);
    bencher.counter(ItemsCount::new(rows)).counter(BytesCount::new(bytes)).bench_local(|| simulate(&simulation));
}

/// The work of the page after each move of a slider of the mix.
#[divan::bench(args = [10_000], sample_count = 20, sample_size = 1)]
fn figures(bencher: Bencher, employees: usize) {
    let now = parse_instant("2026-01-29T18:00:00Z").unwrap_or_default();
    let simulation = Simulation::new(read_inputs(&sample(employees), BadRows::Refuse).0, Settings::new(now, 42));
    bencher.counter(ItemsCount::new(employees)).bench_local(|| {
        let mut figures = Figures::new(simulation.calendar());
        (0..employees).for_each(|position| figures.count(&simulation.employee_day(position)));
        black_box(figures.charts(simulation.inputs(), simulation.calendar()))
    });
}

#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn reading(bencher: Bencher, employees: usize) {
    let files = sample(employees);
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    bencher
        .counter(ItemsCount::new(employees))
        .counter(BytesCount::new(bytes))
        .bench_local(|| read_inputs(black_box(&files), BadRows::Refuse));
}
