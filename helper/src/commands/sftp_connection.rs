//! The SFTP connection of a command: its settings, and the client with its progress in the terminal.

use btcfake_core::text::words::size_text;

use crate::configuration::{Configuration, SftpSettings, SftpSide};
use crate::remote::sftp::{SftpClient, TransferProgress, block_on};
use crate::terminal::console::{self, Progress};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Settings of an SFTP server, which must be configured.
///
/// # Errors
/// `Configuration` if it is not, or if a setting is invalid.
pub(crate) fn configured_sftp(configuration: &Configuration, side: SftpSide) -> Result<SftpSettings, Failure> {
    configuration.sftp(side)?.ok_or_else(|| {
        let prefix = side.prefix();
        Failure::Configuration(format!(
            "the {} SFTP server is not configured; set {prefix}_PASSWORD or {prefix}_PRIVATE_KEY in the environment or \
             in .env",
            side.name()
        ))
    })
}

/// Does work with the client of an SFTP server, shows its progress, and ends it on Ctrl-C.
///
/// # Errors
/// Failures of the work.
pub(crate) fn with_sftp_client<T>(
    settings: &SftpSettings,
    quiet: bool,
    work: impl AsyncFnOnce(&mut SftpClient<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let mut progress = Progress::new(quiet);
    let done = block_on(async {
        let on_event = |event| show(&mut progress, event);
        let mut client = SftpClient::new(settings).watched(on_event, interrupt::cancellation());
        work(&mut client).await
    });
    progress.clear();
    done
}

fn show(progress: &mut Progress, event: TransferProgress) {
    match event {
        TransferProgress::Bytes { name, done, total } => {
            let percent = (u128::from(done) * 100).checked_div(total.into()).unwrap_or(100);
            progress.show(format!("{name}: {percent} % of {}", size_text(total)));
        }
        TransferProgress::Retrying { problem, pause } => {
            progress.clear();
            console::print_diagnostic(&format!("{problem}; trying again in {} s", pause.as_secs()));
        }
    }
}
