//! Properties of reports: explanations and figures agree with the feed.

use std::collections::BTreeSet;

use btcfake_core::format::employees::BadRows;
use btcfake_core::inputs::rows_of_one::RowsOfOne;
use btcfake_core::report::explain::{AssignmentFate, Sources, explain, find};
use btcfake_core::report::figures::{Bar, Figures, Headlines};
use btcfake_core::rules::manager::{LeftOut, WithoutDose};
use btcfake_core::run::detail::Detail;
use proptest::prelude::*;

use crate::world::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// An explanation contains exactly the rows of the feed, and the state that they come from.
    #[test]
    fn what_is_explained_is_what_stands_in_the_feed(world in world(), with_files: bool) {
        let simulation = world.simulation();
        let files = world.files_of(&world.population);
        let bytes = |index: usize| with_files.then_some(&*files[index].bytes);
        let employees = bytes(0).map(|bytes| ("employees.csv", bytes));
        let feed = simulation.feed();
        let (mut completions, mut assignments) = (Vec::new(), Vec::new());
        for (position, (id, kind)) in world.population.iter().enumerate() {
            let rows = RowsOfOne::read(*id, (bytes(0), BadRows::Refuse), bytes(2), bytes(3));
            let sources = Sources { employees, rows, breaks: None };
            prop_assert_eq!(find(simulation.inputs(), simulation.settings(), sources.employees, *id), Ok(position));
            let told = explain(&simulation, position, &sources);
            prop_assert_eq!(told.line_text.clone(), with_files.then(|| format!("\"{id}\",{}", kind.letter())));
            completions.extend(told.rows[0].rows.clone());
            assignments.extend(told.rows[1].rows.clone());

            let day = simulation.employee_day(position);
            let open: BTreeSet<u64> = day.open.iter().map(|open| open.content_id).collect();
            let told_open: Vec<u64> = told.assigned_before.iter().filter(|row| row.fate == AssignmentFate::Open).map(|row| row.content.content_id).collect();
            prop_assert_eq!(&told_open.iter().copied().collect::<BTreeSet<_>>(), &open);
            prop_assert_eq!(told_open.len(), open.len(), "one row of a content counts");
            if with_files {
                prop_assert_eq!(told.assigned_before.len(), world.assigned.iter().filter(|row| row.0 == *id).count());
                prop_assert_eq!(told.completed_before.len(), world.completed.iter().filter(|row| row.0 == *id).count());
            }
            for row in &told.assigned_before {
                let completed = day.history.iter().any(|past| past.content_id == row.content.content_id);
                prop_assert_eq!(row.fate == AssignmentFate::Completed, completed);
            }
            if let Some(conflict) = &told.conflict {
                prop_assert!(conflict.seconds_in_week.is_none_or(|seconds| seconds > 24 * 3_600), "{conflict:?}");
                prop_assert_eq!(conflict.when.len(), if conflict.seconds_in_week.is_some() { 2 } else { 1 });
            }
            let given: Vec<u64> = told.daily_doses.iter().filter(|dose| dose.given).map(|dose| dose.content.content_id).collect();
            prop_assert_eq!(&given, &day.new.doses);
            let done = told.list.iter().filter(|item| item.done.is_some()).count();
            prop_assert_eq!(done, told.rows[0].rows.len());
            let text = told.text();
            for row in told.rows.iter().flat_map(|file| &file.rows) {
                prop_assert!(text.contains(row.as_str()));
            }
        }
        let lines = |bytes: &[u8]| -> BTreeSet<String> { String::from_utf8_lossy(bytes).lines().skip(1).map(str::to_owned).collect() };
        let told_once = |rows: Vec<String>| -> BTreeSet<String> { rows.into_iter().collect() };
        let count = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count() - 1;
        prop_assert_eq!((completions.len(), assignments.len()), (count(&feed.completions), count(&feed.assignments)));
        prop_assert_eq!(told_once(completions), lines(&feed.completions));
        prop_assert_eq!(told_once(assignments), lines(&feed.assignments));
    }

    /// A bar's count is the sum over its employees, parts add up to the whole, and the summary has the same counts.
    #[test]
    fn figures_are_those_of_the_employees_behind_them(world in world(), cut in any::<proptest::sample::Index>()) {
        let simulation = world.simulation();
        let calendar = simulation.calendar();
        let figures_of = |positions: std::ops::Range<usize>| {
            let mut figures = Figures::new(calendar);
            positions.for_each(|position| figures.count(&simulation.employee_day(position)));
            figures
        };
        let all = simulation.employee_count();
        let figures = figures_of(0..all);
        let cut = cut.index(all + 1);
        let mut in_chunks = figures_of(0..cut);
        in_chunks.add(&figures_of(cut..all));
        prop_assert_eq!(&in_chunks, &figures);

        let charts = figures.charts(simulation.inputs(), calendar);
        for (bar, count) in charts.iter().flat_map(|chart| &chart.rows).flat_map(|row| &row.bars) {
            let behind: u64 = (0..all).map(|position| bar.count(&simulation.employee_day(position), figures.parts())).sum();
            prop_assert_eq!((bar, *count), (bar, behind));
            let is_behind = |position: &usize| bar.count(&simulation.employee_day(*position), figures.parts()) > 0;
            let details = (0..all).filter(is_behind).flat_map(|position| simulation.simulate(position..position + 1, true).details);
            let told = details.filter(|detail| bar.includes(detail, figures.parts()));
            let (completions, left_out) = told.fold((0, 0), |(completions, left_out), detail| match detail {
                Detail::Completed { .. } => (completions + 1, left_out),
                Detail::DailyDoseLeftOut { .. } => (completions, left_out + 1),
                _ => (completions, left_out),
            });
            match bar {
                Bar::Completions(..) | Bar::Completed(_) | Bar::InPart(_) | Bar::Content(_) => prop_assert_eq!(completions, behind),
                Bar::LeftOut(_) => prop_assert_eq!(left_out, behind),
                Bar::OnLists(_) | Bar::Skipped(_) | Bar::NothingDone => {}
            }
        }
        let tally = simulation.feed().tally;
        let completions = tally.completions_manager.total() + tally.completions_ai.total();
        let lists = tally.open_assignments + tally.new_daily_doses + tally.new_random_contents + tally.recommendations_received
            - tally.dropped_already_on_list - tally.dropped_completed_recently;
        let nothing_done = (0..all).filter(|position| simulation.employee_day(*position).trainings.is_empty()).count();
        let headlines = Headlines {
            completed: completions,
            still_open: tally.open_left + tally.new_left,
            nothing_done: nothing_done as u64,
            recommended: tally.completions_ai.total(),
        };
        prop_assert_eq!(figures.headlines(), headlines);
        prop_assert_eq!(charts[0].total(), completions);
        prop_assert_eq!(charts[1].total(), completions, "every completion lies in one part of the shift");
        prop_assert_eq!(charts[2].total(), lists + completions);
        for why in WithoutDose::ALL {
            prop_assert_eq!(figures.of(Bar::Skipped(why)), tally.without_dose(why));
        }
        let without: u64 = WithoutDose::ALL.iter().map(|why| tally.without_dose(*why)).sum();
        prop_assert_eq!(without, tally.employees.total() - tally.given_daily_dose);
        prop_assert_eq!(figures.of(Bar::LeftOut(LeftOut::AlreadyOpen)), tally.doses_left_out_open);
        prop_assert_eq!(figures.of(Bar::LeftOut(LeftOut::AlreadyCompleted)), tally.doses_left_out_completed);
        prop_assert!(charts[4].rows.is_sorted_by(|one, next| one.bars[0].1 >= next.bars[0].1));
    }
}
