//! Settings from the environment and from `.env` in the current folder.
//!
//! The environment wins. Values that are still placeholders of a template (`your_sftp_dev_password_here`) count as not
//! set, with a warning.

mod address;
mod connection_settings;
mod connections;
pub(crate) mod env_file;
mod file_path;
mod percent;
mod resolved;
pub(crate) mod secret;
pub(crate) mod secret_text;
mod settings;
mod sftp_limits;
mod values;

pub(crate) use address::shown_setting;
#[cfg(test)]
pub(crate) use connection_settings::SftpCredentials;
pub(crate) use connection_settings::{
    DatabricksSettings, HostKeyTrust, PrivateKeyFile, RecommenderSettings, SftpHost, SftpSettings, SftpSide,
};
#[cfg(test)]
pub(crate) use resolved::tests::configuration as configuration_of;
pub(crate) use resolved::{Configuration, SettingSource};
pub(crate) use settings::{SETTINGS, Setting};
pub(crate) use sftp_limits::{SftpLimits, TemporaryName};
