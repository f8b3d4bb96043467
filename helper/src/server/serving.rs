//! Local server: the page, and its API under `/api`.
//!
//! Browsers must not cache `index.html`; files with a hash in their name are cached for good; unknown files are a 404.
//! Requests with a Host header of another host are refused, against DNS rebinding: a foreign page must not reach this
//! server by giving its address a name.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::server::accept::{LONGEST_HEAD, serve_until};
use crate::server::end_signals::EndSignals;
use crate::server::page::{INDEX, Page};
use crate::server::routes::{self, Api, Refusal};
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Serves the page and its API until `signals` ask the program to end. `open` opens it in the browser.
///
/// # Errors
/// An address that cannot be listened on, or standard output that fails.
pub(crate) async fn serve(address: SocketAddr, open: bool, api: Arc<Api>, signals: &EndSignals) -> Result<(), Failure> {
    let listener = tokio::net::TcpListener::bind(address).await.map_err(|message| cannot_listen(address, &message))?;
    let address = listener.local_addr().map_err(|message| cannot_listen(address, &message))?;
    console::print(&format!("BTC Fake is at http://{address} (end with Ctrl-C)\n"));
    console::check_printed()?;
    if open && has_screen() {
        // Ignored: the address was printed above.
        let _ = open::that_detached(format!("http://{address}"));
    }
    let app = app(Page::built(), Arc::clone(&api), address.ip());
    tokio::select! {
        () = serve_until(signals.asked(1), listener, app, LONGEST_HEAD) => {}
        () = out_of_patience(&api, signals) => return Ok(()),
    }
    api.end(LONGEST_END).await;
    Ok(())
}

/// Time limit for running API tasks to clean up after a request to end.
const LONGEST_END: Duration = Duration::from_secs(10);

/// Completes shortly after a request to end, once API tasks have ended: an HTTP request that never ends must not delay
/// the end of the program. After a second request to end it completes at once.
async fn out_of_patience(api: &Api, signals: &EndSignals) {
    const PATIENCE: Duration = Duration::from_millis(500);
    signals.asked(1).await;
    tokio::select! {
        _ = async { tokio::join!(tokio::time::sleep(PATIENCE), api.end(LONGEST_END)) } => {}
        () = signals.asked(2) => {}
    }
}

/// Router for the page and the API.
pub(crate) fn app(page: Page, api: Arc<Api>, address: IpAddr) -> Router {
    const LONGEST_ANSWER: Duration = Duration::from_secs(30);
    Router::new()
        .fallback(
            get(page_file).fallback(async || {
                (StatusCode::METHOD_NOT_ALLOWED, "The page takes GET, HEAD, and no other method.\n")
            }),
        )
        .with_state(Arc::new(page))
        // Answers of the API are not compressed: a compressor would delay streams, and the client is usually on this
        // machine.
        .layer(CompressionLayer::new())
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST_ANSWER))
        .merge(routes::router(api))
        .layer(middleware::from_fn(move |request, next| refuse_other_hosts(address, request, next)))
        .layer(middleware::from_fn(add_security_headers))
}

async fn page_file(State(page): State<Arc<Page>>, uri: Uri) -> Response {
    let name = match uri.path().trim_start_matches('/') {
        "" => INDEX,
        name => name,
    };
    let Some(bytes) = page.file(name) else {
        return (StatusCode::NOT_FOUND, "There is nothing of this name here.\n").into_response();
    };
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let keep = if has_hash(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response =
        ([(header::CONTENT_TYPE, kind.as_ref()), (header::CACHE_CONTROL, keep)], bytes.to_vec()).into_response();
    if name == INDEX
        && let Ok(policy) = HeaderValue::from_str(page.content_security_policy())
    {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// True if a name contains a hash of the content, as in `btcfake-web-4f1c9a2b7d3e5f60_bg.wasm`.
fn has_hash(name: &str) -> bool {
    name.split(['-', '.', '_', '/']).any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// True for paths of the API.
fn is_api(path: &str) -> bool {
    path.strip_prefix(routes::PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

async fn add_security_headers(request: Request, next: Next) -> Response {
    let is_api = is_api(request.uri().path());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if is_api {
        routes::add_headers(headers);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    response
}

async fn refuse_other_hosts(address: IpAddr, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    const REFUSED: &str = "This server answers under its own address only.";
    if host.is_some_and(|host| is_this_host(host, address)) {
        next.run(request).await
    } else if is_api(request.uri().path()) {
        Refusal::new(StatusCode::MISDIRECTED_REQUEST, REFUSED).into_response()
    } else {
        (StatusCode::MISDIRECTED_REQUEST, format!("{REFUSED}\n")).into_response()
    }
}

/// True if a Host header names this server's address or, on loopback, `localhost`. A server on all addresses answers
/// under each IP address and `localhost`, but under no other name.
fn is_this_host(host: &str, address: IpAddr) -> bool {
    let Ok(host) = host.parse::<Authority>() else { return false };
    match host.host().trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(named) => named == address || address.is_unspecified(),
        Err(_) => host.host().eq_ignore_ascii_case("localhost") && (address.is_loopback() || address.is_unspecified()),
    }
}

/// True if a browser could open here: not in CI, and on Linux only with a display.
fn has_screen() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !is_set("CI")
        && (!cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"].into_iter().any(is_set))
}

fn cannot_listen(address: SocketAddr, message: &std::io::Error) -> Failure {
    let mend = match message.kind() {
        std::io::ErrorKind::AddrInUse => "; another program listens there: end it, or choose another --listen",
        std::io::ErrorKind::PermissionDenied => "; choose a port above 1023 by --listen",
        _ => "",
    };
    Failure::system(format!("listen on {address}"), format!("{message}{mend}"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::borrow::Cow;
    use std::net::Ipv4Addr;

    use axum::body::Body;
    use tower::ServiceExt;

    use super::*;
    use crate::configuration::Configuration;

    async fn answer(path: &str, host: &str) -> Response {
        let files = [
            ("index.html", "<script>x</script>"),
            ("app-0123456789abcdef.js", "js"),
            ("worker.js", "js"),
            ("sw.js", "js"),
            ("manifest.webmanifest", "{}"),
        ];
        let files = files.map(|(name, text)| (name.to_owned(), Cow::Borrowed(text.as_bytes())));
        let api = Api::new(Configuration::default(), false, None);
        let app = app(Page::of(files.into()), api, IpAddr::V4(Ipv4Addr::LOCALHOST));
        let request = Request::builder().uri(path).header("host", host).body(Body::empty()).unwrap();
        app.oneshot(request).await.unwrap()
    }

    #[tokio::test]
    async fn files_are_kept_by_the_browser_only_under_a_hash() {
        for (path, status, keep) in [
            ("/", 200, "no-cache"),
            ("/index.html", 200, "no-cache"),
            ("/worker.js", 200, "no-cache"),
            ("/sw.js", 200, "no-cache"),
            ("/app-0123456789abcdef.js", 200, "public, max-age=31536000, immutable"),
            ("/app-missing.js", 404, ""),
            ("/../Cargo.toml", 404, ""),
        ] {
            let answer = answer(path, "127.0.0.1:8787").await;
            let found = answer.headers().get("cache-control").map_or("", |value| value.to_str().unwrap());
            assert_eq!((answer.status().as_u16(), found), (status, keep), "{path}");
        }
    }

    /// Browsers take a service worker from a script only, and an installable page from a manifest only.
    #[tokio::test]
    async fn what_installs_the_page_has_its_type() {
        for (path, kind) in [("/sw.js", "text/javascript"), ("/manifest.webmanifest", "application/manifest+json")] {
            assert_eq!(answer(path, "localhost").await.headers()["content-type"], kind, "{path}");
        }
    }

    #[tokio::test]
    async fn the_page_may_run_its_own_scripts_only() {
        let answer = answer("/", "localhost:8787").await;
        let policy = answer.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("'sha256-LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE='"), "{policy}");
    }

    #[tokio::test]
    async fn other_hosts_are_refused() {
        for (host, status) in [
            ("127.0.0.1:8787", 200),
            ("127.0.0.1", 200),
            ("[::1]", 421),
            ("[::1]:8787", 421),
            ("localhost", 200),
            ("LOCALHOST:8787", 200),
            ("evil.example", 421),
            ("evil.example:8787", 421),
            ("10.0.0.1", 421),
            ("localhost.evil.example", 421),
            ("", 421),
        ] {
            assert_eq!(answer("/", host).await.status().as_u16(), status, "{host}");
        }
    }

    #[test]
    fn a_server_on_all_addresses_answers_under_addresses_only() {
        let all = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        assert!(is_this_host("192.0.2.7:80", all) && is_this_host("[2001:db8::1]:80", all));
        assert!(!is_this_host("evil.example", all));
    }
}
