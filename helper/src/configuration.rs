//! Settings from the environment and from a file `.env` in the folder in which the program runs.
//!
//! The environment wins. Values that are still the placeholders of a template (`your_sftp_dev_password_here`) count as
//! not set, with a warning.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use btcfake_core::calendar::BusinessZone;

use crate::env_file::{self, BadLine};
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
        Ok(Configuration::from_sources(file, environment))
    }

    /// The environment wins, but a placeholder is no value: it leaves what the file says.
    fn from_sources(
        file: impl IntoIterator<Item = (String, String)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Configuration {
        let mut configuration = Configuration::default();
        let file: BTreeMap<String, String> = file.into_iter().collect();
        let environment: BTreeMap<String, String> = environment.into_iter().collect();
        for name in SETTINGS {
            for value in [environment.get(name), file.get(name)].into_iter().flatten() {
                if is_placeholder(value) {
                    let warning = format!("{name} is still the placeholder of the template; it counts as not set");
                    configuration.warnings.push(warning);
                    continue;
                }
                if !value.trim().is_empty() {
                    configuration.values.insert(name.to_owned(), value.trim().to_owned());
                }
                break;
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
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::Setting(format!("{}: {error}", path.display()))),
    };
    env_file::parse(&bytes, |name| std::env::var(name).ok())
        .map_err(|BadLine { line, said }| Failure::Setting(format!("{}:{line}:1: {said}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn configuration(values: &[(&str, &str)]) -> Configuration {
        sources(values, &[])
    }

    fn sources(file: &[(&str, &str)], environment: &[(&str, &str)]) -> Configuration {
        let owned = |values: &[(&str, &str)]| {
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        Configuration::from_sources(owned(file), owned(environment))
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
    fn the_environment_wins_and_empty_values_are_not_set() {
        let both = sources(&[("OUTPUT_DIR", "a"), ("OUTPUT_DIR", "b")], &[("EMPLOYEES_FILE", " ")]);
        assert_eq!(both.output_dir(), PathBuf::from("b"));
        assert_eq!(both.employees_file(), PathBuf::from("input/employees.csv"));
        assert_eq!(sources(&[("OUTPUT_DIR", "file")], &[("OUTPUT_DIR", "x")]).output_dir(), PathBuf::from("x"));
        assert_eq!(
            sources(&[("OUTPUT_DIR", "file")], &[("OUTPUT_DIR", "")]).output_dir().as_os_str(),
            "generated_files"
        );
    }

    #[test]
    fn a_placeholder_in_the_environment_leaves_what_the_file_says() {
        let both = sources(&[("OUTPUT_DIR", "file")], &[("OUTPUT_DIR", "your_output_dir_here")]);
        assert_eq!((both.output_dir(), both.warnings.len()), (PathBuf::from("file"), 1));
    }
}
