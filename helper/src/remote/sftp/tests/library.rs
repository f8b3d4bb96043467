//! Reasons for SFTP requests of our own: answers of real servers that end the library's session or change what it
//! sends.

use russh_sftp::client::RawSftpSession;
use russh_sftp::protocol::FileAttributes;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

use super::*;
use crate::remote::sftp::packets::{Reply, parse_reply, push_string};

/// Asks the library's client for a file or folder. Each request is answered by a packet, given without length and id.
async fn by_library(answer: fn(u8) -> Vec<u8>) -> Result<Vec<u8>, String> {
    let (client, mut server) = duplex(100_000);
    let serving = tokio::spawn(async move {
        let mut handle = Vec::new();
        while let Ok(length) = server.read_u32().await {
            let mut packet = vec![0; length as usize];
            server.read_exact(&mut packet).await.unwrap();
            let reply = match packet[0] {
                1 => vec![2, 0, 0, 0, 3],
                kind => {
                    if kind == 4 {
                        handle = packet[9..].to_vec();
                    }
                    let mut reply = answer(kind);
                    reply.splice(1..1, packet[1..5].iter().copied());
                    reply
                }
            };
            let mut framed = Vec::new();
            push_string(&mut framed, &reply);
            server.write_all(&framed).await.unwrap();
        }
        handle
    });
    let session = RawSftpSession::new(client);
    session.set_timeout(1);
    session.init().await.map_err(|error| error.to_string())?;
    let asked = async {
        let _ = session.stat("/in").await;
        let handle = session.opendir("/in").await?.handle;
        let names = session.readdir(&*handle).await?;
        session.open("/in/a", russh_sftp::protocol::OpenFlags::READ, FileAttributes::empty()).await?;
        session.close(handle).await?;
        Ok::<_, russh_sftp::client::error::Error>(names.files.len())
    };
    let names = asked.await.map_err(|error| error.to_string())?;
    drop(session);
    if names != 2 {
        return Err(format!("{names} names"));
    }
    Ok(serving.await.unwrap())
}

/// Regular server: a handle that is text, a listing of two names, a status with its message.
fn plain(kind: u8) -> Vec<u8> {
    match kind {
        17 => status(2, true),
        11 | 3 => [&[102, 0, 0, 0, 1][..], b"h"].concat(),
        12 => listing(false),
        _ => status(0, true),
    }
}

fn status(code: u32, has_message: bool) -> Vec<u8> {
    let message: &[u8] = if has_message { &[0; 8] } else { &[] };
    [&[101][..], &code.to_be_bytes(), message].concat()
}

/// Two names, the first with or without an extended attribute (draft-ietf-secsh-filexfer-02, section 5).
fn listing(is_extended: bool) -> Vec<u8> {
    let mut packet = vec![104, 0, 0, 0, 2];
    for name in [&b"a"[..], b"b"] {
        push_string(&mut packet, name);
        push_string(&mut packet, b"");
        if is_extended && name == b"a" {
            packet.extend([0x80, 0, 0, 0, 0, 0, 0, 1]);
            push_string(&mut packet, b"acl@example.com");
            push_string(&mut packet, b"");
        } else {
            packet.extend([0, 0, 0, 0]);
        }
    }
    packet
}

fn without_message(kind: u8) -> Vec<u8> {
    if kind == 17 { status(2, false) } else { plain(kind) }
}

fn unknown_code(kind: u8) -> Vec<u8> {
    if kind == 17 { status(11, true) } else { plain(kind) }
}

fn binary_handle(kind: u8) -> Vec<u8> {
    if kind == 11 { vec![102, 0, 0, 0, 2, 0xff, 0x80] } else { plain(kind) }
}

fn extended_attributes(kind: u8) -> Vec<u8> {
    if kind == 12 { listing(true) } else { plain(kind) }
}

#[tokio::test]
async fn the_librarys_client_fails_where_our_packets_go_on() {
    assert_eq!(in_time(by_library(plain)).await, Ok(b"h".to_vec()));
    for (name, answer) in [
        ("a status without message", without_message as fn(u8) -> Vec<u8>),
        ("an unknown status", unknown_code),
        ("extended attributes", extended_attributes),
    ] {
        assert!(in_time(by_library(answer)).await.is_err(), "the library reads {name} now: see ARCHITECTURE.md");
    }
    let handle = in_time(by_library(binary_handle)).await.unwrap();
    assert_ne!(handle, [0xff, 0x80], "the library keeps handles that are no text now: see ARCHITECTURE.md");

    let ours = |mut reply: Vec<u8>| {
        reply.splice(1..1, [0, 0, 0, 1]);
        parse_reply(&reply).unwrap().1
    };
    assert!(matches!(ours(without_message(17)), Reply::StatusReply(status) if status.code == 2));
    assert!(matches!(ours(unknown_code(17)), Reply::StatusReply(status) if status.code == 11));
    assert!(matches!(ours(binary_handle(11)), Reply::Handle(handle) if handle == [0xff, 0x80]));
    assert!(matches!(ours(extended_attributes(12)), Reply::Names(names) if names[1].name == "b"));
}
