//! The assignable contents: today's Daily Doses, and the others from which one is drawn at random.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::format::course_catalog::CourseContent;
use crate::format::standalone_content::Content;

/// The maximum number of Daily Doses given on a day.
pub const DAILY_DOSES: usize = 3;

/// The catalog in the form that the manager's rules need.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The contents of `StandAloneContent`, in the order of the file.
    pub contents: Vec<Content>,
    /// The ids of the day's Daily Doses: at most three, the latest created first.
    pub chosen_doses: Vec<u64>,
    /// The ids of all other contents, ascending.
    pub others: Vec<u64>,
    doses: FxHashSet<u64>,
    names: FxHashMap<u64, String>,
    french_names: FxHashMap<u64, String>,
}

impl Catalog {
    /// Builds the catalog from `StandAloneContent`. `courses` only adds names of contents that it lacks.
    #[must_use]
    pub fn new(contents: Vec<Content>, courses: &[CourseContent]) -> Catalog {
        let mut doses: Vec<&Content> = contents.iter().filter(|content| content.is_daily_dose).collect();
        // Latest created first. Contents without a usable date come last; of equal dates the higher id comes first.
        doses.sort_by_key(|content| Reverse((content.created, content.id)));
        let mut others: Vec<u64> =
            contents.iter().filter(|content| !content.is_daily_dose).map(|content| content.id).collect();
        others.sort();
        let mut catalog = Catalog {
            chosen_doses: doses.iter().take(DAILY_DOSES).map(|content| content.id).collect(),
            others,
            doses: doses.iter().map(|content| content.id).collect(),
            ..Catalog::default()
        };
        contents.iter().for_each(|content| catalog.add_names(content.id, &content.name, &content.name_french));
        courses.iter().for_each(|content| catalog.add_names(content.id, &content.name, &content.name_french));
        Catalog { contents, ..catalog }
    }

    /// Adds Daily Doses that were created after all others, the latest first.
    pub fn add_doses(&mut self, doses: &[Content]) {
        self.chosen_doses.splice(0..0, doses.iter().map(|dose| dose.id));
        self.chosen_doses.truncate(DAILY_DOSES);
        self.doses.extend(doses.iter().map(|dose| dose.id));
        doses.iter().for_each(|dose| self.add_names(dose.id, &dose.name, &dose.name_french));
    }

    /// True if the content is any Daily Dose of the catalog, chosen or not.
    #[must_use]
    pub fn is_daily_dose(&self, content_id: u64) -> bool {
        self.doses.contains(&content_id)
    }

    /// The number of Daily Doses of the catalog, chosen or not.
    #[must_use]
    pub fn daily_doses(&self) -> usize {
        self.doses.len()
    }

    /// The name of a content; `None` if no catalog has one.
    #[must_use]
    pub fn name(&self, content_id: u64) -> Option<&str> {
        self.names.get(&content_id).map(String::as_str)
    }

    /// The French name of a content; `None` if no catalog has one.
    #[must_use]
    pub fn french_name(&self, content_id: u64) -> Option<&str> {
        self.french_names.get(&content_id).map(String::as_str)
    }

    /// Adds the names of a content. Empty names are ignored; the first name of a content stays.
    fn add_names(&mut self, id: u64, english: &str, french: &str) {
        for (names, name) in [(&mut self.names, english), (&mut self.french_names, french)] {
            if !name.is_empty() {
                names.entry(id).or_insert_with(|| name.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::instant::parse_instant;

    #[test]
    fn the_three_latest_daily_doses_are_chosen() {
        let content = |id, is_daily_dose, created: &str| Content {
            id,
            name: String::new(),
            name_french: String::new(),
            is_daily_dose,
            created: parse_instant(created),
        };
        let contents = [
            content(1, true, "2026-01-01T00:00:00Z"),
            content(2, true, "nonsense"),
            content(3, true, "2026-01-02T00:00:00+02:00"),
            content(4, true, "2026-01-01T22:00:00Z"),
            content(5, true, "2090-01-01T00:00:00Z"),
            content(6, false, "2091-01-01T00:00:00Z"),
        ];
        let catalog = Catalog::new(contents.to_vec(), &[]);
        assert_eq!(catalog.chosen_doses, [5, 4, 3]);
        assert_eq!(catalog.others, [6]);
        assert_eq!([1, 2, 6].map(|id| catalog.is_daily_dose(id)), [true, true, false]);
        assert_eq!(Catalog::new(contents[1..2].to_vec(), &[]).chosen_doses, [2]);
        assert_eq!(Catalog::new(contents[..2].to_vec(), &[]).chosen_doses, [1, 2]);
    }

    #[test]
    fn courses_name_what_stand_alone_content_lacks() {
        let content = |id, name: &str, name_french: &str| Content {
            id,
            name: name.into(),
            name_french: name_french.into(),
            is_daily_dose: false,
            created: None,
        };
        let course = |id, name: &str, name_french: &str| CourseContent {
            id,
            name: name.into(),
            name_french: name_french.into(),
        };
        let contents = [content(1, "One", ""), content(4, "", "Quatre")];
        let courses = [course(1, "Uno", "Un"), course(2, "Two", ""), course(4, "Four", "4")];
        let catalog = Catalog::new(contents.to_vec(), &courses);
        assert_eq!([1, 2, 3, 4].map(|id| catalog.name(id)), [Some("One"), Some("Two"), None, Some("Four")]);
        assert_eq!([1, 2, 3, 4].map(|id| catalog.french_name(id)), [Some("Un"), None, None, Some("Quatre")]);
    }
}
