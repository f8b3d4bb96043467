//! OpenAPI document. Paths come from the handlers, schemas from the types of `btcfake_core::api`; this module has the
//! common parts.

use btcfake_core::api::ApiError;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{IntoResponses, Modify, ToSchema};

/// Document without routes.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "BTC Fake's helper",
        description = "What the page of BTC Fake asks the helper that serves it.\n\n\
            A request chooses no host, path or address: those are the helper's configuration. No answer holds a secret. \
            Requests of other origins are refused (Host, Origin and Sec-Fetch-Site are checked). Every POST needs its \
            content type, whether it has a body or not. Query parameters that are not listed are ignored.\n\n\
            A stream is one JSON object a line: any number of `progress`, then one `done` or `failed`; while nothing \
            happens the last line comes again every ten seconds. Closing a stream cancels its work.\n\n\
            A request may name the running helper that it is meant for in the header btcfake-instance, by the \
            `instance` of the status; every other refuses it with 412. A path that is not listed is refused with 404, \
            a method that is not listed with 405; both have an ApiError as their body. A GET path answers HEAD, too.",
        license(name = "MIT", identifier = "MIT"),
    ),
    servers((url = "/api")),
    modifiers(&TokenScheme),
)]
pub(super) struct Document;

struct TokenScheme;

impl Modify for TokenScheme {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The value of BTCFAKE_TOKEN with which the helper runs."))
            .build();
        document.components.get_or_insert_default().add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    }
}

/// Name of the token's security scheme.
pub(super) const TOKEN: &str = "token";

/// How any request may be refused.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes responses and is never made")]
pub(super) enum AnyRequest {
    /// The token is missing, or another one.
    #[response(status = 401)]
    Unauthorized(ApiError),
    /// The request comes from another page.
    #[response(status = 403)]
    Forbidden(ApiError),
    /// The request took too long, or its body paused for too long.
    #[response(status = 408)]
    TooSlow(ApiError),
    /// The request is meant for another running helper.
    #[response(status = 412)]
    OtherHelper(ApiError),
    /// The Host is not this machine's.
    #[response(status = 421)]
    OtherHost(ApiError),
}

/// How a request with a body may be refused besides, or one that asks something of a live connection.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "it describes responses and is never made")]
pub(super) enum Posted {
    /// The request is invalid.
    #[response(status = 400)]
    Bad(ApiError),
    /// The connection is not configured, or the same is going on already.
    #[response(status = 409)]
    Conflict(ApiError),
    /// The body is longer than allowed.
    #[response(status = 413)]
    TooLong(ApiError),
    /// The content type is missing, or another one.
    #[response(status = 415)]
    OtherContentType(ApiError),
}

/// An object of this API.
#[derive(ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "it describes a response and is never made")]
pub(super) struct AnyObject(serde_json::Value);
