//! Runs the real `btcfake`: a [`Folder`] to run it in, and the [`Outcome`] of a run.
//!
//! The binary belongs to another package, so cargo does not tell where it is. It is built once for each test program,
//! into the target folder and by the profile of the test itself. `BTCFAKE_BINARY` names another one to test.

#![allow(clippy::expect_used, clippy::panic)]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What has not come by then never comes: no busy machine takes that long. Tests ask whether something comes about, never
/// how fast; `make bench` measures that.
pub const HANGS_AFTER: Duration = Duration::from_secs(120);

/// Environment variables that would lead a run astray.
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

/// A folder of its own for a test, gone when the test ends.
pub struct Folder {
    root: TempDir,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; nothing where a signal ended the run.
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
    /// An empty folder.
    #[must_use]
    pub fn new() -> Folder {
        Folder { root: TempDir::with_prefix("btcfake-").expect("a temporary folder") }
    }

    /// Where a file of the folder is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// Writes a file, and makes the folders that it needs.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> &Folder {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("/"))).expect("folders can be made");
        fs::write(path, content).expect("a file can be written");
        self
    }

    /// What stands in a file.
    #[must_use]
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// What stands in a file, as text.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names in a folder below, hidden ones too, sorted; none where there is no such folder.
    #[must_use]
    pub fn names(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    /// `btcfake` with some arguments, ready to be run in this folder, free of the tester's own settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    /// A line of the shell, in which `$BTCFAKE` is the program, to be run in this folder.
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

    /// Runs `btcfake` to its end.
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(&mut self.command(arguments))
    }

    /// Runs `btcfake` with some settings in its environment.
    pub fn run_with(&self, settings: &[(&str, &str)], arguments: &[&str]) -> Outcome {
        Outcome::of(self.command(arguments).envs(settings.iter().copied()))
    }
}

impl Outcome {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Outcome {
        Outcome::from(command.output().expect("the program can be started"))
    }

    /// The end of a program that was started with both outputs piped.
    ///
    /// # Panics
    /// Where it hangs; it is killed then.
    #[must_use]
    pub fn at_end_of(mut child: Child) -> Outcome {
        if !comes_about(|| child.try_wait().expect("the program can be asked").is_some()) {
            let _ = child.kill();
            panic!("the program did not end within {HANGS_AFTER:?}");
        }
        Outcome::from(child.wait_with_output().expect("what it said can be read"))
    }

    /// Insists on an exit code.
    ///
    /// # Panics
    /// Where it is another.
    #[must_use]
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

/// Asks a program to end, as the system does.
///
/// # Panics
/// Where that is not possible.
pub fn terminate(child: &Child, signal: &str) {
    let status = Command::new("sh").arg("-c").arg(format!("kill -{signal} {}", child.id())).status();
    assert!(status.expect("the shell can be started").success());
}

/// Ends a program by a signal, and insists that it ends well.
///
/// # Panics
/// Where it does not.
pub fn end_by(child: Child, signal: &str) {
    terminate(&child, signal);
    let _ = Outcome::at_end_of(child).exits(0);
}

/// Waits until something has come about.
///
/// # Panics
/// Where it does not.
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

/// The program to test.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("BTCFAKE_BINARY").map_or_else(build, PathBuf::from))
}

/// Builds the program as this test was built. A test program is `TARGET/PROFILE/deps/NAME` or
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
    // In the workspace's folder and with two tests, whose dependencies leave cargo with the units of `cargo test`: nothing is
    // compiled twice. The Makefile does the same.
    command.args(["build", "--quiet", "--bin", "btcfake", "--test", "recipe", "--test", "rooms", "--profile", profile]);
    command.arg("--target-dir").arg(target.unwrap_or(above)).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    if let Some(triple) = triple {
        command.arg("--target").arg(triple);
    }
    let built = command.output().expect("cargo can be started");
    assert!(built.status.success(), "cargo build failed:\n{}", String::from_utf8_lossy(&built.stderr));
    profile_folder.join(format!("btcfake{}", std::env::consts::EXE_SUFFIX))
}
