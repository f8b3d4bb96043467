//! `btcfake serve`: serves the page and its API.

use std::net::SocketAddr;

use chrono::Utc;
use clap::Args;

use crate::configuration::Configuration;
use crate::configuration::secret::Secret;
use crate::sandbox::{Faults, Sandbox, SandboxOptions};
use crate::server::end_signals::EndSignals;
use crate::server::routes::Api;
use crate::server::{listen_address, serving};
use crate::terminal::console;
use crate::terminal::failure::Failure;
use crate::terminal::network_runtime::network_runtime;

/// Options of `serve`.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The address to listen on: a port (8787), localhost or an IP address, or both (localhost:8787).
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address::parse, default_value_t = listen_address::DEFAULT)]
    listen: SocketAddr,
    /// Open the page in the browser.
    #[arg(long)]
    open: bool,
    /// Start the sandbox and connect the page to it: SFTP, recommender and Databricks on this machine, with made-up
    /// data. Nothing real is reached.
    #[arg(long)]
    sandbox: bool,
    /// Faults of the sandbox; `btcfake sandbox --help` lists them.
    #[arg(long, value_name = "LIST", requires = "sandbox", value_parser = Faults::parse)]
    fault: Option<Faults>,
}

impl Default for ServeArguments {
    fn default() -> ServeArguments {
        ServeArguments { listen: listen_address::DEFAULT, open: false, sandbox: false, fault: None }
    }
}

/// Length below which a token is called short.
const SHORT_TOKEN: usize = 16;

/// Runs the command until a request to end.
///
/// # Errors
/// A configuration that cannot be read, a missing or unusable token for an address other than loopback, or an address
/// that cannot be listened on.
pub(crate) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.print_warnings(false);
    let runtime = network_runtime()?;
    if !arguments.sandbox {
        configuration.environment()?;
        return runtime.block_on(async { serve(arguments, configuration, None, &EndSignals::listen()).await });
    }
    let zone = configuration.business_timezone()?;
    let options = SandboxOptions {
        today: zone.date_of(Utc::now()),
        zone,
        faults: arguments.fault.clone().unwrap_or_default(),
        dir: None,
        employees: Some(configuration.employees_file()),
    };
    runtime.block_on(async {
        // Listens before the sandbox starts, so that a request to end during its start also removes its files.
        let signals = EndSignals::listen();
        let sandbox = tokio::select! {
            sandbox = Sandbox::start(options) => sandbox?,
            () = signals.asked(1) => return Ok(()),
        };
        console::print_diagnostic("sandbox: SFTP, recommender and Databricks on this machine; nothing real is reached");
        let mut settings = sandbox.settings();
        // Sandbox catalogs must not be mixed with real ones.
        let catalogs = sandbox.folder().join("downloaded_files");
        settings.push(("SFTP_LOCAL_DIR".to_owned(), catalogs.to_string_lossy().into_owned()));
        let output = sandbox.folder().join("generated_files");
        settings.push(("OUTPUT_DIR".to_owned(), output.to_string_lossy().into_owned()));
        let served = serve(arguments, configuration.connected_to_sandbox(&settings), Some(&sandbox), &signals).await;
        sandbox.shutdown().await;
        served
    })
}

/// Serves the page with a configuration's connections, which may be those of a sandbox, until `signals` end it.
///
/// # Errors
/// As [`run`].
pub(crate) async fn serve(
    arguments: &ServeArguments,
    configuration: Configuration,
    sandbox: Option<&Sandbox>,
    signals: &EndSignals,
) -> Result<(), Failure> {
    let token = token(arguments, &configuration)?;
    let vendor = sandbox.and_then(Sandbox::vendor).cloned();
    let api = Api::with_vendor(configuration, sandbox.is_some(), token, vendor);
    api.clear_scratch();
    serving::serve(arguments.listen, arguments.open, api, signals).await
}

/// Token that the API requires; `None` on loopback, which only local programs can reach.
fn token(arguments: &ServeArguments, configuration: &Configuration) -> Result<Option<Secret>, Failure> {
    let address = arguments.listen;
    if address.ip().is_loopback() {
        return Ok(None);
    }
    let token = configuration.secret("BTCFAKE_TOKEN").ok_or_else(|| {
        Failure::Configuration(format!(
            "others can reach {address}, so a token is needed: set BTCFAKE_TOKEN to a long random text in the \
             environment or in .env, and enter it in the page; or leave --listen out, to serve this machine only"
        ))
    })?;
    let text = token.expose();
    if text.trim() != text || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        let message = "no request can carry BTCFAKE_TOKEN as it is: letters, digits and signs of ASCII are allowed, and no blank \
            at its beginning or end; `openssl rand -hex 32` gives a good one";
        return Err(Failure::Configuration(message.to_owned()));
    }
    if token.expose().len() < SHORT_TOKEN {
        console::warn("BTCFAKE_TOKEN is short, so it can be guessed; `openssl rand -hex 32` gives a better one");
    }
    console::warn(format!(
        "others can reach {address}, and what they send and get, the token too, is not encrypted; use it in a \
         network that you trust"
    ));
    Ok(Some(token))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::configuration::configuration_of;

    #[test]
    fn an_address_that_others_reach_needs_a_token() {
        for (listen, token_set, expected) in [
            ("127.0.0.1:8787", None, Ok(None)),
            ("127.0.0.1:8787", Some("0123456789abcdef"), Ok(None)),
            ("[::1]:8787", None, Ok(None)),
            ("0.0.0.0:8787", None, Err(())),
            ("192.0.2.7:8787", None, Err(())),
            ("[::]:0", None, Err(())),
            ("[::ffff:127.0.0.1]:0", None, Err(())),
            ("0.0.0.0:8787", Some("changeme"), Err(())),
            ("0.0.0.0:8787", Some("0123456789abcdef-\u{e9}"), Err(())),
            ("0.0.0.0:8787", Some("0123456789abcdef "), Err(())),
            ("0.0.0.0:8787", Some("two words of a token"), Ok(Some("two words of a token"))),
            ("0.0.0.0:8787", Some("0123456789abcdef"), Ok(Some("0123456789abcdef"))),
        ] {
            let values: Vec<(&str, &str)> = token_set.map(|token| ("BTCFAKE_TOKEN", token)).into_iter().collect();
            let arguments =
                ServeArguments { listen: listen.parse().unwrap(), open: false, sandbox: false, fault: None };
            let found = token(&arguments, &configuration_of(&values)).map_err(|_| ());
            assert_eq!(found, expected.map(|token: Option<&str>| token.map(Secret::new)), "{listen}");
        }
    }
}
