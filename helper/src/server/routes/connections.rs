//! Status and tests of the connections.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use btcfake_core::api::{ApiError, Connection, ConnectionState, ConnectionStatus, Status, TestResult};
use btcfake_core::record::publication::Publication;

use super::api::Api;
use super::body;
use super::openapi::{AnyRequest, Posted};
use super::refusal::Refusal;
use crate::configuration::{DatabricksSettings, RecommenderSettings, SftpSettings, SftpSide};
use crate::remote::publications::Publications;
use crate::remote::recommender::INSECURE_WARNING;
use crate::remote::sftp::{Production, SftpClient, SftpProblem, refuse_production};
use crate::remote::{databricks, recommender};
use crate::terminal::failure::Failure;

/// What the helper is, and how each connection is configured.
#[utoipa::path(
    get,
    path = "/status",
    responses((status = 200, description = "How it stands.", body = Status), AnyRequest)
)]
pub(super) async fn status(State(api): State<Arc<Api>>) -> Json<Status> {
    let mut warnings = api.configuration.warnings.clone();
    if api.configuration.recommender().ok().flatten().is_some_and(|settings| settings.tls_insecure) {
        warnings.push(INSECURE_WARNING.to_owned());
    }
    let environment = api.configuration.environment().unwrap_or_else(|failure| {
        warnings.push(failure.to_string());
        None
    });
    let connections = Connection::ALL.map(|connection| ConnectionStatus { connection, state: state(&api, connection) });
    let is_configured = |one: &&ConnectionStatus| matches!(one.state, ConnectionState::Configured { .. });
    Json(Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        instance: api.instance.clone(),
        environment,
        sandbox: api.sandbox,
        configured: connections.iter().filter(is_configured).count(),
        connections: connections.into(),
        last_publication: last_publication(&api),
        warnings,
    })
}

/// The last publication to the outbound server as it is configured now; `None` if there is none.
pub(super) fn last_publication(api: &Api) -> Option<Publication> {
    let settings = api.configuration.sftp(SftpSide::Outbound).ok()??;
    Publications::of(&api.configuration, &settings).last()
}

/// Try a connection.
///
/// # Errors
/// An unknown connection, or one that is not configured. A connection that does not work is an answer, not an error.
#[utoipa::path(
    post,
    path = "/connections/{connection}/test",
    params(("connection" = Connection, Path, description = "Which connection.")),
    request_body = body::Nothing,
    responses(
        (status = 200, description = "What was found.", body = TestResult),
        (status = 404, description = "There is no such connection.", body = ApiError),
        (status = 500, description = "The test broke down.", body = ApiError),
        (status = 503, description = "The helper was asked to end.", body = ApiError),
        AnyRequest,
        Posted,
    )
)]
pub(super) async fn test(
    State(api): State<Arc<Api>>,
    connection: Result<Path<Connection>, PathRejection>,
    request: Request,
) -> Result<Json<TestResult>, Refusal> {
    let Path(connection) = connection
        .map_err(|_| Refusal::new(StatusCode::NOT_FOUND, "There is no such connection; /api/status lists them."))?;
    body::nothing(&api, request).await?;
    let settings = ConnectionSettings::of(&api, connection)?;
    let cancel = api.stop.child_token();
    // Fired when the test is done, takes too long, or the client has gone.
    let _cancel = cancel.clone().drop_guard();
    let heard = Arc::new(Mutex::new(String::new()));
    let hears = Arc::clone(&heard);
    let running = api.running.token();
    // A task of its own, so that a cancelled test can still clean up.
    let test = tokio::spawn(async move {
        let mut listener = |message: &str| *hears.lock().unwrap_or_else(PoisonError::into_inner) = message.to_owned();
        let result = settings.test(&mut listener, &cancel).await;
        drop(running);
        result
    });
    let result = match tokio::time::timeout(api.limits.test, test).await {
        Ok(Ok(Err(Failure::Interrupted))) => return Err(Refusal::ending()),
        Ok(Ok(result)) => result,
        Ok(Err(broken)) => return Err(Refusal::unexpected(&broken)),
        Err(_) => {
            let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            let last = if heard.is_empty() { String::new() } else { format!(" ({heard})") };
            let seconds = api.limits.test.as_secs();
            Err(Failure::Other(format!("no result within {seconds} s{last}; try again in a minute")))
        }
    };
    let works = result.is_ok();
    let message = result.unwrap_or_else(|failure| failure.to_string());
    Ok(Json(TestResult { works, message: api.without_secrets(&message) }))
}

/// Settings of a connection.
enum ConnectionSettings {
    Sftp(SftpSettings),
    /// Settings, and the employees file from which the test takes an employee.
    Recommender(RecommenderSettings, PathBuf),
    Databricks(DatabricksSettings),
}

impl ConnectionSettings {
    /// # Errors
    /// 409 for a connection that is not or wrongly configured.
    fn of(api: &Api, connection: Connection) -> Result<ConnectionSettings, Refusal> {
        Ok(match connection {
            Connection::SftpInbound => ConnectionSettings::Sftp(sftp(api, SftpSide::Inbound)?),
            Connection::SftpOutbound => ConnectionSettings::Sftp(sftp(api, SftpSide::Outbound)?),
            Connection::Recommender => {
                ConnectionSettings::Recommender(recommender_settings(api)?, api.configuration.employees_file())
            }
            Connection::Databricks => ConnectionSettings::Databricks(databricks_settings(api)?),
        })
    }

    async fn test(
        &self,
        listener: &mut (dyn FnMut(&str) + Send),
        cancel: &tokio_util::sync::CancellationToken,
    ) -> Result<String, Failure> {
        match self {
            ConnectionSettings::Sftp(settings) => {
                let mut client = SftpClient::new(settings).watched(|_| {}, cancel.clone());
                let message = client.test().await.map_err(SftpProblem::into_failure)?;
                Ok(format!("signed in as {}; {message}", settings.user))
            }
            ConnectionSettings::Recommender(settings, employees_file) => tokio::select! {
                result = try_recommender(settings, employees_file.clone()) => result,
                () = cancel.cancelled() => Err(Failure::Interrupted),
            },
            ConnectionSettings::Databricks(settings) => databricks::test_connection(settings, listener, cancel).await,
        }
    }
}

async fn try_recommender(settings: &RecommenderSettings, employees_file: PathBuf) -> Result<String, Failure> {
    let employee_id = tokio::task::spawn_blocking(move || recommender::employee_to_try(&employees_file)).await;
    let employee_id = employee_id.map_err(|broken| Failure::Other(format!("the test broke down: {broken}")))?;
    recommender::test_connection(settings, employee_id).await
}

/// Settings of an SFTP server.
///
/// # Errors
/// 409 if it is not or wrongly configured.
pub(super) fn sftp(api: &Api, side: SftpSide) -> Result<SftpSettings, Refusal> {
    let prefix = side.prefix();
    let what = match side {
        SftpSide::Inbound => "The server with the vendor's catalogs",
        SftpSide::Outbound => "The server that feeds are published to",
    };
    let mend = format!("set {prefix}_PASSWORD or {prefix}_PRIVATE_KEY in the environment or in .env");
    api.configuration.sftp(side)?.ok_or_else(|| not_configured(what, &mend))
}

/// Settings of the recommender.
///
/// # Errors
/// 409 if it is not or wrongly configured.
pub(super) fn recommender_settings(api: &Api) -> Result<RecommenderSettings, Refusal> {
    let mend = "set API_BASE_URL in the environment or in .env";
    api.configuration.recommender()?.ok_or_else(|| not_configured("The recommender", mend))
}

/// Settings of Databricks.
///
/// # Errors
/// 409 if it is not or wrongly configured.
pub(super) fn databricks_settings(api: &Api) -> Result<DatabricksSettings, Refusal> {
    let mend = "set DATABRICKS_TOKEN, DATABRICKS_HOST and DATABRICKS_HTTP_PATH in the environment or in .env";
    api.configuration.databricks()?.ok_or_else(|| not_configured("Databricks", mend))
}

fn not_configured(what: &str, mend: &str) -> Refusal {
    Refusal::new(StatusCode::CONFLICT, format!("{what} is not configured; {mend}, and start the helper again."))
}

fn state(api: &Api, connection: Connection) -> ConnectionState {
    match address(api, connection) {
        Ok(Some((address, production_host))) => {
            ConnectionState::Configured { address: api.without_secrets(&address), production_host }
        }
        Ok(None) => ConnectionState::NotConfigured,
        Err(failure) => ConnectionState::Wrong { message: api.without_secrets(&failure.to_string()) },
    }
}

/// Address of a connection, and its host if that looks like production; `None` if it is not configured.
fn address(api: &Api, connection: Connection) -> Result<Option<(String, Option<String>)>, Failure> {
    let configuration = &api.configuration;
    Ok(match connection {
        Connection::SftpInbound => configuration.sftp(SftpSide::Inbound)?.map(|settings| (place(&settings), None)),
        Connection::SftpOutbound => configuration.sftp(SftpSide::Outbound)?.map(|settings| {
            let is_production = looks_like_production(api, &settings);
            (place(&settings), is_production.then(|| settings.host.name.clone()))
        }),
        Connection::Recommender => configuration.recommender()?.map(|settings| (settings.address(), None)),
        Connection::Databricks => configuration.databricks()?.map(|settings| {
            let DatabricksSettings { base_url, catalog, schema, warehouse_id, .. } = settings;
            (format!("{base_url}, warehouse {warehouse_id}, {catalog}.{schema}"), None)
        }),
    })
}

/// Host as part of an address: IPv6 in brackets.
pub(super) fn host_in_address(host: &str) -> String {
    if host.contains(':') { format!("[{host}]") } else { host.to_owned() }
}

fn place(settings: &SftpSettings) -> String {
    let SftpSettings { host, remote_path, .. } = settings;
    format!("{}:{} {}", host_in_address(&host.name), host.port, remote_path.as_deref().unwrap_or("(no folder is set)"))
}

/// True if publishing there requires that the user types in the host.
pub(super) fn looks_like_production(api: &Api, settings: &SftpSettings) -> bool {
    api.leads_to_production.load(Ordering::Relaxed)
        || !production(api, false).is_ok_and(|production| refuse_production(settings, &production).is_ok())
}

/// Facts for the check that a destination is not production.
///
/// # Errors
/// An unknown environment in `BTCFAKE_ENV`.
pub(super) fn production(api: &Api, allowed: bool) -> Result<Production, Failure> {
    Ok(Production { environment: api.configuration.environment()?, allowed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_put_before_a_port_so_that_it_can_be_typed_in_again() {
        for (host, expected) in [("sftp.example.com", "sftp.example.com"), ("::1", "[::1]"), ("10.0.0.1", "10.0.0.1")] {
            assert_eq!(host_in_address(host), expected);
        }
    }
}
