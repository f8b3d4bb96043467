//! Messages for failed statements: meaning and mend. The token is removed from every text.

use crate::configuration::DatabricksSettings;
use crate::configuration::secret::Secrets;
use crate::http::client::excerpt;

/// Message for a failed statement: its meaning, how to mend it, and Databricks' own text. `code` is the error code and
/// may be empty.
pub(super) fn failed(code: &str, message: &str, settings: &DatabricksSettings) -> String {
    let DatabricksSettings { catalog, schema, warehouse_id, .. } = settings;
    let (named, lower) = (error_class(message), message.to_lowercase());
    let is = |classes: &[&str]| named.is_some_and(|named| classes.iter().any(|class| named.starts_with(class)));
    // The words of a message are searched only if it has no error class: a column may be named `warehouse`.
    let holds = |words: &[&str]| named.is_none() && words.iter().any(|word| lower.contains(word));
    let stopped = ["stopped", "stopping", "deleted", "not running", "terminated", "unavailable", "not found", "start"];
    let reason = if KEPT_OUT.iter().any(|words| lower.contains(words)) {
        no_way_in()
    } else if is(&["INSUFFICIENT_PERMISSIONS", "PERMISSION_DENIED"])
        || holds(&["permission denied", "permission_denied", "does not have"])
    {
        format!(
            "the token's user may not read the state tables; ask for USE CATALOG on {catalog}, USE SCHEMA on \
             {catalog}.{schema}, and SELECT on content_assignments and content_completion"
        )
    } else if is(&["NO_SUCH_CATALOG", "CATALOG_NOT_FOUND"]) {
        format!("there is no catalog {catalog}, or the token's user may not see it; check DATABRICKS_CATALOG")
    } else if is(&["SCHEMA_NOT_FOUND"]) {
        format!(
            "there is no schema {schema} in the catalog {catalog}, or the token's user may not see it; check \
             DATABRICKS_SCHEMA and DATABRICKS_CATALOG"
        )
    } else if is(&["TABLE_OR_VIEW_NOT_FOUND"]) {
        format!(
            "a state table is not in {catalog}.{schema}, or the token's user may not see it; check DATABRICKS_CATALOG \
             and DATABRICKS_SCHEMA"
        )
    } else if is(&["UNRESOLVED_COLUMN", "DATATYPE_MISMATCH"]) {
        format!("a state table in {catalog}.{schema} has other columns than it should")
    } else if code == "UNAUTHENTICATED" {
        TOKEN.to_owned()
    } else if holds(&["warehouse", "endpoint", "cluster"]) && holds(&stopped) {
        format!(
            "the SQL warehouse {warehouse_id} does not run; start it in the workspace, or name another by DATABRICKS_HTTP_PATH"
        )
    } else {
        let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
        format!("the statement failed{code}")
    };
    explained(&reason, "Databricks says", message, settings)
}

/// True if the message names an exceeded limit of inline results.
pub(super) fn is_too_large_inline(message: &str) -> bool {
    let lower = message.to_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    holds(&["inline", "external_links"]) && holds(&["limit", "exceed", "too large", "result size"])
}

/// The class of an error: `SCHEMA_NOT_FOUND` of `[SCHEMA_NOT_FOUND] The schema ...`, or of `SCHEMA_NOT_FOUND: ...`.
fn error_class(message: &str) -> Option<&str> {
    let message = message.trim_start();
    let class = match message.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => message.split_once(':')?.0,
    };
    let is_class = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    (class.contains('_') && class.chars().all(is_class)).then_some(class)
}

/// Replaces every occurrence of the token by `(secret)`, percent-encoded or not.
pub(super) fn without_token(text: &str, settings: &DatabricksSettings) -> String {
    Secrets::new([settings.token.clone()]).taken_out_of(text)
}

/// Message for a token that Databricks rejects.
pub(super) const TOKEN: &str = "Databricks does not accept the token: it is wrong or has expired; make a new one in the \
workspace (Settings, Developer, Access tokens) and set DATABRICKS_TOKEN";

/// Phrases, in lower case, in errors of statements that network rules reject. Each is longer than a column's name may
/// be.
const KEPT_OUT: [&str; 5] =
    ["unauthorized network access", "ip acl", "ip access list", "public access is not allowed", "network policy"];

/// Message where Databricks rejects requests from this machine's network.
pub(super) fn no_way_in() -> String {
    "Databricks does not let this machine in from its network; connect to the company's network or VPN, or ask the \
     workspace's administrators to allow this machine's address"
        .to_owned()
}

/// Meaning of a failure, followed by an excerpt of the received text with its source. The token is removed.
pub(super) fn explained(meaning: &str, from: &str, text: &str, settings: &DatabricksSettings) -> String {
    let meaning = without_token(meaning, settings);
    // The token is removed before the text is cut: half a token is a secret, too.
    let text = excerpt(&without_token(text, settings));
    if text.is_empty() { meaning } else { format!("{meaning}. {from}: {text}") }
}
