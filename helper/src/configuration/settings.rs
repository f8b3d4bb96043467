//! List of all settings in the environment or `.env`: names, defaults, descriptions.

/// One setting.
pub(crate) struct Setting {
    /// The name of the variable.
    pub(crate) name: &'static str,
    /// Value in effect if it is not set.
    pub(crate) default: Option<&'static str>,
    /// True if its value must never be shown.
    pub(crate) is_secret: bool,
    /// One-line description.
    pub(crate) about: &'static str,
}

const fn setting(name: &'static str, default: &'static str, about: &'static str) -> Setting {
    Setting { name, default: Some(default), is_secret: false, about }
}

const fn optional(name: &'static str, about: &'static str) -> Setting {
    Setting { name, default: None, is_secret: false, about }
}

const fn secret(name: &'static str, about: &'static str) -> Setting {
    Setting { name, default: None, is_secret: true, about }
}

/// All settings, in the order of the output.
pub(crate) const SETTINGS: &[Setting] = &[
    optional("BTCFAKE_ENV", "the environment: dev, qa or prod; shown in every summary"),
    setting("BUSINESS_TIMEZONE", "UTC", "the business time zone, an IANA name"),
    setting("EMPLOYEES_FILE", "input/employees.csv", "the population of a run"),
    setting("OUTPUT_DIR", "generated_files", "the folder for a run's files"),
    setting("SFTP_LOCAL_DIR", "downloaded_files", "the folder for downloaded catalogs"),
    optional("USER_COMPLETION_TEMPLATE_FILE", "the template of the dummy file; without it, a built-in template"),
    setting(
        "API_BASE_URL",
        "https://dataiku-api-devqa.lower.internal.sephora.com",
        "the address of the recommender, which is used only if you set this",
    ),
    setting("API_ENDPOINT", "/public/api/v1/mltr/v3/run", "the path appended to API_BASE_URL"),
    setting("API_TIMEOUT", "30", "seconds for each attempt"),
    setting("API_CONCURRENCY", "16", "the number of calls at a time, one for each employee"),
    optional("API_CA_FILE", "a PEM file with the company's own root certificates, for recommender and Databricks"),
    setting(
        "API_TLS_INSECURE",
        "false",
        "true turns off the check of the recommender's certificate, with a warning in every summary",
    ),
    secret("DATABRICKS_TOKEN", "the personal access token"),
    optional("DATABRICKS_HOST", "the workspace's host"),
    optional("DATABRICKS_HTTP_PATH", "the SQL warehouse's path, /sql/1.0/warehouses/..."),
    setting("DATABRICKS_CATALOG", "retail_systems_dev", "the catalog of the state tables"),
    setting("DATABRICKS_SCHEMA", "store_enablement", "the schema of the state tables"),
    setting("SFTP_INBOUND_HOST", "sftp.sephora.com", "the server with the vendor's catalogs, perhaps with a port"),
    setting("SFTP_INBOUND_USER", "SephoraMSL", "the user name"),
    secret("SFTP_INBOUND_PASSWORD", "the password of SFTP_INBOUND_USER"),
    optional("SFTP_INBOUND_PRIVATE_KEY", "the file of the user's private key; a server may want key and password"),
    secret("SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE", "the passphrase of the private key, if it has one"),
    setting(
        "SFTP_INBOUND_REMOTE_PATH",
        "/inbound/BTC/retailData/prod/vendor/mySephoraLearning-archive",
        "the folder of the catalogs",
    ),
    optional("SFTP_INBOUND_HOST_KEY", "the fingerprint of the server's key, SHA256:..., in place of known_hosts"),
    setting(
        "SFTP_OUTBOUND_HOST",
        "internal-sftp.sephoraus.com",
        "the server that feeds are published to, perhaps with a port",
    ),
    setting("SFTP_OUTBOUND_USER", "SephoraRDIInternal", "the user name"),
    secret("SFTP_OUTBOUND_PASSWORD", "the password of SFTP_OUTBOUND_USER"),
    optional("SFTP_OUTBOUND_PRIVATE_KEY", "the file of the user's private key; a server may want key and password"),
    secret("SFTP_OUTBOUND_PRIVATE_KEY_PASSPHRASE", "the passphrase of the private key, if it has one"),
    optional("SFTP_OUTBOUND_REMOTE_PATH", "the folder that feeds are published to"),
    optional("SFTP_OUTBOUND_HOST_KEY", "the fingerprint of the server's key, SHA256:..., in place of known_hosts"),
    setting("SFTP_KNOWN_HOSTS", "~/.ssh/known_hosts", "the file of trusted host keys"),
    setting("SFTP_TIMEOUT", "60", "seconds for a whole SFTP operation, without the time of its transfers"),
    setting("SFTP_MIN_SPEED", "10000", "the lowest speed of a transfer, in bytes per second; 0 for any speed"),
    setting("SFTP_MAX_FILE_MB", "2000", "the largest file to download, in millions of bytes"),
    setting("SFTP_MAX_LISTING_MB", "200", "the largest listing of a folder, in millions of bytes"),
    setting("SFTP_MAX_LISTING_NAMES", "1000000", "the largest number of names in a folder"),
    setting(
        "SFTP_OUTBOUND_TEMPORARY_NAME",
        ".*.partial",
        "the name of a file while it is sent, * for its own name; prefix, suffix or none",
    ),
    setting("SFTP_PUBLISH_ENABLED", "false", "true makes `btcfake run` publish; `btcfake publish` always does"),
    secret("BTCFAKE_TOKEN", "the token for requests to a server on another address than loopback"),
];

/// Setting with a name; `None` if there is none.
pub(crate) fn setting_of(name: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.name == name)
}
