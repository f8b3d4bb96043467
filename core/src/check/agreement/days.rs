//! Comparison of the days of a series: an open assignment is completed or still open a day later, a completed pair
//! stays completed, Daily Doses are given once a week, and each employee keeps one type.
//!
//! The series and the day come from the run files; without them nothing is compared. If a day is missing, the days
//! before and after it are not treated as consecutive.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};

use super::compared::{ComparedRun, Disagreements, FileFacts, Inputs};
use crate::check::facts::Examined;
use crate::check::finding::FindingDraft;
use crate::check::finding_kind::FindingKind;
use crate::check::pairs::{Pair, PairedRows, UNKNOWN};
use crate::check::recorded_run::{RecordedRun, SeriesRecord};
use crate::check::runs::GivenRun;
use crate::format::completions;
use crate::format::non_completed::{self, COLUMNS, CONTENT_TYPE, CREATED, DUE, START};
use crate::plan::calendar::{BusinessZone, Calendar};
use crate::plan::rhythm::SeriesDay;
use crate::rules::training::RECENT_DAYS;
use crate::text::visible::{quoted, shown};
use crate::text::words::grouped;

/// Compares the days of each series.
pub(super) fn compare(files: &[Examined<'_>], runs: &[GivenRun], inputs: &Inputs<'_>, found: &mut Disagreements) {
    let mut days: Vec<SeriesDayFiles<'_, '_>> = runs.iter().filter_map(|run| SeriesDayFiles::of(files, run)).collect();
    days.sort_by(|a, b| a.order().cmp(&b.order()));
    days.dedup_by(|later, earlier| later.order() == earlier.order());
    let contents = inputs.standalone.iter().flat_map(|contents| contents.iter());
    let doses: FxHashSet<u64> = contents.filter(|content| content.is_daily_dose).map(|content| content.id).collect();
    for days in days.chunk_by(|a, b| a.order().0 == b.order().0) {
        SeriesSoFar { days, completed: FxHashMap::default(), given: FxHashMap::default(), types: FxHashMap::default() }
            .compare(&doses, found);
    }
}

/// The settings and inputs that identify a series.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct SeriesKey<'f> {
    from: NaiveDate,
    at: NaiveTime,
    weekdays: bool,
    seed: u64,
    zone: &'static str,
    mix: Option<String>,
    inputs: Vec<Option<&'f str>>,
}

/// A day of a series whose completions and assignments are both given.
struct SeriesDayFiles<'f, 'a> {
    record: &'f RecordedRun,
    series: &'f SeriesRecord,
    calendar: Calendar,
    completions: FileFacts<'f, PairedRows<'a>>,
    assignments: FileFacts<'f, PairedRows<'a>>,
}

impl<'f, 'a> SeriesDayFiles<'f, 'a> {
    fn of(files: &'f [Examined<'a>], run: &GivenRun) -> Option<SeriesDayFiles<'f, 'a>> {
        let ComparedRun { completions, assignments, .. } = ComparedRun::of(files, run);
        let record = run.recorded(files)?;
        let series = record.series.as_ref()?;
        Some(SeriesDayFiles {
            record,
            series,
            calendar: Calendar::of(series.now, series.zone),
            completions: completions?,
            assignments: assignments?,
        })
    }

    /// The series, and the number of the day in it.
    fn order(&self) -> (SeriesKey<'f>, u32) {
        let SeriesRecord { day: SeriesDay { rhythm, day }, seed, zone, .. } = self.series;
        let inputs = self.record.inputs.iter().map(|input| input.sha256.as_deref()).collect();
        let key = SeriesKey {
            from: rhythm.from,
            at: rhythm.at,
            weekdays: rhythm.weekdays,
            seed: *seed,
            zone: zone.name(),
            mix: self.record.mix.map(|(mix, _)| mix.to_string()),
            inputs,
        };
        (key, *day)
    }

    /// True if a row of the employee cannot be read.
    fn is_unread(&self, employee: u64) -> bool {
        [self.completions, self.assignments].into_iter().any(|file| file.value.file.is_unread(employee))
    }

    /// True if a pair is listed as an assignment that is left.
    fn lists(&self, pair: &Pair) -> bool {
        self.assignments.value.find(pair.employee(), pair.content()).is_some()
    }

    /// True if this is the next day of the series after `other`.
    fn follows(&self, other: &SeriesDayFiles<'_, '_>) -> bool {
        self.series.day.day.checked_sub(1) == Some(other.series.day.day)
    }
}

/// The facts from the days so far.
struct SeriesSoFar<'d, 'f, 'a> {
    days: &'d [SeriesDayFiles<'f, 'a>],
    /// The last completion of each pair: index of the day, and row.
    completed: FxHashMap<(u64, u64), (usize, Pair)>,
    /// The last Daily Doses of each employee: the Monday of the week, and the day.
    given: FxHashMap<u64, (NaiveDate, NaiveDate)>,
    /// The types (a, b, f) that are still possible for each employee.
    types: FxHashMap<u64, [bool; 3]>,
}

impl SeriesSoFar<'_, '_, '_> {
    fn compare(&mut self, doses: &FxHashSet<u64>, found: &mut Disagreements) {
        for (index, day) in self.days.iter().enumerate() {
            let earlier = index.checked_sub(1).map(|earlier| &self.days[earlier]);
            let before = earlier.filter(|earlier| day.follows(earlier));
            self.check_listed(day, found);
            self.check_completed(day, found);
            if let Some(before) = before {
                check_carried(before, day, found);
            }
            self.check_doses(day, earlier, doses, found);
            self.check_types(day, found);
            self.completed.extend(day.completions.value.pairs.iter().map(|pair| (pair.key(), (index, *pair))));
        }
    }

    /// Checks that no pair completed on an earlier day is listed as open.
    fn check_listed(&self, day: &SeriesDayFiles<'_, '_>, found: &mut Disagreements) {
        for pair in &day.assignments.value.pairs {
            let Some((index, earlier)) = self.completed.get(&pair.key()) else { continue };
            let name = self.days[*index].completions.name;
            found.add(day.assignments, FindingKind::CompletedBefore, pair, non_completed::CONTENT, |pair, content| {
                let text = format!(
                    "employee {} completed content {content} on an earlier day, as {name} says in line {}, so it is not \
                     open; take this row out",
                    pair.employee(), earlier.line
                );
                FindingDraft::from(text).file(name).line(earlier.line)
            });
        }
    }

    /// Checks that no pair completed on an earlier day is completed again on that day or in the 12 days after.
    fn check_completed(&self, day: &SeriesDayFiles<'_, '_>, found: &mut Disagreements) {
        for pair in &day.completions.value.pairs {
            let Some((index, earlier)) = self.completed.get(&pair.key()) else { continue };
            let file = self.days[*index].completions;
            let Some(done) = completed_on(file, earlier, day.series.zone) else { continue };
            let days = (day.calendar.today - done).num_days().unsigned_abs();
            if days <= RECENT_DAYS {
                found.add(day.completions, FindingKind::CompletedBefore, pair, completions::CONTENT, |pair, content| {
                    let text = format!(
                        "employee {} completed content {content} on {done}, as {} says in line {}; it is not done again \
                         on that day or in the {RECENT_DAYS} days after",
                        pair.employee(), file.name, earlier.line
                    );
                    FindingDraft::from(text).file(file.name).line(earlier.line)
                });
            }
        }
    }

    /// Checks that each employee is given Daily Doses at most once a week.
    fn check_doses(
        &mut self,
        day: &SeriesDayFiles<'_, '_>,
        earlier: Option<&SeriesDayFiles<'_, '_>>,
        doses: &FxHashSet<u64>,
        found: &mut Disagreements,
    ) {
        let is_dose = |pair: &&Pair| doses.contains(&pair.content());
        let (today, monday) = (day.calendar.today, day.calendar.week.monday);
        let listed = day.assignments.value.pairs.iter().filter(is_dose).filter(|pair| is_assigned_today(day, pair));
        // An assignment from the state table may have that instant, too, but then the day before listed it.
        let listed = listed.filter(|pair| !earlier.is_some_and(|earlier| earlier.lists(pair)));
        // A Daily Dose that was completed on the same day was given, unless it may have been recommended.
        let before = earlier.filter(|earlier| day.follows(earlier) && !day.series.with_recommendations);
        let completed = before.into_iter().flat_map(|before| {
            let pairs = day.completions.value.pairs.iter().filter(is_dose);
            let first_time = pairs.filter(|pair| !self.completed.contains_key(&pair.key()));
            first_time.filter(|pair| !before.lists(pair))
        });
        let listed = listed.map(|pair| (day.assignments, non_completed::CONTENT, pair));
        let completed = completed.map(|pair| (day.completions, completions::CONTENT, pair));
        for (file, column, pair) in listed.chain(completed) {
            match self.given.get(&pair.employee()) {
                Some((week, earlier)) if *week == monday && *earlier != today => {
                    found.add(file, FindingKind::RepeatedDose, pair, column, |pair, content| {
                        format!(
                            "employee {} is given the Daily Dose {content}, and was given one on {earlier} already; \
                             Daily Doses are given once a week",
                            pair.employee()
                        )
                    });
                }
                _ => _ = self.given.insert(pair.employee(), (monday, today)),
            }
        }
    }

    /// Checks that type a completes all, type b one and type f nothing, and that each employee keeps one type.
    fn check_types(&mut self, day: &SeriesDayFiles<'_, '_>, found: &mut Disagreements) {
        let mut rows: FxHashMap<u64, [&[Pair]; 2]> = FxHashMap::default();
        for (place, file) in [day.completions, day.assignments].into_iter().enumerate() {
            for pairs in file.value.by_employee() {
                rows.entry(pairs[0].employee()).or_default()[place] = pairs;
            }
        }
        for (employee, [done, left]) in rows {
            if day.is_unread(employee) {
                continue;
            }
            let fits = match (done.len(), left.len()) {
                (0, _) => [false, false, true],
                (1, 0) => [true, true, false],
                (1, _) => [false, true, false],
                (_, 0) => [true, false, false],
                _ => [false, false, false],
            };
            let types = self.types.entry(employee).or_insert([true; 3]);
            let both = [types[0] && fits[0], types[1] && fits[1], types[2] && fits[2]];
            if both != [false; 3] {
                *types = both;
                continue;
            }
            let (file, pairs) = if done.is_empty() { (day.assignments, left) } else { (day.completions, done) };
            let Some(first) = pairs.iter().min_by_key(|pair| pair.line) else { continue };
            found.add(file, FindingKind::TypeOverDays, first, completions::USER, |_, _| {
                let (done, left) = (grouped(done.len()), grouped(left.len()));
                format!(
                    "employee {employee} completed {done} and has {left} left on this day; with what the earlier days \
                     say, that is neither type a (completes everything) nor b (one training) nor f (nothing)"
                )
            });
        }
    }
}

/// Checks that an assignment left the day before is completed, or left with the same dates. One that was not left must
/// be new.
fn check_carried(before: &SeriesDayFiles<'_, '_>, day: &SeriesDayFiles<'_, '_>, found: &mut Disagreements) {
    let (earlier, later) = (before.assignments, day.assignments);
    for pair in &earlier.value.pairs {
        if let Some(now) = later.value.find(pair.employee(), pair.content()) {
            compare_rows(earlier, pair, later, now, found);
        } else if !day.is_unread(pair.employee())
            && day.completions.value.find(pair.employee(), pair.content()).is_none()
        {
            found.add(earlier, FindingKind::LostAssignment, pair, non_completed::CONTENT, |pair, content| {
                let text = format!(
                    "employee {} has content {content} left here, but it is neither completed nor listed a day later in \
                     {} and {}; it must be one of the two",
                    pair.employee(), day.completions.name, later.name
                );
                FindingDraft::from(text).file(later.name)
            });
        }
    }
    for pair in &later.value.pairs {
        let is_new = earlier.value.find(pair.employee(), pair.content()).is_none();
        if is_new && assigned_at(later, pair).is_some_and(|created| created <= before.series.now) {
            found.add(later, FindingKind::UnlistedBefore, pair, CREATED, |pair, content| {
                let text = format!(
                    "employee {} was assigned content {content} before this day, but {} does not list it; it should be \
                     there, too, or assigned on this day",
                    pair.employee(),
                    earlier.name
                );
                FindingDraft::from(text).file(earlier.name)
            });
        }
    }
}

/// Checks that an open assignment keeps its dates and its type.
fn compare_rows(
    earlier: FileFacts<'_, PairedRows<'_>>,
    before: &Pair,
    later: FileFacts<'_, PairedRows<'_>>,
    pair: &Pair,
    found: &mut Disagreements,
) {
    const KEPT: [usize; 4] = [CREATED, START, DUE, CONTENT_TYPE];
    let was = earlier.value.file.texts(before.line, &KEPT);
    let is = later.value.file.texts(pair.line, &KEPT);
    for ((column, was), is) in KEPT.into_iter().zip(was).zip(is) {
        let (Some(was), Some(is)) = (was, is) else { continue };
        // Text that is not UTF-8 is already a finding.
        if was == is || [&was, &is].into_iter().any(|text| text.contains(char::REPLACEMENT_CHARACTER)) {
            continue;
        }
        found.add(later, FindingKind::ChangedAssignment, pair, column, |_, _| {
            let (name, line) = (shown(earlier.name), before.line);
            let (shown_was, shown_is) = (quoted(&was), quoted(&is));
            let text = format!(
                "{} is {shown_is}, but {name} has {shown_was} in line {line} for this open assignment",
                COLUMNS[column]
            );
            FindingDraft::from(text).value(is).expected(was).file(earlier.name).line(line)
        });
    }
}

/// True if an assignment may have been made on a day: it has the instant at which the shift opens.
fn is_assigned_today(day: &SeriesDayFiles<'_, '_>, pair: &Pair) -> bool {
    assigned_at(day.assignments, pair) == Some(day.calendar.shift.opens)
}

fn assigned_at(file: FileFacts<'_, PairedRows<'_>>, pair: &Pair) -> Option<DateTime<Utc>> {
    let [created, ..] = file.value.assignment(pair)?.dates;
    if created == UNKNOWN { None } else { DateTime::from_timestamp(created, 0) }
}

/// The date of a completion (business time zone).
fn completed_on(file: FileFacts<'_, PairedRows<'_>>, pair: &Pair, zone: BusinessZone) -> Option<NaiveDate> {
    let completed = DateTime::from_timestamp(file.value.instant(pair, completions::COMPLETED)?, 0)?;
    Some(zone.date_of(completed))
}
