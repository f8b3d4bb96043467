//! Whole sandbox: all servers over one folder, with their own passwords and tokens, and the settings for using them.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::sample::SampleRecipe;
use btcfake_core::text::note::Note;
use chrono::NaiveDate;
use tempfile::TempDir;
use tokio_util::task::AbortOnDropHandle;

use super::batch_job::BatchJob;
use super::databricks::{
    CATALOG, DatabricksOptions, LoadedRows, SCHEMA, SandboxDatabricks, StateStore, start_databricks,
};
use super::faults::Faults;
use super::filling::{FillingPlaces, StateEmployees, catalogs_recipe};
use super::http::SandboxHttp;
use super::recommender::{RecommenderOptions, start_recommender};
use super::sftp::{self, INBOUND_FOLDER, OUTBOUND_FOLDER, SandboxSftp, SandboxSftpOptions};
use super::vendor::Vendor;
use crate::files::leftovers::{self, LOCK};
use crate::files::reading::open_itself;
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// Options of a sandbox.
#[derive(Clone, Debug)]
pub(crate) struct SandboxOptions {
    /// Date of the most recent catalogs and the last day of the state tables.
    pub(crate) today: NaiveDate,
    /// Business time zone, which decides the day of a completion.
    pub(crate) zone: BusinessZone,
    /// Faults to inject.
    pub(crate) faults: Faults,
    /// Folder that is kept: new, empty, or that of an earlier sandbox, which is continued. `None` for a temporary folder.
    pub(crate) dir: Option<PathBuf>,
    /// Employees file for the state tables; the sample's employees if it does not exist.
    pub(crate) employees: Option<PathBuf>,
}

/// Running servers: SFTP inbound and outbound, recommender, Databricks; and the batch job that loads published feeds.
/// [`Sandbox::shutdown`] or dropping it stops all of them.
#[derive(Debug)]
pub(crate) struct Sandbox {
    inbound: SandboxSftp,
    outbound: SandboxSftp,
    recommender: SandboxHttp,
    databricks: SandboxDatabricks,
    batch_job: BatchJob,
    watching: AbortOnDropHandle<()>,
    /// Vendor; `None` in a folder of an earlier version, which gets no catalogs of later days.
    vendor: Option<Vendor>,
    /// The sample's employees; `None` if the user has a file.
    employees_file: Option<PathBuf>,
    note: Option<Note>,
    // Last field: the folder is removed after everything that uses it.
    home: Home,
}

/// The sandbox's folder with the files that its servers show.
struct FilledFolder {
    home: Home,
    places: FillingPlaces,
    /// Folder of the outbound server, in which feeds arrive.
    outbound: PathBuf,
    /// Contents that the recommender knows, by id and name.
    contents: Vec<(u64, String)>,
    vendor: Option<Vendor>,
    employees_file: Option<PathBuf>,
    note: Option<Note>,
}

impl FilledFolder {
    /// Fills a folder, or continues with one that was filled before. `employees` is the user's own file, which may be missing.
    fn of(
        dir: Option<PathBuf>,
        employees: Option<&Path>,
        today: NaiveDate,
        zone: BusinessZone,
    ) -> Result<FilledFolder, Failure> {
        let home = Home::new(dir)?;
        let places = FillingPlaces::of(home.path());
        if !places.tables.exists() {
            let population = StateEmployees::of_file(employees);
            places.fill(today, SampleRecipe::CONTENTS, &population)?;
        }
        let outbound = places.outbound.join(OUTBOUND_FOLDER.trim_start_matches('/'));
        fs::create_dir_all(&outbound).of_file(&outbound, "create")?;
        let recipe = places.first_day.read().map(|first| catalogs_recipe(first, SampleRecipe::CONTENTS));
        let vendor = recipe.map(|recipe| Vendor::new(places.inbound.clone(), recipe, zone, today));
        vendor.iter().try_for_each(Vendor::deliver_today)?;
        let contents = places.contents(today)?;
        let note = places.most_recent_day(today)?.filter(|latest| *latest < today).map(|latest| {
            Note::warning(format!(
                "this folder goes on as it was: its latest catalogs are of {latest}, and not of {today}; take a new one \
                 for those"
            ))
        });
        let has_own = employees.is_some_and(Path::exists);
        let employees_file = Some(places.employees.clone()).filter(|file| !has_own && file.exists());
        Ok(FilledFolder { home, places, outbound, contents, vendor, employees_file, note })
    }
}

impl Sandbox {
    /// Fills the folder if necessary and starts the servers. Takes about a second.
    ///
    /// # Errors
    /// A folder that cannot be used or is in use by another sandbox, or no free port.
    pub(crate) async fn start(options: SandboxOptions) -> Result<Sandbox, Failure> {
        let SandboxOptions { today, zone, faults, dir, employees } = options;
        let filled = tokio::task::spawn_blocking(move || FilledFolder::of(dir, employees.as_deref(), today, zone));
        let broken = |message| Failure::Other(format!("the sandbox cannot be filled: {message}"));
        let FilledFolder { home, places, outbound: outbound_folder, contents, vendor, employees_file, note } =
            filled.await.map_err(broken)??;

        let server =
            |user: &str, writable| SandboxSftpOptions { user: user.to_owned(), writable, faults: faults.sftp.clone() };
        let inbound = sftp::start(&places.inbound, server("sandbox-inbound", false)).await?;
        let outbound = sftp::start(&places.outbound, server("sandbox-outbound", true)).await?;
        let keys = format!("{}\n{}\n", inbound.host_key_line, outbound.host_key_line);
        fs::write(&places.known_hosts, keys).of_file(&places.known_hosts, "write")?;
        let store = StateStore::open(&places.tables)?;
        let batch_job = BatchJob::new(outbound_folder, store.clone(), zone, vendor.clone());
        let loading = batch_job.clone();
        let options = DatabricksOptions { faults: faults.databricks, ..DatabricksOptions::default() };
        let databricks = start_databricks(store, options, move || loading.load_arrived()).await?;
        let recommender = start_recommender(RecommenderOptions {
            faults: faults.recommender,
            state: Some(databricks.store.clone()),
            ..RecommenderOptions::new(contents, today)
        })
        .await?;
        let watching = AbortOnDropHandle::new(tokio::spawn(batch_job.clone().watch()));
        Ok(Sandbox {
            inbound,
            outbound,
            recommender,
            databricks,
            batch_job,
            watching,
            vendor,
            employees_file,
            note,
            home,
        })
    }

    /// Note to print, such as a warning about old catalogs.
    pub(crate) fn note(&self) -> Option<&Note> {
        self.note.as_ref()
    }

    /// Vendor that delivers the catalogs of later days; `None` in a folder of an earlier version.
    pub(crate) fn vendor(&self) -> Option<&Vendor> {
        self.vendor.as_ref()
    }

    /// Folder with the sandbox's files.
    pub(crate) fn folder(&self) -> &Path {
        self.home.path()
    }

    /// Settings for using the sandbox, as names and values of `.env`, secrets included.
    pub(crate) fn settings(&self) -> Vec<(String, String)> {
        let mut settings = vec![("BTCFAKE_ENV".to_owned(), "dev".to_owned())];
        let mut set = |name: &str, value: &str| settings.push((name.to_owned(), value.to_owned()));
        if let Some(file) = &self.employees_file {
            set("EMPLOYEES_FILE", &file.to_string_lossy());
        }
        set("API_BASE_URL", &self.recommender.base_url);
        set("DATABRICKS_TOKEN", self.databricks.token.expose());
        set("DATABRICKS_HOST", &self.databricks.host);
        set("DATABRICKS_HTTP_PATH", &self.databricks.http_path);
        set("DATABRICKS_CATALOG", CATALOG);
        set("DATABRICKS_SCHEMA", SCHEMA);
        for (prefix, server, folder) in
            [("SFTP_INBOUND", &self.inbound, INBOUND_FOLDER), ("SFTP_OUTBOUND", &self.outbound, OUTBOUND_FOLDER)]
        {
            set(&format!("{prefix}_HOST"), &server.address.to_string());
            set(&format!("{prefix}_USER"), &server.user);
            set(&format!("{prefix}_PASSWORD"), server.password.expose());
            set(&format!("{prefix}_REMOTE_PATH"), folder);
            set(&format!("{prefix}_HOST_KEY"), &server.host_key_fingerprint);
        }
        settings
    }

    /// Loads published feeds now, without waiting for the batch job.
    ///
    /// # Errors
    /// A folder that cannot be listed, or the first feed that cannot be loaded.
    pub(crate) fn load_now(&self) -> Result<Vec<LoadedRows>, Failure> {
        self.batch_job.load_new(Duration::ZERO)
    }

    /// Stops all servers. A temporary folder is removed; in a kept one, published feeds are loaded into the tables
    /// before.
    pub(crate) async fn shutdown(self) {
        if matches!(self.home, Home::Kept(..)) {
            // The batch job has already reported unreadable feeds.
            let _ = self.load_now();
        }
        let Sandbox { inbound, outbound, recommender, databricks, watching, home, .. } = self;
        drop((watching, recommender, databricks));
        inbound.shutdown().await;
        outbound.shutdown().await;
        // Removing some 800 files blocks for a moment.
        let _ = tokio::task::spawn_blocking(move || drop(home)).await;
    }
}

/// Prefix of temporary folders.
const PREFIX: &str = "btcfake-sandbox-";

/// Folder of a sandbox.
#[derive(Debug)]
enum Home {
    /// Temporary folder with its lock. The lock is closed first, as some systems require before removal.
    Temporary(#[allow(dead_code)] File, TempDir),
    /// Kept folder with the lock that marks it as in use. The lock ends with the process.
    Kept(PathBuf, #[allow(dead_code)] File),
}

impl Home {
    fn new(dir: Option<PathBuf>) -> Result<Home, Failure> {
        let Some(dir) = dir else {
            let temp = std::env::temp_dir();
            leftovers::clear(&temp, PREFIX);
            let made = TempDir::with_prefix(PREFIX).of_file(&temp, "use")?;
            let lock = File::create(made.path().join(LOCK)).of_file(&temp, "use")?;
            // Some file systems support no locks; folders left there are never removed.
            let _ = lock.try_lock();
            return Ok(Home::Temporary(lock, made));
        };
        fs::create_dir_all(&dir).of_file(&dir, "create")?;
        let dir = dir.canonicalize().of_file(&dir, "use")?;
        let lock = dir.join(LOCK);
        let listing = fs::read_dir(&dir).of_file(&dir, "list")?;
        let is_empty = listing.filter_map(Result::ok).all(|entry| entry.file_name() == LOCK);
        if !is_empty && !lock.exists() && !FillingPlaces::of(&dir).tables.exists() {
            return Err(not_whole(&dir));
        }
        let file = open_lock(&lock).of_file(&lock, "write")?;
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            let message = "another sandbox runs in this folder; end it first, or choose another folder";
            return Err(Failure::at(shown_path(&dir), message));
        }
        if is_empty || FillingPlaces::of(&dir).tables.exists() {
            Ok(Home::Kept(dir, file))
        } else {
            Err(not_whole(&dir))
        }
    }

    fn path(&self) -> &Path {
        match self {
            Home::Temporary(_, folder) => folder.path(),
            Home::Kept(folder, _) => folder,
        }
    }
}

/// Opens the lock file of a folder, or creates it if missing.
fn open_lock(lock: &Path) -> io::Result<File> {
    match File::create_new(lock) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => open_itself(lock),
        made => made,
    }
}

fn not_whole(dir: &Path) -> Failure {
    Failure::at(shown_path(dir), "there are files, but no whole sandbox; choose a new or empty folder")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use btcfake_core::text::production::is_production;
    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::configuration::{Configuration, SftpSide};
    use crate::remote::databricks::read_state;

    const EMPLOYEE: u64 = 88_563;

    async fn start(folder: &Path) -> Sandbox {
        let employees = folder.join("employees.csv");
        fs::write(&employees, format!("employee_id,employee_edu_type\n{EMPLOYEE},a\n")).unwrap();
        let options = SandboxOptions {
            today: "2026-01-29".parse().unwrap(),
            zone: BusinessZone::UTC,
            faults: Faults::default(),
            dir: None,
            employees: Some(employees),
        };
        Sandbox::start(options).await.unwrap()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn the_settings_connect_to_everything_and_a_feed_is_the_next_runs_state() {
        let folder = tempfile::tempdir().unwrap();
        let sandbox = start(folder.path()).await;
        let configuration = Configuration::default().connected_to_sandbox(&sandbox.settings());
        for side in [SftpSide::Inbound, SftpSide::Outbound] {
            let server = configuration.sftp(side).unwrap().unwrap();
            assert!(!is_production(&server.remote_path.unwrap()));
        }
        assert!(configuration.recommender().unwrap().is_some());
        let databricks = configuration.databricks().unwrap().unwrap();
        let cancel = CancellationToken::new();
        let before = read_state(&databricks, &[EMPLOYEE], &mut |_| {}, &cancel).await.unwrap();

        let outbound = FillingPlaces::of(sandbox.folder()).outbound.join(OUTBOUND_FOLDER.trim_start_matches('/'));
        let completions = format!(
            "\"UserId\",\"ContentId\",\"DateStarted\",\"DateCompleted\"\n\
             \"{EMPLOYEE}\",\"9\",\"2026-01-29T10:00:00Z\",\"2026-01-29T10:30:00Z\"\n"
        );
        let assignments = format!(
            "\"UserID\",\"CreateDate_text\",\"RequestId\",\"TrainingElementId\",\"Start_Date_text\",\"DueDate_text\",\
             \"ContentType\"\n\"{EMPLOYEE}\",\"2026-01-29T10:00:00Z\",\"2\",\"8\",\"2026-01-26T00:01:00Z\",\
             \"2026-01-31T13:13:59Z\",\"Media\"\n"
        );
        fs::write(outbound.join("ContentUserCompletion_V2_2026_01_29_1_abcdef.csv"), completions).unwrap();
        fs::write(outbound.join("Non_Completed_Assignments_V2_2026_1_29_1_abcdef.csv"), assignments).unwrap();
        assert_eq!(sandbox.load_now().unwrap(), [LoadedRows { assignments: 1, completions: 1 }]);
        let after = read_state(&databricks, &[EMPLOYEE], &mut |_| {}, &cancel).await.unwrap();
        assert_eq!(
            (after.assignment_rows, after.completion_rows),
            (before.assignment_rows + 1, before.completion_rows + 1)
        );

        let home = sandbox.folder().to_owned();
        sandbox.shutdown().await;
        assert!(!home.exists());
    }
}
