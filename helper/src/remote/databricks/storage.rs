//! Rows that lie in the workspace's storage, behind a link. Whoever holds the link can read them, so no failure names it.
//!
//! A link brings the headers with which it is to be asked. Those that say what the request is, to whom it goes, by whom
//! and how long, are left out: they are this program's to say.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use tokio::time::timeout;

use super::protocol::{ExternalLink, Rows};
use crate::http::client::{BodyFailure, Broken, body};
use crate::http::loopback::is_loopback;

const LONGEST_PART: usize = 256 << 20;

/// Whether a link may be followed at all.
pub(super) fn may_be_followed(link: &ExternalLink, base_url: &str) -> bool {
    address(link, base_url).is_ok() && headers(link).is_ok()
}

/// The address that a link names, where it may be asked: over TLS, or on this machine where the workspace is there, too.
fn address(link: &ExternalLink, base_url: &str) -> Result<Url, String> {
    let address = Url::parse(&link.external_link).map_err(|_| "its link is no address".to_owned())?;
    let may_be_plain = is_loopback(base_url) && is_loopback(&link.external_link);
    if address.scheme() != "https" && !(address.scheme() == "http" && may_be_plain) {
        return Err("its link is not encrypted".to_owned());
    }
    if !address.username().is_empty() || address.password().is_some() {
        return Err("its link holds a user's name or a password".to_owned());
    }
    Ok(address)
}

/// Fetches the rows that a link names, by a client that never sends the token.
///
/// # Errors
/// Why they did not come, without the link.
pub(super) async fn rows(
    client: &Client,
    link: &ExternalLink,
    base_url: &str,
    limit: Duration,
) -> Result<Rows, String> {
    let address = address(link, base_url)?;
    let headers = headers(link)?;
    let fetch = async {
        let answer = client.get(address).headers(headers).send().await;
        let answer = answer.map_err(|error| Broken::understand(error).said)?;
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(format!("HTTP {}", status.as_u16()));
        }
        let bytes = body(answer, LONGEST_PART).await.map_err(BodyFailure::describe)?;
        serde_json::from_slice(&bytes).map_err(|_| "it is no list of rows".to_owned())
    };
    timeout(limit, fetch).await.unwrap_or_else(|_| Err("timed out".to_owned()))
}

/// The headers that a link brings, but for those that are not its to set.
fn headers(link: &ExternalLink) -> Result<HeaderMap, String> {
    const MOST: usize = 50;
    let named = link.http_headers.as_ref();
    if named.is_some_and(|headers| headers.len() > MOST) {
        return Err(format!("its link brings more than {MOST} headers"));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in named.into_iter().flatten() {
        let name = name.parse::<HeaderName>().ok().filter(may_be_set);
        let value = value.as_str().and_then(|value| HeaderValue::from_str(value).ok());
        if let (Some(name), Some(mut value)) = (name, value) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    Ok(headers)
}

/// Whether a link may set a header: none of the connection's, none about the body or its form, none of who asks.
fn may_be_set(name: &HeaderName) -> bool {
    const OURS: [&str; 21] = [
        "accept-encoding",
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "cookie",
        "cookie2",
        "date",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "origin",
        "range",
        "referer",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    const FAMILIES: [&str; 5] = ["proxy-", "sec-", "x-forwarded-", "x-http-method", "via"];
    let name = name.as_str();
    !OURS.contains(&name) && !FAMILIES.iter().any(|family| name.starts_with(family))
}
