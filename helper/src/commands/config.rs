//! `btcfake config`: resolved settings with their sources. Secrets are shown as `set` or `not set`.

use btcfake_core::text::visible::shown_whole;
use clap::Args;
use serde_json::json;

use crate::configuration::{Configuration, SETTINGS, Setting, SettingSource, shown_setting};
use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Options of `config`.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// Print the settings, with the meaning of each, as JSON.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
///
/// # Errors
/// `Configuration` for a `.env` that cannot be read or parsed; `Reported` for invalid settings, after all were
/// printed.
pub(crate) fn run(arguments: &ConfigArguments) -> Result<(), Failure> {
    let configuration = Configuration::read()?;
    let resolved: Vec<Resolved> = SETTINGS.iter().map(|setting| resolve(&configuration, setting)).collect();
    let others = [configuration.environment().map(drop), configuration.business_timezone().map(drop)];
    let mut problems = configuration.problems();
    problems.extend(others.into_iter().filter_map(Result::err).map(|failure| failure.to_string()));
    let problems: Vec<String> = problems.iter().map(|problem| configuration.without_secrets(problem)).collect();
    let outcome = if problems.is_empty() { Ok(()) } else { Err(Failure::Reported) };
    if arguments.json {
        let settings: Vec<_> = resolved
            .iter()
            .map(|one| json!({ "name": one.name, "value": one.value, "from": one.origin, "about": one.about }))
            .collect();
        let warnings = &configuration.warnings;
        console::print_json(&json!({ "settings": settings, "warnings": warnings, "problems": problems }));
        return outcome;
    }
    let longest_name = resolved.iter().map(|one| one.name.len()).max().unwrap_or_default();
    let longest_value = resolved.iter().map(|one| shown_whole(&one.value).chars().count()).max().unwrap_or_default();
    for Resolved { name, value, origin, .. } in &resolved {
        let value = shown_whole(value);
        console::print(&format!("{name:<longest_name$}  {value:<longest_value$}  {origin}\n"));
    }
    configuration.print_warnings(false);
    let unwarned = problems.iter().filter(|problem| !configuration.warnings.contains(problem));
    unwarned.for_each(|problem| console::print_diagnostic(problem));
    outcome
}

/// Resolved setting.
pub(crate) struct Resolved {
    /// The name of the variable.
    pub(crate) name: &'static str,
    /// Value in effect; for secrets only `set` or `not set`.
    pub(crate) value: String,
    /// Source of the value.
    pub(crate) origin: &'static str,
    /// Description.
    pub(crate) about: &'static str,
}

/// Resolves a setting's value and source for display.
pub(crate) fn resolve(configuration: &Configuration, setting: &Setting) -> Resolved {
    let source = configuration.source(setting.name);
    let value = match (setting.is_secret, source) {
        (true, Some(_)) => "set".to_owned(),
        (true, None) => "not set".to_owned(),
        (false, _) if configuration.is_misplaced(setting.name) => "(secret)".to_owned(),
        (false, _) => {
            let value = configuration.value(setting.name).unwrap_or_else(|| "not set".to_owned());
            configuration.without_secrets(&shown_setting(setting.name, &value))
        }
    };
    let origin = match source {
        Some(SettingSource::Environment) => "environment",
        Some(SettingSource::EnvFile) => ".env",
        Some(SettingSource::Sandbox) => "sandbox",
        None if setting.default.is_some() => "default",
        None => "-",
    };
    Resolved { name: setting.name, value, origin, about: setting.about }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::configuration::configuration_of;

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let values = [
            ("API_BASE_URL", "https://user:hunter2@h/x"),
            ("SFTP_INBOUND_HOST", "user:hunter2@host"),
            ("DATABRICKS_HOST", "user:hunter2@host"),
            ("API_ENDPOINT", "/run?key=hunter2"),
            ("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/1?token=hunter2"),
            ("SFTP_INBOUND_USER", "user@company"),
            ("SFTP_INBOUND_REMOTE_PATH", "sftp://user:hunter2@host/path"),
            ("API_CA_FILE", "https://user:hunter2@host/ca.pem"),
        ];
        let configuration = configuration_of(&values);
        let shown: Vec<String> = SETTINGS.iter().map(|setting| resolve(&configuration, setting).value).collect();
        assert!(!shown.iter().any(|value| value.contains("hunter2")), "{shown:?}");
        assert!(shown.iter().any(|value| value == "user@company"), "{shown:?}");
    }

    /// Users start from these files: each must explain every variable, and no other.
    #[test]
    fn the_templates_name_every_setting() {
        for (name, template) in [
            (".env.example", include_str!("../../../.env.example")),
            (".env.dev.example", include_str!("../../../.env.dev.example")),
            (".env.qa.example", include_str!("../../../.env.qa.example")),
            (".env.prod.example", include_str!("../../../.env.prod.example")),
        ] {
            let mut found: Vec<&str> = template
                .lines()
                .filter(|line| !line.starts_with('#'))
                .filter_map(|line| Some(line.split_once('=')?.0))
                .collect();
            found.sort_unstable();
            let mut expected: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
            expected.sort_unstable();
            assert_eq!(found, expected, "{name}");
        }
    }
}
