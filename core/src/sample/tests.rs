//! Tests that the reader of each file accepts it without problems at every size, and that samples have the documented
//! properties.

#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;
use proptest::prelude::*;
use rustc_hash::FxHashSet;
use sha2::{Digest, Sha256};

use super::days::{DAY, Days};
use super::*;
use crate::format::file_name::{VendorKind, VendorName};
use crate::format::recommendations::Answer;
use crate::format::{
    assignments_table, completions_table, course_catalog, employees, recommendations, standalone_content,
};
use crate::text::problem::{Problem, ProblemKind};

const NAMES: [&str; 6] = [
    "employees.csv",
    "StandAloneContent_v2_2026_1_29_1_",
    "CourseCatalog_V2_2026_1_29_1_",
    "content_assignments.csv",
    "content_completion.csv",
    "recommendations.jsonl",
];

/// A sample with the results of its readers.
struct Sample {
    recipe: SampleRecipe,
    files: Vec<SampleFile>,
    employees: Vec<employees::Employee>,
    standalone: Vec<standalone_content::Content>,
    courses: Vec<course_catalog::CourseContent>,
    assignments: Vec<assignments_table::Assignment>,
    completions: Vec<completions_table::PastCompletion>,
    answers: Vec<recommendations::RecordedAnswer>,
    problems: Vec<Problem>,
}

fn recipe(seed: u64, employees: usize, contents: usize) -> SampleRecipe {
    SampleRecipe { seed, today: "2026-01-29".parse().unwrap(), employees, contents }
}

fn read(recipe: SampleRecipe) -> Sample {
    let files: Vec<SampleFile> = files(&recipe).collect();
    assert!(files.iter().map(|file| &file.name).eq(&file_names(&recipe)), "names are known before the files are made");
    let bytes = |index: usize| files[index].bytes.as_slice();
    let employees = employees::read(bytes(0), employees::BadRows::Refuse);
    let standalone = standalone_content::read(bytes(1));
    let courses = course_catalog::read(bytes(2));
    let assignments = assignments_table::read(bytes(3), |_| true);
    let completions = completions_table::read(bytes(4), |_| true);
    let answers = recommendations::read(bytes(5), |_| true);
    let problems = [
        employees.problems,
        standalone.problems,
        courses.problems,
        assignments.problems,
        completions.problems,
        answers.problems,
    ]
    .concat();
    Sample {
        recipe,
        employees: employees.value.rows,
        standalone: standalone.value,
        courses: courses.value,
        assignments: assignments.value,
        completions: completions.value,
        answers: answers.value,
        problems,
        files,
    }
}

/// Asserts that the sample has no problems and the counts of its recipe.
fn check(recipe: SampleRecipe) -> Sample {
    let sample = read(recipe);
    assert_eq!(sample.problems, [], "{recipe:?}");
    assert_eq!(sample.employees.len(), recipe.employees);
    assert_eq!(sample.standalone.len(), recipe.contents);
    assert_eq!(sample.courses.len(), 5 * recipe.contents);
    assert_eq!(sample.answers.len(), recipe.employees);
    for (file, name) in sample.files.iter().zip(NAMES) {
        assert!(file.name.starts_with(name), "{}", file.name);
    }
    sample
}

fn text(sample: &Sample, index: usize) -> String {
    String::from_utf8(sample.files[index].bytes.clone()).unwrap()
}

/// The share of items that fulfil `is_so`, in percent.
fn percent<T>(items: &[T], is_so: impl Fn(&T) -> bool) -> usize {
    100 * items.iter().filter(|item| is_so(item)).count() / items.len()
}

#[test]
fn every_file_is_clean_at_every_size() {
    for (seed, employees) in [(0, 1), (42, 10), (u64::MAX, 2_000)] {
        for contents in [1, 10, 1_600] {
            check(recipe(seed, employees, contents));
        }
    }
}

#[test]
fn a_sample_of_nothing_says_so_and_nothing_else() {
    let kinds: Vec<ProblemKind> = read(recipe(1, 0, 0)).problems.into_iter().map(|problem| problem.kind).collect();
    let nothing = [ProblemKind::NoEmployees, ProblemKind::NoContents, ProblemKind::NoContents, ProblemKind::NoAnswers];
    assert_eq!(kinds, nothing);
    let without_contents = read(recipe(1, 300, 0));
    assert_eq!(without_contents.problems.len(), 2);
    assert!(without_contents.assignments.is_empty() && without_contents.completions.is_empty());
}

#[test]
fn the_vendors_files_bear_names_that_are_recognised() {
    let sample = check(recipe(42, 10, 10));
    for (index, kind) in [(1, VendorKind::StandAloneContent), (2, VendorKind::CourseCatalog)] {
        let name = VendorName::parse(&sample.files[index].name).unwrap();
        assert_eq!((name.kind, name.date, name.random.len()), (kind, sample.recipe.today, 6));
    }
}

#[test]
fn a_recipe_is_made_the_same_again_and_another_seed_differs() {
    let make = |seed| files(&recipe(seed, 300, 100)).collect::<Vec<_>>();
    assert_eq!(make(1), make(1));
    for (one, other) in make(1).into_iter().zip(make(2)) {
        assert_ne!(one.bytes, other.bytes, "{}", one.name);
    }
}

#[test]
fn an_employee_is_the_same_among_few_and_many() {
    let (few, many) = (check(recipe(42, 100, 200)), check(recipe(42, 2_000, 200)));
    let last = few.employees.last().unwrap().id;
    let known = |id: u64| id <= last;
    let rows = |sample: &Sample| sample.assignments.iter().filter(|row| known(row.ba_id)).cloned().collect::<Vec<_>>();
    assert_eq!(rows(&few), rows(&many));
    let answers = |sample: &Sample| sample.answers.iter().filter(|row| known(row.ba_id)).cloned().collect::<Vec<_>>();
    assert_eq!(answers(&few), answers(&many));
}

#[test]
fn the_catalog_is_as_dirty_as_csv_may_be() {
    let sample = check(recipe(42, 1, SampleRecipe::CONTENTS));
    let catalog = text(&sample, 1);
    for wanted in ["\"\"hello\"\"", ".\n", ".\r\n", "listen, then", ",\"\",\"\"\n", "d’ingrédients", "2,0"] {
        assert!(catalog.contains(wanted), "{wanted:?}");
    }
    assert_eq!(sample.standalone.iter().filter(|content| content.is_daily_dose).count(), 80);
    let two_years = Days::around(sample.recipe.today).today - 730 * DAY..Days::around(sample.recipe.today).today;
    let is_recent = |content: &standalone_content::Content| two_years.contains(&content.created.unwrap().timestamp());
    assert!(sample.standalone.iter().all(is_recent));
    let other_flag = |dose: &str| catalog.matches(&format!("\"{dose}\",\"20")).count();
    assert_eq!((other_flag("TRUE"), other_flag("FALSE")), (80, 1_520));
    assert!(catalog.contains("\"FALSE\",\"TRUE\",\"20") && catalog.contains("\"TRUE\",\"FALSE\",\"20"));
    assert!(catalog.lines().all(|line| !line.contains("http") || line.contains("https://example.com/")));
}

#[test]
fn a_small_catalog_has_three_daily_doses() {
    for contents in 10..60 {
        let sample = check(recipe(9, 1, contents));
        assert!(sample.standalone.iter().filter(|content| content.is_daily_dose).count() >= 3);
    }
}

#[test]
fn the_course_catalog_knows_more_contents_than_stand_alone() {
    let sample = check(recipe(42, 1, 200));
    let standalone: FxHashSet<u64> = sample.standalone.iter().map(|content| content.id).collect();
    let here_only = percent(&sample.courses, |content| !standalone.contains(&content.id));
    assert!((10..30).contains(&here_only), "{here_only} %");
    assert!(sample.courses.iter().all(|content| !content.name.is_empty()));
}

#[test]
fn assignments_are_of_the_last_weeks_and_some_are_of_strangers() {
    let sample = check(recipe(42, 2_000, 200));
    let days = Days::around(sample.recipe.today);
    let of_five_weeks = days.monday - 28 * DAY..days.today + DAY;
    assert!(sample.assignments.iter().all(|row| of_five_weeks.contains(&row.assigned.timestamp())));
    let employees: FxHashSet<u64> = sample.employees.iter().map(|employee| employee.id).collect();
    let assigned: FxHashSet<u64> = sample.assignments.iter().map(|row| row.ba_id).collect();
    assert!(assigned.difference(&employees).count() >= 2);
    let with_assignments = percent(&sample.employees, |employee| assigned.contains(&employee.id));
    assert!((28..38).contains(&with_assignments), "{with_assignments} %");
    let table = text(&sample, 3);
    for wanted in [",NULL,", ",\\N,", ",,", ",Course\n", ",Media\n", ",\n", " 00:01:00,", " 13:13:59,"] {
        assert!(table.contains(wanted), "{wanted:?}");
    }
}

#[test]
fn pairs_are_completed_once_and_not_in_the_future() {
    let sample = check(recipe(42, 2_000, 200));
    let pairs: FxHashSet<(u64, u64)> = sample.completions.iter().map(|row| (row.ba_id, row.content_id)).collect();
    assert_eq!(pairs.len(), sample.completions.len());
    let earliest = sample.recipe.today - chrono::TimeDelta::days(60);
    assert!(sample.completions.iter().all(|row| (earliest..=sample.recipe.today).contains(&row.day)));
    let completed = percent(&sample.assignments, |row| pairs.contains(&(row.ba_id, row.content_id)));
    assert!((30..50).contains(&completed), "{completed} %");
}

/// Both kinds of Daily Dose conflict occur, each for only some of the employees.
#[test]
fn some_employees_are_in_conflict_about_daily_doses() {
    let sample = check(recipe(42, 2_000, 200));
    let days = Days::around(sample.recipe.today);
    let doses: FxHashSet<u64> =
        sample.standalone.iter().filter(|content| content.is_daily_dose).map(|content| content.id).collect();
    let monday = chrono::DateTime::from_timestamp(days.monday, 0).unwrap().date_naive();
    let by_completion: FxHashSet<u64> = sample
        .completions
        .iter()
        .filter(|row| doses.contains(&row.content_id) && row.day >= monday)
        .map(|row| row.ba_id)
        .collect();
    let pairs: FxHashSet<(u64, u64)> = sample.completions.iter().map(|row| (row.ba_id, row.content_id)).collect();
    let shared = |row: &assignments_table::Assignment| {
        row.due.timestamp().min(days.monday + 7 * DAY) - row.begin.timestamp().max(days.monday)
    };
    let open = |row: &&assignments_table::Assignment| {
        doses.contains(&row.content_id) && !pairs.contains(&(row.ba_id, row.content_id))
    };
    let by_assignment: FxHashSet<u64> =
        sample.assignments.iter().filter(open).filter(|row| shared(row) > DAY).map(|row| row.ba_id).collect();
    assert!((40..400).contains(&by_completion.len()), "{}", by_completion.len());
    assert!((40..400).contains(&by_assignment.len()), "{}", by_assignment.len());
    assert!(sample.assignments.iter().filter(open).any(|row| (1..=DAY).contains(&shared(row))));
}

#[test]
fn a_third_of_the_employees_get_recommendations() {
    let sample = check(recipe(42, 2_000, 200));
    let items = |recorded: &recommendations::RecordedAnswer| match &recorded.answer {
        Answer::Recommendations(items) => items.clone(),
        Answer::Failed(_) => Vec::new(),
    };
    let with_some = percent(&sample.answers, |answer| !items(answer).is_empty());
    assert!((30..38).contains(&with_some), "{with_some} %");
    assert!(sample.answers.iter().all(|answer| items(answer).len() <= 6));
    let failed = sample.answers.iter().filter(|answer| matches!(answer.answer, Answer::Failed(_))).count();
    assert!((5..60).contains(&failed), "{failed}");
    let known: FxHashSet<(u64, u64)> = sample
        .assignments
        .iter()
        .map(|row| (row.ba_id, row.content_id))
        .chain(sample.completions.iter().map(|row| (row.ba_id, row.content_id)))
        .collect();
    let repeats = |answer: &recommendations::RecordedAnswer| {
        items(answer).iter().any(|item| known.contains(&(answer.ba_id, item.content_id)))
    };
    assert!((5..40).contains(&percent(&sample.answers, repeats)));
}

#[test]
fn an_answer_has_the_shape_of_the_api() {
    let sample = check(recipe(42, 100, 100));
    let lines = text(&sample, 5);
    let line = lines.lines().find(|line| line.contains("course_name")).unwrap();
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let keys = |pointer: &str| {
        let object = line.pointer(pointer).unwrap().as_object().unwrap();
        let mut keys: Vec<&str> = object.keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys.join(" ")
    };
    assert_eq!(keys("/body"), "apiContext response timing");
    assert_eq!(keys("/body/response"), "coaching_note ml_recommendations");
    assert_eq!(keys("/body/response/coaching_note"), "en fr");
    assert_eq!(
        keys("/body/response/ml_recommendations/0"),
        "ba_id course_id course_name due_date is_recommended_content_completed order recommended_content \
         recommended_content_id"
    );
    assert_eq!(line.pointer("/body/response/ml_recommendations/0/order").unwrap(), 1);
}

/// Runs depend on the built-in catalog, so these bytes must not change.
#[test]
fn the_built_in_catalog_is_pinned() {
    let bytes = built_in_standalone_content();
    let reading = standalone_content::read(&bytes);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.value.len(), 200);
    assert_eq!(reading.value.iter().filter(|content| content.is_daily_dose).count(), 10);
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash, "e8f5b125358959db266d6e2ea96726f4019fdcf598c31c9b6bf636f2075af5bc");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_recipe_is_clean(seed: u64, day in 0u32..60_000, employees in 1usize..60, contents in 1usize..60) {
        let today = chrono::NaiveDate::from_num_days_from_ce_opt(710_000 + i32::try_from(day).unwrap()).unwrap();
        let sample = read(SampleRecipe { seed, today, employees, contents });
        prop_assert_eq!(sample.problems, []);
        prop_assert_eq!(sample.standalone.len(), contents);
        prop_assert_eq!(sample.courses.len(), 5 * contents);
    }
}

#[test]
fn the_vendor_publishes_three_more_doses_every_monday() {
    let recipe = recipe(1, 0, 40);
    let read = |day: &str| {
        let [standalone, courses] = catalogs_on(&recipe, day.parse().unwrap());
        assert!(VendorName::parse(&courses.name).is_some_and(|name| name.date.to_string() == day), "{}", courses.name);
        let (standalone, courses) = (standalone_content::read(&standalone.bytes), course_catalog::read(&courses.bytes));
        assert_eq!((standalone.problems, courses.problems), (Vec::new(), Vec::new()));
        standalone.value
    };
    let of_today: Vec<SampleFile> = files(&recipe).skip(1).take(2).collect();
    assert_eq!(catalogs_on(&recipe, recipe.today), of_today[..]);
    let first = read("2026-01-29");
    for (day, more) in [("2026-01-28", 0), ("2026-02-01", 0), ("2026-02-02", 3), ("2026-02-08", 3), ("2026-02-16", 9)] {
        let later = read(day);
        let (old, new) = later.split_at(first.len());
        assert_eq!((old, new.len()), (&first[..], more), "{day}");
        let latest_before = old.iter().filter_map(|content| content.created).max();
        assert!(new.iter().all(|content| content.is_daily_dose && content.created > latest_before), "{day}");
        assert!(new.is_sorted_by_key(|content| (content.created, content.id)), "{day}");
    }
    let doses = |first: &str, after: &str, day: &str| {
        Vendor::built_in().daily_doses(first.parse().unwrap(), after.parse().unwrap(), day.parse().unwrap())
    };
    let (one, two) = (doses("2026-02-05", "2026-02-05", "2026-02-09"), doses("2026-02-05", "2026-02-09", "2026-02-16"));
    assert_eq!(doses("2026-02-05", "2026-02-05", "2026-02-16"), [two, one].concat());
    assert_eq!(doses("2026-02-05", "2026-02-16", "2026-02-05"), []);
}

#[test]
fn the_vendor_of_an_unchanged_catalog_is_recognised() {
    let read = |seed, contents, day: &str| {
        let [standalone, _] = catalogs_on(&recipe(seed, 0, contents), day.parse().unwrap());
        standalone_content::read(&standalone.bytes).value
    };
    // The sample is of Thursday, January 29.
    for (seed, contents, day) in [
        (1, 1_600, "2026-01-29"),
        (1, 1, "2026-01-29"),
        (0, 61, "2026-02-01"),
        (9_999, 61, "2026-02-02"),
        (7, 1_600, "2026-07-13"),
    ] {
        let vendor = Vendor::of(&read(seed, contents, day)).unwrap();
        // The new Daily Doses are those of the catalog of the next week.
        let day: NaiveDate = day.parse().unwrap();
        let next = day + TimeDelta::weeks(1);
        let ids = |contents: &[standalone_content::Content]| contents.iter().map(|one| one.id).collect::<Vec<_>>();
        let (doses, mut later) = (vendor.daily_doses(day, day, next), read(seed, contents, &next.to_string()));
        later.reverse();
        assert_eq!(ids(&doses), ids(&later)[..3], "{seed} {contents} {day}");
        assert!(later[3..].iter().all(|old| old.created < doses[2].created), "{seed} {contents} {day}");
        let of_next = standalone_content::read(&vendor.standalone_content(day, next).bytes).value;
        assert!(Vendor::of(&of_next).is_some());
        assert_eq!(ids(&of_next).into_iter().rev().collect::<Vec<_>>(), ids(&later), "{seed} {contents} {day}");
    }
    for seed in [10_000, u64::MAX] {
        assert_eq!(Vendor::of(&read(seed, 61, "2026-01-29")), None, "{seed}");
    }
    assert!(Vendor::of(&standalone_content::read(&built_in_standalone_content()).value).is_some());
}

#[test]
fn the_vendor_of_a_changed_catalog_is_unknown() {
    let changes: [fn(&mut Vec<standalone_content::Content>); 8] = [
        |contents| contents.clear(),
        |contents| _ = contents.remove(0),
        |contents| _ = contents.remove(7),
        |contents| contents.swap(10, 11),
        |contents| contents[5].name.push('!'),
        |contents| contents[5].is_daily_dose = true,
        |contents| contents[5].created = None,
        |contents| contents[0].created = contents[1].created,
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut contents = read(recipe(1, 0, 60)).standalone;
        assert!(Vendor::of(&contents).is_some());
        change(&mut contents);
        assert_eq!(Vendor::of(&contents), None, "change {number}");
    }
}

#[test]
fn the_recommender_recommends_what_its_recording_has() {
    let recipe = recipe(3, 300, 100);
    for day in ["2026-01-29", "2026-02-03"].map(|day| day.parse().unwrap()) {
        let recommender = Recommender::of(&recipe, day);
        for answer in recommendations::read(&recommendations_on(&recipe, day).bytes, |_| true).value {
            let expected = match answer.answer {
                Answer::Recommendations(recommended) => recommended,
                Answer::Failed(_) => Vec::new(),
            };
            assert_eq!(recommender.recommended(answer.ba_id), expected, "{day} {}", answer.ba_id);
        }
    }
}

#[test]
fn a_recording_may_be_of_the_samples_day_or_of_the_week_before_a_run() {
    let recipe = recipe(1, 0, 60);
    let [standalone, _] = catalogs_on(&recipe, recipe.today);
    let vendor = Vendor::of(&standalone_content::read(&standalone.bytes).value).unwrap();
    let all = |recommender: &Recommender| (1..200).map(|id| recommender.recommended(id)).collect::<Vec<_>>();
    for run in ["2025-01-01", "2026-01-29", "2026-02-05"].map(|day| day.parse::<NaiveDate>().unwrap()) {
        let found = vendor.recommenders_before(run).iter().map(all).collect::<Vec<_>>();
        assert!(found.contains(&all(&Recommender::of(&recipe, recipe.today))), "{run}");
        for day in (0..7).map(|days| run - TimeDelta::days(days)) {
            assert!(found.contains(&all(&vendor.recommender(day).unwrap())), "{run} {day}");
        }
        assert!(!found.contains(&all(&vendor.recommender(run - TimeDelta::days(7)).unwrap())), "{run}");
    }
    assert_ne!(all(&vendor.recommender(recipe.today).unwrap()), all(&Recommender::of(&recipe, recipe.today)));
}
