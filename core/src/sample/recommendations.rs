//! The sample's recommendations.jsonl: one recorded answer of the Training Recommender per employee and line.
//!
//! About a third of the employees get one to six recommendations, some of contents that are already on their list or
//! were completed lately. The others get an empty list or a text; for one in a hundred the call failed.

use chrono::NaiveDate;
use serde::Serialize;

use super::contents::Contents;
use super::courses::{Course, certain_courses, course};
use super::days::{DAY, Days};
use super::employees::employees;
use super::history::EmployeeHistory;
use super::sample_recipe::{SampleFile, SampleRecipe};
use super::tables::SampleTable;
use super::words::coaching_note;
use crate::format::instant::seconds_text;
use crate::format::recommendations::Recommendation;
use crate::plan::draw::Draw;

#[derive(Serialize)]
#[serde(untagged)]
enum SampleLine<'a> {
    Answered { ba_id: u64, body: Body<'a> },
    Failed { ba_id: u64, error: &'static str },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    response: Response<'a>,
    timing: Timing,
    api_context: ApiContext,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Response<'a> {
    Recommended { ml_recommendations: Vec<SampleItem<'a>>, coaching_note: CoachingNote },
    Nothing { ml_recommendations: [SampleItem<'a>; 0] },
    Said(&'static str),
}

#[derive(Serialize)]
struct SampleItem<'a> {
    ba_id: u64,
    course_id: u64,
    course_name: &'a str,
    recommended_content_id: u64,
    recommended_content: &'a str,
    order: usize,
    due_date: &'a str,
    is_recommended_content_completed: bool,
}

#[derive(Serialize)]
struct CoachingNote {
    en: &'static str,
    fr: &'static str,
}

/// The response times of the service, in microseconds.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Timing {
    wait: u64,
    prediction: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiContext {
    service_id: &'static str,
    endpoint_id: &'static str,
    service_generation: &'static str,
}

/// The made-up recommender on a day.
pub struct Recommender {
    contents: Contents,
    courses: Vec<Course>,
    days: Days,
    /// The seven possible due dates of recommendations, in the format of the API.
    due_dates: Vec<String>,
    seed: u64,
    /// The seed by which the recommended contents are drawn; it differs from day to day.
    seed_of_day: u64,
}

/// The name of the file.
pub(super) const NAME: &str = "recommendations.jsonl";

/// Makes the file of a day. The same employees get recommendations every day, but of other contents.
pub(super) fn file(recipe: &SampleRecipe, day: NaiveDate) -> SampleFile {
    let recommender = Recommender::of(recipe, day);
    let mut bytes = Vec::new();
    employees(recipe).for_each(|employee| recommender.push_line(&mut bytes, employee.id));
    SampleFile { name: NAME.to_owned(), bytes }
}

impl Recommender {
    /// The recommender of a sample on a day.
    pub(super) fn of(recipe: &SampleRecipe, day: NaiveDate) -> Recommender {
        let today = Days::around(day).today;
        let days_later = day.signed_duration_since(recipe.today).num_days();
        let courses = certain_courses(recipe.contents) as u64;
        Recommender {
            contents: Contents::of(recipe),
            courses: (0..courses).map(|position| course(recipe.seed, position)).collect(),
            days: Days::around(recipe.today),
            due_dates: (7..14).map(|days_ahead| due_date(today + days_ahead * DAY)).collect(),
            seed: recipe.seed,
            seed_of_day: recipe.seed.wrapping_add_signed(days_later),
        }
    }

    /// The recommendations for an employee, as the reader of a recording returns them; empty for any other answer.
    #[must_use]
    pub fn recommended(&self, ba_id: u64) -> Vec<Recommendation> {
        let SampleLine::Answered { body, .. } = self.line(ba_id) else { return Vec::new() };
        let Response::Recommended { ml_recommendations, .. } = body.response else { return Vec::new() };
        let read = |item: SampleItem<'_>| Recommendation {
            content_id: item.recommended_content_id,
            name: item.recommended_content.into(),
        };
        ml_recommendations.into_iter().map(read).collect()
    }

    /// Appends the line of a recording about an employee.
    pub fn push_line(&self, out: &mut Vec<u8>, ba_id: u64) {
        // Serialising numbers, texts and lists to memory cannot fail.
        if serde_json::to_writer(&mut *out, &self.line(ba_id)).is_ok() {
            out.push(b'\n');
        }
    }

    fn line(&self, ba_id: u64) -> SampleLine<'_> {
        const ERRORS: [&str; 3] =
            ["timed out after 30 s", "HTTP 500 Internal Server Error", "connection reset by peer"];
        let mut draw = SampleTable::Recommendations.draw(self.seed, ba_id);
        let response = match draw.below(100) {
            0..=33 if self.seed_of_day == self.seed => self.recommendations(&mut draw, ba_id),
            0..=33 => self.recommendations(&mut SampleTable::Recommendations.draw(self.seed_of_day, ba_id), ba_id),
            34..=84 => Response::Nothing { ml_recommendations: [] },
            85..=98 => Response::Said("No recommendation for this BA."),
            _ => return SampleLine::Failed { ba_id, error: draw.one_of(&ERRORS).copied().unwrap_or_default() },
        };
        let timing = Timing { wait: draw.between(20, 90), prediction: draw.between(1_000_000, 8_000_000) };
        let api_context = ApiContext { service_id: "mltr", endpoint_id: "run", service_generation: "v3" };
        SampleLine::Answered { ba_id, body: Body { response, timing, api_context } }
    }

    fn recommendations(&self, draw: &mut Draw, ba_id: u64) -> Response<'_> {
        let history = EmployeeHistory::of(self.seed, ba_id, &self.contents, self.days);
        let mut items: Vec<SampleItem<'_>> = Vec::new();
        for _ in 0..draw.between(1, 6) {
            let content_id = self.content_id(draw, &history);
            if items.iter().any(|item| Some(item.recommended_content_id) == content_id) {
                continue;
            }
            let order = items.len() + 1;
            items.extend(content_id.and_then(|id| self.item(draw, ba_id, id, order, &history)));
        }
        let (en, fr) = coaching_note(draw);
        Response::Recommended { ml_recommendations: items, coaching_note: CoachingNote { en, fr } }
    }

    /// The content to recommend: sometimes one that was assigned or completed, otherwise any.
    fn content_id(&self, draw: &mut Draw, history: &EmployeeHistory) -> Option<u64> {
        let known = match draw.below(10) {
            0 | 1 => draw.one_of(&history.assignments).map(|assignment| assignment.content_id),
            2 | 3 => draw.one_of(&history.completions).map(|completion| completion.content_id),
            _ => None,
        };
        known.or_else(|| self.contents.some_id(draw))
    }

    fn item(
        &self,
        draw: &mut Draw,
        ba_id: u64,
        id: u64,
        order: usize,
        history: &EmployeeHistory,
    ) -> Option<SampleItem<'_>> {
        let course = draw.one_of(&self.courses)?;
        Some(SampleItem {
            ba_id,
            course_id: course.id,
            course_name: &course.name.english,
            recommended_content_id: id,
            recommended_content: &self.contents.by_id(id)?.name.english,
            order,
            due_date: draw.one_of(&self.due_dates)?,
            is_recommended_content_completed: history.has_completed(id),
        })
    }
}

/// A date in the format of the API: `2025-12-14T00:00:00`.
fn due_date(seconds: i64) -> String {
    seconds_text(seconds).replace('Z', "")
}
