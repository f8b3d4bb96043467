//! Test of the request to change a password (RFC 4252, section 8). The SSH library supports it neither as server nor as
//! client, so a minimal server sends it.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::aead::chacha20_poly1305_openssh::{KEY_LEN, OpeningKey, SealingKey, TAG_LEN};
use ring::agreement::{EphemeralPrivateKey, UnparsedPublicKey, X25519, agree_ephemeral};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::odd_server::RequestReader;
use super::*;
use crate::remote::sftp::packets::push_string;

// Types of packets.
const SERVICE_REQUEST: u8 = 5;
const SERVICE_ACCEPT: u8 = 6;
const KEY_EXCHANGE_INIT: u8 = 20;
const NEW_KEYS: u8 = 21;
const USERAUTH_REQUEST: u8 = 50;
const USERAUTH_FAILURE: u8 = 51;
const PASSWORD_CHANGE_REQUEST: u8 = 60;

const VERSION: &str = "SSH-2.0-odd";

/// Connection on the server's side: unencrypted first, then with one cipher.
struct Transport {
    stream: TcpStream,
    sent: u32,
    received: u32,
    keys: Option<(SealingKey, OpeningKey)>,
}

impl Transport {
    async fn send(&mut self, payload: &[u8]) -> io::Result<()> {
        // Only unencrypted, the length field counts towards the blocks of eight bytes.
        let counted = payload.len() + 1 + if self.keys.is_some() { 0 } else { 4 };
        let padding = 8 - counted % 8 + if counted % 8 > 4 { 8 } else { 0 };
        let mut packet = Vec::new();
        let inside = [&[padding as u8][..], payload, &vec![0; padding]].concat();
        push_string(&mut packet, &inside);
        if let Some((key, _)) = &self.keys {
            let mut tag = [0; TAG_LEN];
            key.seal_in_place(self.sent, &mut packet, &mut tag);
            packet.extend(tag);
        }
        self.sent += 1;
        self.stream.write_all(&packet).await
    }

    async fn receive(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).await?;
        let clear = self.keys.as_ref().map_or(length, |(_, key)| key.decrypt_packet_length(self.received, length));
        let mut packet = length.to_vec();
        packet.resize(4 + u32::from_be_bytes(clear) as usize, 0);
        self.stream.read_exact(&mut packet[4..]).await?;
        if let Some((_, key)) = &self.keys {
            let mut tag = [0; TAG_LEN];
            self.stream.read_exact(&mut tag).await?;
            key.open_in_place(self.received, &mut packet, &tag).unwrap();
        }
        self.received += 1;
        let padding = usize::from(packet[4]);
        Ok(packet[5..packet.len() - padding].to_vec())
    }

    /// Exchanges keys (RFC 4253 and 8731) and switches to the cipher.
    async fn exchange_keys(&mut self, host_key: &Ed25519KeyPair) -> io::Result<()> {
        let client_version = self.read_version().await?;
        self.stream.write_all(format!("{VERSION}\r\n").as_bytes()).await?;
        let ours = key_exchange_init();
        self.send(&ours).await?;
        let theirs = self.receive().await?;
        let asked = self.receive().await?;
        let their_key = RequestReader(&asked[1..]).string();
        let secret = EphemeralPrivateKey::generate(&X25519, &SystemRandom::new()).unwrap();
        let our_key = secret.compute_public_key().unwrap();
        let shared = agree_ephemeral(secret, &UnparsedPublicKey::new(&X25519, &their_key), number).unwrap();
        let host = host_blob(host_key);
        let mut exchanged = Vec::new();
        for part in [client_version.as_bytes(), VERSION.as_bytes(), &theirs, &ours, &host, &their_key, our_key.as_ref()]
        {
            push_string(&mut exchanged, part);
        }
        exchanged.extend(&shared);
        let hash = digest(&SHA256, &exchanged);
        let mut reply = vec![31];
        for part in [&host, our_key.as_ref(), &blob(host_key.sign(hash.as_ref()).as_ref())] {
            push_string(&mut reply, part);
        }
        self.send(&reply).await?;
        self.send(&[NEW_KEYS]).await?;
        assert_eq!(self.receive().await?, [NEW_KEYS]);
        let key = |letter: u8| -> [u8; KEY_LEN] {
            let first = digest(&SHA256, &[&shared, hash.as_ref(), &[letter], hash.as_ref()].concat());
            let second = digest(&SHA256, &[&shared, hash.as_ref(), first.as_ref()].concat());
            [first.as_ref(), second.as_ref()].concat().try_into().unwrap()
        };
        self.keys = Some((SealingKey::new(&key(b'D')), OpeningKey::new(&key(b'C'))));
        Ok(())
    }

    async fn read_version(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        while line.last() != Some(&b'\n') {
            line.push(self.stream.read_u8().await?);
        }
        Ok(String::from_utf8(line).unwrap().trim_end().to_owned())
    }

    /// Refuses every user, and answers every password with the request to change it.
    async fn ask_for_a_new_password(&mut self, asked: &Mutex<Vec<String>>) -> io::Result<()> {
        loop {
            let packet = self.receive().await?;
            let mut fields = RequestReader(&packet[1..]);
            let mut answer = Vec::new();
            match packet[0] {
                SERVICE_REQUEST => {
                    answer.push(SERVICE_ACCEPT);
                    push_string(&mut answer, &fields.string());
                }
                USERAUTH_REQUEST => {
                    let [_user, _service, method] = [fields.string(), fields.string(), fields.string()];
                    asked.lock().unwrap().push(String::from_utf8_lossy(&method).into_owned());
                    if method == b"password" {
                        answer.push(PASSWORD_CHANGE_REQUEST);
                        push_string(&mut answer, b"Your password has expired");
                        push_string(&mut answer, b"en");
                    } else {
                        answer.push(USERAUTH_FAILURE);
                        push_string(&mut answer, b"password");
                        answer.push(0);
                    }
                }
                // Other packets, such as the client's extension information, are ignored.
                _ => continue,
            }
            self.send(&answer).await?;
        }
    }
}

/// One algorithm per purpose.
fn key_exchange_init() -> Vec<u8> {
    let (cipher, hash) = ("chacha20-poly1305@openssh.com", "hmac-sha2-256");
    let mut packet = vec![KEY_EXCHANGE_INIT];
    packet.extend([7; 16]);
    for names in ["curve25519-sha256", "ssh-ed25519", cipher, cipher, hash, hash, "none", "none", "", ""] {
        push_string(&mut packet, names.as_bytes());
    }
    packet.extend([0; 5]);
    packet
}

/// Encodes an SSH mpint: without leading zeros, but with one if the highest bit is set.
fn number(bytes: &[u8]) -> Vec<u8> {
    let start = bytes.iter().position(|byte| *byte != 0).unwrap_or(bytes.len());
    let sign: &[u8] = if bytes.get(start).is_some_and(|byte| *byte >= 0x80) { &[0] } else { &[] };
    let mut number = Vec::new();
    push_string(&mut number, &[sign, &bytes[start..]].concat());
    number
}

/// Encodes a key or signature of type `ssh-ed25519`.
fn blob(bytes: &[u8]) -> Vec<u8> {
    let mut blob = Vec::new();
    push_string(&mut blob, b"ssh-ed25519");
    push_string(&mut blob, bytes);
    blob
}

fn host_blob(host_key: &Ed25519KeyPair) -> Vec<u8> {
    blob(host_key.public_key().as_ref())
}

#[tokio::test]
async fn a_password_that_must_be_changed_is_named_once_nothing_else_comes() {
    let host_key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let fingerprint = STANDARD_NO_PAD.encode(digest(&SHA256, &host_blob(&host_key)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let asked = std::sync::Arc::<Mutex<Vec<String>>>::default();
    let kept = std::sync::Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut transport = Transport { stream, sent: 0, received: 0, keys: None };
            transport.exchange_keys(&host_key).await.unwrap();
            // The client ends the connection.
            let _ = transport.ask_for_a_new_password(&kept).await;
        }
    });
    let settings = SftpSettings {
        host: loopback(port, &format!("SHA256:{fingerprint}")),
        credentials: SftpCredentials { password: Some(Secret::new("right")), private_key: None },
        ..settings_of("/in")
    };
    let mut client = client_of(&settings);
    client.limits = TimeLimits { connect: HANGS_AFTER, sign_in: Duration::from_secs(3), silence: HANGS_AFTER };
    let problem = in_time(client.list_catalogs()).await.unwrap_err();
    assert_eq!(problem.kind, SftpProblemKind::SignIn, "{problem}");
    let text = problem.to_string();
    for part in
        ["no answer to the password of tester within 3 s", "the password may have expired", "another SSH client"]
    {
        assert!(text.contains(part), "{text}");
    }
    // The password is not sent again: that might lock the account.
    assert_eq!(*asked.lock().unwrap(), ["none", "password"]);
}
