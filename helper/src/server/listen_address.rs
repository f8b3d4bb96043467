//! Parser for the address to listen on: a host and a port, or one of the two.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Default address. A port alone gets this host, a host alone this port.
pub(crate) const DEFAULT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);

/// Parses an address to listen on.
///
/// # Errors
/// A message that lists the valid forms.
pub(crate) fn parse(text: &str) -> Result<SocketAddr, String> {
    const ALLOWED: &str = "a port (8787), localhost or an IP address (0.0.0.0), or both (localhost:8787, [::1]:8787); \
        0.0.0.0 and [::] let others reach it";
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let host_of = |host: &str| match host.strip_suffix('.').unwrap_or(host) {
        "" => Some(DEFAULT.ip()),
        name if name.eq_ignore_ascii_case("localhost") => Some(DEFAULT.ip()),
        address => address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address).parse().ok(),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((host, port)) = text.rsplit_once(':').filter(|(host, _)| host.parse::<Ipv6Addr>().is_ok()) {
        // Otherwise the port would be parsed as the last part of the address.
        if port.len() >= 4 && is_port(port) {
            return Err(format!("an IPv6 address stands in brackets before a port: write [{host}]:{port}"));
        }
    }
    let (host, port) = match text.rsplit_once(':') {
        _ if is_port(text) => ("", text),
        Some((host, port)) if is_port(port) && (!host.contains(':') || host.ends_with(']')) => (host, port),
        _ if text.is_empty() => return Err(ALLOWED.to_owned()),
        _ => return host_of(text).map(|host| SocketAddr::new(host, DEFAULT.port())).ok_or_else(|| ALLOWED.to_owned()),
    };
    let port =
        port.parse().map_err(|_| "a port is a whole number from 0 to 65535; 0 means any that is free".to_owned())?;
    host_of(host).map(|host| SocketAddr::new(host, port)).ok_or_else(|| ALLOWED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_understood_as_people_type_it() {
        for (text, expected) in [
            ("8787", Some("127.0.0.1:8787")),
            ("0", Some("127.0.0.1:0")),
            (":9000", Some("127.0.0.1:9000")),
            ("localhost:9000", Some("127.0.0.1:9000")),
            ("LocalHost.:9000", Some("127.0.0.1:9000")),
            ("localhost", Some("127.0.0.1:8787")),
            ("127.0.0.1", Some("127.0.0.1:8787")),
            ("127.0.0.1:9000", Some("127.0.0.1:9000")),
            ("0.0.0.0:80", Some("0.0.0.0:80")),
            ("0.0.0.0", Some("0.0.0.0:8787")),
            ("::1", Some("[::1]:8787")),
            ("[::1]", Some("[::1]:8787")),
            ("[::1]:9000", Some("[::1]:9000")),
            ("::", Some("[::]:8787")),
            ("::1:8787", None),
            ("", None),
            (":", None),
            ("65536", None),
            ("localhost:65536", None),
            ("localhost:", None),
            ("localhost:+80", None),
            ("localhost:http", None),
            ("-1", None),
            ("example.com:8787", None),
            ("http://localhost:8787", None),
            ("localhost:8787:1", None),
            (" 8787", None),
        ] {
            let found = parse(text);
            assert_eq!(
                found.clone().ok().map(|address| address.to_string()).as_deref(),
                expected,
                "{text:?}: {found:?}"
            );
        }
    }
}
