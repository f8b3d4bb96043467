//! What the clients of web services share: how they connect, whom they trust, how much of an answer they read, and what
//! a failure is called.
//!
//! Certificates are checked against the system's roots and, where one is named, a company's own. No redirect is
//! followed: requests go where the configuration names, nowhere else. Loopback addresses are reached without any proxy. No
//! answer may be compressed, which each request says; one that is all the same is a failure.

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
use crate::terminal::failure::Failure;

/// How a service is reached.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection<'a> {
    /// Any address of the service.
    pub(crate) url: &'a str,
    /// A PEM file with more root certificates.
    pub(crate) ca_file: Option<&'a Path>,
    /// Whether certificates are not checked.
    pub(crate) tls_insecure: bool,
}

/// Why no whole body came.
#[derive(Debug)]
pub(crate) enum BodyFailure {
    /// It is longer than allowed.
    TooLong {
        /// The most that is allowed, in bytes.
        limit: usize,
    },
    /// It is encoded though nobody asked for that; how, for people.
    Encoded(String),
    /// The connection broke off.
    Broken(reqwest::Error),
}

impl Connection<'_> {
    /// A client for the service.
    ///
    /// # Errors
    /// A file of certificates that is none.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        const CONNECT_LIMIT: Duration = Duration::from_secs(20);
        // A second call changes nothing.
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
            // Without encryption no roots are needed: a machine that has none can use the sandbox all the same.
            builder.tls_certs_only([])
        } else {
            builder.tls_certs_merge(extra_roots)
        };
        builder
            .build()
            .map_err(|error| Failure::Other(format!("cannot prepare web requests: {}", Broken::understand(error).said)))
    }
}

/// The whole body of an answer, up to a limit in bytes.
///
/// # Errors
/// A body that is longer or encoded, or a connection that breaks off.
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

/// The longest beginning of a body that is read for people, in bytes.
const FOR_PEOPLE: usize = 64 << 10;

/// How long it is read: what came by then is shown.
const READING_FOR_PEOPLE: Duration = Duration::from_secs(5);

/// The beginning of the body of an answer that is no success, as text for people: of an encoded body only that it is.
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

/// The beginning of a body, which came whole or not, as text for people: of a web page its text.
pub(crate) fn beginning_for_people(body: &[u8], is_whole: bool) -> String {
    let mut beginning = body.get(..FOR_PEOPLE).unwrap_or(body);
    if !is_whole || beginning.len() < body.len() {
        // The last word goes, too: it may be half a secret, which nobody would notice.
        beginning = &beginning[..beginning.iter().rposition(u8::is_ascii_whitespace).unwrap_or(0)];
    }
    let text = String::from_utf8_lossy(beginning);
    if web_page::is_page(&text) { web_page::text_of(&text) } else { text.into_owned() }
}

impl BodyFailure {
    /// What happened, in plain words.
    pub(crate) fn describe(self) -> String {
        match self {
            Self::TooLong { limit } => format!("the answer is longer than {} MiB", limit >> 20),
            Self::Encoded(encoding) => format!("the answer is {encoding}, which nobody asked for"),
            Self::Broken(error) => Broken::understand(error).said,
        }
    }
}

/// How an answer is compressed though nobody asked for that; nothing where it is not. What is no compression, such as
/// `utf-8`, is passed over: the bytes decide.
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

/// The compression by whose mark a body begins; no text begins so.
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

/// A request that broke off before its answer was whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// What happened, in plain words and without the request's address, which may hold a secret.
    pub(crate) said: String,
    /// What is wrong with the server's certificate, where that is the reason: then trying again does not help.
    pub(crate) certificate: Option<BadCertificate>,
    /// Whether nobody answered in time.
    pub(crate) is_timeout: bool,
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadCertificate {
    /// Nobody whom this machine trusts has signed it.
    UnknownIssuer,
    /// It is another host's.
    OtherHost,
    /// Anything else: it has expired, for instance.
    Other,
}

impl BadCertificate {
    /// How to mend it. The other host's name is in a setting.
    pub(crate) fn mend(self, of_another_host: &'static str) -> &'static str {
        match self {
            Self::UnknownIssuer => "name the PEM file of the company's root by API_CA_FILE",
            Self::OtherHost => of_another_host,
            Self::Other => "ask who runs the server, and check this machine's clock",
        }
    }
}

impl Broken {
    /// Understands an error of the HTTP client.
    pub(crate) fn understand(error: reqwest::Error) -> Broken {
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
        let said = if is_unknown_name {
            format!("the host's name is unknown ({innermost}); check it, and whether you are in the right network")
        } else if is_timeout {
            "no connection: timed out".to_owned()
        } else if error.is_connect() {
            format!("no connection: {innermost}")
        } else {
            format!("the connection broke off: {innermost}")
        };
        Broken { is_timeout, ..Broken::because(said) }
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
            let said = format!("the server's certificate is not accepted: {reason}");
            return Some(Broken { certificate: Some(certificate), ..Broken::because(said) });
        }
        let said = match cause.downcast_ref::<io::Error>()?.kind() {
            io::ErrorKind::ConnectionRefused => "nothing listens there (connection refused)",
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionAborted => {
                "the server closed the connection"
            }
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
                "there is no way to this host; check whether you are in the right network"
            }
            _ => return None,
        };
        Some(Broken::because(said.to_owned()))
    }

    fn because(said: String) -> Broken {
        Broken { said, certificate: None, is_timeout: false }
    }
}

/// The cause of an error; an `io::Error` hides the one that it wraps.
fn next_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
}

/// A status with the beginning of the text that came with it.
pub(crate) fn describe_status(status: StatusCode, text: &str) -> String {
    let name = status.canonical_reason().map(|reason| format!(" {reason}")).unwrap_or_default();
    let text = excerpt(text);
    let text = if text.is_empty() { text } else { format!(": {text}") };
    format!("HTTP {}{name}{text}", status.as_u16())
}

/// The beginning of a foreign text as one line.
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
    let pem = read_found(file).map_err(|said| Failure::file(file, "read", said))?;
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
