//! Settings from the environment and from a file `.env` in the folder in which the program runs.
//!
//! The environment wins. Values that are still the placeholders of a template (`your_sftp_dev_password_here`) count as
//! not set, with a warning.

mod connections;
mod settings;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use btcfake_core::calendar::BusinessZone;
use btcfake_core::similar::most_similar;

pub(crate) use connections::{
    DatabricksSettings, HostKeyTrust, RecommenderSettings, SftpCredentials, SftpSettings, SftpSide, is_loopback,
    shown_address,
};
pub(crate) use settings::{SETTINGS, Setting};
#[cfg(test)]
pub(crate) use tests::configuration as configuration_of;

use crate::console;
use crate::env_file::{self, BadLine};
use crate::failure::Failure;
use crate::reading::read_found;
use crate::secret::{Secret, Secrets};
use settings::setting_of;

/// What the environment and `.env` say.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    values: BTreeMap<&'static str, (Secret, Source)>,
    /// What should be told before anything else.
    pub(crate) warnings: Vec<String>,
    /// Names that are nearly those of settings, each with what was meant.
    misspelt: Vec<String>,
    /// Other names that begin like those of settings.
    ignored: Vec<String>,
}

/// How the names of settings begin that no other program has.
const PREFIXES: [&str; 4] = ["API_", "BTCFAKE_", "DATABRICKS_", "SFTP_"];

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The environment.
    Environment,
    /// The file `.env`.
    EnvFile,
    /// The sandbox that this program runs.
    Sandbox,
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
        for Setting { name, is_secret, .. } in SETTINGS {
            let sources = [(environment.get(*name), Source::Environment), (file.get(*name), Source::EnvFile)];
            for (value, source) in sources.into_iter().filter_map(|(value, source)| Some((value?, source))) {
                if is_placeholder(value) {
                    let warning = format!("{name} is still the placeholder of the template; it counts as not set");
                    configuration.warnings.push(warning);
                    continue;
                }
                if !value.trim().is_empty() {
                    // Spaces may belong to a password; the reader of .env took away those outside of quotes.
                    let value = if *is_secret { value } else { value.trim() };
                    configuration.values.insert(name, (Secret::new(value), source));
                }
                break;
            }
        }
        let names: BTreeSet<&String> = file.keys().chain(environment.keys()).collect();
        names.into_iter().for_each(|name| configuration.look_at_name(name));
        configuration
    }

    /// Remembers a name that looks like a setting's and is none.
    fn look_at_name(&mut self, name: &str) {
        const SLIPS: usize = 2;
        if setting_of(name).is_some() || !PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            return;
        }
        let slips = |known: &str| strsim::damerau_levenshtein(known, name);
        let nearest = SETTINGS.iter().map(|setting| setting.name).min_by_key(|known| slips(known));
        match nearest.filter(|known| slips(known) <= SLIPS) {
            Some(meant) => self.misspelt.push(format!("there is no setting {name}; did you mean {meant}?")),
            None => self.ignored.push(name.to_owned()),
        }
    }

    /// Names in the environment or `.env` that begin like those of settings, and say nothing to this program.
    pub(crate) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The same, but connected to a sandbox: of everything that says where a connection goes and with what credentials,
    /// only what the sandbox says is left, and the folder of catalogs is none that real ones lie in. Other files, the time
    /// zone and how patiently the recommender is asked stay.
    pub(crate) fn connected_to_sandbox(mut self, settings: &[(String, String)]) -> Configuration {
        const CONNECTIONS: [&str; 3] = ["API_", "DATABRICKS_", "SFTP_"];
        const NOT_ABOUT_WHERE: [&str; 3] = ["API_TIMEOUT", "API_CONCURRENCY", "SFTP_PUBLISH_ENABLED"];
        let says_where =
            |name: &str| CONNECTIONS.iter().any(|prefix| name.starts_with(prefix)) && !NOT_ABOUT_WHERE.contains(&name);
        self.values.retain(|name, _| !says_where(name));
        self.warnings.retain(|warning| !says_where(warning));
        for (name, value) in settings {
            if let Some(Setting { name, .. }) = setting_of(name) {
                self.values.insert(name, (Secret::new(value.as_str()), Source::Sandbox));
            }
        }
        self
    }

    /// Tells what should be told before anything else.
    pub(crate) fn tell_warnings(&self, quiet: bool) {
        if !quiet {
            self.warnings.iter().for_each(|warning| console::complain(&format!("warning: {warning}")));
        }
    }

    /// Where the value of a setting comes from; nothing where it is not set.
    pub(crate) fn source(&self, name: &str) -> Option<Source> {
        self.values.get(name).map(|(_, source)| *source)
    }

    /// The value that was set, whatever it is; nothing where only a default counts. For settings that are no secret.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|(value, _)| value.expose().to_owned())
    }

    /// The value of a setting that is no secret: what was set, else the default.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.given(name).or_else(|| Some(setting_of(name)?.default?.to_owned()))
    }

    /// A secret, where it is set.
    pub(crate) fn secret(&self, name: &str) -> Option<Secret> {
        self.values.get(name).map(|(value, _)| value.clone())
    }

    /// All secrets of at least so many bytes.
    pub(super) fn secrets(&self, shortest: usize) -> Secrets {
        let secrets = SETTINGS.iter().filter(|setting| setting.is_secret).filter_map(|one| self.secret(one.name));
        Secrets::new(secrets.filter(|secret| secret.expose().len() >= shortest))
    }

    /// A text in which no secret is left, should a server have sent one back. Shorter ones than these four characters would
    /// take words of this program's own away.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        const SHORTEST: usize = 4;
        self.secrets(SHORTEST).taken_out_of(text)
    }

    /// The population of a run.
    pub(crate) fn employees_file(&self) -> PathBuf {
        self.path("EMPLOYEES_FILE")
    }

    /// Where a run's files go.
    pub(crate) fn output_dir(&self) -> PathBuf {
        self.path("OUTPUT_DIR")
    }

    /// Where downloaded catalogs lie.
    pub(crate) fn sftp_local_dir(&self) -> PathBuf {
        self.path("SFTP_LOCAL_DIR")
    }

    /// The template of the dummy file, where one is set.
    pub(crate) fn user_completion_template_file(&self) -> Option<PathBuf> {
        self.given("USER_COMPLETION_TEMPLATE_FILE").map(PathBuf::from)
    }

    /// The business time zone.
    ///
    /// # Errors
    /// A name that no zone has.
    pub(crate) fn business_timezone(&self) -> Result<BusinessZone, Failure> {
        let name = self.value("BUSINESS_TIMEZONE").unwrap_or_default();
        name.parse().map_err(|unknown| Failure::Configuration(format!("BUSINESS_TIMEZONE: {unknown}")))
    }

    /// The environment that this configuration is for, in small letters; nothing where BTCFAKE_ENV is not set.
    ///
    /// # Errors
    /// Another one than dev, qa or prod: a wrong letter must not take the guard of production away.
    pub(crate) fn environment(&self) -> Result<Option<String>, Failure> {
        const ENVIRONMENTS: [&str; 3] = ["dev", "qa", "prod"];
        let Some(given) = self.given("BTCFAKE_ENV") else { return Ok(None) };
        let environment = given.to_ascii_lowercase();
        if ENVIRONMENTS.contains(&environment.as_str()) {
            return Ok(Some(environment));
        }
        let meant = most_similar(&given, &ENVIRONMENTS);
        let meant = meant.map_or_else(String::new, |meant| format!("; did you mean '{meant}'?"));
        Err(Failure::Configuration(format!(
            "BTCFAKE_ENV '{given}' is no environment: dev, qa or prod is allowed{meant}"
        )))
    }

    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(self.value(name).unwrap_or_default())
    }
}

/// Whether a value is what a template holds in place of one: `your_..._here`, `<...>`, `changeme`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase();
    let is_yours = value.starts_with("your_") || value.starts_with("your-");
    let is_bracketed = value.starts_with('<') && value.ends_with('>');
    is_yours || is_bracketed || matches!(value.as_str(), "changeme" | "change_me" | "replace_me")
}

fn read_env_file(path: &Path) -> Result<Vec<(String, String)>, Failure> {
    let bytes = match read_found(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::Configuration(format!("{}: {error}", path.display()))),
    };
    env_file::parse(&bytes, |name| std::env::var(name).ok())
        .map_err(|BadLine { line, said }| Failure::Configuration(format!("{}:{line}:1: {said}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn configuration(values: &[(&str, &str)]) -> Configuration {
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
    fn the_spaces_of_a_secret_are_its_own() {
        let lines = "SFTP_INBOUND_PASSWORD=' two words '\nSFTP_OUTBOUND_PASSWORD=  bare  \nOUTPUT_DIR=' out '\n";
        let file = env_file::parse(lines.as_bytes(), |_| None).unwrap_or_default();
        let environment = [("DATABRICKS_TOKEN".to_owned(), "\ttoken ".to_owned())];
        let configuration = Configuration::from_sources(file, environment);
        for (name, expected) in [
            ("SFTP_INBOUND_PASSWORD", " two words "),
            ("SFTP_OUTBOUND_PASSWORD", "bare"),
            ("DATABRICKS_TOKEN", "\ttoken "),
            ("OUTPUT_DIR", "out"),
        ] {
            assert_eq!(configuration.given(name).as_deref(), Some(expected), "{name}");
        }
    }

    #[test]
    fn every_setting_is_looked_at_whether_it_is_needed_or_not() {
        for (name, value, part) in [
            ("SFTP_PUBLISH_ENABLED", "maybe", "SFTP_PUBLISH_ENABLED 'maybe' is neither"),
            ("API_TIMEOUT", "soon", "API_TIMEOUT 'soon'"),
            ("API_CONCURRENCY", "0", "API_CONCURRENCY '0'"),
            ("API_TLS_INSECURE", "maybe", "API_TLS_INSECURE 'maybe'"),
            ("API_BASE_URL", "http://api.example.com", "is not encrypted"),
            ("API_ENDPOINT", "run", "API_ENDPOINT 'run' does not begin with /"),
            ("API_CA_FILE", "no/such.pem", "no/such.pem: cannot read it"),
            ("DATABRICKS_CATALOG", "a.b", "DATABRICKS_CATALOG 'a.b' is no name"),
            ("DATABRICKS_HTTP_PATH", "x", "names no SQL warehouse"),
            ("SFTP_INBOUND_HOST_KEY", "MD5:aa", "SFTP_INBOUND_HOST_KEY 'MD5:aa' is no fingerprint"),
            ("SFTP_OUTBOUND_HOST", "a b", "SFTP_OUTBOUND_HOST 'a b' is no host"),
            (
                "SFTP_INBOUND_PASSWROD",
                "hunter2",
                "there is no setting SFTP_INBOUND_PASSWROD; did you mean SFTP_INBOUND_PASSWORD?",
            ),
        ] {
            let problems = configuration(&[(name, value)]).problems();
            assert_eq!(problems.len(), 1, "{name}: {problems:?}");
            assert!(problems[0].contains(part) && !problems[0].contains("hunter2"), "{problems:?}");
        }
        let ignored = configuration(&[("API_KEY_OF_ANOTHER", "x"), ("DATABRICKS_CLIENT_ID", "x"), ("HOME", "x")]);
        assert_eq!(ignored.problems(), Vec::<String>::new());
        assert_eq!(ignored.ignored(), ["API_KEY_OF_ANOTHER", "DATABRICKS_CLIENT_ID"]);
    }

    #[test]
    fn a_placeholder_in_the_environment_leaves_what_the_file_says() {
        let both = sources(&[("OUTPUT_DIR", "file")], &[("OUTPUT_DIR", "your_output_dir_here")]);
        assert_eq!((both.output_dir(), both.warnings.len()), (PathBuf::from("file"), 1));
    }

    #[test]
    fn an_environment_is_one_of_three() {
        for (value, expected) in [
            ("dev", Ok("dev")),
            ("QA", Ok("qa")),
            (" Prod", Ok("prod")),
            ("prodd", Err("BTCFAKE_ENV 'prodd' is no environment: dev, qa or prod is allowed; did you mean 'prod'?")),
            ("live", Err("BTCFAKE_ENV 'live' is no environment: dev, qa or prod is allowed")),
        ] {
            let found = configuration(&[("BTCFAKE_ENV", value)]).environment();
            let expected = expected.map(|name| Some(name.to_owned())).map_err(str::to_owned);
            assert_eq!(found.map_err(|failure| failure.to_string()), expected, "{value}");
        }
        assert!(configuration(&[]).environment().is_ok_and(|environment| environment.is_none()));
    }

    #[test]
    fn in_a_sandbox_no_connection_goes_elsewhere() {
        let real = configuration(&[
            ("SFTP_INBOUND_PRIVATE_KEY", "id_ed25519"),
            ("SFTP_OUTBOUND_PASSWORD", "real"),
            ("SFTP_KNOWN_HOSTS", "hosts"),
            ("SFTP_LOCAL_DIR", "catalogs"),
            ("API_BASE_URL", "https://api.example.com"),
            ("API_TIMEOUT", "5"),
            ("DATABRICKS_TOKEN", "your_token_here"),
            ("BTCFAKE_ENV", "prod"),
        ]);
        let settings = [("BTCFAKE_ENV", "dev"), ("SFTP_INBOUND_PASSWORD", "made up")];
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let sandbox = real.connected_to_sandbox(&settings);
        for (name, expected) in [
            ("SFTP_INBOUND_PRIVATE_KEY", None),
            ("SFTP_INBOUND_PASSWORD", Some("made up")),
            ("SFTP_OUTBOUND_PASSWORD", None),
            ("SFTP_KNOWN_HOSTS", None),
            ("SFTP_LOCAL_DIR", None),
            ("API_BASE_URL", None),
            ("API_TIMEOUT", Some("5")),
            ("BTCFAKE_ENV", Some("dev")),
        ] {
            assert_eq!(sandbox.given(name).as_deref(), expected, "{name}");
        }
        assert_eq!(sandbox.source("BTCFAKE_ENV"), Some(Source::Sandbox));
        assert!(sandbox.warnings.is_empty(), "{:?}", sandbox.warnings);
    }
}
