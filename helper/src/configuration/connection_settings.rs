//! What a live connection needs: address, credentials, limits.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use super::address::shown_address;
use super::sftp_limits::{SftpLimits, TemporaryName};
use crate::configuration::secret::{Secret, Secrets};

/// SFTP server: inbound or outbound. The command line shows the descriptions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SftpSide {
    /// The vendor's catalogs come from here.
    Inbound,
    /// Feeds are published here.
    Outbound,
}

impl SftpSide {
    /// Prefix of its settings.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Inbound => "SFTP_INBOUND",
            Self::Outbound => "SFTP_OUTBOUND",
        }
    }

    /// Its name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
        }
    }
}

/// Host of an SFTP server. It is shown with its port unless that is 22.
#[derive(Clone, Debug)]
pub(crate) struct SftpHost {
    /// Inbound or outbound.
    pub(crate) side: SftpSide,
    /// Host name or IP address.
    pub(crate) name: String,
    /// The port.
    pub(crate) port: u16,
    /// Trust in its key.
    pub(crate) trust: HostKeyTrust,
}

impl fmt::Display for SftpHost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.port {
            22 => formatter.write_str(&self.name),
            port => write!(formatter, "{}:{port}", self.name),
        }
    }
}

/// Settings of an SFTP server.
#[derive(Clone, Debug)]
pub(crate) struct SftpSettings {
    /// The host.
    pub(crate) host: SftpHost,
    /// User name.
    pub(crate) user: String,
    /// Credentials; password, private key or both are set.
    pub(crate) credentials: SftpCredentials,
    /// Remote folder; `None` if not set.
    pub(crate) remote_path: Option<String>,
    /// Secrets that are removed from the server's texts.
    pub(crate) secrets: Secrets,
    /// Limits on time and sizes.
    pub(crate) limits: SftpLimits,
    /// Rule for the name of a file during upload.
    pub(crate) temporary_name: TemporaryName,
}

/// Credentials of an SFTP user. If both are set, the key is tried first.
#[derive(Clone, Debug, Default)]
pub(crate) struct SftpCredentials {
    /// A password.
    pub(crate) password: Option<Secret>,
    /// A private key.
    pub(crate) private_key: Option<PrivateKeyFile>,
}

/// File of a private key.
#[derive(Clone, Debug)]
pub(crate) struct PrivateKeyFile {
    /// Path of the file.
    pub(crate) file: PathBuf,
    /// Passphrase of the key, if it has one.
    pub(crate) passphrase: Option<Secret>,
}

/// Trust in a host's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostKeyTrust {
    /// Pinned fingerprint, `SHA256:...`.
    Pinned(String),
    /// `known_hosts` file.
    KnownHosts(PathBuf),
}

/// Settings of the recommender.
#[derive(Clone, Debug)]
pub(crate) struct RecommenderSettings {
    /// URL of the calls, with API_ENDPOINT.
    pub(crate) url: String,
    /// Time limit of an attempt.
    pub(crate) timeout: Duration,
    /// Maximum number of concurrent calls.
    pub(crate) concurrency: usize,
    /// PEM file with additional root certificates.
    pub(crate) ca_file: Option<PathBuf>,
    /// True if certificates are not checked.
    pub(crate) tls_insecure: bool,
    /// Secrets that are removed from answers before they are shown or recorded.
    pub(crate) secrets: Secrets,
}

/// Settings of Databricks.
#[derive(Clone, Debug)]
pub(crate) struct DatabricksSettings {
    /// URL of the workspace, without a final slash.
    pub(crate) base_url: String,
    /// The access token.
    pub(crate) token: Secret,
    /// Id of the SQL warehouse.
    pub(crate) warehouse_id: String,
    /// The catalog of the state tables.
    pub(crate) catalog: String,
    /// The schema of the state tables.
    pub(crate) schema: String,
    /// PEM file with additional root certificates.
    pub(crate) ca_file: Option<PathBuf>,
}

impl RecommenderSettings {
    /// URL for display, without secrets.
    pub(crate) fn address(&self) -> String {
        shown_address(&self.url)
    }
}
