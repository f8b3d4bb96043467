//! SFTP servers on loopback over local folders, with keys and passwords made for the run.
//!
//! [`start`] serves one folder as a whole file system; an inbound and an outbound server take two calls.
//! [`fill_inbound`] writes the files of a vendor's server. [`SftpFaults`] makes a server misbehave, for tests and for
//! people who test their own tools.

mod faulty_stream;
mod files;
mod inbound;
mod served;
mod server;

pub(crate) use inbound::{INBOUND_FOLDER, OUTBOUND_FOLDER, fill_inbound};
pub(super) use inbound::{deliver, delivered_folder};
pub(crate) use served::{SandboxSftpOptions, SftpFaults};

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey};
use russh::{MethodKind, SshId};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::configuration::secret::Secret;
use crate::terminal::failure::{Failure, FileResult};
use faulty_stream::FaultyStream;
use served::Served;
use server::SftpConnection;

/// SFTP server that runs until it is shut down or dropped.
#[derive(Debug)]
pub(crate) struct SandboxSftp {
    /// Listening address.
    pub(crate) address: SocketAddr,
    /// Name of the only user.
    pub(crate) user: String,
    /// Password of the user.
    pub(crate) password: Secret,
    /// Fingerprint of the host key, `SHA256:...`.
    pub(crate) host_key_fingerprint: String,
    /// Host key as a line of a `known_hosts` file.
    pub(crate) host_key_line: String,
    stop: DropGuard,
    accepting: JoinHandle<()>,
}

impl SandboxSftp {
    /// Ends all connections and stops listening.
    pub(crate) async fn shutdown(self) {
        let SandboxSftp { stop, accepting, .. } = self;
        drop(stop);
        let _ = accepting.await;
    }
}

/// Starts a server for the folder `root`, which a client sees as `/`.
///
/// # Errors
/// A folder that does not exist, or a system without a free port or random numbers.
pub(crate) async fn start(root: &Path, options: SandboxSftpOptions) -> Result<SandboxSftp, Failure> {
    let root = root.canonicalize().of_file(root, "serve")?;
    let no_randomness = |error| Failure::system("draw random numbers", error);
    let (mut seed, mut password) = ([0; 32], [0; 18]);
    getrandom::fill(&mut seed).map_err(no_randomness)?;
    getrandom::fill(&mut password).map_err(no_randomness)?;
    let password = Secret::new(URL_SAFE_NO_PAD.encode(password));
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&seed));
    let host_key_fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let public = key.public_key().to_openssh().map_err(|error| Failure::system("make a key", error))?;
    let cannot_listen = |error: io::Error| Failure::system("listen on 127.0.0.1", error);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let stop = CancellationToken::new();
    let served = Arc::new(Served {
        root,
        password: password.clone(),
        cuts_left: AtomicU32::new(options.faults.cuts.unwrap_or(u32::MAX)),
        options: options.clone(),
        configuration: Arc::new(configuration(key, options.faults.method())),
    });
    let accepting = tokio::spawn(accept(listener, served, stop.clone()));
    Ok(SandboxSftp {
        address,
        user: options.user,
        password,
        host_key_fingerprint,
        host_key_line: format!("[{}]:{} {public}", address.ip(), address.port()),
        stop: stop.drop_guard(),
        accepting,
    })
}

fn configuration(key: PrivateKey, method: MethodKind) -> russh::server::Config {
    let methods: &[MethodKind] = &[method];
    russh::server::Config {
        server_id: SshId::Standard(concat!("SSH-2.0-btcfake-sandbox_", env!("CARGO_PKG_VERSION")).into()),
        methods: methods.into(),
        auth_rejection_time: std::time::Duration::from_millis(200),
        auth_rejection_time_initial: Some(std::time::Duration::ZERO),
        keys: vec![key],
        nodelay: true,
        ..russh::server::Config::default()
    }
}

async fn accept(listener: TcpListener, served: Arc<Served>, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((socket, _)) => {
                tokio::spawn(serve(socket, Arc::clone(&served), stop.clone()));
            }
            // Passing failure, such as too many open files.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

async fn serve(socket: TcpStream, served: Arc<Served>, stop: CancellationToken) {
    let _ = socket.set_nodelay(true);
    let faults = &served.options.faults;
    let has_cut = faults.cut_after.is_some()
        && served.cuts_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
    let cut_after = faults.cut_after.filter(|_| has_cut);
    let stream = FaultyStream::new(socket, cut_after, faults.silent_after);
    let connection = SftpConnection::new(Arc::clone(&served));
    // A connection that a client breaks off is ignored.
    let Ok(session) = russh::server::run_stream(Arc::clone(&served.configuration), stream, connection).await else {
        return;
    };
    let handle = session.handle();
    tokio::select! {
        () = stop.cancelled() => {
            let reason = russh::Disconnect::ByApplication;
            let _ = handle.disconnect(reason, "the sandbox ends".to_owned(), String::new()).await;
        }
        _ = session => {}
    }
}
