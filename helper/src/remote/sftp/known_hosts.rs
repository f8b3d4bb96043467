//! `known_hosts`: which key belongs to which host, read as OpenSSH reads it.
//!
//! The check of the SSH library is not used: it reports "not known" if a known host shows a key of another algorithm,
//! if the file cannot be read, and for entries with tabs, wildcards or upper-case letters; and it accepts a `@revoked`
//! key. Two things are stricter here than in OpenSSH: a host on a port other than 22 is only known by an entry with
//! that port, and an unreadable line that names the host is an error. Host certificates are not supported: a
//! `@cert-authority` line makes no key known.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use wildmatch::WildMatch;

use crate::files::reading::read_found;

/// Entries of a `known_hosts` file that match one host.
#[derive(Debug, Default)]
pub(crate) struct KnownHost {
    entries: Vec<HostLine>,
    /// True if the host has a `@cert-authority` line.
    pub(crate) has_authority: bool,
}

/// A line that matches the host.
#[derive(Debug)]
struct HostLine {
    line: usize,
    revoked: bool,
    key_type: String,
    key: Vec<u8>,
}

/// Verdict on the key that a host shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostKeyState {
    /// It is a known key of the host.
    Trusted,
    /// No key of the host is known.
    Unknown,
    /// Other keys of the host are known: line and type of each known key of the shown key's type. If there is none,
    /// line and type of each known key of other types: these keys may still be valid, but the host did not show them.
    Changed(Vec<(usize, String)>),
    /// It is revoked by this line.
    Revoked(usize),
    /// It does not match the fingerprint in the settings.
    NotPinned,
}

/// A line that names the host and cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnreadableLine(pub(crate) usize);

impl KnownHost {
    /// Reads the entries for a host from the file at `path`; a missing file has none.
    ///
    /// # Errors
    /// A file that exists but cannot be read; `InvalidData` for an unreadable line that names the host.
    pub(crate) fn read(path: &Path, host: &str, port: u16) -> io::Result<KnownHost> {
        let bytes = match read_found(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(KnownHost::default()),
            Err(error) => return Err(error),
        };
        KnownHost::parse(&bytes, host, port).map_err(|UnreadableLine(line)| {
            io::Error::new(io::ErrorKind::InvalidData, format!("line {line} names this host and cannot be understood"))
        })
    }

    /// Parses the entries for a host from the bytes of a file.
    ///
    /// # Errors
    /// A line that names the host and cannot be read.
    pub(crate) fn parse(bytes: &[u8], host: &str, port: u16) -> Result<KnownHost, UnreadableLine> {
        let name = host_name(host, port);
        let mut known = KnownHost::default();
        for (position, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let line_number = position + 1;
            let text = String::from_utf8_lossy(line);
            let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let mut fields = text.split_ascii_whitespace().peekable();
            let marker = fields.next_if(|field| field.starts_with('@'));
            let Some(hosts) = fields.next() else { continue };
            if !names_host(hosts, &name) {
                continue;
            }
            match marker {
                Some("@cert-authority") => known.has_authority = true,
                None | Some("@revoked") => {
                    let (key_type, key) = fields.next().zip(fields.next()).ok_or(UnreadableLine(line_number))?;
                    // Keys of SSH version 1, whose fields are all numbers, are obsolete.
                    if key_type.bytes().all(|byte| byte.is_ascii_digit()) {
                        continue;
                    }
                    let key = STANDARD.decode(key).map_err(|_| UnreadableLine(line_number))?;
                    let revoked = marker.is_some();
                    known.entries.push(HostLine { line: line_number, revoked, key_type: key_type.to_owned(), key });
                }
                Some(_) => return Err(UnreadableLine(line_number)),
            }
        }
        Ok(known)
    }

    /// Verdict on a key of a type. `key` is in wire format.
    pub(crate) fn verdict(&self, key_type: &str, key: &[u8]) -> HostKeyState {
        let same = |entry: &&HostLine| entry.key == key;
        if let Some(entry) = self.entries.iter().filter(|entry| entry.revoked).find(same) {
            return HostKeyState::Revoked(entry.line);
        }
        let good = || self.entries.iter().filter(|entry| !entry.revoked);
        if good().any(|entry| same(&entry)) {
            return HostKeyState::Trusted;
        }
        let is_same_type = |entry: &&HostLine| entry.key_type == key_type;
        let has_same_type = good().any(|entry| is_same_type(&entry));
        let others = good().filter(|entry| !has_same_type || is_same_type(entry));
        let lines: Vec<_> = others.map(|entry| (entry.line, entry.key_type.clone())).collect();
        if lines.is_empty() { HostKeyState::Unknown } else { HostKeyState::Changed(lines) }
    }

    /// Types of the host's known keys, which should be requested first.
    pub(crate) fn key_types(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(|entry| !entry.revoked).map(|entry| entry.key_type.as_str())
    }
}

/// Name of a host in the file, in lower case: `host` for port 22, else `[host]:port`.
pub(crate) fn host_name(host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    if port == 22 { host } else { format!("[{host}]:{port}") }
}

/// Appends a line for a host's key. A missing file or folder is created, on Unix accessible to its owner only.
///
/// # Errors
/// Any I/O error. A partly written line is removed: half a key would be another key.
pub(crate) fn add(path: &Path, host: &str, port: u16, key: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        create_private_folder(folder)?;
    }
    let ends_with_line = match read_found(path) {
        Ok(bytes) => bytes.last().is_none_or(|byte| *byte == b'\n'),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(error),
    };
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let before = if ends_with_line { "" } else { "\n" };
    let line = format!("{before}{} {key}\n", host_name(host, port));
    let mut file = options.open(path)?;
    let length = file.metadata()?.len();
    let written = file.write_all(line.as_bytes()).and_then(|()| file.sync_all());
    if written.is_err() {
        take_back(&file, path, length, line.as_bytes());
    }
    written
}

/// Removes a partly written line after the first `length` bytes, unless something else was written there.
fn take_back(file: &fs::File, path: &Path, length: u64, line: &[u8]) {
    let bytes = read_found(path).unwrap_or_default();
    let added = usize::try_from(length).ok().and_then(|length| bytes.get(length..));
    if added.is_some_and(|added| line.starts_with(added)) {
        // The first failure is the one to report.
        let _ = file.set_len(length);
    }
}

fn create_private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// True if the first field of a line matches a host: by the hash of its name, or by patterns, where a negated one (`!`)
/// wins.
fn names_host(field: &str, name: &str) -> bool {
    if let Some(hashed) = field.strip_prefix("|1|") {
        return is_hash_of(hashed, name).unwrap_or(false);
    }
    let mut named = false;
    for pattern in field.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if matches(pattern, name) => return false,
            Some(_) => {}
            None => named |= matches(pattern, name),
        }
    }
    named
}

fn is_hash_of(hashed: &str, name: &str) -> Option<bool> {
    let (salt, hash) = hashed.split_once('|')?;
    let (salt, hash) = (STANDARD.decode(salt).ok()?, STANDARD.decode(hash).ok()?);
    let code = Hmac::<Sha1>::new_from_slice(&salt).ok()?.chain_update(name);
    Some(code.verify_slice(&hash).is_ok())
}

/// True if a name in lower case matches a pattern: `*` stands for any characters, `?` for one.
fn matches(pattern: &str, name: &str) -> bool {
    WildMatch::new(&pattern.to_ascii_lowercase()).matches(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    // base64 of "key one", "key two", "key of another type".
    const ONE: &str = "a2V5IG9uZQ==";
    const TWO: &str = "a2V5IHR3bw==";

    fn check(file: &str, host: &str, port: u16, expected: &str) {
        let found = match KnownHost::parse(file.as_bytes(), host, port) {
            Err(UnreadableLine(line)) => format!("unreadable {line}"),
            Ok(known) => match known.verdict("ssh-ed25519", b"key one") {
                HostKeyState::Trusted => "known".to_owned(),
                HostKeyState::Unknown if known.has_authority => "unknown, authority".to_owned(),
                HostKeyState::Unknown => "unknown".to_owned(),
                HostKeyState::Changed(lines) => {
                    format!("changed {}", lines.iter().map(|(line, _)| line.to_string()).collect::<Vec<_>>().join(","))
                }
                HostKeyState::NotPinned => "not pinned".to_owned(),
                HostKeyState::Revoked(line) => format!("revoked {line}"),
            },
        };
        assert_eq!(found, expected, "{host}:{port} in\n{file}");
    }

    #[test]
    fn a_host_is_known_by_any_line_that_names_it() {
        check(&format!("a.example ssh-ed25519 {ONE}\n"), "a.example", 22, "known");
        check(&format!("# a comment\n\n a.example,10.0.0.1 t {ONE} me@there"), "10.0.0.1", 22, "known");
        check(&format!("a.example t {TWO}\na.example t {ONE}\n"), "a.example", 22, "known");
        check(&format!("a.example\tt\t{ONE}\r\n"), "a.example", 22, "known");
        check(&format!("A.Example t {ONE}\n"), "a.eXample", 22, "known");
        check(&format!("*.example t {ONE}\n"), "a.example", 22, "known");
        check(&format!("host-?.* t {ONE}\n"), "host-1.example.com", 22, "known");
        check(&format!("[a.example]:2222 t {ONE}\n"), "a.example", 2222, "known");
        check(&format!("[*]:2222 t {ONE}\n"), "a.example", 2222, "known");
        check(&format!("[::1]:2222 t {ONE}\n"), "::1", 2222, "known");
        check(&format!("a.example 1024 35 12345\na.example t {ONE}\n"), "a.example", 22, "known");
        check(&format!("\u{feff}a.example t {ONE}\n"), "a.example", 22, "known");
    }

    #[test]
    fn hashed_names_are_compared_by_their_hash() {
        // As `ssh-keygen -H` makes them.
        let hash = |name: &str| {
            let salt = [7; 20];
            let code = Hmac::<Sha1>::new_from_slice(&salt).unwrap().chain_update(name).finalize().into_bytes();
            format!("|1|{}|{}", STANDARD.encode(salt), STANDARD.encode(code))
        };
        check(&format!("{} t {ONE}\n", hash("sandbox.example")), "Sandbox.example", 22, "known");
        check(&format!("{} t {ONE}\n", hash("[sandbox.example]:2222")), "sandbox.example", 2222, "known");
        check(&format!("{} t {ONE}\n", hash("other.example")), "sandbox.example", 22, "unknown");
        check(&format!("|1|no|hash t {ONE}\n"), "sandbox.example", 22, "unknown");
        let by_openssh = "|1|O33ESRMWPVkMYIwJ1Uw+n877jTo=|nuuC5vEqXlEZ/8BXQR7m619W6Ak=";
        check(&format!("{by_openssh} t {ONE}\n"), "example.com", 22, "known");
    }

    #[test]
    fn other_hosts_are_unknown() {
        check("", "a.example", 22, "unknown");
        check(&format!("#a.example t {ONE}\n"), "a.example", 22, "unknown");
        check(&format!("a.example t {ONE}\n"), "a.example", 2222, "unknown");
        check(&format!("[a.example]:2222 t {ONE}\n"), "a.example", 22, "unknown");
        check(&format!("a.example.org t {ONE}\n"), "a.example", 22, "unknown");
        check(&format!("*.example,!a.example t {ONE}\n"), "a.example", 22, "unknown");
        check("other.example t what?\n", "a.example", 22, "unknown");
    }

    #[test]
    fn a_known_host_with_another_key_is_changed_whatever_the_type() {
        check(&format!("a.example ssh-ed25519 {TWO}\n"), "a.example", 22, "changed 1");
        check(&format!("a.example ssh-rsa {TWO}\n*.example ecdsa {TWO}\n"), "a.example", 22, "changed 1,2");
        let all = format!("a.example ssh-rsa {TWO}\n*.example ssh-ed25519 {TWO}\na.example ssh-ed25519 {TWO}\n");
        check(&all, "a.example", 22, "changed 2,3");
    }

    #[test]
    fn a_revoked_key_is_never_good() {
        check(&format!("@revoked * t {ONE}\na.example t {ONE}\n"), "a.example", 22, "revoked 1");
        check(&format!("a.example t {ONE}\n@revoked\ta.example\tt\t{ONE}\n"), "a.example", 22, "revoked 2");
        check(&format!("@revoked b.example t {ONE}\na.example t {ONE}\n"), "a.example", 22, "known");
        check(&format!("@revoked a.example t {TWO}\n"), "a.example", 22, "unknown");
    }

    #[test]
    fn an_authoritys_key_is_no_hosts_key() {
        check(&format!("@cert-authority *.example t {ONE}\n"), "a.example", 22, "unknown, authority");
        check(&format!("@cert-authority * t {TWO}\na.example t {ONE}\n"), "a.example", 22, "known");
    }

    #[test]
    fn a_line_for_the_host_that_makes_no_sense_is_an_error() {
        check("\na.example ssh-ed25519 not+base64!\n", "a.example", 22, "unreadable 2");
        check("a.example\n", "a.example", 22, "unreadable 1");
        check(&format!("@what a.example t {ONE}\n"), "a.example", 22, "unreadable 1");
    }

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_and_a_missing_one_is_not() {
        let folder = tempfile::tempdir().unwrap();
        assert!(KnownHost::read(&folder.path().join("none"), "a.example", 22).unwrap().entries.is_empty());
        assert!(KnownHost::read(folder.path(), "a.example", 22).is_err());
    }

    #[test]
    fn a_line_is_added_after_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ssh").join("known_hosts");
        add(&path, "A.example", 22, &format!("t {ONE}")).unwrap();
        fs::write(&path, fs::read_to_string(&path).unwrap().trim_end()).unwrap();
        add(&path, "::1", 2222, &format!("t {TWO}")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("a.example t {ONE}\n[::1]:2222 t {TWO}\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
            assert_eq!(fs::metadata(path.parent().unwrap()).unwrap().permissions().mode() & 0o777, 0o700);
        }
    }
}
