//! The helper's answers as `btcfake_core::api` has them, made from what the browser parsed. Serde's reading of these
//! types would be a good part of the whole page's code.

use btcfake_core::api::{
    ApiError, CatalogFile, Connection, ConnectionState, ConnectionStatus, DownloadEvent, PublishEvent,
    RecommendationEvent, StateEvent, Status, TestResult,
};
use btcfake_core::format::file_name::FileKind;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// A part of an answer.
pub(crate) struct Answer(pub(crate) JsValue);

/// What an answer can be; nothing where it is something else.
pub(crate) trait FromAnswer: Sized {
    /// Reads it.
    fn from_answer(answer: &Answer) -> Option<Self>;
}

impl Answer {
    fn part(&self, key: &str) -> Option<Answer> {
        Reflect::get(&self.0, &key.into()).ok().map(Answer)
    }

    fn text(&self, key: &str) -> Option<String> {
        self.part(key)?.0.as_string()
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.part(key)?.0.as_bool()
    }

    /// A number of bytes or employees.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are whole numbers below 2^53")]
    fn count(&self, key: &str) -> Option<u64> {
        self.part(key)?.0.as_f64().map(|number| number as u64)
    }

    fn list<T: FromAnswer>(&self, key: &str) -> Option<Vec<T>> {
        Vec::from_answer(&self.part(key)?)
    }

    fn is(&self, key: &str, value: &str) -> bool {
        self.text(key).is_some_and(|text| text == value)
    }
}

impl<T: FromAnswer> FromAnswer for Vec<T> {
    fn from_answer(answer: &Answer) -> Option<Vec<T>> {
        answer.0.dyn_ref::<Array>()?.iter().map(|one| T::from_answer(&Answer(one))).collect()
    }
}

impl FromAnswer for String {
    fn from_answer(answer: &Answer) -> Option<String> {
        answer.0.as_string()
    }
}

impl FromAnswer for ApiError {
    fn from_answer(answer: &Answer) -> Option<ApiError> {
        Some(ApiError { error: answer.text("error")? })
    }
}

impl FromAnswer for Status {
    fn from_answer(answer: &Answer) -> Option<Status> {
        Some(Status {
            version: answer.text("version")?,
            instance: answer.text("instance")?,
            environment: answer.text("environment"),
            sandbox: answer.flag("sandbox")?,
            connections: answer.list("connections")?,
            warnings: answer.list("warnings")?,
        })
    }
}

impl FromAnswer for ConnectionStatus {
    fn from_answer(answer: &Answer) -> Option<ConnectionStatus> {
        let name = answer.text("connection")?;
        let connection = Connection::ALL.iter().copied().find(|one| one.name() == name)?;
        Some(ConnectionStatus { connection, state: ConnectionState::from_answer(&answer.part("state")?)? })
    }
}

impl FromAnswer for ConnectionState {
    fn from_answer(answer: &Answer) -> Option<ConnectionState> {
        if answer.is("state", "configured") {
            let (address, production_host) = (answer.text("address")?, answer.text("production_host"));
            Some(ConnectionState::Configured { address, production_host })
        } else if answer.is("state", "wrong") {
            Some(ConnectionState::Wrong { said: answer.text("said")? })
        } else {
            answer.is("state", "not_configured").then_some(ConnectionState::NotConfigured)
        }
    }
}

impl FromAnswer for TestResult {
    fn from_answer(answer: &Answer) -> Option<TestResult> {
        Some(TestResult { works: answer.flag("works")?, said: answer.text("said")? })
    }
}

impl FromAnswer for CatalogFile {
    fn from_answer(answer: &Answer) -> Option<CatalogFile> {
        let kind = if answer.is("kind", "stand_alone_content") {
            FileKind::StandAloneContent
        } else {
            answer.is("kind", "course_catalog").then_some(FileKind::CourseCatalog)?
        };
        let (name, bytes) = (answer.text("name")?, answer.count("bytes")?);
        Some(CatalogFile { name, kind, bytes, most_recent: answer.flag("most_recent")? })
    }
}

/// Some bytes of a file: its name, how many are done, of how many.
fn progress(answer: &Answer) -> Option<(String, u64, u64)> {
    let part = || Some((answer.text("name")?, answer.count("done")?, answer.count("total")?));
    if answer.is("event", "progress") { part() } else { None }
}

/// Why something failed.
fn failure(answer: &Answer) -> Option<String> {
    if answer.is("event", "failed") { answer.text("said") } else { None }
}

fn is_done(answer: &Answer) -> Option<()> {
    answer.is("event", "done").then_some(())
}

impl FromAnswer for DownloadEvent {
    fn from_answer(answer: &Answer) -> Option<DownloadEvent> {
        if let Some((name, done, total)) = progress(answer) {
            return Some(DownloadEvent::Progress { name, done, total });
        }
        if let Some(said) = failure(answer) {
            return Some(DownloadEvent::Failed { said });
        }
        is_done(answer)?;
        let (course_catalog, standalone_content) = (answer.text("course_catalog"), answer.text("standalone_content"));
        Some(DownloadEvent::Done { course_catalog, standalone_content, notes: answer.list("notes")? })
    }
}

impl FromAnswer for RecommendationEvent {
    fn from_answer(answer: &Answer) -> Option<RecommendationEvent> {
        let count = |key| answer.count(key).and_then(|count| usize::try_from(count).ok());
        if answer.is("event", "progress") {
            let (done, failed, total) = (count("done")?, count("failed")?, count("total")?);
            return Some(RecommendationEvent::Progress { done, failed, total });
        }
        if let Some(said) = failure(answer) {
            return Some(RecommendationEvent::Failed { said });
        }
        is_done(answer)?;
        Some(RecommendationEvent::Done { recording: answer.text("recording")?, notes: answer.list("notes")? })
    }
}

impl FromAnswer for StateEvent {
    fn from_answer(answer: &Answer) -> Option<StateEvent> {
        if answer.is("event", "progress") {
            return Some(StateEvent::Progress { said: answer.text("said")? });
        }
        if let Some(said) = failure(answer) {
            return Some(StateEvent::Failed { said });
        }
        is_done(answer)?;
        Some(StateEvent::Done { assignments: answer.text("assignments")?, completions: answer.text("completions")? })
    }
}

impl FromAnswer for PublishEvent {
    fn from_answer(answer: &Answer) -> Option<PublishEvent> {
        if let Some((name, done, total)) = progress(answer) {
            return Some(PublishEvent::Progress { name, done, total });
        }
        if let Some(said) = failure(answer) {
            return Some(PublishEvent::Failed { said });
        }
        is_done(answer)?;
        Some(PublishEvent::Done { files: answer.list("files")?, notes: answer.list("notes")? })
    }
}
