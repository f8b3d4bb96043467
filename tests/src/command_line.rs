//! Runs of the real `btcfake`: a [`Folder`] as the working folder, and the [`Outcome`] of a run.
//!
//! The program belongs to another package, so cargo does not set its path. It is built once per test binary, into the same
//! target folder and with the same profile. `BTCFAKE_BINARY` names another program to test.

#![allow(clippy::expect_used, clippy::panic)]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The time after which a program counts as hanging, even on a busy machine. Tests check that something happens, never how
/// fast; `make bench` measures speed.
pub const HANGS_AFTER: Duration = Duration::from_secs(120);

/// Environment variables that are removed, because they would change a run.
const SETTINGS: [&str; 34] = [
    "API_CA_FILE",
    "API_CONCURRENCY",
    "API_TLS_INSECURE",
    "BTCFAKE_ENV",
    "BTCFAKE_TOKEN",
    "SFTP_INBOUND_HOST_KEY",
    "SFTP_INBOUND_PRIVATE_KEY",
    "SFTP_INBOUND_PRIVATE_KEY_PASSPHRASE",
    "SFTP_KNOWN_HOSTS",
    "SFTP_OUTBOUND_HOST_KEY",
    "SFTP_OUTBOUND_PRIVATE_KEY",
    "SFTP_OUTBOUND_PRIVATE_KEY_PASSPHRASE",
    "SFTP_PUBLISH_ENABLED",
    "API_BASE_URL",
    "API_ENDPOINT",
    "API_TIMEOUT",
    "EMPLOYEES_FILE",
    "OUTPUT_DIR",
    "SFTP_LOCAL_DIR",
    "USER_COMPLETION_TEMPLATE_FILE",
    "BUSINESS_TIMEZONE",
    "DATABRICKS_TOKEN",
    "DATABRICKS_HOST",
    "DATABRICKS_HTTP_PATH",
    "DATABRICKS_CATALOG",
    "DATABRICKS_SCHEMA",
    "SFTP_INBOUND_HOST",
    "SFTP_INBOUND_USER",
    "SFTP_INBOUND_PASSWORD",
    "SFTP_INBOUND_REMOTE_PATH",
    "SFTP_OUTBOUND_HOST",
    "SFTP_OUTBOUND_USER",
    "SFTP_OUTBOUND_PASSWORD",
    "SFTP_OUTBOUND_REMOTE_PATH",
];

/// A temporary folder, removed at the end of the test.
pub struct Folder {
    root: TempDir,
}

/// The result of a run.
#[derive(Debug)]
#[must_use]
pub struct Outcome {
    /// The exit code; `None` if a signal ended the run.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Default for Folder {
    fn default() -> Folder {
        Folder::new()
    }
}

impl Folder {
    /// Creates an empty folder.
    #[must_use]
    pub fn new() -> Folder {
        Folder { root: TempDir::with_prefix("btcfake-").expect("a temporary folder") }
    }

    /// The path of a file in the folder.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file and creates its parent folders.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Folder {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("folders can be made");
        fs::write(path, content).expect("a file can be written");
        self
    }

    /// The bytes of a file.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The text of a file.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The sorted names in a subfolder, hidden ones included; empty if the subfolder does not exist.
    #[must_use]
    pub fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// A `btcfake` command in this folder, without the environment's settings.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    /// A shell command in this folder; `$BTCFAKE` is the program's path.
    #[must_use]
    pub fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(line).env("BTCFAKE", binary());
        self.prepare(&mut command);
        command
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.root.path()).stdin(Stdio::null()).env("CI", "true");
        for setting in SETTINGS {
            command.env_remove(setting);
        }
    }

    /// Runs `btcfake` until it ends.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(arguments))
    }

    /// Runs `btcfake` with settings in its environment.
    pub fn run_with(&self, settings: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments).envs(settings.iter().copied()))
    }
}

impl Outcome {
    /// Runs a command until it ends.
    pub fn of(command: &mut Command) -> Outcome {
        Outcome::from(command.output().expect("the program can be started"))
    }

    /// Waits for the end of a program whose outputs are piped.
    ///
    /// # Panics
    /// If it hangs; it is killed first.
    pub fn at_end_of(mut child: Child) -> Outcome {
        if !comes_about(|| child.try_wait().expect("the program can be asked").is_some()) {
            let _ = child.kill();
            panic!("the program did not end within {HANGS_AFTER:?}");
        }
        Outcome::from(child.wait_with_output().expect("its output can be read"))
    }

    /// Asserts the exit code.
    ///
    /// # Panics
    /// On another exit code.
    pub fn exits(self, code: i32) -> Outcome {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Outcome {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("outputs are UTF-8");
        Outcome { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// Sends a signal to a program.
///
/// # Panics
/// If the signal cannot be sent.
pub fn terminate(child: &Child, signal: &str) {
    let status = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status();
    assert!(status.expect("the shell can be started").success());
}

/// Ends a program by a signal and asserts exit code 0.
///
/// # Panics
/// On another exit code, or if the program hangs.
pub fn end_by(child: Child, signal: &str) {
    terminate(&child, signal);
    let _ = Outcome::at_end_of(child).exits(0);
}

/// Waits until a condition holds.
///
/// # Panics
/// If it does not hold within [`HANGS_AFTER`].
pub fn wait_until(what: &str, is_so: impl FnMut() -> bool) {
    assert!(comes_about(is_so), "not so after {HANGS_AFTER:?}: {what}");
}

fn comes_about(mut is_so: impl FnMut() -> bool) -> bool {
    let deadline = Instant::now() + HANGS_AFTER;
    while !is_so() {
        if Instant::now() > deadline {
            return false;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    true
}

/// The path of the program under test.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("BTCFAKE_BINARY").map_or_else(build, PathBuf::from))
}

/// Builds the program with this test's target folder, triple and profile. A test binary is `TARGET/PROFILE/deps/NAME` or
/// `TARGET/TRIPLE/PROFILE/deps/NAME`; cargo marks both TARGET and TRIPLE by a file `CACHEDIR.TAG`.
fn build() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let profile_folder = test.parent().and_then(Path::parent).expect("a test is in a target folder").to_owned();
    let above = profile_folder.parent().expect("a target folder");
    let triple = above.file_name().and_then(|name| name.to_str()).filter(|name| name.matches('-').count() >= 2);
    let target = above.parent().filter(|target| triple.is_some() && target.join("CACHEDIR.TAG").exists());
    let triple = target.and(triple);
    let profile = match profile_folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(name) => name,
    };
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
    // In the workspace's folder and with the dependencies of two tests, cargo's units equal those of `cargo test`, so nothing is
    // compiled twice. The Makefile has the same command.
    command.args(["build", "--quiet", "--bin", "btcfake", "--test", "recipe", "--test", "rooms", "--profile", profile]);
    command.arg("--target-dir").arg(target.unwrap_or(above)).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if let Some(triple) = triple {
        command.arg("--target").arg(triple);
    }
    // Cargo sets these variables for a test. ring's build script watches them, so ring and all crates above it would be compiled
    // again.
    let of_this_package = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_str().is_some_and(of_this_package)) {
        command.env_remove(name);
    }
    let built = command.output().expect("cargo can be started");
    assert!(built.status.success(), "cargo build failed:\n{}", String::from_utf8_lossy(&built.stderr));
    profile_folder.join(format!("btcfake{}", std::env::consts::EXE_SUFFIX))
}
