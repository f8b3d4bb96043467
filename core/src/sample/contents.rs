//! The made-up contents that all files of a sample refer to.
//!
//! Four of five are in `StandAloneContent`; the fifth is only in the course catalog and the recommendations. About one
//! in twenty of the `StandAloneContent` ones is a Daily Dose. The first three Daily Doses are among the first ten
//! contents, so that even a small sample has them.

use super::days::{DAY, Days, some_of};
use super::sample_recipe::SampleRecipe;
use super::tables::SampleTable;
use super::words;
use crate::format::identifier::content_id_text;
use crate::format::instant::seconds_text;
use crate::plan::draw::Draw;

const FIRST_ID: u64 = 20_000;

/// The width of the id span in which each content's id is drawn.
const ID_SPAN: u64 = 1_000;

/// A made-up content.
pub(super) struct SampleContent {
    /// Its `ContentId`.
    pub(super) id: u64,
    /// Its name in English and French, with its topic.
    pub(super) name: words::Name,
    /// True if it is in `StandAloneContent`.
    pub(super) is_standalone: bool,
    /// True if `Daily_Dose_BA` is TRUE.
    pub(super) is_daily_dose: bool,
    /// When it was created, in seconds since 1970-01-01T00:00:00Z; `None` for a time that is drawn.
    pub(super) created: Option<i64>,
}

/// All contents of a sample.
pub(super) struct Contents {
    seed: u64,
    days: Days,
    all: Vec<SampleContent>,
    daily_dose_ids: Vec<u64>,
    other_standalone_ids: Vec<u64>,
}

/// The other catalog columns of a content, besides id and names.
pub(super) struct ContentDetails {
    /// `ContentId` with thousands separators.
    pub(super) id: String,
    /// The name shown to administrators.
    pub(super) admin_name: String,
    /// The description, of one to three sentences.
    pub(super) description: String,
    /// The kind of content.
    pub(super) kind: &'static str,
    /// Tags, separated by commas.
    pub(super) tags: String,
    /// The other Daily Dose column, which no rule uses.
    pub(super) other_daily_dose: &'static str,
    /// `Daily_Dose_BA`.
    pub(super) daily_dose_ba: &'static str,
    /// The creation time, within the two years before today.
    pub(super) created: String,
    /// Its URL.
    pub(super) link: String,
    /// The French name; empty for some.
    pub(super) french_name: String,
    /// The French description; empty where the French name is.
    pub(super) french_description: String,
}

impl Contents {
    /// The contents of a recipe.
    pub(super) fn of(recipe: &SampleRecipe) -> Contents {
        let count = recipe.contents as u64;
        let all: Vec<SampleContent> = (0..count + count / 4).map(|position| content(recipe.seed, position)).collect();
        let ids = |is_wanted: fn(&SampleContent) -> bool| {
            all.iter().filter(|content| is_wanted(content)).map(|content| content.id).collect()
        };
        let daily_dose_ids = ids(|content| content.is_daily_dose);
        let other_standalone_ids = ids(|content| content.is_standalone && !content.is_daily_dose);
        Contents { seed: recipe.seed, days: Days::around(recipe.today), all, daily_dose_ids, other_standalone_ids }
    }

    /// Adds a Daily Dose with a time of creation. No draw of another file refers to it.
    pub(super) fn add_dose(&mut self, created: i64) {
        let content = content(self.seed, self.all.len() as u64);
        self.all.push(SampleContent { is_standalone: true, is_daily_dose: true, created: Some(created), ..content });
    }

    /// A time after all creations, in seconds since 1970-01-01T00:00:00Z.
    pub(super) fn end_of_creations(&self) -> i64 {
        self.all.iter().filter_map(|content| content.created).fold(self.days.today, |end, created| end.max(created + 1))
    }

    /// All of them, by id.
    pub(super) fn all(&self) -> &[SampleContent] {
        &self.all
    }

    /// The content with an id of this sample.
    pub(super) fn by_id(&self, id: u64) -> Option<&SampleContent> {
        let position = id.checked_sub(FIRST_ID)? / ID_SPAN;
        self.all.get(usize::try_from(position).ok()?).filter(|content| content.id == id)
    }

    /// The id of a randomly drawn content of `StandAloneContent`: a Daily Dose if `daily_dose` is set, else another
    /// one.
    pub(super) fn some_standalone_id(&self, draw: &mut Draw, daily_dose: bool) -> Option<u64> {
        draw.one_of(if daily_dose { &self.daily_dose_ids } else { &self.other_standalone_ids }).copied()
    }

    /// The id of a randomly drawn content, in `StandAloneContent` or not.
    pub(super) fn some_id(&self, draw: &mut Draw) -> Option<u64> {
        draw.one_of(&self.all).map(|content| content.id)
    }

    /// The other catalog columns of a content.
    pub(super) fn details(&self, content: &SampleContent) -> ContentDetails {
        let mut draw = SampleTable::ContentDetails.draw(self.seed, content.id);
        let (description, french_description) = words::description(&mut draw);
        let is_french = draw.happens(11, 12);
        let french = |text: &str| if is_french { text.to_owned() } else { String::new() };
        let topic = content.name.topic;
        ContentDetails {
            id: content_id_text(content.id),
            admin_name: admin_name(content),
            description,
            kind: draw.one_of(&["Media", "Media", "Media", "Document", "Quiz"]).copied().unwrap_or("Media"),
            tags: draw.one_of(&["new", "all stores", "video"]).map_or(String::new(), |tag| [topic, ", ", tag].concat()),
            other_daily_dose: flag(draw.happens(1, 4)),
            daily_dose_ba: flag(content.is_daily_dose),
            created: created(&mut draw, self.days, content.created),
            link: format!("https://example.com/content/{}", content.id),
            french_name: french(&content.name.french),
            french_description: french(&french_description),
        }
    }
}

/// The vendor's text for a boolean.
pub(super) fn flag(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// The id of the first content of a seed.
pub(super) fn first_content_id(seed: u64) -> u64 {
    content_id(&mut SampleTable::Contents.draw(seed, 0), 0)
}

fn content_id(draw: &mut Draw, position: u64) -> u64 {
    FIRST_ID + position * ID_SPAN + draw.below(ID_SPAN)
}

fn content(seed: u64, position: u64) -> SampleContent {
    let mut draw = SampleTable::Contents.draw(seed, position);
    let id = content_id(&mut draw, position);
    let is_standalone = position % 5 != 4;
    let is_daily_dose = is_standalone && is_daily_dose(position - position / 5);
    SampleContent { id, name: words::content_name(&mut draw), is_standalone, is_daily_dose, created: None }
}

/// True if the content in a row (from 0) of `StandAloneContent` is a Daily Dose. Every twentieth is one, but those of
/// rows 20 and 40 are moved forward to rows 3 and 7.
fn is_daily_dose(row: u64) -> bool {
    matches!(row, 0 | 3 | 7) || (row >= 60 && row.is_multiple_of(20))
}

fn admin_name(content: &SampleContent) -> String {
    let prefix = if content.is_daily_dose { "DD" } else { "BA" };
    format!("{prefix}_{}", content.name.english.replace([' ', ':', ','], ""))
}

fn created(draw: &mut Draw, days: Days, known: Option<i64>) -> String {
    let drawn = days.today - 1 - some_of(draw, 2 * 365 * DAY);
    seconds_text(known.unwrap_or(drawn))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_twenty_is_a_daily_dose() {
        for (contents, daily_doses) in [(0, 0), (1, 1), (8, 3), (10, 3), (200, 10), (1_600, 80)] {
            assert_eq!((0..contents).filter(|row| is_daily_dose(*row)).count(), daily_doses, "{contents}");
        }
    }

    #[test]
    fn as_many_stand_alone_as_the_recipe_says() {
        for count in [0, 1, 3, 4, 5, 10, 1_600] {
            let today = "2026-01-29".parse().unwrap_or_default();
            let recipe = SampleRecipe { seed: 3, today, employees: 1, contents: count };
            let contents = Contents::of(&recipe);
            assert_eq!(contents.all().iter().filter(|content| content.is_standalone).count(), count);
            assert!(contents.all().is_sorted_by(|earlier, later| earlier.id < later.id));
            assert!(contents.all().iter().all(|content| contents.by_id(content.id).is_some()));
        }
    }
}
