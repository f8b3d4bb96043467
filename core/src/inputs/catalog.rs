//! The assignable contents: today's Daily Doses, and the others from which one is drawn at random.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::format::course_catalog::NamedContent;
use crate::format::standalone_content::Content;

/// The maximum number of Daily Doses given on a day.
pub const DAILY_DOSES: usize = 3;

/// The catalog in the form that the manager's rules need.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// The ids of the day's Daily Doses: at most three, the latest created first.
    pub chosen_doses: Vec<u64>,
    /// The ids of all other contents, ascending.
    pub others: Vec<u64>,
    doses: FxHashSet<u64>,
    names: FxHashMap<u64, String>,
}

impl Catalog {
    /// Builds the catalog from `StandAloneContent`. `courses` only adds names of contents that it lacks.
    #[must_use]
    pub fn new(contents: &[Content], courses: &[NamedContent]) -> Catalog {
        let mut doses: Vec<&Content> = contents.iter().filter(|content| content.is_daily_dose).collect();
        // Latest created first. Contents without a usable date come last; of equal dates the higher id comes first.
        doses.sort_by_key(|content| Reverse((content.created, content.id)));
        let mut others: Vec<u64> =
            contents.iter().filter(|content| !content.is_daily_dose).map(|content| content.id).collect();
        others.sort();
        let mut names: FxHashMap<u64, String> = FxHashMap::default();
        let stand_alone = contents.iter().map(|content| (content.id, &content.name));
        let in_courses = courses.iter().map(|content| (content.id, &content.name));
        for (id, name) in stand_alone.chain(in_courses) {
            if !name.is_empty() {
                names.entry(id).or_insert_with(|| name.clone());
            }
        }
        Catalog {
            chosen_doses: doses.iter().take(DAILY_DOSES).map(|content| content.id).collect(),
            others,
            doses: doses.iter().map(|content| content.id).collect(),
            names,
        }
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
        let catalog = Catalog::new(&contents, &[]);
        assert_eq!(catalog.chosen_doses, [5, 4, 3]);
        assert_eq!(catalog.others, [6]);
        assert_eq!([1, 2, 6].map(|id| catalog.is_daily_dose(id)), [true, true, false]);
        assert_eq!(Catalog::new(&contents[1..2], &[]).chosen_doses, [2]);
        assert_eq!(Catalog::new(&contents[..2], &[]).chosen_doses, [1, 2]);
    }

    #[test]
    fn courses_name_what_stand_alone_content_lacks() {
        let contents = [Content { id: 1, name: "One".into(), is_daily_dose: false, created: None }];
        let courses = [NamedContent { id: 1, name: "Uno".into() }, NamedContent { id: 2, name: "Two".into() }];
        let catalog = Catalog::new(&contents, &courses);
        assert_eq!([1, 2, 3].map(|id| catalog.name(id)), [Some("One"), Some("Two"), None]);
    }
}
