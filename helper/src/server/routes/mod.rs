//! The JSON API that the page uses, as `btcfake_core::api` lists it.
//!
//! [`router`] builds the router, [`Api`] is the shared state. Every request passes [`guard`] first: only the page that
//! this server serves may use the API. Long work answers with a [`stream`] of lines. A request never chooses a host,
//! path or address: those come from the configuration.

mod api;
mod archive;
mod body;
mod catalogs;
mod connections;
mod guard;
mod openapi;
mod publish;
mod refusal;
mod sources;
mod stream;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::routing::any;
use axum::{Json, Router, middleware};
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::SecurityRequirement;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use api::{Api, PATH};
pub(crate) use guard::add_headers;
pub(crate) use refusal::Refusal;

/// Routes of the API, with their description.
fn routes() -> OpenApiRouter<Arc<Api>> {
    OpenApiRouter::with_openapi(openapi::Document::openapi())
        .routes(routes!(connections::status))
        .routes(routes!(connections::test))
        .routes(routes!(catalogs::list))
        .routes(routes!(catalogs::read))
        .routes(routes!(catalogs::download))
        .routes(routes!(sources::recommendations))
        .routes(routes!(sources::state))
        .routes(routes!(publish::publish))
        .routes(routes!(document))
}

/// Router of the API under [`PATH`]. Requests below that path pass the guard even if unknown.
pub(crate) fn router(state: Arc<Api>) -> Router {
    let (known, _) = routes().split_for_parts();
    let known = known.fallback(no_such_request).method_not_allowed_fallback(no_such_method);
    Router::new()
        .nest(PATH, known)
        // `nest` does not cover this path.
        .route(&format!("{PATH}/"), any(no_such_request))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::limit_time))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::guard))
        .with_state(state)
}

/// Answer for other methods than those of a path.
async fn no_such_method(uri: Uri) -> Refusal {
    let paths = routes().into_openapi().paths.paths;
    let parts: Vec<&str> = uri.path().split('/').collect();
    let is_alike = |known: &str| {
        let mut known = known.split('/');
        let is_same =
            parts.iter().all(|part| known.next().is_some_and(|known| known == *part || known.starts_with('{')));
        is_same && known.next().is_none()
    };
    let other = || paths.iter().find(|(known, _)| is_alike(known)).map(|(_, methods)| methods);
    let is_read = paths.get(uri.path()).or_else(other).is_some_and(|methods| methods.get.is_some());
    let methods = if is_read { "GET, HEAD" } else { "POST" };
    let message = format!("This path takes {methods}, and no other method; see /api/openapi.json.");
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, message)
}

/// Answer for unknown paths.
async fn no_such_request() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "The API has no such request; see /api/openapi.json.")
}

/// This document.
#[utoipa::path(
    get,
    path = "/openapi.json",
    responses((status = 200, description = "OpenAPI 3.1.", body = openapi::AnyObject), openapi::AnyRequest)
)]
async fn document(State(api): State<Arc<Api>>) -> Json<OpenApi> {
    Json(described(&api))
}

/// OpenAPI document; it requires the token if the helper does.
fn described(api: &Api) -> OpenApi {
    let mut document = routes().into_openapi();
    let wants_token = api.token.is_some().then(|| SecurityRequirement::new::<_, [&str; 0], &str>(openapi::TOKEN, []));
    document.security = Some(vec![wants_token.unwrap_or_default()]);
    document
}
