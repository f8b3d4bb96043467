//! `btcfake serve`: the page for the browser, on this machine.

use crate::cli::ServeArguments;
use crate::failure::Failure;
use crate::server;

/// Runs the command until it is asked to end.
///
/// # Errors
/// An address that cannot be listened on.
pub(crate) fn run(arguments: &ServeArguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|said| Failure::Other(format!("cannot start the server's threads: {said}")))?;
    runtime.block_on(server::serve(arguments.listen, arguments.open))
}
