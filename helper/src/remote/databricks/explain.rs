//! What Databricks' failures mean and how to mend them, in plain words. The token is taken out of everything.

use reqwest::StatusCode;
use serde_json::Value;

use super::super::http::{describe_status, excerpt};
use crate::configuration::DatabricksSettings;

/// A request that was refused.
pub(super) fn refused(status: StatusCode, body: &[u8], settings: &DatabricksSettings) -> String {
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
    let (code, message) = (text("error_code"), text("message"));
    let lower = message.to_lowercase();
    let warehouse = &settings.warehouse_id;
    let about_warehouse = lower.contains("warehouse") || lower.contains("endpoint");
    let said = match status.as_u16() {
        401 => return told(TOKEN, message, settings),
        400 if lower.contains("access token") || lower.contains("invalid token") => TOKEN.to_owned(),
        403 if lower.contains("token") || (message.is_empty() && code.is_empty()) => TOKEN.to_owned(),
        403 if lower.contains("ip access") || lower.contains("network") => {
            "Databricks does not let this machine in; connect to the company's network".to_owned()
        }
        403 => format!(
            "the token's user may not use the SQL warehouse {warehouse}; ask for the permission CAN USE, or name another \
             by DATABRICKS_HTTP_PATH"
        ),
        404 if code.is_empty() && message.is_empty() => {
            format!("no Databricks workspace answers at {}; check DATABRICKS_HOST", settings.base_url)
        }
        400 | 404 if about_warehouse || code == "RESOURCE_DOES_NOT_EXIST" => format!(
            "there is no usable SQL warehouse {warehouse}: it was deleted, stopped, or is another workspace's; copy \
             DATABRICKS_HTTP_PATH from the warehouse's connection details"
        ),
        300..=399 => {
            format!("{} answers with a redirect, which is not followed; check DATABRICKS_HOST", settings.base_url)
        }
        _ if message.is_empty() => {
            // Before it is cut: half a token is a secret, too.
            let body = without_token(&String::from_utf8_lossy(body), settings);
            format!("Databricks answers {}", describe_status(status, body.as_bytes()))
        }
        code => format!("Databricks refuses the request (HTTP {code})"),
    };
    told(&said, message, settings)
}

/// A statement that did not succeed.
pub(super) fn failed(code: &str, message: &str, settings: &DatabricksSettings) -> String {
    let DatabricksSettings { catalog, schema, warehouse_id, .. } = settings;
    let (named, lower) = (error_class(message), message.to_lowercase());
    let is = |classes: &[&str]| named.is_some_and(|named| classes.iter().any(|class| named.starts_with(class)));
    // Words tell something only where no class does: a column may be called `warehouse`.
    let holds = |words: &[&str]| named.is_none() && words.iter().any(|word| lower.contains(word));
    let stopped = ["stopped", "stopping", "deleted", "not running", "terminated", "unavailable", "not found", "start"];
    let said = if is(&["INSUFFICIENT_PERMISSIONS", "PERMISSION_DENIED"])
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
    told(&said, message, settings)
}

/// Whether a statement failed for a result that is too large to come inline, and for nothing else that the word is in.
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

/// Takes the token out of a text.
pub(super) fn without_token(text: &str, settings: &DatabricksSettings) -> String {
    text.replace(settings.token.expose(), "(secret)")
}

const TOKEN: &str = "Databricks does not accept the token: it is wrong or has expired; make a new one in the workspace \
(Settings, Developer, Access tokens) and set DATABRICKS_TOKEN";

fn told(said: &str, message: &str, settings: &DatabricksSettings) -> String {
    let message = excerpt(&without_token(message, settings));
    let text = if message.is_empty() { said.to_owned() } else { format!("{said}. Databricks says: {message}") };
    without_token(&text, settings)
}
