//! SFTP servers on loopback.
