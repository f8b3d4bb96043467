//! What the Statement Execution API answers, as far as it is needed.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub(super) struct StatementAnswer {
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
    #[serde(default)]
    pub(super) error: Option<StatementError>,
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

#[derive(Debug, Default, Deserialize)]
pub(super) struct StatementError {
    #[serde(default)]
    pub(super) error_code: String,
    #[serde(default)]
    pub(super) message: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Manifest {
    #[serde(default)]
    pub(super) total_row_count: Option<u64>,
    #[serde(default)]
    pub(super) truncated: bool,
}

/// A part of a result: rows, or links to them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Chunk {
    #[serde(default)]
    pub(super) chunk_index: Option<u64>,
    #[serde(default)]
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
    #[serde(default)]
    pub(super) chunk_index: Option<u64>,
    #[serde(default)]
    pub(super) next_chunk_index: Option<u64>,
    #[serde(default)]
    pub(super) http_headers: Option<BTreeMap<String, String>>,
}

impl std::fmt::Debug for ExternalLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret link)")
    }
}
