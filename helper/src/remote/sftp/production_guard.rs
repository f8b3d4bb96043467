//! Refusal of destinations that look like production: fake data there would be a disaster.

use btcfake_core::text::production::is_production;

use super::problem::{SftpProblem, SftpProblemKind};
use crate::configuration::SftpSettings;

/// Facts for the check that a destination is not production.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Production {
    /// Value of `BTCFAKE_ENV`.
    pub(crate) environment: Option<String>,
    /// True if publishing to production was allowed explicitly.
    pub(crate) allowed: bool,
}

/// Refuses a destination that looks like production by `BTCFAKE_ENV`, path or host, unless that is allowed.
///
/// # Errors
/// `Production`, with the reason.
pub(crate) fn refuse_production(settings: &SftpSettings, production: &Production) -> Result<(), SftpProblem> {
    let path = settings.remote_path.as_deref().unwrap_or_default();
    let environment = production.environment.as_deref().unwrap_or_default();
    let why = if is_production(environment) {
        format!("BTCFAKE_ENV is {environment}")
    } else if is_production(path) {
        format!("the path {path} looks like production")
    } else if is_production(&settings.host.name) {
        format!("the host {} looks like production", settings.host.name)
    } else {
        return Ok(());
    };
    if production.allowed {
        return Ok(());
    }
    Err(production_problem(&settings.host.name, &why))
}

/// Problem of a destination that looks like production.
pub(super) fn production_problem(host: &str, why: &str) -> SftpProblem {
    let message = format!("{why}, and fake data must not get there; nothing was sent");
    SftpProblem::new(SftpProblemKind::Production, host, message, "")
}
