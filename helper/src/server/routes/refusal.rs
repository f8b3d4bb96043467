//! Refused requests: a status and a message for users. Details for programmers go to standard error.

use std::fmt::Display;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use btcfake_core::api::ApiError;
use btcfake_core::text::visible::shown_lines;

use crate::terminal::console;
use crate::terminal::failure::Failure;

/// Refused request.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    /// Creates a refusal. The message may contain outside text: invisible characters are escaped.
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Refusal {
        Refusal { status, message: shown_lines(&message.into()) }
    }

    /// Refusal of an invalid request (400).
    pub(super) fn bad(message: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, message)
    }

    /// Refusal after an internal error (500). The detail is printed to standard error only.
    pub(super) fn unexpected(detail: &dyn Display) -> Refusal {
        console::print_diagnostic(&format!("the API broke down: {detail}"));
        let message = "Something went wrong inside the helper; its window says more. Try again.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message)
    }

    /// Refusal because the server is about to end (503).
    pub(super) fn ending() -> Refusal {
        Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "The helper was asked to end; start it again.")
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Refusal {
        let status = match failure {
            // The settings must change before the request can succeed.
            Failure::Configuration(_) | Failure::Production { .. } => StatusCode::CONFLICT,
            Failure::Interrupted => return Refusal::ending(),
            Failure::Usage(_) | Failure::Refused { .. } | Failure::Reported => StatusCode::BAD_REQUEST,
            Failure::File { .. } | Failure::At { .. } | Failure::System { .. } | Failure::Other(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        };
        Refusal::new(status, failure.to_string())
    }
}

impl From<QueryRejection> for Refusal {
    fn from(problem: QueryRejection) -> Refusal {
        let text = problem.body_text();
        let why = text.rsplit("query string: ").next().unwrap_or_default();
        let why = match why.split_once("duplicate field ") {
            Some((_, name)) => format!("{} comes twice", name.trim_matches('`')),
            None => why.to_owned(),
        };
        Refusal::bad(format!("The request's parameters cannot be used: {why}."))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(ApiError { error: self.message })).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
