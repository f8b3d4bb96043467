//! SSH server with scripted sign-in and SFTP for tests. It keeps files in memory and can answer like odd real servers.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Response, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, MethodKind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{loopback, settings_of};
use crate::configuration::secret::Secret;
use crate::configuration::{SftpCredentials, SftpSettings};
use crate::remote::sftp::packets::push_string;

// Types of requests and replies.
pub(super) const OPEN: u8 = 3;
pub(super) const CLOSE: u8 = 4;
pub(super) const READ: u8 = 5;
pub(super) const WRITE: u8 = 6;
pub(super) const FSTAT: u8 = 8;
pub(super) const OPENDIR: u8 = 11;
pub(super) const REMOVE: u8 = 13;
pub(super) const REALPATH: u8 = 16;
pub(super) const STAT: u8 = 17;
pub(super) const RENAME: u8 = 18;
pub(super) const EXTENDED: u8 = 200;
const STATUS: u8 = 101;

/// Reaction to a method of signing in.
#[derive(Clone, Debug, Default)]
pub(super) enum SignInReply {
    /// Success.
    Accept,
    /// Failure.
    #[default]
    Refuse,
    /// Partial success: one of these is also required.
    Further(Vec<MethodKind>),
}

/// Questions of one round, each with its echo flag, and their introduction.
#[derive(Clone, Debug, Default)]
pub(super) struct Round {
    pub(super) notice: &'static str,
    pub(super) prompts: Vec<(&'static str, bool)>,
    /// Correct answers.
    pub(super) answers: Vec<&'static str>,
}

/// Sign-in of users.
#[derive(Clone, Debug, Default)]
pub(super) struct SignInScript {
    pub(super) methods: Vec<MethodKind>,
    pub(super) banner: Option<String>,
    pub(super) none: SignInReply,
    pub(super) key: SignInReply,
    /// The correct password is `right`.
    pub(super) password: SignInReply,
    pub(super) questions: Vec<Round>,
}

/// Reaction to a rename.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Renames {
    #[default]
    Properly,
    /// Replaces an existing file.
    Overwriting,
    /// Reports success without doing anything; also for hard links.
    InWordsOnly,
}

/// Oddities of the server's SFTP.
#[derive(Clone, Debug, Default)]
pub(super) struct SftpScript {
    /// Refused request types, with the status code.
    pub(super) refused: HashMap<u8, u32>,
    /// Request types refused from the second request on, with the status code.
    pub(super) refused_later: HashMap<u8, u32>,
    /// Request types that are never answered.
    pub(super) unanswered: Vec<u8>,
    /// Canonical names reported for any path; if empty, the path itself.
    pub(super) real_paths: Option<Vec<&'static str>>,
    /// Files whose names begin with a dot are hidden.
    pub(super) hides_points: bool,
    /// Message of refusals; `None` leaves the field out.
    pub(super) message: Option<&'static str>,
    pub(super) extensions: Vec<&'static str>,
    /// Size reported for every file asked for by path or handle.
    pub(super) size: Option<u64>,
    pub(super) renames: Renames,
    /// No sizes are reported.
    pub(super) sizeless: bool,
    /// Once a file under a temporary name is closed, `b.csv` exists, as if another call had created it.
    pub(super) rival: bool,
    /// Opening any file for reading is refused.
    pub(super) hides_files: bool,
    /// New names with this prefix are refused.
    pub(super) forbids: Option<&'static str>,
    /// Number of unsolicited replies before each reply; `u32::MAX` for no end.
    pub(super) foreign: u32,
    /// Listings have empty parts without end.
    pub(super) empty_listing: bool,
    /// Bytes sent before SFTP begins.
    pub(super) text: Option<&'static str>,
    /// Reads return one byte each, after this delay.
    pub(super) drips: Option<Duration>,
    /// Nothing is answered after the version.
    pub(super) silent: bool,
}

/// Files of a server, by path.
type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// Server on loopback.
pub(super) struct OddServer {
    pub(super) files: Files,
    /// Paths of created files, in order.
    pub(super) created: Arc<Mutex<Vec<String>>>,
    pub(super) settings: SftpSettings,
}

#[derive(Clone)]
struct OddConnection {
    sign_in: Arc<SignInScript>,
    sftp: Arc<SftpScript>,
    files: Files,
    created: Arc<Mutex<Vec<String>>>,
    rounds: usize,
    channels: Arc<Mutex<HashMap<ChannelId, Channel<Msg>>>>,
}

/// Starts a server with files in the folder `/in`.
pub(super) async fn odd_server(sign_in: SignInScript, sftp: SftpScript, files: &[(&str, &[u8])]) -> OddServer {
    let key = PrivateKey::from(Ed25519Keypair::from_seed(&[7; 32]));
    let fingerprint = key.public_key().fingerprint(HashAlg::Sha256).to_string();
    let configuration = Arc::new(russh::server::Config {
        methods: sign_in.methods.as_slice().into(),
        auth_rejection_time: Duration::ZERO,
        auth_rejection_time_initial: Some(Duration::ZERO),
        keys: vec![key],
        ..russh::server::Config::default()
    });
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, bytes)| (format!("/in/{name}"), bytes.to_vec())).collect();
    let (files, created) = (Arc::new(Mutex::new(files)), Arc::default());
    let connection = OddConnection {
        sign_in: Arc::new(sign_in),
        sftp: Arc::new(sftp),
        files: Arc::clone(&files),
        created: Arc::clone(&created),
        rounds: 0,
        channels: Arc::default(),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (configuration, connection) = (Arc::clone(&configuration), connection.clone());
            tokio::spawn(async move {
                if let Ok(session) = russh::server::run_stream(configuration, socket, connection).await {
                    let _ = session.await;
                }
            });
        }
    });
    let settings = SftpSettings {
        host: loopback(port, &fingerprint),
        credentials: SftpCredentials { password: Some(Secret::new("right")), private_key: None },
        ..settings_of("/in")
    };
    OddServer { files, created, settings }
}

/// Server that accepts the password `right`, with odd SFTP.
pub(super) async fn odd_sftp(sftp: SftpScript, files: &[(&str, &[u8])]) -> OddServer {
    let sign_in =
        SignInScript { methods: vec![MethodKind::Password], password: SignInReply::Accept, ..SignInScript::default() };
    odd_server(sign_in, sftp, files).await
}

impl OddServer {
    /// Names in the folder, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().map(|path| path.trim_start_matches("/in/").to_owned()).collect()
    }

    /// Content of a file.
    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        self.files.lock().unwrap()[&format!("/in/{name}")].clone()
    }
}

impl OddConnection {
    fn verdict(&self, verdict: &SignInReply) -> Auth {
        match verdict {
            SignInReply::Accept => Auth::Accept,
            SignInReply::Refuse => {
                let methods = self.sign_in.methods.as_slice().into();
                Auth::Reject { proceed_with_methods: Some(methods), partial_success: false }
            }
            SignInReply::Further(methods) => {
                let methods = methods.as_slice().into();
                Auth::Reject { proceed_with_methods: Some(methods), partial_success: true }
            }
        }
    }
}

impl Handler for OddConnection {
    type Error = russh::Error;

    async fn authentication_banner(&mut self) -> Result<Option<String>, russh::Error> {
        Ok(self.sign_in.banner.clone())
    }

    async fn auth_none(&mut self, _user: &str) -> Result<Auth, russh::Error> {
        Ok(self.verdict(&self.sign_in.none))
    }

    async fn auth_publickey(&mut self, _user: &str, _key: VerifiedPublicKey<'_>) -> Result<Auth, russh::Error> {
        Ok(self.verdict(&self.sign_in.key))
    }

    async fn auth_password(&mut self, _user: &str, password: &str) -> Result<Auth, russh::Error> {
        let is_right = password == "right";
        Ok(self.verdict(if is_right { &self.sign_in.password } else { &SignInReply::Refuse }))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        _user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        if let Some(response) = response {
            let answers: Vec<Vec<u8>> = response.map(|answer| answer.to_vec()).collect();
            let right: Vec<Vec<u8>> =
                self.sign_in.questions[self.rounds].answers.iter().map(|answer| answer.as_bytes().to_vec()).collect();
            if answers != right {
                return Ok(self.verdict(&SignInReply::Refuse));
            }
            self.rounds += 1;
        }
        let Some(round) = self.sign_in.questions.get(self.rounds) else { return Ok(Auth::Accept) };
        let prompts: Vec<(Cow<'static, str>, bool)> =
            round.prompts.iter().map(|(prompt, echo)| (Cow::Borrowed(*prompt), *echo)).collect();
        Ok(Auth::Partial { name: "".into(), instructions: round.notice.into(), prompts: prompts.into() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.lock().unwrap().insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let opened = self.channels.lock().unwrap().remove(&channel).unwrap();
        session.channel_success(channel)?;
        let mut served = OddSession {
            connection: self.clone(),
            open: HashMap::new(),
            handles: 0,
            asked: std::collections::HashSet::new(),
        };
        tokio::spawn(async move {
            let mut stream = opened.into_stream();
            let _ = served.serve(&mut stream).await;
        });
        Ok(())
    }
}

/// SFTP session.
struct OddSession {
    connection: OddConnection,
    /// Open handles: a path, and for a folder whether it was listed.
    open: HashMap<Vec<u8>, (String, bool)>,
    handles: u8,
    /// Types of the received requests.
    asked: std::collections::HashSet<u8>,
}

impl OddSession {
    async fn serve<S: AsyncReadExt + AsyncWriteExt + Unpin>(&mut self, stream: &mut S) -> std::io::Result<()> {
        let script = Arc::clone(&self.connection.sftp);
        if let Some(text) = script.text {
            stream.write_all(text.as_bytes()).await?;
        }
        loop {
            let length = stream.read_u32().await?;
            let mut packet = vec![0; length as usize];
            stream.read_exact(&mut packet).await?;
            if packet[0] == 1 {
                let mut version = vec![2, 0, 0, 0, 3];
                for extension in &script.extensions {
                    push_string(&mut version, extension.as_bytes());
                    push_string(&mut version, b"1");
                }
                send(stream, &version).await?;
                continue;
            }
            if script.silent || script.unanswered.contains(&packet[0]) {
                continue;
            }
            let mut foreign = 0;
            while foreign < script.foreign {
                send(stream, &[STATUS, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]).await?;
                foreign = foreign.saturating_add(u32::from(script.foreign < u32::MAX));
            }
            if let Some(pause) = script.drips.filter(|_| packet[0] == READ) {
                tokio::time::sleep(pause).await;
            }
            let reply = self.reply(&packet);
            send(stream, &reply).await?;
        }
    }

    fn reply(&mut self, packet: &[u8]) -> Vec<u8> {
        let kind = packet[0];
        let mut request = RequestReader(&packet[1..]);
        let id = request.number();
        let script = Arc::clone(&self.connection.sftp);
        let is_first = self.asked.insert(kind);
        let refused_later = script.refused_later.get(&kind).filter(|_| !is_first);
        if let Some(code) = script.refused.get(&kind).or(refused_later) {
            return self.status(id, *code);
        }
        let files = Arc::clone(&self.connection.files);
        let mut files = files.lock().unwrap();
        let name = request.string();
        let path = String::from_utf8_lossy(&name).into_owned();
        match kind {
            OPEN => {
                let is_new = request.number() & 0x2 != 0;
                let base = path.rsplit('/').next().unwrap_or_default();
                if is_new && script.forbids.is_some_and(|forbidden| base.starts_with(forbidden)) {
                    return self.status(id, 3);
                }
                match (is_new, files.contains_key(&path)) {
                    (true, true) => return self.status(id, 4),
                    (true, false) => {
                        self.connection.created.lock().unwrap().push(base.to_owned());
                        files.insert(path.clone(), Vec::new());
                    }
                    (false, _) if script.hides_files => return self.status(id, 3),
                    (false, false) => return self.status(id, 2),
                    (false, true) => {}
                }
                self.handle(id, path)
            }
            OPENDIR => self.handle(id, path),
            CLOSE => {
                if script.rival && self.open.get(&name).is_some_and(|(path, _)| path.starts_with("/in/.b.csv.")) {
                    files.insert("/in/b.csv".to_owned(), b"of somebody else".to_vec());
                }
                self.status(id, 0)
            }
            READ => {
                let (offset, length) = (request.long() as usize, request.number() as usize);
                let length = if script.drips.is_some() { length.min(1) } else { length };
                let bytes = &files[&self.open[&name].0];
                let Some(rest) = bytes.get(offset..).filter(|rest| !rest.is_empty()) else { return self.status(id, 1) };
                let mut reply = vec![103];
                reply.extend(id.to_be_bytes());
                push_string(&mut reply, &rest[..length.min(rest.len())]);
                reply
            }
            WRITE => {
                let offset = request.long() as usize;
                let data = request.string();
                let bytes = files.get_mut(&self.open[&name].0).unwrap();
                bytes.resize(bytes.len().max(offset + data.len()), 0);
                bytes[offset..offset + data.len()].copy_from_slice(&data);
                self.status(id, 0)
            }
            FSTAT => self.attributes(id, files[&self.open[&name].0].len() as u64),
            STAT if path == "/in" => {
                let mut reply = vec![105];
                reply.extend(id.to_be_bytes());
                reply.extend([0, 0, 0, 4, 0, 0, 0o100, 0]);
                reply
            }
            STAT => match files.get(&path).filter(|_| !(script.hides_points && is_hidden(&path))) {
                Some(bytes) => self.attributes(id, bytes.len() as u64),
                None => self.status(id, 2),
            },
            12 => {
                let opened = self.open.get_mut(&name).unwrap();
                if opened.1 && !script.empty_listing {
                    return self.status(id, 1);
                }
                opened.1 = true;
                let is_listed = |path: &str| !(script.empty_listing || script.hides_points && is_hidden(path));
                let listed: Vec<_> = files.iter().filter(|(path, _)| is_listed(path)).collect();
                let mut reply = vec![104];
                reply.extend(id.to_be_bytes());
                reply.extend(u32::try_from(listed.len()).unwrap().to_be_bytes());
                for (path, bytes) in listed {
                    push_string(&mut reply, path.trim_start_matches("/in/").as_bytes());
                    push_string(&mut reply, b"");
                    reply.extend([0, 0, 0, u8::from(!script.sizeless)]);
                    if script.sizeless {
                        continue;
                    }
                    reply.extend((bytes.len() as u64).to_be_bytes());
                }
                reply
            }
            REMOVE => {
                let code = if files.remove(&path).is_some() { 0 } else { 2 };
                self.status(id, code)
            }
            REALPATH => {
                let mut reply = vec![104];
                reply.extend(id.to_be_bytes());
                let names = script.real_paths.clone().unwrap_or_else(|| vec![&path]);
                reply.extend(u32::try_from(names.len()).unwrap().to_be_bytes());
                for name in names {
                    push_string(&mut reply, name.as_bytes());
                    push_string(&mut reply, b"");
                    reply.extend([0, 0, 0, 0]);
                }
                reply
            }
            RENAME => {
                let to = String::from_utf8(request.string()).unwrap();
                match script.renames {
                    Renames::InWordsOnly => return self.status(id, 0),
                    Renames::Properly if files.contains_key(&to) => return self.status(id, 4),
                    _ => {}
                }
                let bytes = files.remove(&path).unwrap();
                files.insert(to, bytes);
                self.status(id, 0)
            }
            EXTENDED if path == "hardlink@openssh.com" => {
                let (from, to) = (request.string(), request.string());
                let (from, to) = (String::from_utf8(from).unwrap(), String::from_utf8(to).unwrap());
                if script.renames == Renames::InWordsOnly {
                    return self.status(id, 0);
                }
                if files.contains_key(&to) {
                    return self.status(id, 4);
                }
                let bytes = files[&from].clone();
                files.insert(to, bytes);
                self.status(id, 0)
            }
            _ => self.status(id, 8),
        }
    }

    /// Handle that is not valid text.
    fn handle(&mut self, id: u32, path: String) -> Vec<u8> {
        self.handles += 1;
        let handle = vec![0xff, 0xfe, self.handles];
        let mut reply = vec![102];
        reply.extend(id.to_be_bytes());
        push_string(&mut reply, &handle);
        self.open.insert(handle, (path, false));
        reply
    }

    fn attributes(&self, id: u32, size: u64) -> Vec<u8> {
        let mut reply = vec![105];
        reply.extend(id.to_be_bytes());
        if self.connection.sftp.sizeless {
            reply.extend([0; 4]);
            return reply;
        }
        reply.extend([0, 0, 0, 1]);
        reply.extend(self.connection.sftp.size.unwrap_or(size).to_be_bytes());
        reply
    }

    fn status(&self, id: u32, code: u32) -> Vec<u8> {
        let mut reply = vec![STATUS];
        reply.extend(id.to_be_bytes());
        reply.extend(code.to_be_bytes());
        if let Some(message) = self.connection.sftp.message {
            push_string(&mut reply, message.as_bytes());
        }
        reply
    }
}

/// True if a file's name begins with a dot.
fn is_hidden(path: &str) -> bool {
    path.rsplit('/').next().unwrap_or_default().starts_with('.')
}

async fn send<S: AsyncWriteExt + Unpin>(stream: &mut S, packet: &[u8]) -> std::io::Result<()> {
    let mut framed = Vec::new();
    push_string(&mut framed, packet);
    stream.write_all(&framed).await
}

/// Fields of a request.
pub(super) struct RequestReader<'a>(pub(super) &'a [u8]);

impl RequestReader<'_> {
    fn number(&mut self) -> u32 {
        let (number, rest) = self.0.split_first_chunk::<4>().unwrap();
        self.0 = rest;
        u32::from_be_bytes(*number)
    }

    fn long(&mut self) -> u64 {
        u64::from(self.number()) << 32 | u64::from(self.number())
    }

    pub(super) fn string(&mut self) -> Vec<u8> {
        let length = self.number() as usize;
        let (text, rest) = self.0.split_at(length);
        self.0 = rest;
        text.to_vec()
    }
}
