//! `btcfake doctor`: checks every setting and connection, and prints each failure with its mend.

use std::path::Path;

use btcfake_core::format::employees::BadRows;
use btcfake_core::inputs::single_file::read_employees;
use btcfake_core::sheet::Choices;
use btcfake_core::text::words::counted;

use crate::configuration::{Configuration, SftpSettings, SftpSide};
use crate::files::reading::{open_found, read_found};
use crate::remote::sftp::{Production, SftpClient, SftpProblem, block_on, refuse_production};
use crate::remote::{databricks, recommender};
use crate::terminal::console::{self, shown_path};
use crate::terminal::failure::{Failure, FileResult};
use crate::terminal::interrupt;

/// Runs the command.
///
/// # Errors
/// `Configuration` for settings that cannot be read; `Reported` if a check failed, after all were printed.
pub(crate) fn run() -> Result<(), Failure> {
    interrupt::listen();
    let configuration = Configuration::read()?;
    configuration.print_warnings(false);
    let checks: [(&str, Check); 11] = [
        ("Settings", settings),
        ("Environment", environment),
        ("Time zone", time_zone),
        ("Employees", employees_file),
        ("Output folder", |configuration| folder(&configuration.output_dir())),
        ("Catalogs", |configuration| folder(&configuration.sftp_local_dir())),
        ("Template", template),
        ("SFTP inbound", |configuration| sftp(configuration, SftpSide::Inbound)),
        ("SFTP outbound", |configuration| sftp(configuration, SftpSide::Outbound)),
        ("Recommender", ask_recommender),
        ("Databricks", ask_databricks),
    ];
    let mut failed = 0;
    for (name, check) in checks {
        let (mark, message) = match check(&configuration) {
            Ok(Diagnosis::Works(message)) => ("ok  ", message),
            Ok(Diagnosis::NotSet(message)) => ("-   ", message),
            Err(Failure::Interrupted) => return Err(Failure::Other("stopped before the end".to_owned())),
            Err(failure) => {
                failed += 1;
                ("FAIL", failure.to_string())
            }
        };
        console::print(&format!("{mark}  {name:<14}  {}\n", configuration.without_secrets(&message)));
    }
    if failed == 0 { Ok(()) } else { Err(Failure::Reported) }
}

type Check = fn(&Configuration) -> Result<Diagnosis, Failure>;

/// Result of one check.
enum Diagnosis {
    /// It works; with a description.
    Works(String),
    /// It is optional and not set.
    NotSet(String),
}

/// Checks all settings, used or not, and lists unknown names with a setting's prefix.
fn settings(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    let wrong = configuration.problems();
    if !wrong.is_empty() {
        return Err(Failure::Configuration(wrong.join("; ")));
    }
    let ignored = configuration.ignored();
    if ignored.is_empty() {
        return Ok(Diagnosis::Works("all are valid".to_owned()));
    }
    Ok(Diagnosis::NotSet(format!(
        "all are valid; ignored, because there is no setting of this name: {}",
        ignored.join(", ")
    )))
}

fn environment(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    let named = configuration.environment()?;
    Ok(named.map_or_else(|| Diagnosis::NotSet("BTCFAKE_ENV is not set".to_owned()), Diagnosis::Works))
}

fn time_zone(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    configuration.business_timezone().map(|zone| Diagnosis::Works(zone.name().to_owned()))
}

fn employees_file(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    let path = configuration.employees_file();
    let bytes = read_found(&path).of_file(&path, "read")?;
    let reading = read_employees(&bytes, &Choices::NONE, BadRows::Refuse);
    let problems = reading.problems.iter().filter(|problem| problem.is_error()).count();
    if problems > 0 {
        let (path, problems) = (shown_path(&path), counted(problems, "problem"));
        return Err(Failure::at(&path, format!("{problems}; `btcfake check {path}` lists them")));
    }
    Ok(Diagnosis::Works(format!("{}: {}", shown_path(&path), counted(reading.value.rows.len(), "employee"))))
}

/// Checks that a file can be created in the folder or, if it does not exist, in its nearest existing parent.
fn folder(folder: &Path) -> Result<Diagnosis, Failure> {
    let nearest = folder.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("."));
    let nearest = if nearest.as_os_str().is_empty() { Path::new(".") } else { nearest };
    let probe = nearest.join(format!(".btcfake-{}.probe", std::process::id()));
    std::fs::File::create_new(&probe).of_file(folder, "write into")?;
    std::fs::remove_file(&probe).of_file(&probe, "remove")?;
    Ok(Diagnosis::Works(shown_path(folder)))
}

fn template(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    match configuration.user_completion_template_file() {
        None => Ok(Diagnosis::NotSet("not set: the built-in one is used".to_owned())),
        Some(path) if path.exists() => match open_found(&path) {
            Ok(_) => Ok(Diagnosis::Works(shown_path(&path))),
            Err(message) => Err(Failure::file(&path, "read", message)),
        },
        Some(path) => Ok(Diagnosis::NotSet(format!("{}: not there; the built-in one is used", shown_path(&path)))),
    }
}

fn sftp(configuration: &Configuration, side: SftpSide) -> Result<Diagnosis, Failure> {
    let Some(settings) = configuration.sftp(side)? else {
        let prefix = side.prefix();
        return Ok(Diagnosis::NotSet(format!(
            "not configured: neither {prefix}_PASSWORD nor {prefix}_PRIVATE_KEY is set"
        )));
    };
    let message = block_on(async {
        let mut client = SftpClient::new(&settings).watched(|_| {}, interrupt::cancellation());
        client.test().await.map_err(SftpProblem::into_failure)
    })?;
    let environment = configuration.environment().ok().flatten();
    let production = Production { environment, allowed: false };
    let warning = match side {
        SftpSide::Outbound if refuse_production(&settings, &production).is_err() => {
            "; WARNING: it looks like production, and publishing needs --allow-production"
        }
        _ => "",
    };
    let SftpSettings { host, user, .. } = settings;
    Ok(Diagnosis::Works(format!("signed in to {}:{} as {user}; {message}{warning}", host.name, host.port)))
}

fn ask_recommender(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    let Some(settings) = configuration.recommender()? else {
        return Ok(Diagnosis::NotSet("not configured: API_BASE_URL is not set".to_owned()));
    };
    let employee_id = recommender::employee_to_try(&configuration.employees_file());
    let message = block_on(async {
        let cancel = interrupt::cancellation();
        tokio::select! {
            message = recommender::test_connection(&settings, employee_id) => message,
            () = cancel.cancelled() => Err(Failure::Interrupted),
        }
    })?;
    let warning = if settings.tls_insecure { "; WARNING: certificates are not checked" } else { "" };
    Ok(Diagnosis::Works(format!("{}: {message}{warning}", settings.address())))
}

fn ask_databricks(configuration: &Configuration) -> Result<Diagnosis, Failure> {
    let Some(settings) = configuration.databricks()? else {
        return Ok(Diagnosis::NotSet("not configured: none of its three settings is set".to_owned()));
    };
    let message = block_on(async {
        let cancel = interrupt::cancellation();
        databricks::test_connection(&settings, &mut |_| {}, &cancel).await
    })?;
    Ok(Diagnosis::Works(format!("{}: {message}", settings.base_url)))
}
