//! The made-up vendor and recommender of a sample on later days.
//!
//! A catalog that was made by this program, and was not changed, is recognised: then the days of a series go on as the
//! vendor's would. Its Daily Doses are continued on Mondays, its recommendations every day.

use std::ops::Range;

use chrono::{Days as DayCount, NaiveDate};

use super::contents::{Contents, SampleContent, first_content_id};
use super::recommendations::Recommender;
use super::sample_recipe::{SampleFile, SampleRecipe};
use super::weekly_doses::{self, PER_WEEK, mondays};
use super::{course_catalog, standalone_content};
use crate::format::instant::parse_instant;
use crate::format::standalone_content::Content;

/// The seeds whose samples are recognised.
const SEEDS: Range<u64> = 0..10_000;

/// The vendor of a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor {
    recipe: SampleRecipe,
    /// The number of Mondays after the recipe's day whose Daily Doses the catalog has.
    weeks: u64,
    has_recommender: bool,
}

impl Vendor {
    /// The vendor of the built-in catalog. It has no recommender.
    #[must_use]
    pub fn built_in() -> Vendor {
        Vendor { recipe: SampleRecipe::built_in(), weeks: 0, has_recommender: false }
    }

    /// The vendor of the `StandAloneContent` of a sample, of the sample's own day or a later one; `None` if any content
    /// is not as the vendor made it, or if the seed is not below 10,000.
    #[must_use]
    pub fn of(contents: &[Content]) -> Option<Vendor> {
        let first = contents.first()?;
        let last_doses = contents.iter().rev().take_while(|content| content.is_daily_dose).count();
        let of_seed = |seed| {
            let today = day_of(seed, first)?;
            let of_weeks = |weeks: usize| {
                let contents = contents.len() - weeks * PER_WEEK;
                let recipe = SampleRecipe { seed, today, employees: 0, contents };
                Vendor { recipe, weeks: weeks as u64, has_recommender: true }
            };
            (0..=last_doses / PER_WEEK).map(of_weeks).find(|vendor| vendor.made(contents))
        };
        SEEDS.filter(|seed| first_content_id(*seed) == first.id).find_map(of_seed)
    }

    /// The vendor who changes a catalog over a series: that of the built-in catalog, or with `continues_sample` that of a
    /// sample, as in [`Vendor::of`]. `None` if the catalog stays the same.
    #[must_use]
    pub fn of_series(contents: &[Content], is_built_in: bool, continues_sample: bool) -> Option<Vendor> {
        match (is_built_in, continues_sample) {
            (true, _) => Some(Vendor::built_in()),
            (false, true) => Vendor::of(contents),
            (false, false) => None,
        }
    }

    /// The Daily Doses that the vendor adds on the Mondays after `after`, up to and including `day`, in a series whose
    /// first day is `first`; the latest first.
    #[must_use]
    pub fn daily_doses(&self, first: NaiveDate, after: NaiveDate, day: NaiveDate) -> Vec<Content> {
        let contents = self.contents_on(first, day);
        let new = mondays(first, day).saturating_sub(mondays(first, after));
        let new = usize::try_from(new).unwrap_or_default() * PER_WEEK;
        contents.all().iter().rev().take(new).map(|content| row_of(&contents, content)).collect()
    }

    /// The recommender on a later day of a series; `None` for the built-in catalog. A series may begin before the sample's
    /// own day, with the recording of that day. On that day itself, a recommender of long ago takes its place.
    #[must_use]
    pub fn recommender(&self, day: NaiveDate) -> Option<Recommender> {
        let day = if day == self.recipe.today { self.long_ago() } else { day };
        self.has_recommender.then(|| Recommender::of(&self.recipe, day))
    }

    /// The recommenders that may have recorded for a run on a day: that of the sample's own day, and those of
    /// [`Vendor::recommender`] in the week up to the day of the run. Empty for the built-in catalog.
    #[must_use]
    pub fn recommenders_before(&self, day: NaiveDate) -> Vec<Recommender> {
        let own = self.has_recommender.then(|| Recommender::of(&self.recipe, self.recipe.today));
        let week = (0..7).filter_map(|days| self.recommender(day.checked_sub_days(DayCount::new(days))?));
        own.into_iter().chain(week).collect()
    }

    /// A day on which no run is made.
    fn long_ago(&self) -> NaiveDate {
        self.recipe.today.checked_sub_days(DayCount::new(10_000)).unwrap_or(NaiveDate::MIN)
    }

    /// The `StandAloneContent` of a later day, in a series whose first day is `first`.
    #[must_use]
    pub fn standalone_content(&self, first: NaiveDate, day: NaiveDate) -> SampleFile {
        standalone_content::file_of(&self.contents_on(first, day), self.recipe.seed, day)
    }

    /// The course catalog of a later day.
    #[must_use]
    pub fn course_catalog(&self, day: NaiveDate) -> SampleFile {
        course_catalog::file(&self.recipe, day)
    }

    /// The contents on a later day of a series.
    fn contents_on(&self, first: NaiveDate, day: NaiveDate) -> Contents {
        let mut contents = self.contents();
        weekly_doses::add(&mut contents, first, day);
        contents
    }

    /// The contents up to the catalog's day.
    fn contents(&self) -> Contents {
        let mut contents = Contents::of(&self.recipe);
        let day = self.recipe.today.checked_add_days(DayCount::new(self.weeks * 7));
        weekly_doses::add(&mut contents, self.recipe.today, day.unwrap_or(self.recipe.today));
        contents
    }

    /// True if the catalog of the vendor has exactly these contents. The Mondays of later Daily Doses are those of any weeks.
    fn made(&self, found: &[Content]) -> bool {
        let contents = self.contents();
        let made = || contents.all().iter().filter(|content| content.is_standalone);
        let is_made = |(content, found): (&SampleContent, &Content)| {
            let row = row_of(&contents, content);
            let created = if content.created.is_some() { found.created } else { row.created };
            Content { created, ..row } == *found
        };
        // Texts take longer to make.
        made().map(|content| content.id).eq(found.iter().map(|content| content.id)) && made().zip(found).all(is_made)
    }
}

/// The day of the sample of a seed whose first content is this one; `None` if no day has it.
fn day_of(seed: u64, first: &Content) -> Option<NaiveDate> {
    let today = NaiveDate::from_ymd_opt(2_000, 1, 1)?;
    let contents = Contents::of(&SampleRecipe { seed, today, employees: 0, contents: 1 });
    let made = row_of(&contents, contents.all().first()?);
    today.checked_add_signed(first.created? - made.created?)
}

/// A content as the reader of the catalog returns it.
fn row_of(contents: &Contents, content: &SampleContent) -> Content {
    let details = contents.details(content);
    Content {
        id: content.id,
        name: content.name.english.clone(),
        name_french: details.french_name,
        is_daily_dose: content.is_daily_dose,
        created: parse_instant(&details.created),
    }
}
