//! Refusals of SFTP servers: status code and message to a problem with its mend.

use super::packets::StatusReply;
use super::problem::{SftpProblem, SftpProblemKind as Kind};
use crate::remote::phrases::has_phrase;

/// Problem of a refused request. `message` is the status message, prepared for display.
pub(super) fn refusal(place: String, status: &StatusReply, message: &str) -> SftpProblem {
    let more = if is_standard(message) { String::new() } else { format!(": {message}") };
    let refuses = if message.is_empty() {
        format!("the server refuses it (code {})", status.code)
    } else {
        format!("the server refuses it: {message} (code {})", status.code)
    };
    let (kind, message, mend) = match status.code {
        StatusReply::NO_SUCH_FILE | StatusReply::NO_SUCH_PATH => {
            (Kind::NotFound, format!("there is no such file or folder{more}"), "check the path")
        }
        StatusReply::PERMISSION_DENIED | StatusReply::WRITE_PROTECT => (
            Kind::PermissionDenied,
            format!("the server does not allow it (permission denied){more}"),
            "ask who runs it for the right to do so, or check the path",
        ),
        StatusReply::ALREADY_EXISTS => (Kind::Exists, refuses, "nothing is overwritten; remove what is there"),
        StatusReply::UNSUPPORTED => (Kind::Unsupported, refuses, "the server does not know this request"),
        _ if has_no_room(status) => {
            let message = refuses.replace("the server refuses it", "the server has no room left");
            (Kind::NoRoom, message, "have room made there")
        }
        StatusReply::FAILURE => {
            (Kind::Server, refuses, "the server names no reason; ask who runs it, its log may have one")
        }
        _ => (Kind::Server, refuses, "ask who runs it"),
    };
    SftpProblem::new(kind, place, message, mend)
}

/// True if the server has no space left, by code or message.
fn has_no_room(status: &StatusReply) -> bool {
    const PHRASES: [&str; 11] = [
        "no space left",
        "no space on",
        "no space available",
        "no more space",
        "no disk space",
        "not enough space",
        "insufficient space",
        "out of space",
        "disk full",
        "disk is full",
        "quota",
    ];
    let words = status.message.to_ascii_lowercase();
    matches!(status.code, StatusReply::NO_SPACE | StatusReply::QUOTA_EXCEEDED)
        || PHRASES.iter().any(|phrase| has_phrase(&words, phrase))
}

/// True if a message adds nothing to the status code.
fn is_standard(message: &str) -> bool {
    const STANDARD: [&str; 11] = [
        "",
        "no such file",
        "no such file or directory",
        "no such path",
        "file not found",
        "not found",
        "path not found",
        "permission denied",
        "access denied",
        "access is denied",
        "operation not permitted",
    ];
    let message = message.trim().trim_end_matches('.').to_ascii_lowercase();
    STANDARD.contains(&message.as_str())
}
