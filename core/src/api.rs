//! Types of the helper's HTTP API in JSON, shared by page and helper.
//!
//! | request | answer |
//! | --- | --- |
//! | `GET /api/status` | [`Status`] |
//! | `POST /api/connections/{connection}/test` | [`TestResult`] |
//! | `GET /api/catalogs` | a list of [`CatalogFile`] |
//! | `GET /api/catalogs/{name}` | the file's bytes |
//! | `POST /api/catalogs/download` | a stream of [`DownloadEvent`] |
//! | `POST /api/recommendations` with [`EmployeeIds`] | a stream of [`RecommendationEvent`] |
//! | `POST /api/state` with [`EmployeeIds`] | a stream of [`StateEvent`] |
//! | `POST /api/publish?host=...` with a ZIP of the run's files | a stream of [`PublishEvent`] |
//! | `GET /api/openapi.json` | the OpenAPI document |
//!
//! A stream has one JSON object per line; the last one is a `done` or a `failed`. Every other failure is an
//! [`ApiError`] with a status of 400 or above. No answer holds a secret.
//!
//! The feature `server`, which the page leaves out, adds deserialisation of requests and JSON schemas, from which the
//! helper makes its OpenAPI document.

#[cfg(feature = "server")]
mod employee_ids;

use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub use employee_ids::MOST_EMPLOYEES;

use crate::record::publication::{FeedInState, Publication};

/// The request header that names the intended helper by its [`Status::instance`]; without it, any helper answers. It
/// prevents publishing through another helper at the same address.
pub const INSTANCE_HEADER: &str = "btcfake-instance";

/// The live connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Connection {
    /// The SFTP server with the vendor's catalogs.
    SftpInbound,
    /// The SFTP server that feeds are published to.
    SftpOutbound,
    /// The training recommender.
    Recommender,
    /// The state tables.
    Databricks,
}

impl Connection {
    /// All connections, in the order of display.
    pub const ALL: [Connection; 4] = [Self::SftpInbound, Self::SftpOutbound, Self::Recommender, Self::Databricks];

    /// The name in URLs and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The connection as messages name it.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            Self::SftpInbound => "SFTP inbound: the vendor's catalogs",
            Self::SftpOutbound => "SFTP outbound: where feeds are published",
            Self::Recommender => "Training recommender",
            Self::Databricks => "Databricks: open assignments and completions",
        }
    }
}

/// The sentence about the systems behind the connections: none, some of them, real ones or the sandbox's.
#[must_use]
pub fn environment_text(status: &Status) -> String {
    if status.sandbox {
        return "Nothing real is reached.".to_owned();
    }
    let name = status.environment.as_ref().map(|name| format!("Environment: {name}. ")).unwrap_or_default();
    let (configured, of) = (status.configured, status.connections.len());
    let systems = match configured {
        0 => "No connection is configured, so nothing is reached.".to_owned(),
        1 => format!("These are real systems. 1 of {of} connections is configured."),
        _ => format!("These are real systems. {configured} of {of} connections are configured."),
    };
    name + &systems
}

/// The helper's version, instance and connections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Status {
    /// The version of the helper.
    pub version: String,
    /// Identifies the running helper: it differs between helpers and between starts. A request whose header
    /// btcfake-instance has another value is refused with 412.
    pub instance: String,
    /// The environment named by the configuration, if any.
    #[cfg_attr(feature = "server", schema(required))]
    pub environment: Option<String>,
    /// True if the connections are those of the sandbox, which reaches no real system.
    pub sandbox: bool,
    /// The connections, always in the same order.
    pub connections: Vec<ConnectionStatus>,
    /// The number of connections that are configured.
    pub configured: usize,
    /// The last publishing to the outbound server as it is configured now, by this or an earlier helper or by the command
    /// line with the same output folder.
    #[cfg_attr(feature = "server", schema(required))]
    pub last_publication: Option<Publication>,
    /// Messages for the user, such as placeholders in the configuration.
    pub warnings: Vec<String>,
}

/// A connection and the state of its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ConnectionStatus {
    /// The connection.
    pub connection: Connection,
    /// The state of its configuration.
    pub state: ConnectionState,
}

/// The state of a connection's configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionState {
    /// No setting of the connection has a value.
    NotConfigured,
    /// The configuration is valid; the connection may still fail.
    Configured {
        /// The destination: host, port and folder, or URL; no secret.
        address: String,
        /// The host that the user must type to confirm a publishing, because it looks like production.
        #[cfg_attr(feature = "server", schema(required))]
        production_host: Option<String>,
    },
    /// The configuration is invalid.
    Wrong {
        /// What is wrong, and how to mend it.
        #[serde(rename = "said")]
        message: String,
    },
}

/// The result of testing a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TestResult {
    /// True if it works.
    pub works: bool,
    /// What was found, or the reason why it does not work and how to mend it.
    #[serde(rename = "said")]
    pub message: String,
}

/// A catalog in the helper's folder of downloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CatalogFile {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: crate::format::file_name::VendorKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// True if it is the most recent of its kind.
    pub most_recent: bool,
}

/// The employees that a request is about. Unknown fields are refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(Deserialize, utoipa::ToSchema), serde(deny_unknown_fields))]
pub struct EmployeeIds {
    /// Their ids, each from 1 to 2^63 - 1; duplicates count once.
    #[cfg_attr(feature = "server", serde(deserialize_with = "employee_ids::deserialize"))]
    #[cfg_attr(feature = "server", schema(value_type = Vec<employee_ids::EmployeeId>, min_items = 1, max_items = 1_000_000))]
    pub employee_ids: Vec<u64>,
}

/// A line of the answer to a download of catalogs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DownloadEvent {
    /// Some bytes of a file arrived.
    Progress {
        /// The file.
        name: String,
        /// The number of bytes received.
        done: u64,
        /// The total number of bytes.
        total: u64,
    },
    /// The files are in the helper's folder.
    Done {
        /// The most recent CourseCatalog, if the server has one.
        #[cfg_attr(feature = "server", schema(required))]
        course_catalog: Option<String>,
        /// The most recent StandAloneContent, if the server has one.
        #[cfg_attr(feature = "server", schema(required))]
        standalone_content: Option<String>,
        /// Messages for the user.
        notes: Vec<String>,
    },
    /// The download failed; no partial file is left.
    Failed {
        /// The reason, and how to mend it.
        #[serde(rename = "said")]
        message: String,
    },
}

/// A line of the answer about recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RecommendationEvent {
    /// Some employees were asked about.
    Progress {
        /// The number of employees asked about so far, including failed calls.
        done: usize,
        /// The number of failed calls.
        failed: usize,
        /// The number of employees.
        total: usize,
    },
    /// All employees were asked about.
    Done {
        /// The recording: one JSON object per line, as in the recommendations file of a simulation.
        recording: String,
        /// Messages for the user, such as that certificates are not checked.
        notes: Vec<String>,
    },
    /// No call was possible.
    Failed {
        /// The reason, and how to mend it.
        #[serde(rename = "said")]
        message: String,
    },
}

/// A line of the answer about the state tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StateEvent {
    /// The reading has made progress.
    Progress {
        /// The progress as a message.
        #[serde(rename = "said")]
        message: String,
    },
    /// Both tables were read.
    Done {
        /// The table content_assignments, as CSV.
        assignments: String,
        /// The table content_completion, as CSV.
        completions: String,
        /// When the reading began (UTC).
        read_at: String,
        /// What the tables have of the feed that was published last; `None` if nothing can be compared.
        published_feed: Option<FeedInState>,
    },
    /// It did not work.
    Failed {
        /// The reason, and how to mend it.
        #[serde(rename = "said")]
        message: String,
    },
}

/// A line of the answer to the publishing of a feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PublishEvent {
    /// Some bytes of a file were sent.
    Progress {
        /// The file.
        name: String,
        /// The number of bytes sent.
        done: u64,
        /// The total number of bytes.
        total: u64,
    },
    /// The files are on the server.
    Done {
        /// Their names.
        files: Vec<String>,
        /// The number of files that this publishing sent; 0 if the feed was published before.
        sent: usize,
        /// Messages for the user.
        notes: Vec<String>,
    },
    /// The publishing failed or is incomplete.
    Failed {
        /// The reason, the files that are on the server now, and how to mend it.
        #[serde(rename = "said")]
        message: String,
    },
}

/// The body of a refused request's answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ApiError {
    /// The reason, and how to mend it.
    pub error: String,
}
