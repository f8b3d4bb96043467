//! Resolved configuration: each setting with its value and source.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::text::similar::most_similar;
use btcfake_core::text::visible::{quoted, shown_whole};

use super::address::hidden_in_setting;
use super::file_path::file_path;
use super::settings::{SETTINGS, Setting, setting_of};
use super::values;
use crate::configuration::env_file::{self, BadLine, EnvLine};
use crate::configuration::secret::{Secret, Secrets};
use crate::configuration::secret_text::SecretText;
use crate::files::reading::read_found;
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::Failure;

/// Settings from the environment and `.env`, joined and checked.
#[derive(Debug, Default)]
pub(crate) struct Configuration {
    values: BTreeMap<&'static str, (Secret, SettingSource)>,
    /// Settings left out because they hold a key or token.
    pub(super) misplaced: BTreeMap<&'static str, (SecretText, SettingSource)>,
    /// Warnings to print before anything else.
    pub(crate) warnings: Vec<String>,
    /// Messages about names that are similar to a setting's.
    pub(super) misspelt: Vec<String>,
    /// Other names with a setting's prefix.
    ignored: Vec<String>,
}

/// Prefixes that only settings of this program have.
const PREFIXES: [&str; 4] = ["API_", "BTCFAKE_", "DATABRICKS_", "SFTP_"];

/// Paths that every command may read.
const PATHS: [&str; 4] = ["EMPLOYEES_FILE", "OUTPUT_DIR", "SFTP_LOCAL_DIR", "USER_COMPLETION_TEMPLATE_FILE"];

/// Source of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingSource {
    /// The environment.
    Environment,
    /// The file `.env`.
    EnvFile,
    /// Sandbox run by this program.
    Sandbox,
}

impl Configuration {
    /// Reads and checks the environment and `.env`.
    ///
    /// # Errors
    /// `Configuration` for a `.env` that cannot be read or parsed, an environment value that is not UTF-8, or an
    /// invalid value.
    pub(crate) fn read() -> Result<Configuration, Failure> {
        Configuration::of(read_env_file(Path::new(".env"))?, as_text(std::env::vars_os())?)
    }

    /// Checks and joins settings of `.env` and the environment.
    fn of(file: Vec<EnvLine>, environment: Vec<(String, String)>) -> Result<Configuration, Failure> {
        for (name, value) in &environment {
            let checked = setting_of(name).filter(|setting| !setting.is_secret);
            let checked = checked.filter(|setting| values::key_or_token(setting, value).is_none());
            if let Some(message) = checked.and_then(|setting| values::fault(setting, value)) {
                return Err(Failure::Configuration(format!("environment: {message}")));
            }
        }
        let file = file.into_iter().map(|line| (line.name, line.value.expose().to_owned()));
        let configuration = Configuration::from_sources(file, environment);
        // A problem of one connection is only reported where that connection is used.
        configuration.refuse_misplaced(|name| !is_about_connection(name))?;
        PATHS.iter().try_for_each(|name| configuration.given_path(name).map(drop))?;
        Ok(configuration)
    }

    /// Joins both sources. The environment wins, but a placeholder in it leaves the file's value in effect.
    fn from_sources(
        file: impl IntoIterator<Item = (String, String)>,
        environment: impl IntoIterator<Item = (String, String)>,
    ) -> Configuration {
        let mut configuration = Configuration::default();
        let file: BTreeMap<String, String> = file.into_iter().collect();
        let environment: BTreeMap<String, String> = environment.into_iter().collect();
        for setting @ Setting { name, is_secret, .. } in SETTINGS {
            let sources =
                [(environment.get(*name), SettingSource::Environment), (file.get(*name), SettingSource::EnvFile)];
            for (value, source) in sources.into_iter().filter_map(|(value, source)| Some((value?, source))) {
                if is_placeholder(value) {
                    let warning = format!("{name} is still the placeholder of the template; it counts as not set");
                    configuration.warnings.push(warning);
                    continue;
                }
                if let Some(what) = values::key_or_token(setting, value) {
                    configuration.warnings.push(values::misplaced(name, what));
                    configuration.misplaced.insert(name, (what, source));
                } else if !value.trim().is_empty() {
                    // Blanks may belong to a password; the parser of `.env` has removed those outside quotes.
                    let value = if *is_secret { value } else { value.trim() };
                    configuration.warnings.extend(values::curly_quote(name, value));
                    configuration.values.insert(name, (Secret::new(value), source));
                }
                break;
            }
        }
        let names: BTreeSet<&String> = file.keys().chain(environment.keys()).collect();
        names.into_iter().for_each(|name| configuration.look_at_name(name, file.contains_key(name)));
        configuration.warnings.extend(configuration.misspelt.iter().cloned());
        configuration
    }

    /// Records a name that resembles a setting's but is none. In the environment, only names with a setting's prefix
    /// count, because the others belong to other programs.
    fn look_at_name(&mut self, name: &str, is_in_file: bool) {
        const SLIPS: usize = 2;
        let plain = values::plain_name(name);
        if plain != name && setting_of(&plain).is_some() {
            self.misspelt.push(format!("there is no setting {}; did you mean {plain}?", shown_whole(name)));
            return;
        }
        let has_prefix = PREFIXES.iter().any(|prefix| name.starts_with(prefix));
        if setting_of(name).is_some() || !has_prefix && !is_in_file {
            return;
        }
        let slips = |known: &str| strsim::damerau_levenshtein(known, name);
        let nearest = SETTINGS.iter().map(|setting| setting.name).min_by_key(|known| slips(known));
        match nearest.filter(|known| slips(known) <= SLIPS && !is_cut(name)) {
            Some(meant) => self.misspelt.push(format!("there is no setting {name}; did you mean {meant}?")),
            None if has_prefix => self.ignored.push(shown_name(name)),
            None => {}
        }
    }

    /// Refuses settings that hold a key or token in the wrong place.
    ///
    /// # Errors
    /// `Configuration` for the first such setting for which `names` is true.
    pub(super) fn refuse_misplaced(&self, names: impl Fn(&str) -> bool) -> Result<(), Failure> {
        let found = self.misplaced.iter().find(|(name, _)| names(name));
        found.map_or(Ok(()), |(name, (what, _))| Err(Failure::Configuration(values::misplaced(name, *what))))
    }

    /// True if a setting was left out because it holds a key or token.
    pub(crate) fn is_misplaced(&self, name: &str) -> bool {
        self.misplaced.contains_key(name)
    }

    /// Names with a setting's prefix that no setting has.
    pub(crate) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Connects the configuration to a sandbox. Addresses, credentials and the folder of catalogs are replaced by the
    /// sandbox's; other files, the time zone, API_TIMEOUT, API_CONCURRENCY and SFTP_PUBLISH_ENABLED stay.
    pub(crate) fn connected_to_sandbox(mut self, settings: &[(String, String)]) -> Configuration {
        const NOT_ABOUT_WHERE: [&str; 3] = ["API_TIMEOUT", "API_CONCURRENCY", "SFTP_PUBLISH_ENABLED"];
        let says_where = |name: &str| begins_like_connection(name) && !NOT_ABOUT_WHERE.contains(&name);
        self.values.retain(|name, _| !says_where(name));
        self.misplaced.retain(|name, _| !says_where(name));
        self.warnings.retain(|warning| !says_where(warning));
        for (name, value) in settings {
            if let Some(Setting { name, .. }) = setting_of(name) {
                self.values.insert(name, (Secret::new(value.as_str()), SettingSource::Sandbox));
            }
        }
        self
    }

    /// Prints the warnings, unless `quiet`.
    pub(crate) fn print_warnings(&self, quiet: bool) {
        if !quiet {
            self.warnings.iter().for_each(console::warn);
        }
    }

    /// Source of a setting's value; `None` if it is not set.
    pub(crate) fn source(&self, name: &str) -> Option<SettingSource> {
        let misplaced = || self.misplaced.get(name).map(|(_, source)| *source);
        self.values.get(name).map(|(_, source)| *source).or_else(misplaced)
    }

    /// Value that was set, without defaults; `None` if there is none. Not for secrets.
    pub(crate) fn given(&self, name: &str) -> Option<String> {
        self.values.get(name).map(|(value, _)| value.expose().to_owned())
    }

    /// Value that was set, else the default. Not for secrets.
    pub(crate) fn value(&self, name: &str) -> Option<String> {
        self.given(name).or_else(|| Some(setting_of(name)?.default?.to_owned()))
    }

    /// Secret; `None` if it is not set.
    pub(crate) fn secret(&self, name: &str) -> Option<Secret> {
        self.values.get(name).map(|(value, _)| value.clone())
    }

    /// Secrets of at least `shortest` bytes, plus the hidden parts of addresses.
    pub(super) fn secrets(&self, shortest: usize) -> Secrets {
        let secrets = SETTINGS.iter().filter(|setting| setting.is_secret).filter_map(|one| self.secret(one.name));
        let secrets = secrets.filter(|secret| secret.expose().len() >= shortest);
        let others = SETTINGS.iter().filter(|setting| !setting.is_secret);
        let hidden = others.filter_map(|one| Some(hidden_in_setting(one.name, &self.given(one.name)?)));
        Secrets::new(secrets.chain(hidden.flatten().map(Secret::new)))
    }

    /// Text with all secrets removed, in case a server sent one back. Secrets under four bytes stay, because they would
    /// match words of this program's own messages.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        const SHORTEST: usize = 4;
        self.secrets(SHORTEST).taken_out_of(text)
    }

    /// Path of the employees file.
    pub(crate) fn employees_file(&self) -> PathBuf {
        self.path("EMPLOYEES_FILE")
    }

    /// Folder for a run's files.
    pub(crate) fn output_dir(&self) -> PathBuf {
        self.path("OUTPUT_DIR")
    }

    /// Folder of downloaded catalogs.
    pub(crate) fn sftp_local_dir(&self) -> PathBuf {
        self.path("SFTP_LOCAL_DIR")
    }

    /// Path of the dummy file's template; `None` if not set.
    pub(crate) fn user_completion_template_file(&self) -> Option<PathBuf> {
        self.given_path("USER_COMPLETION_TEMPLATE_FILE").ok().flatten()
    }

    /// The business time zone.
    ///
    /// # Errors
    /// `Configuration` for an unknown name.
    pub(crate) fn business_timezone(&self) -> Result<BusinessZone, Failure> {
        let name = self.value("BUSINESS_TIMEZONE").unwrap_or_default();
        name.parse().map_err(|unknown| Failure::Configuration(format!("BUSINESS_TIMEZONE: {unknown}")))
    }

    /// Environment in lower case: dev, qa or prod; `None` if BTCFAKE_ENV is not set.
    ///
    /// # Errors
    /// `Configuration` for any other name: a typing error must not disable the check for production.
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
            "BTCFAKE_ENV {} is no environment: dev, qa or prod is allowed{meant}",
            quoted(&given)
        )))
    }

    /// Path that was set, without a default; `None` if there is none.
    ///
    /// # Errors
    /// `Configuration` for an address, or for `~/` where no home folder is known.
    pub(super) fn given_path(&self, name: &str) -> Result<Option<PathBuf>, Failure> {
        self.given(name).map(|text| file_path(name, &text)).transpose()
    }

    /// Path of one of [`PATHS`], whose values were checked when they were read.
    fn path(&self, name: &str) -> PathBuf {
        let default = || PathBuf::from(self.value(name).unwrap_or_default());
        self.given_path(name).ok().flatten().unwrap_or_else(default)
    }
}

/// Prefixes of settings of connections.
const CONNECTIONS: [&str; 3] = ["API_", "DATABRICKS_", "SFTP_"];

fn begins_like_connection(name: &str) -> bool {
    CONNECTIONS.iter().any(|prefix| name.starts_with(prefix))
}

/// True for settings that are only read when their connection is made.
fn is_about_connection(name: &str) -> bool {
    begins_like_connection(name) && !matches!(name, "SFTP_LOCAL_DIR" | "SFTP_PUBLISH_ENABLED")
}

/// Unknown name for display. If a `=` was lost, the end of the name is part of a value and is cut off.
fn shown_name(name: &str) -> String {
    let known = SETTINGS.iter().map(|setting| setting.name).filter(|known| name.starts_with(known));
    let prefix = PREFIXES.into_iter().find(|prefix| name.starts_with(prefix)).unwrap_or_default();
    if is_cut(name) {
        format!("{}…", known.max_by_key(|known| known.len()).unwrap_or(prefix))
    } else {
        name.to_owned()
    }
}

/// True if a name must be cut for display: it continues after a secret's name, is too long, or has characters that no
/// setting has.
fn is_cut(name: &str) -> bool {
    const LONGEST: usize = 40;
    let is_plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let secrets = SETTINGS.iter().filter(|setting| setting.is_secret);
    name.len() > LONGEST || !name.bytes().all(is_plain) || secrets.into_iter().any(|one| name.starts_with(one.name))
}

/// True for a template's placeholder: `your_..._here`, `<...>`, `changeme`.
fn is_placeholder(value: &str) -> bool {
    let value = value.trim().to_ascii_lowercase().replace('-', "_");
    let is_yours = value.starts_with("your_") || value.contains("_your_") && value.ends_with("_here");
    let is_bracketed = value.starts_with('<') && value.ends_with('>');
    is_yours || is_bracketed || matches!(value.replace('_', "").as_str(), "changeme" | "replaceme")
}

/// Environment variables that are UTF-8.
///
/// # Errors
/// `Configuration` for a setting that is not UTF-8, which would otherwise count as not set.
fn as_text(environment: impl Iterator<Item = (OsString, OsString)>) -> Result<Vec<(String, String)>, Failure> {
    let mut variables = Vec::new();
    for (name, value) in environment {
        match (name.into_string(), value.into_string()) {
            (Ok(name), Ok(value)) => variables.push((name, value)),
            (Ok(name), Err(_)) if setting_of(&name).is_some() => {
                let message = format!("environment: the value of {name} is not UTF-8 text; set it anew as UTF-8");
                return Err(Failure::Configuration(message));
            }
            _ => {}
        }
    }
    Ok(variables)
}

fn read_env_file(path: &Path) -> Result<Vec<EnvLine>, Failure> {
    match read_found(path) {
        Ok(bytes) => lines_of(&bytes, path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Failure::Configuration(format!("{}: {error}", shown_path(path)))),
    }
}

/// Environment variable for `${NAME}`. A placeholder of a setting counts as not set, as for the setting itself.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| setting_of(name).is_none() || !is_placeholder(value))
}

/// Parses and checks the settings in the bytes of a `.env`.
fn lines_of(bytes: &[u8], path: &Path) -> Result<Vec<EnvLine>, Failure> {
    let (lines, mut bad) = env_file::parse(bytes, variable);
    let fault = |line: &EnvLine| Some(BadLine { line: line.line, message: values::fault_of_line(line, &lines)? });
    bad.extend(lines.iter().filter_map(fault));
    if bad.is_empty() {
        return Ok(lines);
    }
    bad.sort_by_key(|bad| bad.line);
    let path = shown_path(path);
    let bad: Vec<String> = bad.iter().map(|BadLine { line, message }| format!("{path}:{line}:1: {message}")).collect();
    Err(Failure::Configuration(bad.join("\n")))
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use proptest::sample::Index;

    use super::super::connection_settings::SftpSide;
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
            ("Change-Me", true),
            ("REPLACE_ME", true),
            ("replaceme", true),
            ("your-folder-here", true),
            ("put_your_folder_here", true),
            ("insert-your-token-here", true),
            ("put_it_here", false),
            ("changeme2", false),
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
    fn a_path_may_begin_in_the_home_folder() {
        let set = |name: &str, value: &str| Configuration::of(Vec::new(), vec![(name.to_owned(), value.to_owned())]);
        let home = std::env::home_dir().map(|home| home.join("x"));
        for name in PATHS.into_iter().chain(["API_CA_FILE", "SFTP_INBOUND_PRIVATE_KEY"]) {
            let configuration = set(name, "~/x").unwrap_or_default();
            assert_eq!(configuration.given_path(name).ok().flatten(), home, "{name}");
        }
        assert_eq!(Some(set("OUTPUT_DIR", "~/x").unwrap_or_default().output_dir()), home);
        assert_eq!(
            set("USER_COMPLETION_TEMPLATE_FILE", "~/x").unwrap_or_default().user_completion_template_file(),
            home
        );
        for name in PATHS {
            let refused = set(name, "sftp://user:hunter2@host/x").map_or_else(|no| no.to_string(), |_| String::new());
            assert!(refused.contains("write the path alone") && !refused.contains("hunter2"), "{refused}");
        }
    }

    #[test]
    fn the_spaces_of_a_secret_are_its_own() {
        let lines = "SFTP_INBOUND_PASSWORD=' two words '\nSFTP_OUTBOUND_PASSWORD=  bare  \nOUTPUT_DIR=' out '\n";
        let (file, _) = env_file::parse(lines.as_bytes(), |_| None);
        let environment = vec![("DATABRICKS_TOKEN".to_owned(), "\ttoken ".to_owned())];
        let configuration = Configuration::of(file, environment).unwrap_or_default();
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
        for (name, meant) in [
            ("OUTPUT_DIRR", "OUTPUT_DIR"),
            ("EMPLOYES_FILE", "EMPLOYEES_FILE"),
            ("BUSINESS_TIMEZONES", "BUSINESS_TIMEZONE"),
            ("SFPT_INBOUND_PASSWORD", "SFTP_INBOUND_PASSWORD"),
        ] {
            let expected = [format!("there is no setting {name}; did you mean {meant}?")];
            assert_eq!(sources(&[(name, "hunter2")], &[]).problems(), expected);
            // Other programs have their variables in the environment.
            assert_eq!(sources(&[], &[(name, "hunter2")]).problems(), Vec::<String>::new());
        }
        let ignored = [("API_KEY_OF_ANOTHER", "x"), ("DATABRICKS_CLIENT_ID", "x"), ("HOME", "x")];
        let ignored = sources(&ignored, &ignored);
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
        assert_eq!(sandbox.source("BTCFAKE_ENV"), Some(SettingSource::Sandbox));
        assert!(sandbox.warnings.is_empty(), "{:?}", sandbox.warnings);
    }

    const SECRETS: [&str; 5] =
        ["inb0und-Hunter2", "0utb0und=S3cret#x", "dapi7f3a0c5e", "p4ssphr4se==", "T0kenOfThePage="];

    fn env_file() -> String {
        let [inbound, outbound, databricks, passphrase, page] = SECRETS;
        format!(
            "OUTPUT_DIR=out\n# a tester's settings\nSFTP_INBOUND_USER=\"tester\"\nSFTP_INBOUND_PASSWORD='{inbound}'\n\
             SFTP_INBOUND_HOST=h:2222\nAPI_TIMEOUT=5\nSFTP_OUTBOUND_PASSWORD={outbound}\r\nBUSINESS_TIMEZONE=UTC\n\
             SFTP_OUTBOUND_PRIVATE_KEY_PASSPHRASE=\"{passphrase}\"\nBTCFAKE_ENV=qa\nDATABRICKS_TOKEN={databricks}\n\
             DATABRICKS_HTTP_PATH=/x\nBTCFAKE_TOKEN={page}\nAPI_ENDPOINT=run\n"
        )
    }

    /// Everything that commands and the API show of a configuration.
    fn shown_of(configuration: &Configuration) -> String {
        let mut shown = vec![format!("{configuration:?}"), configuration.problems().join("\n")];
        shown.extend(configuration.warnings.iter().chain(configuration.ignored()).cloned());
        shown.extend(SETTINGS.iter().map(|setting| crate::commands::config::resolve(configuration, setting).value));
        for side in [SftpSide::Inbound, SftpSide::Outbound] {
            shown.push(configuration.sftp(side).map_or_else(|no| no.to_string(), |settings| format!("{settings:?}")));
        }
        shown.push(configuration.recommender().map_or_else(|no| no.to_string(), |settings| format!("{settings:?}")));
        shown.push(configuration.databricks().map_or_else(|no| no.to_string(), |settings| format!("{settings:?}")));
        shown.push(configuration.environment().map_or_else(|no| no.to_string(), |_| String::new()));
        shown.push(configuration.business_timezone().map_or_else(|no| no.to_string(), |_| String::new()));
        shown.join("\n")
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Characters of a `.env` are replaced, removed or added.
        #[test]
        fn nothing_of_a_mutated_env_file_shows_a_secret(
            at in any::<Index>(),
            removed in 0..3_usize,
            added in prop::sample::select(vec![
                "", "=", "'", "\"", "\n", "\r", "\\", "#", " ", "_", "\u{85}", "\u{2028}", "\u{feff}", "\0", "${BTCFAKE_TOKEN}",
            ]),
            end in prop::sample::select(vec!["\n", "\r\n", "\r", "\u{b}", "\u{c}", "\u{1e}", "\u{85}", "\u{2029}"]),
        ) {
            let mut characters: Vec<char> = env_file().chars().collect();
            let at = at.index(characters.len());
            characters.splice(at..characters.len().min(at + removed), added.chars());
            let text = characters.into_iter().collect::<String>().replace('\n', end);
            let found = lines_of(text.as_bytes(), Path::new(".env")).and_then(|lines| Configuration::of(lines, Vec::new()));
            let shown = found.map_or_else(|refused| refused.to_string(), |configuration| shown_of(&configuration));
            for secret in SECRETS {
                let (one, other) = secret.split_at(secret.len() / 2);
                prop_assert!(!shown.contains(one) && !shown.contains(other), "{text:?}: {shown}");
            }
        }
    }

    #[test]
    fn the_text_of_a_key_is_no_value_and_says_where_the_key_belongs() {
        let key = "-----BEGIN PRIVATE KEY-----\\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp";
        let set = |name: &str| Configuration::of(Vec::new(), vec![(name.to_owned(), key.to_owned())]);
        for name in ["SFTP_INBOUND_PRIVATE_KEY", "SFTP_INBOUND_PASSWORD", "SFTP_KNOWN_HOSTS"] {
            let configuration = set(name).unwrap_or_default();
            let refused = configuration.sftp(SftpSide::Inbound).map_or_else(|no| no.to_string(), |_| String::new());
            assert!(refused.contains("name the file that holds the key, in SFTP_INBOUND_PRIVATE_KEY"), "{refused}");
            assert_eq!(configuration.problems(), std::slice::from_ref(&refused));
            assert_eq!(configuration.warnings, [refused]);
            assert_eq!(configuration.source(name), Some(SettingSource::Environment));
            assert!(configuration.recommender().is_ok() && configuration.databricks().is_ok());
        }
        for name in ["OUTPUT_DIR", "BTCFAKE_ENV", "BTCFAKE_TOKEN", "SFTP_LOCAL_DIR"] {
            let refused = set(name).map_or_else(|no| no.to_string(), |_| String::new());
            assert!(refused.starts_with(name) && refused.contains("name the file that holds the key"), "{refused}");
        }
        assert!(set("ANOTHER_PROGRAMS_KEY").is_ok_and(|configuration| configuration.warnings.is_empty()));
    }

    #[test]
    fn every_bad_line_of_a_file_is_named() {
        let text = "no line\nOUTPUT_DIR='a' b\nAPI_TIMEOUT=5\nBTCFAKE_ENV=\"a\\tb\"\nBUSINESS_TIMEZONE=\"UTC\nEND\n";
        let refused = lines_of(text.as_bytes(), Path::new(".env")).map_or_else(|no| no.to_string(), |_| String::new());
        let beginnings = [
            ".env:1:1: this line is no NAME=value",
            ".env:2:1: the value of OUTPUT_DIR goes on after its closing quote",
            ".env:4:1: the value of BTCFAKE_ENV holds",
            ".env:5:1: the quote that opens the value of BUSINESS_TIMEZONE is never closed",
        ];
        assert_eq!(refused.lines().count(), beginnings.len(), "{refused}");
        assert!(refused.lines().zip(beginnings).all(|(line, beginning)| line.starts_with(beginning)), "{refused}");
    }

    #[test]
    fn what_is_hidden_of_an_address_is_taken_out_of_texts() {
        let configuration = configuration(&[
            ("API_BASE_URL", "https://api.example.com"),
            ("API_ENDPOINT", "/run?key=hunter2SECRET"),
            ("SFTP_INBOUND_REMOTE_PATH", "sftp://user:hunter2SECRET@host/path"),
        ]);
        let settings = configuration.recommender().unwrap_or_default().map(|settings| settings.secrets);
        for text in ["404 Cannot POST /run?key=hunter2SECRET", "the key 'hunter2SECRET' is wrong", "hunter2%53ECRET"] {
            let by_recommender = settings.as_ref().map(|secrets| secrets.taken_out_of(text)).unwrap_or_default();
            for cleaned in [configuration.without_secrets(text), by_recommender] {
                assert!(cleaned.contains("(secret)") && !cleaned.contains("hunter2"), "{text}: {cleaned}");
            }
        }
        assert!(!configuration.problems().join(" ").contains("hunter2"), "{:?}", configuration.problems());
    }

    #[cfg(unix)]
    #[test]
    fn a_setting_of_the_environment_that_is_no_text_is_refused_by_its_name() {
        use std::os::unix::ffi::OsStringExt;
        let read = |name: &str| {
            let value = OsString::from_vec(b"hunter\xff".to_vec());
            as_text([(OsString::from(name), value)].into_iter()).map_or_else(|no| no.to_string(), |_| String::new())
        };
        let expected =
            "environment: the value of SFTP_INBOUND_PASSWORD is not UTF-8 text; set it anew as UTF-8".to_owned();
        assert_eq!(read("SFTP_INBOUND_PASSWORD"), expected);
        assert_eq!(read("ANOTHER"), "");
    }

    #[test]
    fn a_name_written_another_way_is_not_ignored_in_silence() {
        for name in ["sftp_inbound_password", "SFTP-INBOUND-PASSWORD", "Sftp.Inbound.Password"] {
            let configuration = configuration(&[(name, "hunter2")]);
            let message = format!("there is no setting {name}; did you mean SFTP_INBOUND_PASSWORD?");
            assert_eq!(configuration.problems(), std::slice::from_ref(&message));
            assert_eq!(configuration.warnings, [message]);
        }
    }

    #[test]
    fn a_curly_quote_around_a_value_is_warned_of() {
        let configuration =
            configuration(&[("SFTP_INBOUND_PASSWORD", "\u{201c}hunter2\u{201d}"), ("OUTPUT_DIR", "l\u{2019}out")]);
        assert_eq!(
            configuration.warnings,
            [
                "SFTP_INBOUND_PASSWORD begins with U+201C, not the sign \", which is a part of the value; write straight quotes"
            ]
        );
    }

    #[test]
    fn a_name_that_may_hold_a_secret_is_shown_in_part() {
        let names = ["DATABRICKS_TOKENdapi7f3a0c5e", "BTCFAKE_TOKEN2", "SFTP_hunter2", "API_OTHER"];
        let configuration = configuration(&names.map(|name| (name, "x")));
        assert_eq!(configuration.ignored(), ["API_OTHER", "BTCFAKE_TOKEN…", "DATABRICKS_TOKEN…", "SFTP_…"]);
        assert_eq!(configuration.problems(), Vec::<String>::new());
    }
}
