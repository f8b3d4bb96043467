//! `btcfake sandbox`: runs stand-ins for all servers, and prints the `.env` for using them.

use std::path::PathBuf;

use btcfake_core::plan::settings::parse_now;
use chrono::{DateTime, Utc};
use clap::Args;

use crate::commands::argument_values::written_path;
use crate::configuration::Configuration;
use crate::sandbox::{Faults, Sandbox, SandboxOptions};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;
use crate::terminal::network_runtime::network_runtime;

/// Options of `sandbox`.
#[derive(Debug, Args)]
pub(crate) struct SandboxArguments {
    /// The folder for its files, which is kept; an earlier sandbox there continues [default: a temporary folder,
    /// removed at the end].
    #[arg(long, value_name = "DIR", value_parser = written_path())]
    dir: Option<PathBuf>,
    /// Faults, separated by commas, such as sftp-cut=2MB,api-500=0.1,api-slow=3s,databricks-429=0.2.
    ///
    /// Sizes: sftp-cut and sftp-silent, after that many bytes of a connection; sftp-cuts=N cuts only the first N.
    /// Shares from 0 to 1 of the employees: api-500, api-429, api-error-in-200, api-half-json, api-wrong-types,
    /// api-drip, api-hang. Shares of the requests: databricks-429, databricks-503. Times: api-slow, databricks-pending.
    /// Texts: sftp-ghost=NAME (listed, but does not exist), databricks-failed=MESSAGE. Without a value:
    /// sftp-wrong-sizes, sftp-short-reads, sftp-asks-password (keyboard-interactive), databricks-expired-token,
    /// databricks-expired-links.
    #[arg(long, value_name = "LIST", value_parser = Faults::parse)]
    fault: Option<Faults>,
    /// The instant that decides what today is [default: the clock].
    #[arg(long, value_name = "RFC3339", value_parser = parse_now)]
    now: Option<DateTime<Utc>>,
}

/// Runs the command until a request to end.
///
/// # Errors
/// A folder that cannot be used, no free port, or settings that cannot be printed.
pub(crate) fn run(arguments: &SandboxArguments) -> Result<(), Failure> {
    interrupt::listen();
    let configuration = Configuration::read()?;
    let zone = configuration.business_timezone()?;
    let options = SandboxOptions {
        today: zone.date_of(arguments.now.unwrap_or_else(Utc::now)),
        zone,
        faults: arguments.fault.clone().unwrap_or_default(),
        dir: arguments.dir.clone(),
        employees: Some(configuration.employees_file()),
    };
    let runtime = network_runtime()?;
    runtime.block_on(async {
        let sandbox = tokio::select! {
            sandbox = Sandbox::start(options) => sandbox?,
            () = interrupt::requested() => return Ok(()),
        };
        console::print(&env_file(&sandbox.settings()));
        // The sandbox is useless without these lines.
        console::check_printed()?;
        console::print_diagnostic(&format!(
            "sandbox: the lines above are the .env to use it with; its files are in {}; it runs until Ctrl-C",
            shown_path(sandbox.folder())
        ));
        sandbox.note().into_iter().for_each(console::note);
        interrupt::requested().await;
        sandbox.shutdown().await;
        Ok(())
    })
}

/// Settings as lines of a `.env` file.
fn env_file(settings: &[(String, String)]) -> String {
    settings.iter().map(|(name, value)| format!("{name}={}\n", env_value(value))).collect()
}

/// Value of a setting, quoted if necessary, for `.env` and shells alike.
fn env_value(value: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:+=@".contains(c);
    if !value.is_empty() && value.chars().all(is_plain) {
        value.to_owned()
    } else if value.contains('\'') {
        let escaped: String =
            value.chars().flat_map(|c| "\\\"$`".contains(c).then_some('\\').into_iter().chain([c])).collect();
        format!("\"{escaped}\"")
    } else {
        format!("'{value}'")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let values = [
            "SHA256:a+b/c=",
            "http://127.0.0.1:9000",
            "/tmp/a b/employees.csv",
            "C:\\Users\\x",
            "it's $HOME \"here\" \\ # no comment",
            "a # b",
        ];
        let settings: Vec<(String, String)> =
            values.iter().enumerate().map(|(position, value)| (format!("V{position}"), (*value).to_owned())).collect();
        let text = env_file(&settings);
        let (read, _) = crate::configuration::env_file::parse(text.as_bytes(), |_| None);
        let read = read.into_iter().map(|line| (line.name, line.value.expose().to_owned()));
        assert_eq!(read.collect::<Vec<_>>(), settings, "{text}");
    }
}
