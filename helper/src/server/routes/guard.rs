//! Access control of the API: only the page that this server serves and programs on this machine may use it; on
//! addresses other than loopback, only with the token. A page of another origin can do nothing.
//!
//! The Host header is checked in `server`, for the page and the API alike. Here, Origin and Sec-Fetch-Site, if sent,
//! must be this server's own. In addition, every POST needs a content type that forms of other sites cannot send
//! without a CORS preflight, which is never answered; `body` checks that.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use btcfake_core::api::INSTANCE_HEADER;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::api::Api;
use super::refusal::Refusal;

/// The only path with an archive as its body, which has time limits of its own.
const PUBLISH: &str = "/api/publish";

/// Refuses requests from other origins, requests without the token, and requests meant for another helper.
pub(super) async fn guard(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    match check(&api, request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// Adds headers to every answer under `/api`, refused ones included: no caching, and nothing may be loaded or run.
pub(crate) fn add_headers(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    );
}

/// Aborts requests that take too long. For a stream, only the time until it starts is limited.
pub(super) async fn limit_time(State(api): State<Arc<Api>>, request: Request, next: Next) -> Response {
    if request.uri().path() == PUBLISH {
        return next.run(request).await;
    }
    let limit = api.limits.request;
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        let seconds = limit.as_secs();
        let message = format!("The request took longer than {seconds} s and was ended; try again.");
        Refusal::new(StatusCode::REQUEST_TIMEOUT, message).into_response()
    })
}

fn check(api: &Api, headers: &HeaderMap) -> Result<(), Refusal> {
    const FOREIGN: &str = "Only the page that this helper serves may ask it anything.";
    if !is_own_origin(headers) {
        return Err(Refusal::new(StatusCode::FORBIDDEN, FOREIGN));
    }
    if let Some(token) = &api.token {
        match bearer(headers) {
            Some(given) if is_same(given, token.expose()) => {}
            given => {
                let what = if given.is_none() { "needs a" } else { "has another" };
                let message = format!("This helper {what} token: enter the value of BTCFAKE_TOKEN with which it runs.");
                return Err(Refusal::new(StatusCode::UNAUTHORIZED, message));
            }
        }
    }
    if headers.get_all(INSTANCE_HEADER).iter().any(|meant| meant.as_bytes() != api.instance.as_bytes()) {
        let message = "Another helper answers here now, or this one was started anew: it may be connected to something else. \
            Look at what it says of itself, then try again.";
        return Err(Refusal::new(StatusCode::PRECONDITION_FAILED, message));
    }
    Ok(())
}

/// True if Origin and Sec-Fetch-Site, where sent, are this server's.
fn is_own_origin(headers: &HeaderMap) -> bool {
    const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next().and_then(|host| host.to_str().ok()), hosts.next()) else { return false };
    let own = format!("http://{host}");
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let mut sites = headers.get_all(SEC_FETCH_SITE).iter();
    origins.all(|origin| origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()))
        && sites.all(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Constant-time comparison that does not reveal contents or lengths.
fn is_same(one: &str, other: &str) -> bool {
    Sha256::digest(one.as_bytes()).as_slice().ct_eq(Sha256::digest(other.as_bytes()).as_slice()).into()
}
