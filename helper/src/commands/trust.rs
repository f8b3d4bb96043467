//! `btcfake trust`: shows the key of an SFTP host, and trusts it if the user confirms.

use std::io::{BufRead, IsTerminal};

use crate::commands::cli::TrustArguments;
use crate::configuration::{Configuration, HostKeyTrust};
use crate::remote::sftp::{
    HostKeyState, SftpProblem, TimeLimits, add_known_host, block_on, host_name, lines_named, meet,
};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};

/// Runs the command.
///
/// # Errors
/// A host that cannot be reached, a changed, revoked or not pinned key, or a refusal by the user.
pub(crate) fn run(arguments: &TrustArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    configuration.warnings.iter().for_each(console::warn);
    let side = arguments.side;
    let (host, port, trust) = configuration.sftp_host(side)?;
    let limits = TimeLimits::of(configuration.sftp_limits()?.operation);
    let met = block_on(async { meet(side, &host, port, &trust, &limits).await.map_err(SftpProblem::into_failure) })?;
    let name = host_name(&host, port);
    console::print(&format!("host: {name}\nkey: {}\nfingerprint: {}\n", met.key.key_type, met.key.fingerprint));
    let HostKeyTrust::KnownHosts(path) = trust else {
        return match met.state {
            HostKeyState::Trusted => {
                console::print(&format!("This is the key in {}_HOST_KEY.\n", side.prefix()));
                Ok(())
            }
            _ => Err(Failure::Other(format!(
                "{name}: THIS IS NOT THE KEY in {0}_HOST_KEY; ask who runs the host, and only if the key was changed on \
                 purpose set {0}_HOST_KEY to its fingerprint",
                side.prefix()
            ))),
        };
    };
    let file = shown_path(&path);
    match met.state {
        HostKeyState::Trusted => {
            console::print(&format!("It is trusted already ({file}).\n"));
            Ok(())
        }
        HostKeyState::Unknown => {
            if !(arguments.yes || asked(&format!("Trust it (add it to {file})? [y/N] "))?) {
                return Err(Failure::Other("not trusted; nothing was changed".to_owned()));
            }
            add_known_host(&path, &host, port, &met.key.line).of_file(&path, "write")?;
            console::print(&format!("It is trusted from now on ({file}).\n"));
            Ok(())
        }
        HostKeyState::Revoked(line) => Err(Failure::Other(format!(
            "{name}: THIS KEY IS REVOKED by line {line} of {file}; it is not trusted. Ask who runs the host"
        ))),
        HostKeyState::Changed(lines) => {
            let lines = lines_named(&lines);
            Err(Failure::Other(format!(
                "{name}: THE HOST'S KEY HAS CHANGED: {file} knows another one. Somebody may be listening in; nothing was \
                 changed. Ask who runs the host for the fingerprint; only if it is this one, remove {lines} of {file} and \
                 call this again"
            )))
        }
        HostKeyState::NotPinned => Err(Failure::Other(format!("{name}: not trusted"))),
    }
}

fn asked(question: &str) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "nobody is there to be asked; give --yes once you know that the fingerprint is right".to_owned(),
        ));
    }
    console::print(question);
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|message| Failure::Other(format!("cannot read the answer: {message}")))?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}
