//! Refused requests: cause of the refusal, and how to mend it.
//!
//! Databricks refuses in several forms: JSON whose `error_code` is a text or a number, plain text, a web page, or only
//! a header. Proxies and gateways in between have forms of their own. The status is ambiguous: a 403 may concern the
//! network, the workspace, the user, the token or the warehouse. So the cause is found by the words of the answer, and
//! the message shows these words.

use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Response, StatusCode, Url};
use serde_json::Value;

use super::failure_text::{TOKEN, explained, no_way_in, without_token};
use crate::configuration::DatabricksSettings;
use crate::http::client::{describe_status, text_for_people};
use crate::remote::phrases::has_phrase;

/// Refused request: the parts of its answer that are used.
pub(super) struct Refused {
    status: StatusCode,
    /// The error's name, such as `PERMISSION_DENIED`; empty where the answer has none.
    code: String,
    /// Reason in the answer, for people; may be empty.
    text: String,
    /// True if the body is a JSON object.
    is_json: bool,
    /// Target of a redirect.
    location: Option<String>,
}

/// Cause of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// This machine's network is not allowed.
    Network,
    /// The token lacks a scope for this API.
    Scope,
    /// The token's user lacks an entitlement.
    Entitlement,
    /// Tokens are switched off, for everybody or for this user.
    TokensOff,
    /// The token's user is deactivated, or not in the workspace.
    User,
    /// The workspace is disabled or gone.
    Workspace,
    /// The workspace denies access because of the user or the network; the answer does not show which.
    WorkspaceAccess,
    /// The token is wrong or has expired.
    Token,
    /// The requested feature is switched off.
    Feature,
}

/// Words, in lower case, by which a cause is recognised. `|` separates alternatives, and all words of an alternative,
/// separated by `+`, must occur. The first cause that matches counts, because words overlap: "token" is in many
/// refusals.
const WORDS: [(Meaning, &str); 9] = [
    (
        Meaning::Network,
        "ip acl | ip access | ip address | source ip | your ip | ip range | network | public access | public internet | \
         private link | privatelink | private-link | private access | private endpoint | private service connect | vpc \
         | vnet | vpn | firewall | allow list | allowlist | allow-list | whitelist | block list | ingress | conditional \
         access | your location | your country | your region | proxy",
    ),
    (Meaning::Scope, "required scope | insufficient_scope | insufficient scope | token + scope"),
    (Meaning::Entitlement, "entitlement | disabled for users without"),
    (
        Meaning::TokensOff,
        "token + disabled | token + not enabled | token + not allowed | token + not permitted | token + turned off | \
         token + blocked | token + policy | token + permission | basic auth + disabled",
    ),
    (
        Meaning::User,
        "user + deactivated | user + inactive | user + not active | user + suspended | user + locked | user + is \
         disabled | user + been disabled | user + removed | user + deleted | user + not found | user + not exist | user \
         + unknown | principal + deactivated | principal + inactive | principal + not active | principal + disabled | \
         principal + deleted | principal + not found | principal + not exist | identity + not found | not a member | \
         not assigned | not belong | scim",
    ),
    (
        Meaning::Workspace,
        "workspace + disabled | workspace + deactivated | workspace + inactive | workspace + not active | workspace + \
         suspended | workspace + cancel | workspace + deleted | workspace + terminated | workspace + no longer | \
         workspace + not found | workspace + not exist | workspace + expired | workspace + banned | account + suspended \
         | account + cancel | account + disabled | trial | subscription | billing | payment",
    ),
    (
        Meaning::WorkspaceAccess,
        "access to workspace | access to this workspace | access to the workspace | access this workspace | access the \
         workspace | access workspace | access to org",
    ),
    (Meaning::Token, "token | credential | unauthenticated | not authenticated | bearer | jwt"),
    (Meaning::Feature, "feature | is disabled | been disabled | not enabled"),
];

const CHECK_ADDRESS: &str = "check DATABRICKS_HOST and DATABRICKS_HTTP_PATH";

impl Refused {
    /// Reads a refusal from an answer with an error status.
    pub(super) async fn of(answer: Response) -> Refused {
        let status = answer.status();
        let header = |name: &str| header_text(answer.headers(), name);
        let location = header(LOCATION.as_str());
        let reason = header("x-databricks-reason-phrase").or_else(|| header("x-databricks-error-or-redirect-message"));
        let message = text_for_people(answer).await;
        let json = serde_json::from_str::<Value>(message.trim_start_matches('\u{feff}')).ok();
        let (code, text) = json.as_ref().map_or_else(|| (String::new(), message), code_and_text);
        let text = if text.trim().is_empty() { reason.unwrap_or_default() } else { text };
        Refused { status, code, text, is_json: json.is_some_and(|json| json.is_object()), location }
    }

    /// Meaning, mend, and the answer's own text.
    pub(super) fn explain(&self, settings: &DatabricksSettings) -> String {
        let from = if self.is_json { "Databricks says" } else { "The answer says" };
        explained(&self.meaning(settings), from, &self.text, settings)
    }

    fn meaning(&self, settings: &DatabricksSettings) -> String {
        self.by_code(settings).unwrap_or_else(|| self.by_words(settings))
    }

    /// Meaning by status and code alone; `None` where the words of the answer have to say it.
    fn by_code(&self, settings: &DatabricksSettings) -> Option<String> {
        let DatabricksSettings { base_url, warehouse_id: warehouse, .. } = settings;
        let number = self.status.as_u16();
        Some(match (number, self.code.as_str()) {
            (300..=399, _) => self.redirect(settings),
            (429, _) | (_, "REQUEST_LIMIT_EXCEEDED" | "RESOURCE_EXHAUSTED" | "QUOTA_EXCEEDED") => {
                format!("Databricks has too much to do (HTTP {number}); try again later")
            }
            (504, _) | (_, "DEADLINE_EXCEEDED") => {
                format!("Databricks did not do it in the time that it allows itself (HTTP {number}); try again")
            }
            (
                _,
                "TEMPORARILY_UNAVAILABLE"
                | "WORKSPACE_TEMPORARILY_UNAVAILABLE"
                | "SERVICE_UNDER_MAINTENANCE"
                | "UNAVAILABLE",
            ) => format!("Databricks is not available at the moment (HTTP {number}); try again later"),
            (500.., _) if self.is_json => format!("Databricks answers HTTP {number}; try again later"),
            (500.., _) => {
                format!("Databricks answers {}; try again later", describe_status(self.status, ""))
            }
            (407, _) => "the network's proxy asks for a sign-in (HTTP 407); ask who runs the network".to_owned(),
            (403, "PERMISSION_DENIED") if self.is_about_warehouse() => self.by_status(settings),
            (404, "ENDPOINT_NOT_FOUND") => {
                format!(
                    "{base_url} has no SQL statements: it is another of Databricks' hosts, as that of the account; \
                     check DATABRICKS_HOST"
                )
            }
            (404, "") if (!self.is_json || self.text.is_empty()) && self.known_meaning() != Some(Meaning::Network) => {
                format!("no Databricks workspace answers at {base_url}; check DATABRICKS_HOST")
            }
            (404, _) if self.text.to_lowercase().contains("statement") && !self.is_about_warehouse() => {
                "the workspace does not know the statement any more; try again".to_owned()
            }
            (400, _) | (404, "RESOURCE_DOES_NOT_EXIST") if self.is_about_warehouse() => {
                format!(
                    "there is no usable SQL warehouse {warehouse}: it was deleted, stopped, or is another \
                     workspace's; copy DATABRICKS_HTTP_PATH from the warehouse's connection details"
                )
            }
            _ => return None,
        })
    }

    fn by_words(&self, settings: &DatabricksSettings) -> String {
        let base_url = &settings.base_url;
        let meaning = match self.known_meaning() {
            Some(Meaning::Network) => return no_way_in(),
            Some(Meaning::Scope) => {
                "the token may not be used for SQL: its scopes leave that out; ask for one with the \
                 scope sql, and set DATABRICKS_TOKEN"
            }
            Some(Meaning::Entitlement) => {
                "the token's user lacks an entitlement; ask the workspace's administrators for \
                 Databricks SQL access and workspace access"
            }
            Some(Meaning::TokensOff) => {
                "the workspace does not let the token's user work by this kind of token; ask its \
                 administrators"
            }
            Some(Meaning::User) => "the token's user is deactivated, or not in this workspace; ask its administrators",
            Some(Meaning::Workspace) => {
                return format!(
                    "the workspace at {base_url} is disabled or gone; check DATABRICKS_HOST, and ask who runs it"
                );
            }
            Some(Meaning::WorkspaceAccess) => {
                "the workspace does not let this user in, or not from this machine's network; connect to the company's \
                 network or VPN, or ask its administrators"
            }
            Some(Meaning::Token) => TOKEN,
            Some(Meaning::Feature) => "what is asked for is switched off in this workspace; ask its administrators",
            None => return self.by_status(settings),
        };
        meaning.to_owned()
    }

    /// Meaning by status and code, where the words of the answer match no cause.
    fn by_status(&self, settings: &DatabricksSettings) -> String {
        let warehouse = &settings.warehouse_id;
        match self.status.as_u16() {
            401 => TOKEN.to_owned(),
            403 if self.text.trim().is_empty() => {
                "Databricks, or something on the way to it, refuses the request (HTTP 403) and gives no reason; check \
                 that this machine is in the company's network, then DATABRICKS_HOST and DATABRICKS_TOKEN"
                    .to_owned()
            }
            403 if !self.code.is_empty() => format!(
                "the token's user may not use the SQL warehouse {warehouse}; ask for the permission CAN USE, or name \
                 another by DATABRICKS_HTTP_PATH"
            ),
            403 => {
                "Databricks, or something on the way to it, refuses the request (HTTP 403); check that this machine \
                 is in the company's network"
                    .to_owned()
            }
            404 if self.code == "RESOURCE_DOES_NOT_EXIST" => {
                format!(
                    "the workspace knows no such thing as the SQL warehouse {warehouse}; check DATABRICKS_HTTP_PATH"
                )
            }
            _ if self.text.trim().is_empty() => {
                format!("Databricks answers {}; {CHECK_ADDRESS}", describe_status(self.status, ""))
            }
            number => match self.code.as_str() {
                "" => format!("Databricks refuses the request (HTTP {number}); {CHECK_ADDRESS}"),
                code => {
                    let code = without_token(code, settings);
                    format!("Databricks refuses the request (HTTP {number}, {code}); {CHECK_ADDRESS}")
                }
            },
        }
    }

    fn redirect(&self, settings: &DatabricksSettings) -> String {
        let location = self.location.as_deref().unwrap_or_default();
        let lower = location.to_lowercase();
        let base = &settings.base_url;
        if words_of(Meaning::Network, &lower) {
            return no_way_in();
        }
        let host = Url::parse(location).ok().and_then(|target| target.host_str().map(str::to_owned));
        let target = host.map_or_else(String::new, |host| format!(" to {host}"));
        let is_sign_in =
            ["login", "signin", "sign-in", "sso", "saml", "oidc", "oauth"].iter().any(|w| lower.contains(w));
        if is_sign_in {
            format!(
                "{base} sends{target} to sign in, as for a browser; check DATABRICKS_HOST, and whether the network asks \
                 for a sign-in of its own"
            )
        } else {
            format!("{base} answers with a redirect{target}, which is not followed; check DATABRICKS_HOST")
        }
    }

    fn known_meaning(&self) -> Option<Meaning> {
        let lower = without_addresses(&format!("{} {}", self.code.replace('_', " "), self.text).to_lowercase());
        // Texts of other senders also mention tokens and features, and so do Databricks' errors about malformed
        // requests.
        const OF_TOKENS: [&str; 4] = ["access token", "invalid token", "expired token", "token authentication"];
        let is_of_tokens = OF_TOKENS.iter().any(|words| lower.contains(words));
        let may_be_of_tokens = is_of_tokens || matches!(self.status.as_u16(), 401 | 403);
        let is_possible =
            |meaning: Meaning| may_be_of_tokens || !matches!(meaning, Meaning::Token | Meaning::TokensOff);
        let mut meanings = WORDS.iter().map(|(meaning, _)| *meaning).filter(|meaning| is_possible(*meaning));
        let meaning = meanings.find(|meaning| words_of(*meaning, &lower))?;
        let is_sure = match meaning {
            Meaning::Token | Meaning::TokensOff => is_of_tokens,
            Meaning::Feature => false,
            _ => true,
        };
        (is_sure || self.is_json).then_some(meaning)
    }

    fn is_about_warehouse(&self) -> bool {
        let lower = self.text.to_lowercase();
        lower.contains("warehouse") || lower.replace("private endpoint", "").contains("endpoint")
    }
}

/// True if all words of one alternative of `meaning` occur in `lower`, a text in lower case.
fn words_of(meaning: Meaning, lower: &str) -> bool {
    let groups = WORDS.iter().find(|(one, _)| *one == meaning).map_or("", |(_, groups)| groups);
    groups.split('|').any(|group| group.split('+').all(|word| has_word(lower, word.trim())))
}

/// True if the text contains a word as a whole, also with a plural s. Phrases and the words in `BEGINNINGS` match
/// anywhere.
fn has_word(text: &str, word: &str) -> bool {
    const BEGINNINGS: [&str; 2] = ["cancel", "entitlement"];
    if BEGINNINGS.contains(&word) || !word.chars().all(char::is_alphanumeric) {
        return text.contains(word);
    }
    has_phrase(text, word) || has_phrase(text, &format!("{word}s"))
}

/// Removes e-mail addresses: their parts are names, which may look like words of a refusal.
fn without_addresses(text: &str) -> String {
    let is_address = |word: &str| word.find('@').is_some_and(|at| at > 0 && at + 1 < word.len());
    text.split_whitespace().filter(|word| !is_address(word)).collect::<Vec<_>>().join(" ")
}

/// Error code and text of a JSON answer. Numeric codes are dropped; an answer without text yields the JSON itself.
fn code_and_text(json: &Value) -> (String, String) {
    let field = |json: &Value, names: &[&str]| {
        let found =
            names.iter().filter_map(|name| json.get(*name)).find(|value| value.is_string() || value.is_number());
        found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
    };
    const CODES: [&str; 3] = ["error_code", "errorCode", "code"];
    const TEXTS: [&str; 6] = ["message", "error_description", "errorMessage", "detail", "error", "title"];
    let inner = json.get("error").filter(|error| error.is_object()).unwrap_or(json);
    let (code, text) = (field(inner, &CODES), field(inner, &TEXTS));
    let code = if code.chars().all(|c| c.is_ascii_digit()) { String::new() } else { code };
    match (json, text.is_empty()) {
        (Value::String(text), _) => (code, text.clone()),
        (Value::Object(fields), true) if fields.is_empty() => (code, text),
        (_, true) => (code, json.to_string()),
        (_, false) => (code, text),
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
