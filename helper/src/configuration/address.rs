//! Addresses for display, and the parts of them that must never be shown.

use super::percent::decoded;

/// Suffixes of settings that hold an address, which may contain a password or key.
const ADDRESSES: [&str; 4] = ["_HOST", "_URL", "_ENDPOINT", "_HTTP_PATH"];

/// Address for display: user and password before the host, and everything after a question mark, are replaced by
/// `(secret)`.
pub(crate) fn shown_address(address: &str) -> String {
    let Parts { scheme, user, rest, query } = parts(address);
    let user = user.map_or("", |_| "(secret)@");
    let query = query.map_or("", |_| "?(secret)");
    format!("{scheme}{user}{rest}{query}")
}

/// Value of a non-secret setting for display.
pub(crate) fn shown_setting(name: &str, value: &str) -> String {
    if is_address(name, value) { shown_address(value) } else { value.to_owned() }
}

/// Parts that [`shown_setting`] hides: user part, query, and each password and parameter in them, as written and
/// percent-decoded. A parameter without a secret's name only counts from eight characters on, because a shorter one may
/// be an ordinary word.
pub(super) fn hidden_in_setting(name: &str, value: &str) -> Vec<String> {
    const SHORTEST: usize = 4;
    const SHORTEST_OF_ANY_NAME: usize = 8;
    const SECRET_NAMES: [&str; 8] = ["key", "token", "secret", "pass", "pwd", "auth", "sig", "code"];
    if !is_address(name, value) {
        return Vec::new();
    }
    let Parts { user, query, .. } = parts(value);
    let mut hidden: Vec<&str> = user.into_iter().chain(query).collect();
    hidden.extend(user.and_then(|user| user.split_once(':')).map(|(_, password)| password));
    for parameter in query.unwrap_or_default().split(['&', ';', '?', '#']) {
        let (name, value) = parameter.split_once('=').unwrap_or(("", parameter));
        let name = name.to_ascii_lowercase();
        let is_secret = name.is_empty() || SECRET_NAMES.iter().any(|word| name.contains(word));
        hidden.extend(Some(value).filter(|value| is_secret || value.len() >= SHORTEST_OF_ANY_NAME));
    }
    let mut hidden: Vec<String> = hidden.into_iter().flat_map(|part| [part.to_owned(), decoded(part)]).collect();
    hidden.retain(|part| part.len() >= SHORTEST);
    hidden.sort_unstable();
    hidden.dedup();
    hidden
}

fn is_address(name: &str, value: &str) -> bool {
    value.contains("://") || ADDRESSES.iter().any(|end| name.ends_with(end))
}

/// Parts of an address.
struct Parts<'a> {
    /// Scheme with `://`; may be empty.
    scheme: &'a str,
    /// Text before the last `@`.
    user: Option<&'a str>,
    /// Host, port and path.
    rest: &'a str,
    /// Text after the first `?` or `#`.
    query: Option<&'a str>,
}

fn parts(address: &str) -> Parts<'_> {
    let (scheme, rest) = address.split_at(address.find("://").map_or(0, |at| at + 3));
    let user = if rest.starts_with('/') { None } else { rest.rsplit_once('@') };
    let (user, rest) = user.map_or((None, rest), |(user, rest)| (Some(user), rest));
    if let Some(user) = user.filter(|user| user.contains(['?', '#'])) {
        // A password with `?` or `#`, or a key with `@`: no part is certainly a host.
        return Parts { scheme, user: Some(user), rest: "", query: Some(rest) };
    }
    let (rest, query) = rest.split_once(['?', '#']).map_or((rest, None), |(rest, query)| (rest, Some(query)));
    Parts { scheme, user, rest, query }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_user_and_no_key_in_an_address_is_shown() {
        for (text, shown) in [
            ("https://user:word@api.example.com/x", "https://(secret)@api.example.com/x"),
            ("user:w@rd@sftp.example.com:22", "(secret)@sftp.example.com:22"),
            ("user:word@", "(secret)@"),
            ("https://api.example.com", "https://api.example.com"),
            ("sftp.example.com:22", "sftp.example.com:22"),
            ("https://api.example.com/x?key=hunter2", "https://api.example.com/x?(secret)"),
            ("/run?key=hunter@2&x=1", "/run?(secret)"),
            ("https://api.example.com/x?key=a@hunter2", "https://(secret)@?(secret)"),
            ("user:hunter?2@host", "(secret)@?(secret)"),
            ("/run#hunter2", "/run?(secret)"),
        ] {
            assert_eq!(shown_address(text), shown, "{text}");
        }
    }

    #[test]
    fn what_is_hidden_of_a_value_is_known_part_by_part() {
        for (name, value, expected) in [
            ("API_ENDPOINT", "/run?key=hunter2&v=1", &["hunter2", "key=hunter2&v=1"][..]),
            ("API_ENDPOINT", "/run?hunt%20er", &["hunt er", "hunt%20er"]),
            ("API_ENDPOINT", "/run?format=json", &["format=json"]),
            ("API_ENDPOINT", "/run?x=longer-one", &["longer-one", "x=longer-one"]),
            ("API_ENDPOINT", "/run", &[]),
            ("SFTP_INBOUND_REMOTE_PATH", "sftp://user:hunter2@host/path", &["hunter2", "user:hunter2"]),
            ("SFTP_INBOUND_REMOTE_PATH", "/in?key=hunter2", &[]),
        ] {
            assert_eq!(hidden_in_setting(name, value), expected, "{value}");
        }
    }
}
