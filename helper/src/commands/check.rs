//! `btcfake check`: what kind of file each is, and every way in which it breaks the format or the rules.

use crate::cli::CheckArguments;
use crate::failure::Failure;

pub(crate) fn run(_arguments: &CheckArguments) -> Result<(), Failure> {
    Ok(())
}
