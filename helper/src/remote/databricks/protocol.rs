//! JSON answers of the Statement Execution API, as far as they are used. Unused fields may hold anything. Numbers are
//! also accepted in quotes; a number or flag in any other form counts as missing.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

#[derive(Debug, Deserialize)]
pub(super) struct StatementAnswer {
    #[serde(default)]
    pub(super) statement_id: String,
    pub(super) status: StatementStatus,
    #[serde(default)]
    pub(super) manifest: Option<Manifest>,
    #[serde(default)]
    pub(super) result: Option<Chunk>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StatementStatus {
    pub(super) state: StatementState,
    /// Reason of a failure, unparsed: in other states it may hold anything.
    #[serde(default)]
    error: Option<Box<RawValue>>,
}

impl StatementStatus {
    /// Code and message of the error; each is empty if missing.
    pub(super) fn error(&self) -> (String, String) {
        let error: Value =
            self.error.as_ref().and_then(|error| serde_json::from_str(error.get()).ok()).unwrap_or_default();
        let text = |name: &str| error.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        (text("error_code"), error.as_str().map_or_else(|| text("message"), str::to_owned))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum StatementState {
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

/// Part of a result: rows, or links to rows.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) chunk_index: Option<u64>,
    #[serde(default, deserialize_with = "whole_number")]
    pub(super) next_chunk_index: Option<u64>,
    #[serde(default)]
    pub(super) data_array: Option<ResultRows>,
    #[serde(default)]
    pub(super) external_links: Option<Vec<ExternalLink>>,
}

pub(super) type ResultRows = Vec<Vec<Value>>;

/// Link to rows in storage. Whoever holds it can read them, so `Debug` hides it.
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

/// Reads a whole number, which may be in quotes; `None` for anything else.
fn whole_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    Ok(value.as_u64().or_else(|| value.as_str()?.parse().ok()))
}

/// Reads a flag; false for anything but `true`.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(Value::deserialize(deserializer)?.as_bool() == Some(true))
}
