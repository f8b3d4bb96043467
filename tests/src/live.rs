//! A sandbox of all live sources, for tests of live runs.
#![allow(clippy::expect_used)]

use std::process::{Child, Stdio};

use crate::command_line::{Folder, terminate, wait_until};

/// A sandbox process, and a folder whose `.env` connects to it.
pub struct Live {
    /// The folder.
    pub folder: Folder,
    sandbox: Child,
}

impl Live {
    /// Starts a sandbox and waits until it is up. `employees` is the content of the folder's `input/employees.csv`.
    ///
    /// # Panics
    /// If the sandbox does not start.
    #[must_use]
    pub fn start(employees: &str, now: &str) -> Live {
        let folder = Folder::new();
        folder.write("input/employees.csv", employees);
        let env = std::fs::File::create(folder.path(".env.sandbox")).expect("a file can be made");
        let mut command = folder.command(&["sandbox", "--now", now]);
        let sandbox = command.stdout(Stdio::from(env)).stderr(Stdio::null()).spawn().expect("the sandbox starts");
        wait_until("the sandbox is up", || folder.text(".env.sandbox").contains("SFTP_OUTBOUND_HOST_KEY="));
        folder.write(".env", folder.text(".env.sandbox"));
        Live { folder, sandbox }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        terminate(&self.sandbox, "TERM");
        let _ = self.sandbox.wait();
    }
}
