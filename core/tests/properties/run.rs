//! Properties of runs: the invariants of the rules and of the feed.

use std::collections::{BTreeMap, BTreeSet};

use btcfake_core::format::employees::{Employee, EmployeeType};
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::rules::training::Origin;
use btcfake_core::run::feed::Feed;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::slice::Slice;
use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::world::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// The invariants of the rules about employees.
    #[test]
    fn employees_complete_each_content_once_and_inside_the_shift(world in world()) {
        let simulation = world.simulation();
        let part = Feed::from_iter([simulation.simulate(0..usize::MAX, false)]);
        let shift = simulation.calendar().shift;
        let window = simulation.calendar().window;
        let (opens, ends) = (shift.opens.timestamp(), shift.ends.timestamp());
        prop_assert_eq!(ends, world.now.timestamp());
        prop_assert!((3_600..=8 * 3_600).contains(&(ends - opens)));
        prop_assert!(window.start <= shift.ends && shift.ends < window.due);
        prop_assert!(opens >= window.start.timestamp() || ends - opens == 3_600);

        let mut seen = BTreeSet::new();
        let mut free_from = BTreeMap::new();
        let mut order = Vec::new();
        for row in rows(&part.completions) {
            let (employee, content) = pair(&row[0], &row[1]);
            prop_assert!(seen.insert((employee, content)), "twice: {employee} {content}");
            let (started, completed) = (seconds(&row[2]), seconds(&row[3]));
            let free = free_from.insert(employee, completed).unwrap_or(opens);
            prop_assert!(free <= started && started < completed && completed <= ends, "{row:?}");
            prop_assert!(completed - started <= 15 * 60, "{row:?}");
            if order.last() != Some(&employee) {
                order.push(employee);
            }
        }
        let population: Vec<u64> = world.population.iter().map(|(id, _)| *id).filter(|id| order.contains(id)).collect();
        prop_assert_eq!(order, population, "employees stand in the order of employees.csv, each in one piece");

        for position in 0..simulation.employee_count() {
            let day = simulation.employee_day(position);
            let contents: Vec<u64> = day.list.items.iter().map(|item| item.content_id).collect();
            let count = match day.employee.kind {
                EmployeeType::A => contents.len(),
                EmployeeType::B => contents.len().min(1),
                EmployeeType::F => 0,
            };
            prop_assert_eq!(day.trainings.len(), count);
            prop_assert!(day.list.items.is_sorted_by_key(|item| item.origin as u8), "{:?}", day.list);
            for content in &contents[..count] {
                prop_assert!(seen.remove(&(day.employee.id, *content)), "{content} is completed and has no row");
            }
        }
        prop_assert_eq!(seen.len(), 0, "no row but of what is on a list");
    }

    /// The invariants of the rules about new assignments.
    #[test]
    fn nobody_is_given_what_is_open_or_completed(world in world()) {
        let simulation = world.simulation();
        let is_dose = |content: &u64| world.contents.get(content).is_some_and(|(dose, _)| *dose);
        let mut doses: Vec<(u64, Option<i64>)> = world.contents.iter().filter(|(_, (dose, _))| *dose).map(|(id, (_, hours))| (*id, *hours)).collect();
        doses.sort_by_key(|(id, hours)| (hours.is_none(), *hours, std::cmp::Reverse(*id)));
        let chosen: Vec<u64> = doses.iter().take(3).map(|(id, _)| *id).collect();
        let week = simulation.calendar().week;
        for position in 0..simulation.employee_count() {
            let day = simulation.employee_day(position);
            let id = day.employee.id;
            let completed: BTreeSet<u64> = world.completed.iter().filter(|row| row.0 == id).map(|row| row.1).collect();
            let open: BTreeSet<u64> =
                world.assigned.iter().filter(|row| row.0 == id && !completed.contains(&row.1)).map(|row| row.1).collect();
            prop_assert_eq!(day.open.iter().map(|one| one.content_id).collect::<BTreeSet<_>>(), open.clone());
            prop_assert_eq!(day.open.len(), open.len(), "one open assignment of a pair");
            for one in day.open {
                let rows = world.assigned.iter().filter(|row| (row.0, row.1) == (id, one.content_id));
                let latest = rows.enumerate().max_by_key(|(index, row)| (row.2, *index)).unwrap().1;
                let instant = |hours| parse_instant(&world.instant(hours)).unwrap();
                prop_assert_eq!(one.assigned, instant(latest.2), "the latest assignment, then the later row");
                prop_assert_eq!(one.begin, instant(latest.3.unwrap_or(latest.2)), "a NULL begin is the assignment date");
                if let Some(due) = latest.4 {
                    prop_assert_eq!(one.due, instant(due));
                }
            }
            let free = |content: &u64| !open.contains(content) && !completed.contains(content);
            let completed_this_week = world.completed.iter().any(|row| {
                row.0 == id && is_dose(&row.1) && (week.monday..=week.sunday.min(world.today())).contains(&world.day(row.2))
            });
            let open_this_week = day.open.iter().any(|one| {
                let shared = one.due.min(week.ends) - one.begin.max(week.begins);
                is_dose(&one.content_id) && shared > TimeDelta::hours(24)
            });
            let expected: Vec<u64> = if completed_this_week || open_this_week { Vec::new() } else { chosen.iter().copied().filter(free).collect() };
            prop_assert_eq!(&day.new.doses, &expected);
            let others: Vec<u64> = world.contents.keys().copied().filter(|content| !is_dose(content) && free(content)).collect();
            match day.new.random {
                Some(random) => prop_assert!(others.contains(&random)),
                None => prop_assert!(others.is_empty(), "{others:?} remain"),
            }
            let recommended: Vec<u64> = day.list.items.iter().filter(|item| item.origin == Origin::Recommendation).map(|item| item.content_id).collect();
            let mut expected = Vec::new();
            for content in world.answers.get(&id).cloned().flatten().unwrap_or_default() {
                let recent = world.completed.iter().any(|row| (row.0, row.1) == (id, content) && (0..=12).contains(&row.2));
                let listed = open.contains(&content) || day.new.doses.contains(&content) || day.new.random == Some(content) || expected.contains(&content);
                if !recent && !listed {
                    expected.push(content);
                }
            }
            prop_assert_eq!(recommended, expected);
        }
    }

    /// The invariants between the files of a feed.
    #[test]
    fn what_is_left_is_what_was_assigned_without_what_was_completed(world in world()) {
        let simulation = world.simulation();
        let opening: Feed = simulation.opening().collect();
        let part = Feed::from_iter([simulation.simulate(0..usize::MAX, false)]);
        let mut tally = opening.tally.clone();
        tally.add(&part.tally);
        let open_rows = &rows(&opening.assignments)[1..];
        let new_rows = rows(&part.assignments);
        let completed: BTreeSet<(u64, u64)> = rows(&part.completions).iter().map(|row| pair(&row[0], &row[1])).collect();
        let left: Vec<(u64, u64)> = open_rows.iter().chain(&new_rows).map(|row| pair(&row[0], &row[3])).collect();
        let left_once: BTreeSet<(u64, u64)> = left.iter().copied().collect();
        prop_assert_eq!(left_once.len(), left.len(), "no pair twice");
        let mut assigned = BTreeSet::new();
        for position in 0..simulation.employee_count() {
            let day = simulation.employee_day(position);
            let given = day.open.iter().map(|one| one.content_id).chain(day.new.doses.iter().copied()).chain(day.new.random);
            assigned.extend(given.map(|content| (day.employee.id, content)));
        }
        prop_assert_eq!(&left_once, &assigned.difference(&completed).copied().collect());
        prop_assert_eq!(tally.open_left + tally.new_left, left.len() as u64);
        prop_assert_eq!(tally.open_left, open_rows.len() as u64);
        prop_assert_eq!(tally.completions_manager.total() + tally.completions_ai.total(), completed.len() as u64);

        let open_key = |row: &Vec<String>| {
            let (employee, content) = pair(&row[0], &row[3]);
            (employee, row[5].clone(), row[4].clone(), content)
        };
        prop_assert!(open_rows.is_sorted_by_key(open_key), "open ones by ba_id, due, begin, content_id: {open_rows:?}");
        let calendar = simulation.calendar();
        let position = |id: &str| world.population.iter().position(|(employee, _)| employee.to_string() == id);
        prop_assert!(new_rows.is_sorted_by_key(|row| position(&row[0])), "new ones in the order of employees.csv");
        for row in &new_rows {
            prop_assert_eq!(seconds(&row[1]), calendar.shift.opens.timestamp());
            prop_assert_eq!(seconds(&row[4]), calendar.window.start.timestamp());
            prop_assert_eq!(seconds(&row[5]), calendar.window.due.timestamp());
            prop_assert_eq!(&row[6], "Media");
        }
        let ids: Vec<&String> = open_rows.iter().chain(&new_rows).map(|row| &row[2]).collect();
        match world.request_id {
            RequestIdStyle::Numeric => {
                prop_assert!(ids.iter().all(|id| id.parse::<u64>().is_ok()));
                prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
            }
            RequestIdStyle::FakeDay => {
                let fake = format!("fake:{}", world.today().format("%d"));
                prop_assert!(ids.iter().all(|id| **id == fake));
            }
        }
    }

    #[test]
    fn parts_and_neighbours_make_no_difference(world in world(), size in 1..5_usize, alone in any::<proptest::sample::Index>()) {
        let simulation = world.simulation();
        let mut at_once = simulation.simulate(0..usize::MAX, true);
        let all_details = std::mem::take(&mut at_once.details);
        let whole = Feed::from_iter([at_once]);
        let (mut feed, mut details) = (Feed::default(), Vec::new());
        for start in (0..simulation.employee_count()).step_by(size) {
            let mut batch = simulation.simulate(start..start + size, true);
            details.append(&mut batch.details);
            feed.take(batch);
        }
        let Feed { completions, assignments, tally, .. } = feed;
        prop_assert_eq!(&completions, &whole.completions);
        prop_assert_eq!(&assignments, &whole.assignments);
        prop_assert_eq!(&tally, &whole.tally);
        prop_assert_eq!(&details, &all_details);

        // A run with one employee alone has the same rows, except for the RequestIds.
        let one = world.population[alone.index(world.population.len())];
        let of_one = |bytes: &[u8], column: Option<usize>| -> Vec<Vec<String>> {
            let mut rows: Vec<Vec<String>> = rows(bytes).into_iter().filter(|row| row[0] == one.0.to_string()).collect();
            rows.iter_mut().for_each(|row| { column.map(|column| row.remove(column)); });
            rows
        };
        let single = world.simulation_of(&[one]);
        let part = Feed::from_iter([single.simulate(0..1, false)]);
        prop_assert_eq!(of_one(&part.completions, None), of_one(&completions, None));
        prop_assert_eq!(of_one(&part.assignments, Some(2)), of_one(&assignments, Some(2)));
        let open = |simulation: &Simulation| of_one(&simulation.opening().collect::<Feed>().assignments, Some(2));
        prop_assert_eq!(open(&single), open(&simulation));
        prop_assert_eq!(single.file_names(), simulation.file_names());
    }

    /// Changing the mix gives the same as a new run with that mix, whatever mixes came before.
    #[test]
    fn a_mix_that_comes_later_gives_the_same_as_one_from_the_start(world in world(), shares in vec((0..=1_000_u16, 0..=1_000_u16), 1..4)) {
        let mut simulation = world.simulation();
        let employees = simulation.inputs().employees.clone();
        let mixes = shares.into_iter().map(|(one, other)| {
            let (low, high) = (one.min(other), one.max(other));
            Some(Mix::new([low, high - low, 1_000 - high]).unwrap())
        });
        for mix in mixes.chain([None]) {
            simulation.remix(&employees, mix);
            let settings = Settings { mix, ..*simulation.settings() };
            let from_the_start = Simulation::new(world.simulation().inputs().clone(), settings);
            prop_assert_eq!(simulation.feed().completions, from_the_start.feed().completions);
            prop_assert_eq!(simulation.feed().assignments, from_the_start.feed().assignments);
        }
    }

    /// Slices by id for the open assignments, and slices by position for all else, each a simulation by itself.
    #[test]
    fn slices_that_know_where_they_lie_give_the_whole(world in world(), size in 1..5_usize) {
        let whole = world.simulation().feed();
        let mut feed: Feed = world.simulation().opening().take(1).collect();
        let mut slice = Slice { open_in_all: Some(whole.tally.open_assignments), ..Slice::default() };
        let mut by_id = world.population.clone();
        by_id.sort();
        for part in by_id.chunks(size) {
            let part = world.simulation_of(part).as_slice(slice);
            part.opening().skip(1).for_each(|batch| feed.take(batch));
            slice.open_before += part.inputs().state.open.len() as u64;
        }
        for part in world.population.chunks(size) {
            let batch = world.simulation_of(part).as_slice(slice).simulate(0..size, false);
            slice.employees_before += batch.tally.employees.total();
            feed.take(batch);
        }
        prop_assert_eq!(feed.completions, whole.completions);
        prop_assert_eq!(feed.assignments, whole.assignments);
        prop_assert_eq!(feed.tally, whole.tally);
    }
}

/// Lists with more trainings than fit, up to more than the shift has seconds.
#[test]
fn a_list_of_any_length_fits_into_the_shift() {
    for (count, now) in [
        (40, "2026-01-29T18:00:00Z"),
        (3_599, "2026-01-26T00:30:00Z"),
        (3_601, "2026-01-26T00:30:00Z"),
        (9_000, "2026-01-26T00:30:00Z"),
    ] {
        let contents: Vec<u64> = (1..=count).collect();
        let world = World {
            population: vec![(7, EmployeeType::A)],
            contents: BTreeMap::new(),
            assigned: contents.iter().map(|content| (7, *content, -100, None, None)).collect(),
            completed: Vec::new(),
            answers: BTreeMap::new(),
            now: parse_now(now).unwrap(),
            zone: BusinessZone::UTC,
            seed: 1,
            request_id: RequestIdStyle::Numeric,
        };
        let simulation = world.simulation();
        let employee: Employee = simulation.inputs().employees[0];
        let rows = rows(&Feed::from_iter([simulation.simulate(0..1, false)]).completions);
        assert_eq!((employee.id, rows.len() as u64), (7, count));
        let shift = simulation.calendar().shift;
        for row in &rows {
            let (started, completed) = (seconds(&row[2]), seconds(&row[3]));
            assert!(shift.opens.timestamp() <= started && started < completed && completed <= shift.ends.timestamp());
        }
        let overlaps = rows.windows(2).any(|pair| pair[1][2] < pair[0][3]);
        let seconds = (shift.ends - shift.opens).num_seconds().unsigned_abs();
        assert_eq!(overlaps, count > seconds, "{count} in {seconds}");
    }
}
