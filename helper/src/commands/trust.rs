//! `btcfake trust`: shows the key of an SFTP host, and trusts it if the user confirms.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use crate::configuration::{Configuration, HostKeyTrust, SftpSide};
use crate::remote::sftp::{
    HostKeyState, SftpProblem, TimeLimits, add_known_host, block_on, fetch_host_key, host_name, refuse_unless_trusted,
};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Options of `trust`.
#[derive(Debug, Args)]
pub(crate) struct TrustArguments {
    /// The server.
    #[arg(value_name = "SERVER", value_enum)]
    side: SftpSide,
    /// Trust the key without a question, because you know that its fingerprint is right.
    #[arg(long)]
    yes: bool,
}

/// Runs the command.
///
/// # Errors
/// A host that cannot be reached, a changed, revoked or not pinned key, or a refusal by the user.
pub(crate) fn run(arguments: &TrustArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.warnings.iter().for_each(console::warn);
    let host = configuration.sftp_host(arguments.side)?;
    let limits = TimeLimits::of(configuration.sftp_limits()?.operation);
    let contact = block_on(async { fetch_host_key(&host, &limits).await.map_err(SftpProblem::into_failure) })?;
    let name = host_name(&host.name, host.port);
    console::print(&format!("host: {name}\nkey: {}\nfingerprint: {}\n", contact.key.key_type, contact.key.fingerprint));
    match (&contact.state, &host.trust) {
        (HostKeyState::Trusted, HostKeyTrust::Pinned(_)) => {
            console::print(&format!("This is the key in {}_HOST_KEY.\n", host.side.prefix()));
        }
        (HostKeyState::Trusted, HostKeyTrust::KnownHosts(path)) => {
            console::print(&format!("It is trusted already ({}).\n", shown_path(path)));
        }
        (HostKeyState::Unknown, HostKeyTrust::KnownHosts(path)) => {
            let file = shown_path(path);
            if !(arguments.yes || asked(&format!("Trust it (add it to {file})? [y/N] "))?) {
                return Err(Failure::Other("not trusted; nothing was changed".to_owned()));
            }
            add_known_host(path, &host.name, host.port, &contact.key.line).of_file(path, "write")?;
            console::print(&format!("It is trusted from now on ({file}).\n"));
        }
        (state, _) => {
            refuse_unless_trusted(&host, &contact.key, state).map_err(SftpProblem::into_failure)?;
        }
    }
    Ok(())
}

fn asked(question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "nobody is there to be asked; give --yes once you know that the fingerprint is right".to_owned(),
        ));
    }
    console::print(question);
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).map_err(|error| Failure::system("read the answer", error))?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
