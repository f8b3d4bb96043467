//! What page and helper say to each other: the JSON of the helper's API, in one place for both.
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
//! A stream is one JSON object a line; its last line is a `done` or a `failed`. Every other failure is an [`ApiError`]
//! with a status of 400 or above. No answer holds a secret.
//!
//! With the feature `server`, which the page leaves out, requests can be read and the types describe themselves; the
//! helper makes its OpenAPI document of that.

#[cfg(feature = "server")]
mod employee_ids;

use serde::{Deserialize, Serialize};

#[cfg(feature = "server")]
pub use employee_ids::MOST_EMPLOYEES;

/// The header in which a request tells which helper it is meant for, by [`Status::instance`]; a request without it is
/// for any. So nobody publishes to what another helper, at the same address, is connected to.
pub const INSTANCE_HEADER: &str = "btcfake-instance";

/// The live connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
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
    /// All connections, in the order in which they are told.
    pub const ALL: [Connection; 4] = [Self::SftpInbound, Self::SftpOutbound, Self::Recommender, Self::Databricks];

    /// Its name in an address, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SftpInbound => "sftp_inbound",
            Self::SftpOutbound => "sftp_outbound",
            Self::Recommender => "recommender",
            Self::Databricks => "databricks",
        }
    }

    /// In people's words.
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

/// What the helper is and what it is connected to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Status {
    /// The version of the helper.
    pub version: String,
    /// Which running helper it is: another, or the same started anew, has another text here. A request that names it in
    /// the header btcfake-instance is refused by every other with 412.
    pub instance: String,
    /// The environment that the configuration is for, where it names one.
    #[cfg_attr(feature = "server", schema(required))]
    pub environment: Option<String>,
    /// Whether the connections are those of the sandbox: nothing real is reached.
    pub sandbox: bool,
    /// The connections, always in the same order.
    pub connections: Vec<ConnectionStatus>,
    /// What should be told to the user, such as placeholders in the configuration.
    pub warnings: Vec<String>,
}

/// How a connection is configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ConnectionStatus {
    /// Which connection.
    pub connection: Connection,
    /// How it stands.
    pub state: ConnectionState,
}

/// Whether a connection can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConnectionState {
    /// Nothing is set for it.
    NotConfigured,
    /// It can be tried.
    Configured {
        /// Where it goes: host, port and folder, or address; no secret.
        address: String,
        /// The host that must be typed in before anything is published there: it looks like production.
        #[cfg_attr(feature = "server", schema(required))]
        production_host: Option<String>,
    },
    /// Its configuration makes no sense.
    Wrong {
        /// What is wrong, and how to mend it.
        said: String,
    },
}

/// What came of testing a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct TestResult {
    /// Whether it works.
    pub works: bool,
    /// What was found, or why it does not work and how to mend it.
    pub said: String,
}

/// A catalog in the helper's folder of downloads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct CatalogFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: crate::format::file_name::FileKind,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it is the most recent of its kind.
    pub most_recent: bool,
}

/// The employees that something is asked about. A field of another name is ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(Deserialize, utoipa::ToSchema))]
pub struct EmployeeIds {
    /// Their ids, each from 1 to 2^63 - 1; one that comes again counts once.
    #[cfg_attr(feature = "server", serde(deserialize_with = "employee_ids::deserialize"))]
    #[cfg_attr(feature = "server", schema(value_type = Vec<employee_ids::EmployeeId>, min_items = 1, max_items = 1_000_000))]
    pub employee_ids: Vec<u64>,
}

/// A line of the answer to a download.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum DownloadEvent {
    /// Some bytes of a file arrived.
    Progress {
        /// The file.
        name: String,
        /// How many bytes arrived.
        done: u64,
        /// How many it has.
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
        /// What should be told.
        notes: Vec<String>,
    },
    /// It did not work; nothing half is left.
    Failed {
        /// Why, and how to mend it.
        said: String,
    },
}

/// A line of the answer about recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RecommendationEvent {
    /// Some employees were asked about.
    Progress {
        /// How many, failed ones included.
        done: usize,
        /// How many calls failed.
        failed: usize,
        /// How many there are in all.
        total: usize,
    },
    /// All were asked about.
    Done {
        /// The recording: one JSON object a line, as the recommendations file of a simulation has it.
        recording: String,
        /// What should be told, such as that certificates are not checked.
        notes: Vec<String>,
    },
    /// Nothing could be asked at all.
    Failed {
        /// Why, and how to mend it.
        said: String,
    },
}

/// A line of the answer about the state tables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum StateEvent {
    /// How far it is.
    Progress {
        /// In people's words.
        said: String,
    },
    /// Both tables were read.
    Done {
        /// The table content_assignments, as CSV.
        assignments: String,
        /// The table content_completion, as CSV.
        completions: String,
    },
    /// It did not work.
    Failed {
        /// Why, and how to mend it.
        said: String,
    },
}

/// A line of the answer to a publishing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PublishEvent {
    /// Some bytes of a file were sent.
    Progress {
        /// The file.
        name: String,
        /// How many bytes were sent.
        done: u64,
        /// How many it has.
        total: u64,
    },
    /// The files are there.
    Done {
        /// Their names.
        files: Vec<String>,
        /// What should be told.
        notes: Vec<String>,
    },
    /// It did not work, or not wholly.
    Failed {
        /// Why, what is there now, and how to mend it.
        said: String,
    },
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ApiError {
    /// In people's words, with how to mend it.
    pub error: String,
}
