//! `btcfake sandbox`: runs stand-ins for all servers, and prints the `.env` for using them.

use chrono::Utc;

use crate::commands::cli::SandboxArguments;
use crate::configuration::Configuration;
use crate::sandbox::{Sandbox, SandboxOptions};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;
use crate::terminal::network_runtime::network_runtime;

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
