//! Tests of the Databricks client against the sandbox and against made-up answers.
#![allow(clippy::unwrap_used)]

mod cancelling;
mod refusals;
mod results;
mod secrets;
mod state;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use btcfake_core::format::employees::{self, BadRows};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::{SampleRecipe, files};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::configuration::secret::Secret;
use crate::http::client::Endpoint;
use crate::http::retry::Backoff;
use crate::sandbox::databricks::{
    DatabricksFaults, DatabricksOptions, LoadedRows, SandboxDatabricks, StateStore, start_databricks,
};
use crate::tests::server::{TestReply, TestServer, unknown_certificate};
use crate::tests::waiting::{HANGS_AFTER, in_time, wait_until};

const TOKEN: &str = "dapi0123456789abcdef";

const QUICK: Patience = Patience {
    request: HANGS_AFTER,
    statement: HANGS_AFTER,
    attempts: 6,
    backoff: Backoff { first: Duration::from_millis(5), longest: Duration::from_millis(50) },
    first_look: Duration::from_millis(5),
    last_look: Duration::from_millis(50),
};

/// Time limits for servers that never answer.
const IMPATIENT: Patience = Patience { request: Duration::from_millis(300), attempts: 2, ..QUICK };

const ASSIGNMENTS: &str = "\
ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type
7,100,2026-01-19T10:00:00.123456Z,2026-01-19,2026-01-19T10:00:00Z,2026-01-31T13:13:59Z,Media
7,200,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,\"a, \"\"b\"\"\"
7,300,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
8,100,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
9223372036854775807,9223372036854775807,2026-01-20T00:00:00Z,2026-01-20,2026-01-20T00:00:00Z,2026-01-27T00:00:00Z,Media
";

const COMPLETIONS: &str = "ba_id,content_id,completion_date\n7,300,2026-01-21\n7,301,2025-12-01\n9,1,2025-12-01\n";

fn settings(base_url: &str, token: &str) -> DatabricksSettings {
    DatabricksSettings {
        base_url: base_url.to_owned(),
        token: Secret::new(token),
        warehouse_id: "5a4db0c5f00dcafe".to_owned(),
        catalog: "retail_systems_dev".to_owned(),
        schema: "store_enablement".to_owned(),
        ca_file: None,
    }
}

async fn sandbox(options: DatabricksOptions) -> (SandboxDatabricks, DatabricksSettings, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let sandbox =
        start_databricks(StateStore::open(&folder.path().join("state.sqlite")).unwrap(), options, || {}).await.unwrap();
    sandbox.store.add_tables(ASSIGNMENTS.as_bytes(), COMPLETIONS.as_bytes()).unwrap();
    let settings = settings(&sandbox.host, sandbox.token.expose());
    assert!(sandbox.http_path.ends_with(&settings.warehouse_id));
    (sandbox, settings, folder)
}

async fn read(settings: &DatabricksSettings, ids: &[u64], patience: Patience) -> Result<FetchedTables, Failure> {
    let result = read_state_patiently(settings, ids, &mut |_| {}, &CancellationToken::new(), patience).await;
    if let Err(failure) = &result {
        assert!(!format!("{failure} {failure:?}").contains(settings.token.expose()), "{failure}");
    }
    result
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Rows of `ASSIGNMENTS` or `COMPLETIONS` with a prefix, below the header.
fn expected(table: &str, beginnings: &[&str]) -> String {
    let rows = table.lines().skip(1).filter(|row| beginnings.iter().any(|beginning| row.starts_with(beginning)));
    table.lines().take(1).chain(rows).map(|line| format!("{line}\n")).collect()
}

/// Reads from a server that answers every statement with this, and returns the message.
async fn failure_of(answer: serde_json::Value) -> String {
    let server = TestServer::start(move |_, _| TestReply::Whole(200, "", answer.to_string())).await;
    read(&settings(&server.url(), TOKEN), &[7], QUICK)
        .await
        .map_or_else(|failure| failure.to_string(), |_| "none".into())
}
