//! Settings of the live connections, read from the configuration and checked.
//!
//! An SFTP server is configured if its password or key is set, the recommender if the user set API_BASE_URL, Databricks
//! if token, host or HTTP path is set; then all three are required.

use std::path::PathBuf;
use std::time::Duration;

use btcfake_core::text::visible::quoted;

use super::address::shown_address;
use super::connection_settings::{
    DatabricksSettings, HostKeyTrust, PrivateKeyFile, RecommenderSettings, SftpCredentials, SftpHost, SftpSettings,
    SftpSide,
};
use super::file_path::{file_path, no_path};
use super::resolved::Configuration;
use super::sftp_limits::{SftpLimits, TemporaryName};
use super::values::misplaced;
use crate::http::client::Endpoint;
use crate::http::loopback::is_loopback;
use crate::terminal::failure::Failure;

impl Configuration {
    /// Settings of an SFTP server; `None` if it is not configured.
    ///
    /// # Errors
    /// `Configuration` for an invalid setting, or a key or token in the wrong one.
    pub(crate) fn sftp(&self, side: SftpSide) -> Result<Option<SftpSettings>, Failure> {
        self.refuse_misplaced_of(side)?;
        let name = |rest: &str| format!("{}_{rest}", side.prefix());
        let password = self.secret(&name("PASSWORD"));
        let key_name = name("PRIVATE_KEY");
        let key = self.given_path(&key_name)?;
        if key.is_none() && password.is_none() {
            return Ok(None);
        }
        let passphrase = self.secret(&name("PRIVATE_KEY_PASSPHRASE"));
        let private_key = key.map(|file| PrivateKeyFile { file, passphrase });
        let credentials = SftpCredentials { password, private_key };
        let host = self.sftp_host(side)?;
        let remote_path = self.value(&name("REMOTE_PATH"));
        if let Some(address) = remote_path.as_deref().filter(|path| path.contains("://")) {
            return Err(no_path(&name("REMOTE_PATH"), address));
        }
        Ok(Some(SftpSettings {
            host,
            user: self.value(&name("USER")).unwrap_or_default(),
            credentials,
            remote_path,
            secrets: self.secrets(1),
            limits: self.sftp_limits()?,
            temporary_name: match side {
                SftpSide::Inbound => TemporaryName::None,
                SftpSide::Outbound => self.temporary_name()?,
            },
        }))
    }

    /// Limits of SFTP operations.
    ///
    /// # Errors
    /// `Configuration` for a number out of its range.
    pub(crate) fn sftp_limits(&self) -> Result<SftpLimits, Failure> {
        const MB: u64 = 1_000_000;
        Ok(SftpLimits {
            operation: self.whole_number("SFTP_TIMEOUT", 1..=3_600).map(Duration::from_secs)?,
            slowest: self.whole_number("SFTP_MIN_SPEED", 0..=1_000_000_000)?,
            largest_file: self.whole_number("SFTP_MAX_FILE_MB", 1..=1_000_000)? * MB,
            largest_listing: self.whole_number("SFTP_MAX_LISTING_MB", 1..=10_000)? * MB,
            most_names: self.whole_number("SFTP_MAX_LISTING_NAMES", 1..=100_000_000)?,
        })
    }

    fn temporary_name(&self) -> Result<TemporaryName, Failure> {
        const NAME: &str = "SFTP_OUTBOUND_TEMPORARY_NAME";
        TemporaryName::parse(&self.value(NAME).unwrap_or_default())
            .map_err(|wrong| Failure::Configuration(format!("{NAME} {wrong}")))
    }

    /// Host of an SFTP server, even without credentials.
    ///
    /// # Errors
    /// `Configuration` for an invalid setting.
    pub(crate) fn sftp_host(&self, side: SftpSide) -> Result<SftpHost, Failure> {
        self.refuse_misplaced_of(side)?;
        let setting = format!("{}_HOST", side.prefix());
        let (name, port) = host_and_port(&setting, &self.value(&setting).unwrap_or_default(), 22)?;
        Ok(SftpHost { side, name, port, trust: self.host_key_trust(side)? })
    }

    /// Settings of the recommender; `None` if it is not configured.
    ///
    /// # Errors
    /// `Configuration` for an invalid setting.
    pub(crate) fn recommender(&self) -> Result<Option<RecommenderSettings>, Failure> {
        // Shorter secrets may be words in a content's name.
        const SHORTEST_SECRET: usize = 8;
        self.refuse_misplaced(|name| name.starts_with("API_"))?;
        let Some(url) = self.recommender_url()? else { return Ok(None) };
        Ok(Some(RecommenderSettings {
            url,
            timeout: self.timeout()?,
            concurrency: self.concurrency()?,
            ca_file: self.ca_file()?,
            tls_insecure: self.yes_or_no("API_TLS_INSECURE")?,
            secrets: self.secrets(SHORTEST_SECRET),
        }))
    }

    /// URL of the recommender; `None` if API_BASE_URL is not set.
    fn recommender_url(&self) -> Result<Option<String>, Failure> {
        let endpoint = self.value("API_ENDPOINT").unwrap_or_default();
        let path = endpoint.split(['?', '#']).next().unwrap_or_default();
        if !path.starts_with('/') {
            // Appended to the host without a slash, it would change the host.
            return Err(wrong_address(
                "API_ENDPOINT",
                &endpoint,
                "does not begin with /; write it like /public/api/v1/run",
            ));
        }
        let Some(base) = self.given("API_BASE_URL") else { return Ok(None) };
        let base = web_address("API_BASE_URL", &base)?;
        let _joined = web_address("API_BASE_URL with API_ENDPOINT", &format!("{base}{path}"))?;
        Ok(Some(format!("{base}{endpoint}")))
    }

    /// Settings of Databricks; `None` if it is not configured.
    ///
    /// # Errors
    /// `Configuration` for an invalid setting, or if only some of the three are set.
    pub(crate) fn databricks(&self) -> Result<Option<DatabricksSettings>, Failure> {
        const NAMES: [&str; 3] = ["DATABRICKS_TOKEN", "DATABRICKS_HOST", "DATABRICKS_HTTP_PATH"];
        self.refuse_misplaced(|name| name.starts_with("DATABRICKS_") || name == "API_CA_FILE")?;
        let missing: Vec<&str> = NAMES.into_iter().filter(|name| self.given(name).is_none()).collect();
        if missing.len() == NAMES.len() {
            return Ok(None);
        }
        let (Some(token), Some(host), Some(path)) = (self.secret(NAMES[0]), self.given(NAMES[1]), self.given(NAMES[2]))
        else {
            return Err(Failure::Configuration(format!(
                "Databricks is half configured: {} {}, or none of {}",
                missing.join(" and "),
                if missing.len() == 1 { "is not set; set it" } else { "are not set; set them" },
                NAMES.join(", ")
            )));
        };
        Ok(Some(DatabricksSettings {
            base_url: web_address("DATABRICKS_HOST", &host)?,
            token,
            warehouse_id: warehouse_id(&path)?,
            catalog: self.identifier("DATABRICKS_CATALOG")?,
            schema: self.identifier("DATABRICKS_SCHEMA")?,
            ca_file: self.ca_file()?,
        }))
    }

    /// Messages about all wrong settings, including those of unused connections.
    pub(crate) fn problems(&self) -> Vec<String> {
        let given = |name: &str, check: fn(&str, &str) -> Result<(), Failure>| {
            self.given(name).map_or(Ok(()), |value| check(name, &value))
        };
        let address = |name: &str, value: &str| web_address(name, value).map(|_| ());
        let no_address =
            |name: &str, value: &str| if value.contains("://") { Err(no_path(name, value)) } else { Ok(()) };
        let certificates = self.ca_file().and_then(|ca_file| {
            let ca_file = ca_file.as_deref();
            Endpoint { url: "https://localhost", ca_file, tls_insecure: false }.client().map(|_| ())
        });
        let checked = [
            self.sftp_host(SftpSide::Inbound).map(|_| ()),
            self.sftp_host(SftpSide::Outbound).map(|_| ()),
            given("SFTP_INBOUND_REMOTE_PATH", no_address),
            given("SFTP_OUTBOUND_REMOTE_PATH", no_address),
            self.sftp_limits().map(|_| ()),
            self.temporary_name().map(|_| ()),
            self.publish_enabled().map(|_| ()),
            self.recommender_url().map(|_| ()),
            self.timeout().map(|_| ()),
            self.concurrency().map(|_| ()),
            self.yes_or_no("API_TLS_INSECURE").map(|_| ()),
            certificates,
            given("DATABRICKS_HOST", address),
            given("DATABRICKS_HTTP_PATH", |_, path| warehouse_id(path).map(|_| ())),
            self.identifier("DATABRICKS_CATALOG").map(|_| ()),
            self.identifier("DATABRICKS_SCHEMA").map(|_| ()),
        ];
        let wrong = checked.into_iter().filter_map(Result::err).map(|failure| failure.to_string());
        let misplaced = self.misplaced.iter().map(|(name, (what, _))| misplaced(name, *what));
        let mut problems: Vec<String> = Vec::new();
        for problem in self.misspelt.iter().cloned().chain(misplaced).chain(wrong) {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        problems
    }

    /// Refuses an SFTP server if one of its settings holds a key or token.
    fn refuse_misplaced_of(&self, side: SftpSide) -> Result<(), Failure> {
        self.refuse_misplaced(|name| name.starts_with(side.prefix()) || name == "SFTP_KNOWN_HOSTS")
    }

    /// True if `run` publishes without `--publish`.
    ///
    /// # Errors
    /// `Configuration` for a value that is neither true nor false.
    pub(crate) fn publish_enabled(&self) -> Result<bool, Failure> {
        self.yes_or_no("SFTP_PUBLISH_ENABLED")
    }

    /// File with a company's own root certificates. It applies to all services, because a TLS-inspecting proxy affects
    /// all of them.
    fn ca_file(&self) -> Result<Option<PathBuf>, Failure> {
        self.given_path("API_CA_FILE")
    }

    fn host_key_trust(&self, side: SftpSide) -> Result<HostKeyTrust, Failure> {
        let name = format!("{}_HOST_KEY", side.prefix());
        if let Some(fingerprint) = self.given(&name) {
            return match fingerprint.strip_prefix("SHA256:") {
                Some(rest) if !rest.is_empty() => Ok(HostKeyTrust::Pinned(fingerprint)),
                _ => Err(wrong(&name, &fingerprint, "is no fingerprint; write it as SHA256:...")),
            };
        }
        let file = self.value("SFTP_KNOWN_HOSTS").unwrap_or_default();
        Ok(HostKeyTrust::KnownHosts(file_path("SFTP_KNOWN_HOSTS", &file)?))
    }

    fn timeout(&self) -> Result<Duration, Failure> {
        self.whole_number("API_TIMEOUT", 1..=3_600).map(Duration::from_secs)
    }

    fn concurrency(&self) -> Result<usize, Failure> {
        self.whole_number("API_CONCURRENCY", 1..=256).map(|number| usize::try_from(number).unwrap_or(1))
    }

    fn whole_number(&self, name: &str, allowed: std::ops::RangeInclusive<u64>) -> Result<u64, Failure> {
        let text = self.value(name).unwrap_or_default();
        text.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
            wrong(name, &text, &format!("is no whole number from {} to {}", allowed.start(), allowed.end()))
        })
    }

    fn yes_or_no(&self, name: &str) -> Result<bool, Failure> {
        let text = self.value(name).unwrap_or_default();
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" | "" => Ok(false),
            _ => Err(wrong(name, &text, "is neither true nor false")),
        }
    }

    /// Name of a catalog or schema: letters, digits, `_` and `-`, so it can be quoted safely.
    fn identifier(&self, name: &str) -> Result<String, Failure> {
        let text = self.value(name).unwrap_or_default();
        let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        if is_plain { Ok(text) } else { Err(wrong(name, &text, "is no name; letters, digits, _ and - are allowed")) }
    }
}

/// Failure for the value of a setting; `why` follows the value.
fn wrong(name: &str, value: &str, why: &str) -> Failure {
    Failure::Configuration(format!("{name} {} {why}", quoted(value)))
}

/// As [`wrong`], for an address, which may hold a secret.
fn wrong_address(name: &str, address: &str, why: &str) -> Failure {
    wrong(name, &shown_address(address), why)
}

/// Splits `host`, `host:2222`, `[::1]:2222` or `::1` into host and port.
fn host_and_port(name: &str, text: &str, default: u16) -> Result<(String, u16), Failure> {
    let wrong = || wrong_address(name, text, "is no host; write it like sftp.example.com or sftp.example.com:2222");
    let is_ipv6 = text.parse::<std::net::Ipv6Addr>().is_ok();
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !is_ipv6 && !text.ends_with(']') => (host, port.parse().map_err(|_| wrong())?),
        _ => (text, default),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_plain =
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
    if is_plain { Ok((host.to_owned(), port)) } else { Err(wrong()) }
}

/// Checks a web address and removes a final slash. A bare host gets `https://`; `http://` is allowed for loopback only.
fn web_address(name: &str, text: &str) -> Result<String, Failure> {
    let text = text.trim_end_matches('/');
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let wrong = |why: &str| wrong_address(name, text, why);
    let address =
        reqwest::Url::parse(&full).map_err(|_| wrong("is no web address; write it like https://api.example.com"))?;
    if !address.username().is_empty() || address.password().is_some() {
        return Err(Failure::Configuration(format!("{name} holds a user or password; leave them out")));
    }
    if address.query().is_some() || address.fragment().is_some() {
        // Paths are appended to it, and text after a question mark may be a key.
        return Err(Failure::Configuration(format!("{name} goes on with ? or #; leave that and what follows it out")));
    }
    match address.scheme() {
        "https" => Ok(full),
        "http" if is_loopback(&full) => Ok(full),
        "http" => Err(wrong("is not encrypted; http:// is allowed for loopback addresses only")),
        _ => Err(wrong("is no web address; write it like https://api.example.com")),
    }
}

fn warehouse_id(path: &str) -> Result<String, Failure> {
    let id = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_plain = !id.is_empty() && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_plain && path.contains("/warehouses/") {
        Ok(id.to_owned())
    } else {
        let why = "names no SQL warehouse; write it like /sql/1.0/warehouses/1234567890abcdef";
        Err(wrong_address("DATABRICKS_HTTP_PATH", path, why))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::resolved::tests::configuration;
    use super::*;

    #[test]
    fn hosts_may_carry_a_port() {
        for (text, expected) in [
            ("sftp.example.com", Some(("sftp.example.com", 22))),
            ("127.0.0.1:2222", Some(("127.0.0.1", 2222))),
            ("[::1]:2222", Some(("::1", 2222))),
            ("::1", Some(("::1", 22))),
            ("sftp.example.com:port", None),
            ("a b", None),
            ("", None),
        ] {
            let found = host_and_port("SFTP_INBOUND_HOST", text, 22).ok();
            assert_eq!(found, expected.map(|(host, port)| (host.to_owned(), port)), "{text}");
        }
    }

    #[test]
    fn addresses_without_encryption_are_for_loopback_only() {
        for (text, expected) in [
            ("https://api.example.com/public/", Some("https://api.example.com/public")),
            ("adb-1.azuredatabricks.net", Some("https://adb-1.azuredatabricks.net")),
            ("http://127.0.0.1:9000", Some("http://127.0.0.1:9000")),
            ("http://localhost:9000/", Some("http://localhost:9000")),
            ("http://[::1]:9000", Some("http://[::1]:9000")),
            ("http://api.example.com", None),
            ("http://127.0.0.1.example.com", None),
            ("ftp://api.example.com", None),
            ("https://user:word@api.example.com", None),
            ("https://api.example.com/a?x=1", None),
            ("https://api.example.com/a#x", None),
            ("adb-1.azuredatabricks.net/?o=17", None),
        ] {
            assert_eq!(web_address("API_BASE_URL", text).ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_refused_address_shows_no_user_and_no_key() {
        for message in [
            host_and_port("SFTP_INBOUND_HOST", "user:hunter2@sftp.example.com", 22).map(|_| ()),
            web_address("API_BASE_URL", "https://user:hunter2@").map(|_| ()),
            web_address("API_BASE_URL", "ftp://user:hunter2@api.example.com").map(|_| ()),
            web_address("API_BASE_URL", "https://user:hun ter2@a b").map(|_| ()),
        ] {
            let message = message.unwrap_err().to_string();
            assert!(!message.contains("ter2"), "{message}");
        }
    }

    #[test]
    fn sftp_is_configured_by_its_password_or_key() {
        assert!(configuration(&[("SFTP_INBOUND_HOST", "h")]).sftp(SftpSide::Inbound).unwrap().is_none());
        let set = configuration(&[("SFTP_INBOUND_PASSWORD", "p"), ("SFTP_INBOUND_HOST", "h:2222")]);
        let server = set.sftp(SftpSide::Inbound).unwrap().unwrap();
        assert_eq!((server.host.name.as_str(), server.host.port, server.user.as_str()), ("h", 2222, "SephoraMSL"));
        assert_eq!(server.secrets.taken_out_of("p"), "(secret)");
        assert!(!format!("{server:?}").contains("\"p\""));
        let with_key = configuration(&[("SFTP_OUTBOUND_PRIVATE_KEY", "id"), ("SFTP_OUTBOUND_HOST_KEY", "SHA256:x")]);
        let server = with_key.sftp(SftpSide::Outbound).unwrap().unwrap();
        assert!(server.credentials.private_key.is_some() && server.credentials.password.is_none());
        let both = configuration(&[("SFTP_OUTBOUND_PRIVATE_KEY", "id"), ("SFTP_OUTBOUND_PASSWORD", "p")]);
        let SftpCredentials { password, private_key } = both.sftp(SftpSide::Outbound).unwrap().unwrap().credentials;
        assert!(password.is_some() && private_key.is_some());
        assert_eq!(server.host.trust, HostKeyTrust::Pinned("SHA256:x".into()));
        let placeholder = configuration(&[("SFTP_INBOUND_PASSWORD", "your_sftp_dev_password_here")]);
        assert!(placeholder.sftp(SftpSide::Inbound).unwrap().is_none());
    }

    #[test]
    fn the_bounds_of_sftp_are_settings() {
        let password = ("SFTP_INBOUND_PASSWORD", "p");
        let limits = |more: &[(&str, &str)]| {
            let set = configuration(&[&[password], more].concat());
            set.sftp(SftpSide::Inbound).map(|settings| settings.unwrap().limits)
        };
        let usual = limits(&[]).unwrap();
        assert_eq!((usual.operation.as_secs(), usual.slowest, usual.most_names), (60, 10_000, 1_000_000));
        assert_eq!((usual.largest_file, usual.largest_listing), (2_000_000_000, 200_000_000));
        let set = limits(&[("SFTP_TIMEOUT", "5"), ("SFTP_MIN_SPEED", "0"), ("SFTP_MAX_FILE_MB", "3")]).unwrap();
        assert_eq!((set.operation.as_secs(), set.slowest, set.largest_file), (5, 0, 3_000_000));
        for (name, value, part) in [
            ("SFTP_TIMEOUT", "0", "SFTP_TIMEOUT '0' is no whole number from 1 to 3600"),
            ("SFTP_MIN_SPEED", "fast", "SFTP_MIN_SPEED 'fast' is no whole number"),
            ("SFTP_MAX_LISTING_MB", "-1", "SFTP_MAX_LISTING_MB '-1' is no whole number"),
        ] {
            let message = limits(&[(name, value)]).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
            assert!(configuration(&[(name, value)]).problems().iter().any(|problem| problem.contains(part)), "{name}");
        }
    }

    #[test]
    fn a_wrong_temporary_name_refuses_publishing_only() {
        let name = ("SFTP_OUTBOUND_TEMPORARY_NAME", "tmp/*");
        let part = "SFTP_OUTBOUND_TEMPORARY_NAME 'tmp/*' is no temporary name";
        let set = configuration(&[name, ("SFTP_INBOUND_PASSWORD", "p"), ("SFTP_OUTBOUND_PASSWORD", "p")]);
        assert!(set.sftp(SftpSide::Inbound).unwrap().is_some());
        let message = set.sftp(SftpSide::Outbound).map(|_| ()).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
        assert!(configuration(&[name]).problems().iter().any(|problem| problem.contains(part)));
    }

    #[test]
    fn the_recommender_is_configured_when_its_address_is_set() {
        assert!(configuration(&[]).recommender().unwrap().is_none());
        let set = configuration(&[("API_BASE_URL", "https://api.example.com/public"), ("API_TIMEOUT", "5")]);
        let recommender = set.recommender().unwrap().unwrap();
        assert_eq!(recommender.url, "https://api.example.com/public/public/api/v1/mltr/v3/run");
        assert_eq!((recommender.timeout.as_secs(), recommender.concurrency), (5, 16));
        let wrong = configuration(&[("API_BASE_URL", "https://api.example.com"), ("API_TIMEOUT", "soon")]);
        assert!(wrong.recommender().is_err());
    }

    #[test]
    fn the_endpoint_leads_to_no_other_host() {
        for (base, endpoint, expected) in [
            ("http://localhost:9000", "/run", Ok("http://localhost:9000/run")),
            ("http://localhost", "/run/?key=hunter2", Ok("http://localhost/run/?key=hunter2")),
            ("https://api.example.com/public", "/@x:1//y", Ok("https://api.example.com/public/@x:1//y")),
            ("http://localhost", ".evil.invalid/x", Err("API_ENDPOINT '.evil.invalid/x' does not begin with /")),
            ("http://localhost", "@127.0.0.3:1/x", Err("API_ENDPOINT '(secret)@127.0.0.3:1/x' does not begin with /")),
            ("http://localhost", ":1/x", Err("API_ENDPOINT ':1/x' does not begin with /")),
            ("https://h", "public/run?key=hunter2", Err("API_ENDPOINT 'public/run?(secret)' does not begin with /")),
        ] {
            let configuration = configuration(&[("API_BASE_URL", base), ("API_ENDPOINT", endpoint)]);
            let found = configuration.recommender().map(|settings| settings.unwrap().url).map_err(|no| no.to_string());
            let problems = configuration.problems();
            match expected {
                Ok(url) => assert_eq!((found.as_deref(), problems), (Ok(url), Vec::new())),
                Err(message) => {
                    assert!(
                        found.unwrap_err().starts_with(message) && problems[0].starts_with(message),
                        "{problems:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn databricks_needs_all_three() {
        assert!(configuration(&[]).databricks().unwrap().is_none());
        let half = configuration(&[("DATABRICKS_TOKEN", "t"), ("DATABRICKS_HOST", "h")]).databricks().unwrap_err();
        assert!(half.to_string().contains("DATABRICKS_HTTP_PATH is not set"), "{half}");
        let token = configuration(&[("DATABRICKS_TOKEN", "t")]).databricks().unwrap_err().to_string();
        assert!(token.contains("DATABRICKS_HOST and DATABRICKS_HTTP_PATH are not set; set them, or none"), "{token}");
        let all =
            [("DATABRICKS_TOKEN", "t"), ("DATABRICKS_HOST", "h"), ("DATABRICKS_HTTP_PATH", "/sql/1.0/warehouses/abc")];
        let databricks = configuration(&all).databricks().unwrap().unwrap();
        assert_eq!((databricks.base_url.as_str(), databricks.warehouse_id.as_str()), ("https://h", "abc"));
        let unsafe_catalog: Vec<(&str, &str)> = all.into_iter().chain([("DATABRICKS_CATALOG", "a`b")]).collect();
        assert!(configuration(&unsafe_catalog).databricks().is_err());
    }
}
