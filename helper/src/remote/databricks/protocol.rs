//! What the Statement Execution API answers, as far as it is needed. What is not read may be anything; what is read is
//! taken in the forms in which JSON writers put it, and is missing where it is in none.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
pub(super) struct StatementAnswer {
    #[serde(default)]
    pub(super) statement_id: String,
    pub(super) status: Status,
    #[serde(default)]
    pub(super) manifest: Option<Manifest>,
    #[serde(default)]
    pub(super) result: Option<Chunk>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Status {
    pub(super) state: State,
    /// Why the statement failed; beside any other state it may be anything.
    #[serde(default)]
    error: Option<Box<RawValue>>,
}

impl Status {
    /// The name and the text of the error, as far as there are any.
    pub(super) fn error(&self) -> (String, String) {
        let error: Value =
            self.error.as_ref().and_then(|error| serde_json::from_str(error.get()).ok()).unwrap_or_default();
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        (text("error_code"), error.as_str().map_or_else(|| text("message"), str::to_owned))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum State {
    Pending,
    Running,
    Succeeded,
    Failed,
    Canceled,
    Closed,
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) total_row_count: Option<u64>,
    #[serde(default, deserialize_with = "flag")]
    pub(super) truncated: bool,
}

/// A part of a result: rows, or links to them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) chunk_index: Option<u64>,
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) next_chunk_index: Option<u64>,
    #[serde(default)]
    pub(super) data_array: Option<Rows>,
    #[serde(default)]
    pub(super) external_links: Option<Vec<ExternalLink>>,
}

pub(super) type Rows = Vec<Vec<Value>>;

/// A link to rows in a storage. Whoever holds it can read them: it is never shown, and so it has no `Debug` of its own.
#[derive(Deserialize)]
pub(super) struct ExternalLink {
    pub(super) external_link: String,
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) chunk_index: Option<u64>,
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) next_chunk_index: Option<u64>,
    #[serde(default)]
    pub(super) http_headers: Option<BTreeMap<String, Value>>,
}

impl std::fmt::Debug for ExternalLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret link)")
    }
}

/// A whole number, which some writers of JSON put in quotes.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_u64().or_else(|| value.as_str()?.parse().ok()))
}

/// Whether something is so. What is neither yes nor no is no.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool() == Some(true))
}
