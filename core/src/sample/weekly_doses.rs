//! The three Daily Doses that the made-up vendor publishes every Monday, as the real vendor does.
//!
//! A Daily Dose depends only on the seed and on its number, so the catalog of a later day contains all Daily Doses of
//! an earlier day.

use chrono::{DateTime, Datelike, Days as DayCount, NaiveDate};

use super::contents::{Contents, SampleContent};
use super::days::{DAY, Days};
use super::sample_recipe::SampleRecipe;
use crate::format::standalone_content::Content;

/// The number of Daily Doses of a Monday.
const PER_WEEK: usize = 3;

/// The time of day at which the vendor creates them, in seconds after 00:00 UTC.
const CREATED_AT: i64 = 6 * 3_600;

/// The number of Mondays after `from`, up to and including `day`; 0 if `day` is not later.
fn mondays(from: NaiveDate, day: NaiveDate) -> u64 {
    let monday = |date: NaiveDate| date.checked_sub_days(DayCount::new(date.weekday().num_days_from_monday().into()));
    let days = monday(day).zip(monday(from)).map_or(0, |(day, from)| (day - from).num_days());
    u64::try_from(days / 7).unwrap_or_default()
}

/// Adds the Daily Doses of all Mondays after `from` up to `day` to the contents of a recipe, in the order of their
/// creation. None is created before another content of the recipe.
pub(super) fn add(contents: &mut Contents, recipe: &SampleRecipe, from: NaiveDate, day: NaiveDate) {
    let (base, from_days) = (Days::around(recipe.today).today, Days::around(from));
    for week in 1..=mondays(from, day) {
        let monday = from_days.monday + week.cast_signed() * 7 * DAY;
        for number in 0..PER_WEEK as u64 {
            let order = (week * PER_WEEK as u64 + number).cast_signed();
            contents.add_dose((monday + CREATED_AT).max(base) + order);
        }
    }
}

/// The Daily Doses that are added to the built-in catalog on the Mondays after `after`, up to and including `day`, in a
/// series whose first day is `first`; the latest first.
#[must_use]
pub fn built_in_doses(first: NaiveDate, after: NaiveDate, day: NaiveDate) -> Vec<Content> {
    let recipe = SampleRecipe::built_in();
    let mut contents = Contents::of(&recipe);
    add(&mut contents, &recipe, first, day);
    let new = mondays(first, day).saturating_sub(mondays(first, after));
    let new = usize::try_from(new).unwrap_or_default();
    let read = |content: &SampleContent| {
        let details = contents.details(content);
        Content {
            id: content.id,
            name: content.name.english.clone(),
            name_french: details.french_name,
            is_daily_dose: true,
            created: content.created.and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
        }
    };
    contents.all().iter().rev().take(new * PER_WEEK).map(read).collect()
}
