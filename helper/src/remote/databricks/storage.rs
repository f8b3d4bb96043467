//! Rows in the workspace's storage, fetched by link. Whoever holds a link can read the rows, so no error message
//! contains it.
//!
//! A link comes with request headers. Those about connection, body, origin and identity are dropped: this program sets
//! them itself.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, StatusCode, Url};
use tokio::time::timeout;

use super::protocol::{ExternalLink, ResultRows};
use crate::http::client::{BodyFailure, Broken, body};
use crate::http::loopback::is_loopback;

/// Maximum size of the rows behind one link, in bytes.
const LONGEST_PART: usize = 256 << 20;

/// True if the link's address is allowed and its headers are not too many.
pub(super) fn may_be_followed(link: &ExternalLink, base_url: &str) -> bool {
    address(link, base_url).is_ok() && headers(link).is_ok()
}

/// Address of a link. HTTPS is required, except where workspace and link are both on this machine; user names and
/// passwords are rejected.
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

/// Fetches the rows behind a link, without sending the token.
///
/// # Errors
/// A link that is not allowed, a status other than 200, a body that is too long or no list of rows, or a timeout. The
/// text never contains the link.
pub(super) async fn rows(
    client: &Client,
    link: &ExternalLink,
    base_url: &str,
    limit: Duration,
) -> Result<ResultRows, String> {
    let address = address(link, base_url)?;
    let headers = headers(link)?;
    let fetch = async {
        let answer = client.get(address).headers(headers).send().await;
        let answer = answer.map_err(|error| Broken::of(error).message)?;
        let status = answer.status();
        if status != StatusCode::OK {
            return Err(format!("HTTP {}", status.as_u16()));
        }
        let bytes = body(answer, LONGEST_PART).await.map_err(BodyFailure::describe)?;
        serde_json::from_slice(&bytes).map_err(|_| "it is no list of rows".to_owned())
    };
    timeout(limit, fetch).await.unwrap_or_else(|_| Err("timed out".to_owned()))
}

/// Headers of a link that the request sends; invalid and forbidden headers are dropped.
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

/// False for headers about connection, body, encoding, origin or identity of the client.
fn may_be_set(name: &HeaderName) -> bool {
    const OURS: &str = "accept-encoding authorization connection content-encoding content-length content-type cookie \
        cookie2 date expect forwarded host http2-settings keep-alive origin range referer te trailer transfer-encoding \
        upgrade";
    const FAMILIES: [&str; 5] = ["proxy-", "sec-", "x-forwarded-", "x-http-method", "via"];
    let name = name.as_str();
    !OURS.split(' ').any(|ours| ours == name) && !FAMILIES.iter().any(|family| name.starts_with(family))
}
