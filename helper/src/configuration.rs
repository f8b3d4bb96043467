//! Settings from the environment and from a file `.env` in the folder in which the program runs.
//!
//! The environment wins. Values that are still the placeholders of a template (`your_sftp_dev_password_here`) count as
//! not set, with a warning.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use btcfake_core::calendar::BusinessZone;

use crate::failure::Failure;

/// What the environment and `.env` say.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    values: BTreeMap<String, String>,
    /// What should be told before anything else.
    pub(crate) warnings: Vec<String>,
}

impl Configuration {
    /// Reads the environment and `.env`.
    ///
    /// # Errors
    /// A `.env` that cannot be read or understood.
    pub(crate) fn read() -> Result<Configuration, Failure> {
        let file = read_env_file(Path::new(".env"))?;
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Configuration::from_values(file.into_iter().chain(environment)))
    }

    /// Later values win over earlier ones of the same name.
    fn from_values(values: impl IntoIterator<Item = (String, String)>) -> Configuration {
        let mut configuration = Configuration::default();
        let known: BTreeMap<String, String> = values.into_iter().collect();
        for (name, value) in known {
            if !SETTINGS.contains(&name.as_str()) || value.trim().is_empty() {
                continue;
            }
            if is_placeholder(&value) {
                configuration
                    .warnings
                    .push(format!("{name} is still the placeholder of the template; it counts as not set"));
            } else {
                configuration.values.insert(name, value.trim().to_owned());
            }
        }
        configuration
    }

    /// The population of a run.
    pub(crate) fn employees_file(&self) -> PathBuf {
        self.path("EMPLOYEES_FILE").unwrap_or_else(|| PathBuf::from("input/employees.csv"))
    }

    /// Where a run's files go.
    pub(crate) fn output_dir(&self) -> PathBuf {
        self.path("OUTPUT_DIR").unwrap_or_else(|| PathBuf::from("generated_files"))
    }

    /// Where downloaded catalogs lie.
    pub(crate) fn sftp_local_dir(&self) -> PathBuf {
        self.path("SFTP_LOCAL_DIR").unwrap_or_else(|| PathBuf::from("downloaded_files"))
    }

    /// The template of the dummy file, where one is set.
    pub(crate) fn user_completion_template_file(&self) -> Option<PathBuf> {
        self.path("USER_COMPLETION_TEMPLATE_FILE")
    }

    /// The business time zone: UTC where none is set.
    ///
    /// # Errors
    /// A name that no zone has.
    pub(crate) fn business_timezone(&self) -> Result<BusinessZone, Failure> {
        let Some(name) = self.values.get("BUSINESS_TIMEZONE") else { return Ok(BusinessZone::UTC) };
        name.parse().map_err(|unknown| Failure::Setting(format!("BUSINESS_TIMEZONE: {unknown}")))
    }

    fn path(&self, name: &str) -> Option<PathBuf> {
        self.values.get(name).map(PathBuf::from)
    }
}

const SETTINGS: [&str; 5] =
    ["EMPLOYEES_FILE", "OUTPUT_DIR", "SFTP_LOCAL_DIR", "USER_COMPLETION_TEMPLATE_FILE", "BUSINESS_TIMEZONE"];

/// Whether a value is what a template holds in place of one: `your_..._here`, `<...>`, `changeme`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    let is_yours = value.starts_with("your_") || value.starts_with("your-");
    let is_bracketed = value.starts_with('<') && value.ends_with('>');
    is_yours || is_bracketed || matches!(value.as_str(), "changeme" | "change_me" | "replace_me")
}

fn read_env_file(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let entries = match dotenvy::from_path_iter(path) {
        Ok(entries) => entries,
        Err(error) if error.not_found() => return Ok(Vec::new()),
        Err(error) => return Err(Failure::Setting(format!("{}: {error}", path.display()))),
    };
    entries.collect::<Result<_, _>>().map_err(|error| env_file_failure(path, &error))
}

/// What is wrong with the file, without the line's text: it may hold a secret.
fn env_file_failure(path: &Path, error: &dotenvy::Error) -> Failure {
    let said = match error {
        dotenvy::Error::LineParse(line, at) => {
            let name = line.split('=').next().unwrap_or_default().trim();
            format!(
                "the line of {name} cannot be read from its character {} on; put the value into single quotes",
                at + 1
            )
        }
        other => other.to_string(),
    };
    Failure::Setting(format!("{}: {said}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(values: &[(&str, &str)]) -> Configuration {
        Configuration::from_values(values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn placeholders_count_as_not_set() {
        for (value, placeholder) in [
            ("your_sftp_dev_password_here", true),
            ("YOUR_PATH", true),
            ("<output dir>", true),
            ("changeme", true),
            ("yours/files", false),
            ("out", false),
        ] {
            let configuration = configuration(&[("OUTPUT_DIR", value)]);
            let expected = if placeholder { "generated_files" } else { value };
            assert_eq!(configuration.output_dir(), PathBuf::from(expected), "{value}");
            assert_eq!(configuration.warnings.len(), usize::from(placeholder), "{value}");
        }
    }

    #[test]
    fn later_values_win_and_empty_ones_are_not_set() {
        let both = configuration(&[("OUTPUT_DIR", "file"), ("OUTPUT_DIR", "environment"), ("EMPLOYEES_FILE", " ")]);
        assert_eq!(both.output_dir(), PathBuf::from("environment"));
        assert_eq!(both.employees_file(), PathBuf::from("input/employees.csv"));
    }
}
