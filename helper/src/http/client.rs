//! Shared HTTP client of the web services: connections, certificates, limits on answers, and descriptions of failures.
//!
//! Certificates are checked against the system's roots and, if configured, a company's own. Redirects are not followed,
//! so requests only go where the configuration points. Loopback addresses are reached without a proxy. Requests ask for
//! uncompressed answers; a compressed one is a failure.

use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Response, StatusCode};
use tokio::time::{Instant, timeout_at};

use super::web_page;
use crate::files::reading::read_found;
use crate::http::loopback::is_loopback;
use crate::terminal::console::shown_path;
use crate::terminal::failure::{Failure, FileResult};

/// How to reach a service.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint<'a> {
    /// Any URL of the service.
    pub(crate) url: &'a str,
    /// PEM file with additional root certificates.
    pub(crate) ca_file: Option<&'a Path>,
    /// True if certificates are not checked.
    pub(crate) tls_insecure: bool,
}

/// Reason why a body was not received.
#[derive(Debug)]
pub(crate) enum BodyFailure {
    /// Longer than allowed.
    TooLong {
        /// Limit in bytes.
        limit: usize,
    },
    /// Compressed although not requested; a description for people.
    Encoded(String),
    /// The connection broke.
    Broken(reqwest::Error),
}

impl Endpoint<'_> {
    /// Builds a client for the service. Connecting is limited to 20 s.
    ///
    /// # Errors
    /// A CA file that cannot be read, or `Configuration` for one without certificates.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        const CONNECT_LIMIT: Duration = Duration::from_secs(20);
        // Only the first call has an effect.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("btcfake/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]))
            .retry(reqwest::retry::never())
            .connect_timeout(CONNECT_LIMIT)
            .tls_danger_accept_invalid_certs(self.tls_insecure);
        if is_loopback(self.url) {
            builder = builder.no_proxy();
        }
        let extra_roots = self.ca_file.map(certificates).transpose()?.unwrap_or_default();
        builder = if self.url.starts_with("http://") && extra_roots.is_empty() {
            // Plain HTTP needs no roots: a machine without any can still use the sandbox.
            builder.tls_certs_only([])
        } else {
            builder.tls_certs_merge(extra_roots)
        };
        builder.build().map_err(|error| Failure::system("prepare web requests", Broken::of(error).message))
    }
}

/// Reads the body of an answer, up to a limit in bytes.
///
/// # Errors
/// A body that is longer or compressed, or a broken connection.
pub(crate) async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, BodyFailure> {
    if let Some(encoding) = unasked_encoding(response.headers()) {
        return Err(BodyFailure::Encoded(encoding));
    }
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(BodyFailure::TooLong { limit });
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(BodyFailure::Broken)? {
        if bytes.len() + piece.len() > limit {
            return Err(BodyFailure::TooLong { limit });
        }
        bytes.extend_from_slice(&piece);
    }
    match compression_of(&bytes) {
        Some(name) => Err(BodyFailure::Encoded(format!("compressed ({name}, which no header says)"))),
        None => Ok(bytes),
    }
}

/// Maximum number of bytes read of a body that is shown to people.
const FOR_PEOPLE: usize = 64 << 10;

/// Time limit for reading it; what has arrived by then is shown.
const READING_FOR_PEOPLE: Duration = Duration::from_secs(5);

/// Beginning of an error answer's body as text for people; for a compressed body, only a note.
pub(crate) async fn text_for_people(mut response: Response) -> String {
    if let Some(encoding) = unasked_encoding(response.headers()) {
        return BodyFailure::Encoded(encoding).describe();
    }
    let mut bytes = Vec::new();
    let mut is_whole = false;
    let end = Instant::now() + READING_FOR_PEOPLE;
    while bytes.len() <= FOR_PEOPLE {
        let Ok(came) = timeout_at(end, response.chunk()).await else { break };
        match came {
            Ok(Some(piece)) => bytes.extend_from_slice(piece.get(..=FOR_PEOPLE).unwrap_or(&piece)),
            came => {
                is_whole = came.is_ok();
                break;
            }
        }
    }
    match compression_of(&bytes) {
        Some(name) => BodyFailure::Encoded(format!("compressed ({name}, which no header says)")).describe(),
        None => beginning_for_people(&bytes, is_whole),
    }
}

/// Beginning of a body as text for people: of a web page its visible text. If the body is not whole, the last word is
/// cut off.
pub(crate) fn beginning_for_people(body: &[u8], is_whole: bool) -> String {
    let mut beginning = body.get(..FOR_PEOPLE).unwrap_or(body);
    if !is_whole || beginning.len() < body.len() {
        // The last word may be a part of a secret, which would not be recognised.
        beginning = &beginning[..beginning.iter().rposition(u8::is_ascii_whitespace).unwrap_or(0)];
    }
    let text = String::from_utf8_lossy(beginning);
    if web_page::is_page(&text) { web_page::text_of(&text) } else { text.into_owned() }
}

impl BodyFailure {
    /// Message for people.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::TooLong { limit } => format!("the answer is longer than {} MiB", limit >> 20),
            Self::Encoded(encoding) => format!("the answer is {encoding}, which nobody asked for"),
            Self::Broken(error) => Broken::of(error).message,
        }
    }
}

/// Unrequested compression of an answer; `None` if there is none. Other encodings in the header, such as `utf-8`, are
/// ignored: the bytes decide.
fn unasked_encoding(headers: &HeaderMap) -> Option<String> {
    const COMPRESSIONS: [&str; 12] =
        ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "x-compress", "lz4", "xz", "bzip2", "snappy", "dcb"];
    let values: Vec<_> =
        headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    let codings: Vec<String> = values
        .iter()
        .flat_map(|value| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect();
    let is_compressed = codings.iter().any(|coding| COMPRESSIONS.contains(&coding.as_str()));
    is_compressed.then(|| format!("compressed ({})", excerpt(&codings.join(", "))))
}

/// Compression by the magic bytes at the beginning of a body; no text begins with these.
fn compression_of(bytes: &[u8]) -> Option<&'static str> {
    const MARKS: [(&[u8], &str); 7] = [
        (b"\x1F\x8B", "gzip"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"\x78\x01", "deflate"),
        (b"\x78\x9C", "deflate"),
        (b"\x78\xDA", "deflate"),
        (b"\xFD7zXZ\x00", "xz"),
        (b"\x04\x22\x4D\x18", "lz4"),
    ];
    MARKS.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| *name)
}

/// Request that failed before its answer was complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// Message for people, without the URL, which may contain a secret.
    pub(crate) message: String,
    /// Certificate problem, if that is the cause: then a retry does not help.
    pub(crate) certificate: Option<BadCertificate>,
    /// True if the request timed out.
    pub(crate) is_timeout: bool,
}

/// Problem of a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCertificate {
    /// Signed by no authority that this machine trusts.
    UnknownIssuer,
    /// Issued for another host.
    OtherHost,
    /// Any other problem, such as an expired certificate.
    Other,
}

impl BadCertificate {
    /// How to mend it. `of_another_host` is the text for `OtherHost`, which depends on the setting.
    pub(crate) fn mend(self, of_another_host: &'static str) -> &'static str {
        match self {
            Self::UnknownIssuer => "name the PEM file of the company's root by API_CA_FILE",
            Self::OtherHost => of_another_host,
            Self::Other => "ask who runs the server, and check this machine's clock",
        }
    }
}

impl Broken {
    /// Classifies an error of the HTTP client.
    pub(crate) fn of(error: reqwest::Error) -> Broken {
        let error = error.without_url();
        let mut innermost: &(dyn Error + 'static) = &error;
        let mut is_unknown_name = false;
        loop {
            is_unknown_name |= innermost.to_string().starts_with("dns error");
            if let Some(broken) = Broken::by_cause(innermost) {
                return broken;
            }
            innermost = match next_cause(innermost) {
                Some(next) => next,
                None => break,
            };
        }
        let is_timeout = error.is_timeout();
        let message = if is_unknown_name {
            format!("the host's name is unknown ({innermost}); check it, and whether you are in the right network")
        } else if is_timeout {
            "no connection: timed out".to_owned()
        } else if error.is_connect() {
            format!("no connection: {innermost}")
        } else {
            format!("the connection broke off: {innermost}")
        };
        Broken { is_timeout, ..Broken::because(message) }
    }

    fn by_cause(cause: &(dyn Error + 'static)) -> Option<Broken> {
        if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
            let (certificate, reason) = match tls {
                rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer) => {
                    (BadCertificate::UnknownIssuer, "nobody whom this machine trusts has signed it".to_owned())
                }
                rustls::Error::InvalidCertificate(
                    other @ (rustls::CertificateError::NotValidForName
                    | rustls::CertificateError::NotValidForNameContext { .. }),
                ) => (BadCertificate::OtherHost, other.to_string()),
                rustls::Error::InvalidCertificate(other) => (BadCertificate::Other, other.to_string()),
                rustls::Error::InvalidMessage(_) => {
                    return Some(Broken::because("what listens there does not speak TLS (https)".to_owned()));
                }
                _ => return None,
            };
            let message = format!("the server's certificate is not accepted: {reason}");
            return Some(Broken { certificate: Some(certificate), ..Broken::because(message) });
        }
        let message = match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::ConnectionRefused => "nothing listens there (connection refused)",
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
                "the server closed the connection"
            }
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                "there is no way to this host; check whether you are in the right network"
            }
            _ => return None,
        };
        Some(Broken::because(message.to_owned()))
    }

    fn because(message: String) -> Broken {
        Broken { message, certificate: None, is_timeout: false }
    }
}

/// Cause of an error. `io::Error` does not report a wrapped error as its source.
fn next_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
}

/// Status line with an excerpt of the received text.
pub(crate) fn describe_status(status: StatusCode, text: &str) -> String {
    let name = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    let text = excerpt(text);
    let text = if text.is_empty() { text } else { format!(": {text}") };
    format!("HTTP {}{name}{text}", status.as_u16())
}

/// First 300 characters of foreign text, on one line.
pub(crate) fn excerpt(text: &str) -> String {
    const LONGEST: usize = 300;
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect();
    let line = words.join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &line[..end]),
        None => line,
    }
}

fn certificates(file: &Path) -> Result<Vec<Certificate>, Failure> {
    let pem = read_found(file).of_file(file, "read")?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Failure::Configuration(format!(
            "{}: no certificate in it; a PEM file begins with -----BEGIN CERTIFICATE-----",
            shown_path(file)
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_that_nobody_asked_for_is_named() {
        for (values, expected) in [
            (&[][..], None),
            (&[""], None),
            (&["identity"], None),
            (&["gzip"], Some("compressed (gzip)")),
            (&[" GZip "], Some("compressed (gzip)")),
            (&["br"], Some("compressed (br)")),
            (&["zstd"], Some("compressed (zstd)")),
            (&["deflate, gzip"], Some("compressed (deflate, gzip)")),
            (&["identity", "gzip"], Some("compressed (gzip)")),
            (&["utf-8"], None),
            (&["aws-chunked"], None),
            (&["gzip, x-none"], Some("compressed (gzip, x-none)")),
            (&["\u{e9}"], None),
        ] as [(&[&str], Option<&str>); 13]
        {
            let value = |value: &&str| Some((CONTENT_ENCODING, HeaderValue::from_bytes(value.as_bytes()).ok()?));
            let mut headers = HeaderMap::new();
            values.iter().filter_map(value).for_each(|(name, value)| _ = headers.append(name, value));
            assert_eq!(unasked_encoding(&headers).as_deref(), expected, "{values:?}");
        }
    }
}
