//! Recommender in the sandbox: answers a `POST` to any path, with requests and answers in the real recommender's
//! format.
//!
//! About a third of the employees get one to six recommendations, about half get an empty list, the others a text in
//! place of an object; always the same employees. A recommended content is recommended every day until it is completed;
//! then other contents follow, so recommendations do not run out over the days. One answer in four also has a content
//! that is open or completed already, like answers of the real recommender. Faults apply to a share of the employees,
//! the same ones every time. Status 429 is only sent at an employee's first call, so a client that retries succeeds.

use std::collections::HashSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use btcfake_core::plan::draw::Draw;
use chrono::{Days, NaiveDate};
use futures_util::stream;
use serde_json::{Value, json};

use super::databricks::{KnownContent, StateStore};
use super::http::{SandboxHttp, serve, strikes};
use crate::terminal::failure::Failure;

/// Options of the sandbox's recommender.
#[derive(Clone, Debug)]
pub(crate) struct RecommenderOptions {
    /// Contents to recommend: ids and names.
    pub(crate) contents: Vec<(u64, String)>,
    /// State tables: contents that are open or completed there are recommended only now and then. Without them, nothing
    /// counts as open or completed.
    pub(crate) state: Option<StateStore>,
    /// Base of due dates, which are 7 to 14 days later.
    pub(crate) today: NaiveDate,
    /// Minimum and maximum time of an answer.
    pub(crate) delay: (Duration, Duration),
    /// Faults to inject.
    pub(crate) faults: RecommenderFaults,
}

/// Faults to inject: shares of employees, from 0 to 1, except for `slow`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RecommenderFaults {
    /// Status 500.
    pub(crate) error_500: f64,
    /// Status 429 with `Retry-After: 1`, at an employee's first call.
    pub(crate) too_many_429: f64,
    /// Error object with status 200.
    pub(crate) error_in_disguise: f64,
    /// JSON cut in half.
    pub(crate) half_json: f64,
    /// Values of wrong types.
    pub(crate) wrong_types: f64,
    /// Body that comes byte by byte and never ends.
    pub(crate) drip: f64,
    /// No answer.
    pub(crate) hang: f64,
    /// Additional delay of every answer.
    pub(crate) slow: Duration,
}

impl RecommenderOptions {
    /// Options with delays of 20 to 80 ms and no faults.
    pub(crate) fn new(contents: Vec<(u64, String)>, today: NaiveDate) -> RecommenderOptions {
        let delay = (Duration::from_millis(20), Duration::from_millis(80));
        RecommenderOptions { contents, state: None, today, delay, faults: RecommenderFaults::default() }
    }
}

/// Starts the sandbox's recommender.
///
/// # Errors
/// No free port on 127.0.0.1.
pub(crate) async fn start_recommender(options: RecommenderOptions) -> Result<SandboxHttp, Failure> {
    let sandbox = Arc::new(RecommenderSandbox { options, asked_before: Mutex::default() });
    serve(|_| Router::new().fallback(post(answer)).with_state(sandbox)).await
}

struct RecommenderSandbox {
    options: RecommenderOptions,
    asked_before: Mutex<HashSet<u64>>,
}

async fn answer(State(sandbox): State<Arc<RecommenderSandbox>>, body: Bytes) -> Response {
    let request: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(ba_id) = request.pointer("/data/ba_id").and_then(Value::as_u64) else {
        let message = json!({ "error": "the body must be {\"data\": {\"ba_id\": 88563}}" });
        return (StatusCode::BAD_REQUEST, axum::Json(message)).into_response();
    };
    sandbox.answer_about(ba_id).await
}

impl RecommenderSandbox {
    async fn answer_about(&self, ba_id: u64) -> Response {
        const PURPOSE: u64 = 0x5A_4D01;
        let RecommenderOptions { delay: (shortest, longest), faults, .. } = &self.options;
        let mut draw = Draw::for_sample(1, PURPOSE, ba_id);
        let span = u64::try_from(longest.saturating_sub(*shortest).as_micros()).unwrap_or_default();
        let prediction = *shortest + Duration::from_micros(draw.between(0, span)) + faults.slow;
        tokio::time::sleep(prediction).await;
        let is_first = self.asked_before.lock().unwrap_or_else(PoisonError::into_inner).insert(ba_id);
        if is_first && strikes(faults.too_many_429, 1, ba_id) {
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "1")], "slow down").into_response();
        }
        if strikes(faults.error_500, 2, ba_id) {
            return (StatusCode::INTERNAL_SERVER_ERROR, "the model broke down").into_response();
        }
        if strikes(faults.error_in_disguise, 3, ba_id) {
            return axum::Json(json!({ "error": "the model is not loaded" })).into_response();
        }
        if strikes(faults.hang, 4, ba_id) {
            return std::future::pending().await;
        }
        let known = self.known(ba_id).await;
        let mut body = self.body(&mut draw, ba_id, &known, prediction);
        if strikes(faults.wrong_types, 5, ba_id) {
            body["response"] = json!({ "ml_recommendations": [
                { "ba_id": [ba_id], "recommended_content_id": {} }, "none", { "recommended_content_id": true },
            ] });
        }
        let text = body.to_string();
        let json = [(header::CONTENT_TYPE, "application/json")];
        if strikes(faults.half_json, 6, ba_id) {
            return (json, text[..text.len() / 2].to_owned()).into_response();
        }
        if strikes(faults.drip, 7, ba_id) {
            return (json, dripping()).into_response();
        }
        (json, text).into_response()
    }

    /// Contents that the state tables have as open or completed; nothing if they cannot be read.
    async fn known(&self, ba_id: u64) -> Vec<KnownContent> {
        let Some(state) = self.options.state.clone() else { return Vec::new() };
        let known = tokio::task::spawn_blocking(move || state.known_contents(ba_id)).await;
        known.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn body(&self, draw: &mut Draw, ba_id: u64, known: &[KnownContent], prediction: Duration) -> Value {
        const NOTES: [(&str, &str); 3] = [
            ("A little practice every day goes a long way.", "Un peu de pratique chaque jour mène loin."),
            ("Start with the first one: it is short.", "Commencez par la première : elle est courte."),
            ("Your clients will notice what you learn.", "Vos clients verront ce que vous apprenez."),
        ];
        let response = match draw.below(100) {
            0..=33 => {
                let items = self.items(draw, ba_id, known);
                let (english, french) = draw.one_of(&NOTES).copied().unwrap_or_default();
                json!({ "ml_recommendations": items, "coaching_note": { "en": english, "fr": french } })
            }
            34..=84 => json!({ "ml_recommendations": [] }),
            _ => json!("No recommendation for this BA."),
        };
        json!({
            "response": response,
            "timing": {
                "wait": draw.between(20, 90),
                "prediction": u64::try_from(prediction.as_micros()).unwrap_or_default(),
            },
            "apiContext": { "serviceId": "mltr", "endpointId": "run", "serviceGeneration": "v3" },
        })
    }

    /// Recommendations for an employee whose open and completed contents are `known`.
    fn items(&self, draw: &mut Draw, ba_id: u64, known: &[KnownContent]) -> Vec<Value> {
        /// Maximum number of draws: more than the contents of a catalog that anybody completes.
        const DRAWS: usize = 500;
        let contents = &self.options.contents;
        let (count, takes_known, number) = (draw.between(1, 6), draw.happens(1, 4), draw.between(0, 1_000));
        let is_known = |id: u64| known.iter().any(|one| one.content_id == id);
        let mut chosen: Vec<(u64, &str, bool)> = Vec::new();
        for _ in 0..DRAWS {
            let Some((id, name)) = draw.one_of(contents) else { break };
            if chosen.len() as u64 == count {
                break;
            }
            if !is_known(*id) && chosen.iter().all(|(other, ..)| other != id) {
                chosen.push((*id, name, false));
            }
        }
        let named = known.iter().filter_map(|one| {
            let (id, name) = contents.iter().find(|(id, _)| *id == one.content_id)?;
            Some((*id, name.as_str(), one.is_completed))
        });
        let named: Vec<(u64, &str, bool)> = if takes_known { named.collect() } else { Vec::new() };
        let extra = named.get(usize::try_from(number).unwrap_or_default() % named.len().max(1));
        chosen.truncate(if extra.is_some() { 5 } else { 6 });
        let due = self.options.today.checked_add_days(Days::new(draw.between(7, 14))).unwrap_or(self.options.today);
        let item = |(order, (id, name, is_completed)): (usize, &(u64, &str, bool))| {
            json!({
                "ba_id": ba_id,
                "course_id": 30_000 + id % 10_000,
                "course_name": "Sell.",
                "recommended_content_id": id,
                "recommended_content": name,
                "order": order + 1,
                "due_date": format!("{due}T00:00:00"),
                "is_recommended_content_completed": is_completed,
            })
        };
        chosen.iter().chain(extra).enumerate().map(item).collect()
    }
}

/// Endless body: a blank every 100 ms.
fn dripping() -> Body {
    Body::from_stream(stream::unfold((), |()| async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b" ")), ()))
    }))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use btcfake_core::format::{assignments_table, completions_table};

    use super::*;

    #[test]
    fn recommendations_go_on_however_much_is_completed() {
        let folder = tempfile::tempdir().unwrap();
        let state = StateStore::open(&folder.path().join("tables")).unwrap();
        let contents: Vec<(u64, String)> = (1..=200).map(|id| (id * 1_000, format!("Content {id}"))).collect();
        let today: NaiveDate = "2026-01-29".parse().unwrap();
        let options = RecommenderOptions { state: Some(state.clone()), ..RecommenderOptions::new(contents, today) };
        let sandbox = RecommenderSandbox { options, asked_before: Mutex::default() };
        let mut completed_ones = 0;
        for ba_id in 1..=20 {
            let mut completed: BTreeSet<u64> = BTreeSet::new();
            for day in 1..=20 {
                let known = state.known_contents(ba_id).unwrap();
                let items = |known| sandbox.items(&mut Draw::for_sample(1, 1, ba_id), ba_id, known);
                assert_eq!(items(&known), items(&known));
                let items = items(&known);
                let is_done = |item: &Value| item["is_recommended_content_completed"] == true;
                let id = |item: &Value| item["recommended_content_id"].as_u64().unwrap();
                let new: Vec<u64> = items.iter().filter(|item| !is_done(item)).map(id).collect();
                assert!(
                    !new.is_empty() && new.iter().all(|id| !completed.contains(id)),
                    "{ba_id}, day {day}: {items:?}"
                );
                assert!(items.iter().filter(|item| is_done(item)).all(|item| completed.contains(&id(item))));
                completed_ones += items.len() - new.len();
                let rows: String = new.iter().map(|id| format!("{ba_id},{id},2026-02-{day:02}\n")).collect();
                let header = |columns: &[&str]| columns.join(",") + "\n";
                let assignments = header(&assignments_table::COLUMNS);
                let completions = header(&completions_table::COLUMNS) + &rows;
                state.add_tables(assignments.as_bytes(), completions.as_bytes()).unwrap();
                completed.extend(new);
            }
        }
        assert!(completed_ones > 0, "some are completed already, as the real one's");
    }
}
