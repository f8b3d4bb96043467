//! Properties of series: the feed of each day is the feed of a single run with the state tables after the day before,
//! and the rules hold over all days.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use btcfake_core::format::employees::{BadRows, Employee, EmployeeType};
use btcfake_core::format::identifier::parse_content_id;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::record::RecordReader;
use btcfake_core::format::{assignments_table, completions_table, standalone_content};
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::inputs::rows_of_one::RowsOfOne;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::rhythm::{Rhythm, SeriesPlan, parse_day, parse_time};
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::explain::{AssignmentFate, Sources, explain};
use btcfake_core::run::feed::Feed;
use btcfake_core::run::later_days::LaterDays;
use btcfake_core::run::series::Series;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::state_after::{StateTables, tables_after};
use btcfake_core::sample::{self, SampleRecipe};
use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

/// All inputs of a series.
#[derive(Clone, Debug)]
struct World {
    population: BTreeMap<u64, EmployeeType>,
    /// By content id: whether it is a Daily Dose.
    contents: BTreeMap<u64, bool>,
    /// Employee, content, hours from assignment to the first feed, and hours from assignment to due.
    assigned: Vec<(u64, u64, i64, i64)>,
    /// Employee, content, and the number of days before the first feed.
    completed: Vec<(u64, u64, i64)>,
    /// Recommended contents by employee, the same every day.
    recommended: BTreeMap<u64, Vec<u64>>,
    rhythm: Rhythm,
    zone: BusinessZone,
    mix: Option<Mix>,
    seed: u64,
}

/// The state tables, maintained as the batch job does.
#[derive(Clone, Debug)]
struct Tables {
    assignments: String,
    assigned_pairs: BTreeSet<(u64, u64)>,
    completions: String,
}

const DAYS: u32 = 24;

fn world() -> impl Strategy<Value = World> {
    let employee = 1..9_u64;
    let content = 1..40_u64;
    let population = btree_map(employee.clone(), select(&EmployeeType::ALL[..]), 1..8);
    let contents = btree_map(content.clone(), prop::bool::weighted(0.2), 0..40);
    let assigned = vec((employee.clone(), content.clone(), 0..400_i64, 1..400_i64), 0..12);
    let completed = vec((employee.clone(), content.clone(), 0..20_i64), 0..10);
    let recommended = btree_map(employee, vec(content, 0..4), 0..6);
    let from = select(vec!["2026-01-26", "2026-01-29", "2026-03-01", "2026-10-25", "2025-12-27", "2024-02-26"]);
    let at = select(vec!["18:00", "00:00", "00:00:59", "00:01", "00:30", "02:30", "13:13:59", "23:59:59"]);
    let zone = select(vec!["UTC", "America/New_York", "Asia/Tokyo", "Africa/Cairo"]);
    let mix = select(vec![None, Some(Mix::USUAL)]);
    let settings = (from, at, any::<bool>(), zone, mix, any::<u64>());
    (population, contents, assigned, completed, recommended, settings).prop_map(
        |(population, contents, assigned, completed, recommended, (from, at, weekdays, zone, mix, seed))| World {
            population,
            contents,
            assigned,
            completed,
            recommended,
            rhythm: Rhythm {
                from: parse_day(from).unwrap(),
                at: parse_time(at).unwrap(),
                weekdays,
                continues_sample: false,
            },
            zone: zone.parse().unwrap(),
            mix,
            seed,
        },
    )
}

impl World {
    fn plan(&self) -> SeriesPlan {
        SeriesPlan::new(self.rhythm, DAYS, self.zone).unwrap()
    }

    fn settings(&self) -> Settings {
        Settings { time_zone: self.zone, mix: self.mix, ..Settings::new(self.plan().instants()[0], self.seed) }
    }

    fn series(&self) -> Series {
        Series::new(self.plan(), self.inputs(&self.tables()), self.settings())
    }

    /// The tables before the first day.
    fn tables(&self) -> Tables {
        let first = self.plan().instants()[0];
        let mut assignments = assignments_table::COLUMNS.join(",") + "\n";
        for (employee, content, before, due) in &self.assigned {
            let at = first - TimeDelta::hours(*before);
            let due = at + TimeDelta::hours(*due);
            let row = format!("{employee},{content},{},,,{},Course\n", at.format("%F %T"), due.format("%F %T"));
            assignments.push_str(&row);
        }
        let mut completions = completions_table::COLUMNS.join(",") + "\n";
        for (employee, content, before) in &self.completed {
            let day = self.zone.date_of(first) - TimeDelta::days(*before);
            let _ = writeln!(completions, "{employee},{content},{day}");
        }
        let assigned_pairs = self.assigned.iter().map(|row| (row.0, row.1)).collect();
        Tables { assignments, assigned_pairs, completions }
    }

    fn inputs(&self, tables: &Tables) -> Inputs {
        let mut employees = "employee_id,employee_edu_type\n".to_owned();
        for (id, kind) in &self.population {
            let _ = writeln!(employees, "{id},{}", kind.letter());
        }
        let mut catalog = standalone_content::COLUMNS.join(",") + "\n";
        for (id, dose) in &self.contents {
            let _ = writeln!(catalog, "{id},Name,,,,,,{dose},2026-01-01T00:00:00Z,,,");
        }
        let mut recorded = String::new();
        for (employee, contents) in &self.recommended {
            let items: Vec<String> =
                contents.iter().map(|content| format!("{{\"recommended_content_id\":{content}}}")).collect();
            let items = items.join(",");
            let _ = writeln!(
                recorded,
                "{{\"ba_id\":{employee},\"body\":{{\"response\":{{\"ml_recommendations\":[{items}]}}}}}}"
            );
        }
        let file = |role, text: &str| InputFile::given(role, "file", text.as_bytes().to_vec());
        let files = [
            file(InputRole::Employees, &employees),
            file(InputRole::StandaloneContent, &catalog),
            file(InputRole::Assignments, &tables.assignments),
            file(InputRole::Completions, &tables.completions),
            file(InputRole::Recommendations, &recorded),
        ];
        let (inputs, problems) = read_inputs(&files, BadRows::Refuse);
        assert!(!problems.iter().flat_map(|file| &file.problems).any(|problem| problem.is_error()), "{problems:?}");
        inputs
    }
}

impl Tables {
    /// Updates the tables with a feed, as the batch job does.
    fn take_in(&mut self, feed: &Feed, zone: BusinessZone) {
        for row in rows(&feed.completions) {
            let day = zone.date_of(parse_instant(&row[3]).unwrap());
            let _ = writeln!(self.completions, "{},{},{day}", row[0], content(&row[1]));
        }
        for row in rows(&feed.assignments) {
            if self.assigned_pairs.insert((row[0].parse().unwrap(), content(&row[3]))) {
                let [user, created, _, id, start, due, kind] = row.try_into().unwrap();
                let _ = writeln!(self.assignments, "{user},{},{created},,{start},{due},{kind}", content(&id));
            }
        }
    }
}

/// The rows of a vendor file below its header.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = RecordReader::new(bytes, false);
    let mut rows = Vec::new();
    while let Some(record) = reader.next_record() {
        rows.push((0..record.len()).map(|field| record.text(field).into_owned()).collect());
    }
    rows.split_off(1)
}

fn content(text: &str) -> u64 {
    parse_content_id(text.as_bytes()).unwrap()
}

/// The open assignments and past completions in an explanation, given these tables.
fn told_of_the_past(run: &Simulation, position: usize, tables: &Tables) -> (BTreeSet<String>, BTreeSet<(u64, String)>) {
    let (assignments, completions) = (Some(tables.assignments.as_bytes()), Some(tables.completions.as_bytes()));
    let id = run.inputs().employees[position].id;
    let rows = RowsOfOne::read(id, (None, BadRows::Refuse), assignments, completions);
    let explanation = explain(run, position, &Sources { rows, ..Sources::default() });
    let open = explanation.assigned_before.iter().filter(|row| row.fate == AssignmentFate::Open);
    let open = open.map(|row| format!("{} {} {}", row.content.content_id, row.assigned, row.due)).collect();
    (open, explanation.completed_before.into_iter().map(|row| (row.content.content_id, row.day)).collect())
}

/// Calls `each` for every day of a series.
fn for_each_day(
    world: &World,
    mut each: impl FnMut(&Series, Feed) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut series = world.series();
    loop {
        let feed = series.simulation().feed();
        let next = feed.next.clone();
        each(&series, feed)?;
        if !series.advance(next) {
            return Ok(());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_day_is_a_plain_run_over_the_tables_after_the_day_before(world in world()) {
        let mut tables = world.tables();
        let mut days = 0;
        for_each_day(&world, |series, feed| {
            let settings = Settings { now: world.plan().instants()[days], ..world.settings() };
            let plain = Simulation::new(world.inputs(&tables), settings);
            prop_assert_eq!(series.simulation().file_names(), plain.file_names());
            let expected = plain.feed();
            prop_assert_eq!(text(&feed.completions), text(&expected.completions), "day {}", days + 1);
            prop_assert_eq!(text(&feed.assignments), text(&expected.assignments), "day {}", days + 1);
            prop_assert_eq!(&feed.tally, &expected.tally);
            for position in 0..plain.employee_count() {
                let told = told_of_the_past(series.simulation(), position, &world.tables());
                prop_assert_eq!(told, told_of_the_past(&plain, position, &tables), "day {}", days + 1);
            }
            tables.take_in(&feed, world.zone);
            days += 1;
            Ok(())
        })?;
        prop_assert_eq!(days, DAYS as usize);
    }

    #[test]
    fn a_run_over_the_tables_after_a_day_is_the_next_day(world in world()) {
        let mut tables: Option<Tables> = None;
        for_each_day(&world, |series, feed| {
            if let Some(tables) = &tables {
                let plain = Simulation::new(world.inputs(tables), *series.simulation().settings()).feed();
                prop_assert_eq!(text(&feed.completions), text(&plain.completions));
                prop_assert_eq!(text(&feed.assignments), text(&plain.assignments));
                prop_assert_eq!(&feed.tally, &plain.tally);
            }
            let StateTables { assignments, completions } = tables_after(series.simulation());
            let (assignments, completions) = (text(&assignments), text(&completions));
            tables = Some(Tables { assignments, completions, assigned_pairs: BTreeSet::new() });
            Ok(())
        })?;
    }

    #[test]
    fn a_day_is_made_again_from_what_its_run_file_says(world in world(), day in 0..DAYS as usize) {
        let mut wanted = None;
        for_each_day(&world, |series, feed| {
            if series.day().day as usize == day + 1 {
                wanted = Some((series.day(), *series.simulation().settings(), feed));
            }
            Ok(())
        })?;
        let (of, settings, feed) = wanted.unwrap();
        let again = Series::run_of(of, world.inputs(&world.tables()), settings).unwrap().feed();
        prop_assert_eq!(&again.completions, &feed.completions);
        prop_assert_eq!(&again.assignments, &feed.assignments);
        let wrong = Settings { now: settings.now + TimeDelta::seconds(1), ..settings };
        prop_assert!(Series::run_of(of, world.inputs(&world.tables()), wrong).is_err());
    }

    #[test]
    fn over_all_days_the_rules_hold(world in world()) {
        let mut completed: BTreeMap<(u64, u64), Vec<NaiveDate>> = BTreeMap::new();
        let mut left: BTreeSet<(u64, u64)> = BTreeSet::new();
        let mut given_doses: BTreeMap<(u64, NaiveDate), NaiveDate> = BTreeMap::new();
        for_each_day(&world, |series, feed| {
            let run = series.simulation();
            let calendar = run.calendar();
            let mut done_today: BTreeMap<u64, usize> = BTreeMap::new();
            let mut pairs_today = BTreeSet::new();
            for row in rows(&feed.completions) {
                let (employee, content) = (row[0].parse().unwrap(), content(&row[1]));
                let day = world.zone.date_of(parse_instant(&row[3]).unwrap());
                for earlier in completed.entry((employee, content)).or_default().iter() {
                    prop_assert!((calendar.today - *earlier).num_days() > 12, "{employee} {content}: {earlier}, {day}");
                }
                completed.entry((employee, content)).or_default().push(day);
                *done_today.entry(employee).or_default() += 1;
                pairs_today.insert((employee, content));
            }
            let left_today: BTreeSet<(u64, u64)> =
                rows(&feed.assignments).iter().map(|row| (row[0].parse().unwrap(), content(&row[3]))).collect();
            for pair in &left {
                prop_assert!(left_today.contains(pair) != pairs_today.contains(pair), "{pair:?} was left the day before");
            }
            for pair in &left_today {
                prop_assert!(!completed.contains_key(pair), "{pair:?} is completed and listed");
            }
            for Employee { id, kind, .. } in &run.inputs().employees {
                let done = done_today.get(id).copied().unwrap_or_default();
                let has_left = left_today.iter().any(|pair| pair.0 == *id);
                match kind {
                    EmployeeType::A => prop_assert!(!has_left, "{id} is of type a"),
                    EmployeeType::B => prop_assert!(done <= 1 && (done == 1 || !has_left), "{id} is of type b"),
                    EmployeeType::F => prop_assert_eq!(done, 0, "{} is of type f", id),
                }
            }
            for position in 0..run.employee_count() {
                let day = run.employee_day(position);
                if !day.new.doses.is_empty() {
                    let before = given_doses.insert((day.employee.id, calendar.week.monday), calendar.today);
                    prop_assert_eq!(before, None, "Daily Doses twice in a week for {}", day.employee.id);
                }
            }
            left = left_today;
            Ok(())
        })?;
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Employee 1 of type b, day by day: one content at a time, the earliest due first.
#[test]
fn a_type_b_employee_works_off_what_was_left() {
    let world = World {
        population: BTreeMap::from([(1, EmployeeType::B)]),
        contents: BTreeMap::from([(11, true), (12, true), (21, false)]),
        assigned: Vec::new(),
        completed: Vec::new(),
        recommended: BTreeMap::new(),
        rhythm: Rhythm {
            from: parse_day("2026-01-29").unwrap(),
            at: parse_time("18:00").unwrap(),
            weekdays: true,
            continues_sample: false,
        },
        zone: BusinessZone::UTC,
        mix: None,
        seed: 1,
    };
    let mut found = Vec::new();
    for_each_day(&world, |series, feed| {
        let completed: Vec<String> = rows(&feed.completions).iter().map(|row| row[1].clone()).collect();
        let left: Vec<String> = rows(&feed.assignments).iter().map(|row| row[3].clone()).collect();
        found.push(format!("{}: {} / {}", series.simulation().calendar().today, completed.join(" "), left.join(" ")));
        Ok(())
    })
    .unwrap();
    let expected =
        ["2026-01-29: 12 / 11 21", "2026-01-30: 11 / 21", "2026-02-02: 21 / ", "2026-02-03:  / ", "2026-02-04:  / "];
    assert_eq!(found[..5], expected);
}

/// A series over the built-in catalog: the dates on which employees are given Daily Doses, and how many.
#[test]
fn the_built_in_catalog_gets_three_doses_every_monday_and_a_given_one_none() {
    let built_in = ["2026-11-26: 3", "2026-11-30: 3", "2026-12-07: 3"];
    let long_ago = ["2019-12-26: 3", "2019-12-30: 3", "2020-01-06: 3"];
    for (from, given, expected) in
        [("2026-11-26", false, &built_in[..]), ("2019-12-26", false, &long_ago), ("2026-11-26", true, &built_in[..1])]
    {
        let rhythm = Rhythm {
            from: parse_day(from).unwrap(),
            at: parse_time("18:00").unwrap(),
            weekdays: false,
            continues_sample: false,
        };
        let plan = SeriesPlan::new(rhythm, 14, BusinessZone::UTC).unwrap();
        let employees = InputFile::given(InputRole::Employees, "e.csv", &b"employee_id,employee_edu_type\n7,a\n"[..]);
        let catalog = sample::built_in_standalone_content();
        let catalog = InputFile::given(InputRole::StandaloneContent, "StandAloneContent.csv", catalog);
        let files = if given { vec![employees, catalog] } else { vec![employees] };
        let settings = Settings::new(plan.instants()[0], 1);
        let mut series = Series::new(plan, read_inputs(&files, BadRows::Refuse).0, settings);
        let (mut found, mut seen) = (Vec::new(), BTreeSet::new());
        loop {
            let run = series.simulation();
            let day = run.employee_day(0);
            if !day.new.doses.is_empty() {
                found.push(format!("{}: {}", run.calendar().today, day.new.doses.len()));
            }
            for dose in &day.new.doses {
                assert!(seen.insert(*dose), "{dose} is given once");
                assert!(run.inputs().catalog.name(*dose).is_some() && run.inputs().catalog.is_daily_dose(*dose));
            }
            if !series.pass_over() {
                break;
            }
        }
        assert_eq!(found, expected, "{from}, given: {given}");
    }
}

/// Each day of a series over the files of a sample is a run with the sample's catalogs and recommendations of that day,
/// and with the state after the day before.
#[test]
fn the_days_of_a_sample_go_on_as_its_vendor_and_recommender_do() {
    for (seed, today, passed, from) in [
        (1, "2026-01-29", 0, "2026-01-29"),
        (42, "2026-02-01", 0, "2026-02-01"),
        (9_999, "2026-01-26", 9, "2026-02-04"),
        (1, "2026-01-29", 4, "2026-02-02"),
        (7, "2026-01-29", 0, "2026-01-27"),
    ] {
        let recipe = SampleRecipe { seed, today: parse_day(today).unwrap(), employees: 120, contents: 80 };
        let rhythm = Rhythm {
            from: parse_day(from).unwrap(),
            at: parse_time("18:00").unwrap(),
            weekdays: false,
            continues_sample: true,
        };
        let settings = Settings::new(DateTime::UNIX_EPOCH, 1);
        let plan = SeriesPlan::new(rhythm, 16, settings.time_zone).unwrap();
        let mut files: Vec<(InputRole, Vec<u8>)> =
            InputRole::ALL.into_iter().zip(sample::files(&recipe).map(|file| file.bytes)).collect();
        take_of_day(&mut files, &recipe, recipe.today + TimeDelta::days(passed));
        let mut series = Series::new(plan, inputs_of(&files), settings);
        let mut recommended = Vec::new();
        loop {
            let run = series.simulation();
            let day = run.calendar().today;
            let (found, single) = (run.feed(), Simulation::new(inputs_of(&files), *run.settings()));
            assert_eq!(text(&found.completions), text(&single.feed().completions), "{seed} {today} {day}");
            assert_eq!(text(&found.assignments), text(&single.feed().assignments), "{seed} {today} {day}");
            recommended.push((0..120).map(|position| run.employee_day(position).recommendations.len()).sum::<usize>());
            let StateTables { assignments, completions } = tables_after(run);
            take_file(&mut files, InputRole::Assignments, assignments);
            take_file(&mut files, InputRole::Completions, completions);
            if !series.pass_over() {
                break;
            }
            let next = series.simulation().calendar().today;
            let mut later = files.clone();
            for (role, file) in LaterDays::of(single.inputs(), day).unwrap().files(single.inputs(), next) {
                take_file(&mut later, role, file.bytes);
            }
            take_of_day(&mut files, &recipe, next);
            if next == recipe.today {
                // The series began with the recording of this day.
                files = later.clone();
            }
            let (made, expected) = (inputs_of(&later), inputs_of(&files));
            let ids = |inputs: &Inputs| inputs.catalog.contents.iter().map(|one| one.id).collect::<Vec<_>>();
            assert_eq!(ids(&made), ids(&expected), "{seed} {today} {day}");
            assert_eq!(made.catalog.chosen_doses, expected.catalog.chosen_doses, "{seed} {today} {day}");
            let answers = |inputs: &Inputs| (0..120).map(|at| inputs.answers.of(at).to_vec()).collect::<Vec<_>>();
            assert_eq!(answers(&made), answers(&expected), "{seed} {today} {day}");
        }
        assert!(recommended.iter().all(|count| *count > 40), "{recommended:?}");
    }
}

/// The inputs from files.
fn inputs_of(files: &[(InputRole, Vec<u8>)]) -> Inputs {
    let given = |(role, bytes): &(InputRole, Vec<u8>)| InputFile::given(*role, "file", bytes.clone());
    let (inputs, problems) = read_inputs(&files.iter().map(given).collect::<Vec<_>>(), BadRows::Refuse);
    assert_eq!(problems, []);
    inputs
}

fn take_file(files: &mut [(InputRole, Vec<u8>)], role: InputRole, bytes: Vec<u8>) {
    let place = files.iter_mut().find(|(of, _)| *of == role).unwrap();
    place.1 = bytes;
}

/// Replaces catalogs and recommendations by those of a day of a sample.
fn take_of_day(files: &mut [(InputRole, Vec<u8>)], recipe: &SampleRecipe, day: NaiveDate) {
    let [standalone_content, course_catalog] = sample::catalogs_on(recipe, day);
    take_file(files, InputRole::StandaloneContent, standalone_content.bytes);
    take_file(files, InputRole::CourseCatalog, course_catalog.bytes);
    take_file(files, InputRole::Recommendations, sample::recommendations_on(recipe, day).bytes);
}
