//! SFTP, version 3, on the wire: requests to bytes, bytes to replies (draft-ietf-secsh-filexfer-02).
//!
//! The library's client (`russh_sftp::client`) is not used, though its server serves the sandbox. It ends a session
//! over a status without message or with a code of a later version, changes handles that are no text, and loses its
//! place in a listing with extended attributes. Real servers send all of these; `tests/library.rs` shows the failures.

use btcfake_core::text::words::counted;
use russh::keys::ssh_encoding::{Decode, Error, Reader};

/// Maximum size of a received packet, in bytes: OpenSSH's limit.
pub(super) const LONGEST_PACKET: usize = 256 * 1024;

/// Purpose of opening a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenFor {
    /// Reading.
    Reading,
    /// Writing a new file; fails if it exists.
    Writing,
}

/// A request as a packet, without its length and id.
#[derive(Debug)]
pub(super) struct Request(Vec<u8>);

/// A reply.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Version { extensions: Vec<String> },
    StatusReply(StatusReply),
    Handle(Vec<u8>),
    Data(Vec<u8>),
    Names(Vec<Named>),
    Attributes(Attributes),
    Extended(Vec<u8>),
}

impl Reply {
    /// The reply's kind as a word, with its number in the protocol.
    pub(super) fn kind_text(&self) -> &'static str {
        match self {
            Self::Version { .. } => "a version (packet type 2)",
            Self::StatusReply(_) => "a status (packet type 101)",
            Self::Handle(_) => "a handle (packet type 102)",
            Self::Data(_) => "data (packet type 103)",
            Self::Names(_) => "a list of names (packet type 104)",
            Self::Attributes(_) => "attributes (packet type 105)",
            Self::Extended(_) => "an extended reply (packet type 201)",
        }
    }
}

/// What a packet without its length prefix is that cannot be parsed, for messages.
pub(super) fn unreadable_text(packet: &[u8]) -> String {
    match packet.first() {
        None => "an empty packet".to_owned(),
        Some(kind @ (2 | 101..=105 | 201)) => {
            format!("a damaged packet of type {kind} with {}", counted(packet.len(), "byte"))
        }
        Some(kind) => format!("a packet of type {kind}, and a reply has type 2, 101 to 105, or 201"),
    }
}

/// Status reply: code and message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct StatusReply {
    pub(super) code: u32,
    pub(super) message: String,
}

impl StatusReply {
    pub(super) const OK: u32 = 0;
    pub(super) const END_OF_FILE: u32 = 1;
    pub(super) const NO_SUCH_FILE: u32 = 2;
    pub(super) const PERMISSION_DENIED: u32 = 3;
    pub(super) const FAILURE: u32 = 4;
    pub(super) const UNSUPPORTED: u32 = 8;
    // Of later versions of the protocol; some servers send them in version 3, too.
    pub(super) const NO_SUCH_PATH: u32 = 10;
    pub(super) const ALREADY_EXISTS: u32 = 11;
    pub(super) const WRITE_PROTECT: u32 = 12;
    pub(super) const NO_SPACE: u32 = 14;
    pub(super) const QUOTA_EXCEEDED: u32 = 15;
}

/// Attributes of a file; `None` where the server does not send one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Attributes {
    /// Its size in bytes.
    pub(crate) size: Option<u64>,
    /// Type and permissions, as in Unix's `st_mode`.
    pub(crate) mode: Option<u32>,
    /// Time of the last change, in seconds since 1970 (UTC).
    pub(crate) modified: Option<u32>,
}

impl Attributes {
    const KIND: u32 = 0o170_000;

    /// True for a regular file or an unknown type.
    pub(crate) fn may_be_file(&self) -> bool {
        self.mode.is_none_or(|mode| matches!(mode & Self::KIND, 0 | 0o100_000))
    }

    /// True for a symbolic link.
    pub(crate) fn is_link(&self) -> bool {
        self.mode.is_some_and(|mode| mode & Self::KIND == 0o120_000)
    }

    /// True for a folder or an unknown type.
    pub(crate) fn may_be_folder(&self) -> bool {
        self.mode.is_none_or(|mode| matches!(mode & Self::KIND, 0 | 0o040_000))
    }
}

/// Entry of a folder listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) attributes: Attributes,
}

/// First packet of a session: the client's version, 3.
pub(super) fn hello() -> Vec<u8> {
    vec![0, 0, 0, 5, 1, 0, 0, 0, 3]
}

impl Request {
    /// Bytes before the fields: length, kind and id.
    const HEAD: usize = 9;

    pub(super) fn open(path: &str, purpose: OpenFor) -> Request {
        // Flags: read; or write, create, and fail if the file exists. No attributes follow: the server's defaults apply.
        let flags: u32 = if purpose == OpenFor::Reading { 0x01 } else { 0x2a };
        Request::of(3, &[path.as_bytes()]).and(&flags.to_be_bytes()).and(&[0; 4])
    }

    pub(super) fn close(handle: &[u8]) -> Request {
        Request::of(4, &[handle])
    }

    pub(super) fn read(handle: &[u8], offset: u64, length: u32) -> Request {
        Request::of(5, &[handle]).and(&offset.to_be_bytes()).and(&length.to_be_bytes())
    }

    pub(super) fn write(handle: &[u8], offset: u64, data: &[u8]) -> Request {
        let mut request = Request::of(6, &[handle]).and(&offset.to_be_bytes());
        request.0.reserve(data.len() + 4);
        push_string(&mut request.0, data);
        request
    }

    pub(super) fn attributes_of_handle(handle: &[u8]) -> Request {
        Request::of(8, &[handle])
    }

    pub(super) fn open_folder(path: &str) -> Request {
        Request::of(11, &[path.as_bytes()])
    }

    pub(super) fn read_folder(handle: &[u8]) -> Request {
        Request::of(12, &[handle])
    }

    pub(super) fn remove(path: &str) -> Request {
        Request::of(13, &[path.as_bytes()])
    }

    pub(super) fn real_path(path: &str) -> Request {
        Request::of(16, &[path.as_bytes()])
    }

    pub(super) fn attributes(path: &str) -> Request {
        Request::of(17, &[path.as_bytes()])
    }

    pub(super) fn rename(from: &str, to: &str) -> Request {
        Request::of(18, &[from.as_bytes(), to.as_bytes()])
    }

    /// Request of an extension.
    pub(super) fn extended(name: &str, arguments: &[&[u8]]) -> Request {
        Request::of(200, &[&[name.as_bytes()], arguments].concat())
    }

    fn of(kind: u8, strings: &[&[u8]]) -> Request {
        let mut packet = vec![0; Request::HEAD];
        packet[4] = kind;
        strings.iter().for_each(|string| push_string(&mut packet, string));
        Request(packet)
    }

    fn and(mut self, bytes: &[u8]) -> Request {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Packet with its length prefix.
    pub(super) fn into_packet(self, id: u32) -> Vec<u8> {
        let mut packet = self.0;
        let length = u32::try_from(packet.len() - 4).unwrap_or(u32::MAX);
        packet[..4].copy_from_slice(&length.to_be_bytes());
        packet[5..Request::HEAD].copy_from_slice(&id.to_be_bytes());
        packet
    }
}

/// Appends a string in wire format: its length, then its bytes.
pub(super) fn push_string(packet: &mut Vec<u8>, text: &[u8]) {
    packet.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    packet.extend(text);
}

/// Parses a packet without its length prefix: id of the request (`None` for the version) and reply.
///
/// # Errors
/// A packet that is malformed or of an unknown kind.
pub(super) fn parse_reply(packet: &[u8]) -> Result<(Option<u32>, Reply), Error> {
    let mut fields = packet;
    let kind = u8::decode(&mut fields)?;
    if kind == 2 {
        let _version = u32::decode(&mut fields)?;
        let mut extensions = Vec::new();
        while let (Ok(name), Ok(_)) = (text(&mut fields), text(&mut fields)) {
            extensions.push(name);
        }
        return Ok((None, Reply::Version { extensions }));
    }
    let id = Some(u32::decode(&mut fields)?);
    let reply = match kind {
        101 => {
            let code = u32::decode(&mut fields)?;
            // Some servers leave the message out.
            Reply::StatusReply(StatusReply { code, message: text(&mut fields).unwrap_or_default() })
        }
        102 => Reply::Handle(Vec::decode(&mut fields)?),
        103 => Reply::Data(Vec::decode(&mut fields)?),
        104 => {
            let count = u32::decode(&mut fields)?;
            Reply::Names((0..count).map(|_| Named::decode(&mut fields)).collect::<Result<_, _>>()?)
        }
        105 => Reply::Attributes(Attributes::decode(&mut fields)?),
        201 => Reply::Extended(fields.to_vec()),
        _ => return Err(Error::InvalidDiscriminant(kind.into())),
    };
    Ok((id, reply))
}

fn text(fields: &mut impl Reader) -> Result<String, Error> {
    Ok(String::from_utf8_lossy(&Vec::decode(fields)?).into_owned())
}

impl Decode for Named {
    type Error = Error;

    fn decode(fields: &mut impl Reader) -> Result<Named, Error> {
        let name = text(fields)?;
        let _as_ls_writes_it = text(fields)?;
        Ok(Named { name, attributes: Attributes::decode(fields)? })
    }
}

impl Decode for Attributes {
    type Error = Error;

    fn decode(fields: &mut impl Reader) -> Result<Attributes, Error> {
        let flags = u32::decode(fields)?;
        let mut attributes = Attributes::default();
        if flags & 0x1 != 0 {
            attributes.size = Some(u64::decode(fields)?);
        }
        if flags & 0x2 != 0 {
            let _user_and_group = u64::decode(fields)?;
        }
        if flags & 0x4 != 0 {
            attributes.mode = Some(u32::decode(fields)?);
        }
        if flags & 0x8 != 0 {
            let _accessed = u32::decode(fields)?;
            attributes.modified = Some(u32::decode(fields)?);
        }
        if flags & 0x8000_0000 != 0 {
            for _ in 0..u32::decode(fields)? {
                fields.drain_prefixed()?;
                fields.drain_prefixed()?;
            }
        }
        Ok(attributes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_written_with_their_length() {
        let read = Request::read(b"h", 5, 9).into_packet(7);
        assert_eq!(read, [0, 0, 0, 22, 5, 0, 0, 0, 7, 0, 0, 0, 1, b'h', 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 9]);
        let rename = Request::rename("a", "bc").into_packet(1);
        assert_eq!(rename, [0, 0, 0, 16, 18, 0, 0, 0, 1, 0, 0, 0, 1, b'a', 0, 0, 0, 2, b'b', b'c']);
    }

    #[test]
    fn a_name_that_is_not_utf8_costs_only_itself() {
        let mut packet = vec![104, 0, 0, 0, 3, 0, 0, 0, 2];
        for name in [&b"r\xe4ksm\xf6rg\xe5s.txt"[..], b"b.csv"] {
            push_string(&mut packet, name);
            push_string(&mut packet, b"-rw-r--r--");
            packet.extend([0, 0, 0, 0x0d]);
            packet.extend(12_u64.to_be_bytes());
            packet.extend(0o100_644_u32.to_be_bytes());
            packet.extend([0, 0, 0, 1, 0, 0, 0, 2]);
        }
        let Ok((Some(3), Reply::Names(names))) = parse_reply(&packet) else { unreachable!() };
        assert_eq!(names[1].name, "b.csv");
        let expected = Attributes { size: Some(12), mode: Some(0o100_644), modified: Some(2) };
        assert_eq!(names[1].attributes, expected);
        assert!(names[1].attributes.may_be_file() && !names[1].attributes.may_be_folder());
    }

    #[test]
    fn what_makes_no_sense_is_no_reply() {
        let whole = [101, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 1, b'x'];
        let status = StatusReply { code: 9, message: "x".into() };
        assert_eq!(parse_reply(&whole), Ok((Some(1), Reply::StatusReply(status))));
        for (broken, text) in [
            (&whole[..7], "a damaged packet of type 101 with 7 bytes"),
            (&[103, 0, 0, 0, 1, 255, 255, 255, 255, 0], "a damaged packet of type 103 with 10 bytes"),
            (&[104, 0, 0, 0, 1, 255, 255, 255, 255], "a damaged packet of type 104 with 9 bytes"),
            (&[77, 0, 0, 0, 1], "a packet of type 77, and a reply has type 2, 101 to 105, or 201"),
            (&[], "an empty packet"),
        ] {
            assert!(parse_reply(broken).is_err(), "{broken:?}");
            assert_eq!(unreadable_text(broken), text);
        }
    }
}
