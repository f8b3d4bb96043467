//! Shared parts of the sandbox's HTTP servers: free port on loopback, shutdown, repeatable faults.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use btcfake_core::plan::draw::Draw;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::terminal::failure::Failure;

/// Running server; dropping it stops it.
#[derive(Debug)]
pub(crate) struct SandboxHttp {
    /// Base URL: `http://127.0.0.1:` and the port.
    pub(crate) base_url: String,
    _stop: DropGuard,
}

/// Serves an app on a free port of 127.0.0.1.
pub(super) async fn serve(app: impl FnOnce(SocketAddr) -> Router) -> Result<SandboxHttp, Failure> {
    let failed = |error: std::io::Error| Failure::system("listen on 127.0.0.1 for the sandbox", error);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let stop = CancellationToken::new();
    let stopped = stop.clone().cancelled_owned();
    let app = app(address);
    tokio::spawn(async move { axum::serve(listener, app).with_graceful_shutdown(stopped).await });
    Ok(SandboxHttp { base_url: format!("http://{address}"), _stop: stop.drop_guard() })
}

/// True if a fault with this share applies to an item; the same items every time.
pub(super) fn strikes(share: f64, fault: u64, item: u64) -> bool {
    const OF: u64 = 1 << 32;
    const FAULTS: u64 = 0xFA_0175;
    (Draw::for_sample(fault, FAULTS, item).below(OF) as f64) < share * OF as f64
}
