//! Addresses as they can be shown, and what of them is never shown, should a server send it back.

use super::percent::decoded;

/// The ends of the names of settings that hold an address, into which somebody may have written a password or key.
const ADDRESSES: [&str; 4] = ["_HOST", "_URL", "_ENDPOINT", "_HTTP_PATH"];

/// An address as it can be shown: without the user and password that somebody wrote before its host, and without what
/// follows a question mark, which may be a key.
pub(crate) fn shown_address(address: &str) -> String {
    let Parts { scheme, user, rest, query } = parts(address);
    let user = user.map_or("", |_| "(secret)@");
    let query = query.map_or("", |_| "?(secret)");
    format!("{scheme}{user}{rest}{query}")
}

/// The value of a setting that is no secret, as it can be shown.
pub(crate) fn shown_setting(name: &str, value: &str) -> String {
    if is_address(name, value) { shown_address(value) } else { value.to_owned() }
}

/// What [`shown_setting`] hides of a value: the whole of it, and each password and parameter in it, as it stands there and
/// without its percent-encoding. A parameter that is named like no secret is one from eight characters on: a shorter one
/// may well be a word of any text.
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

/// An address taken apart.
struct Parts<'a> {
    /// With its `://`; perhaps empty.
    scheme: &'a str,
    /// What stands before the last `@`.
    user: Option<&'a str>,
    /// Host, port and path.
    rest: &'a str,
    /// What stands behind the first `?` or `#`.
    query: Option<&'a str>,
}

fn parts(address: &str) -> Parts<'_> {
    let (scheme, rest) = address.split_at(address.find("://").map_or(0, |at| at + 3));
    let user = if rest.starts_with('/') { None } else { rest.rsplit_once('@') };
    let (user, rest) = user.map_or((None, rest), |(user, rest)| (Some(user), rest));
    if let Some(user) = user.filter(|user| user.contains(['?', '#'])) {
        // A password with such a sign, or a key with an @: nothing of it is surely a host.
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
