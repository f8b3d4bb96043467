//! SSH connection of the sandbox: sign-in by password, then SFTP only.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Response, Session};
use russh::{Channel, ChannelId, MethodKind};

use super::files::ServedFiles;
use super::served::Served;

/// State of one connection.
pub(super) struct SftpConnection {
    served: Arc<Served>,
    channels: HashMap<ChannelId, Channel<Msg>>,
}

impl SftpConnection {
    /// Creates the handler of a connection.
    pub(super) fn new(served: Arc<Served>) -> SftpConnection {
        SftpConnection { served, channels: HashMap::new() }
    }

    /// Accepts a user, or rejects with the methods to retry.
    fn sign_in(&self, is_right: bool) -> Auth {
        let again: &[MethodKind] = &[self.served.options.faults.method()];
        if is_right {
            Auth::Accept
        } else {
            Auth::Reject { proceed_with_methods: Some(again.into()), partial_success: false }
        }
    }
}

impl Handler for SftpConnection {
    type Error = russh::Error;

    async fn auth_password(&mut self, user: &str, password: &str) -> Result<Auth, russh::Error> {
        let is_taken = !self.served.options.faults.asks_for_password;
        Ok(self.sign_in(is_taken && self.served.is_right(user, password)))
    }

    async fn auth_keyboard_interactive<'a>(
        &'a mut self,
        user: &str,
        _submethods: &str,
        response: Option<Response<'a>>,
    ) -> Result<Auth, russh::Error> {
        if !self.served.options.faults.asks_for_password {
            return Ok(self.sign_in(false));
        }
        let Some(mut response) = response else {
            let prompts = vec![(Cow::Borrowed("Password: "), false)];
            return Ok(Auth::Partial { name: "".into(), instructions: "".into(), prompts: prompts.into() });
        };
        let answer = response.next().unwrap_or_default();
        let is_right = std::str::from_utf8(&answer).is_ok_and(|answer| self.served.is_right(user, answer));
        Ok(self.sign_in(is_right))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<(), russh::Error> {
        self.channels.insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        let Some(opened) = self.channels.remove(&channel).filter(|_| name == "sftp") else {
            return session.channel_failure(channel);
        };
        session.channel_success(channel)?;
        let options = &self.served.options;
        let files = ServedFiles::new(self.served.root.clone(), options.writable, options.faults.clone());
        russh_sftp::server::run(opened.into_stream(), files).await;
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        _command: &[u8],
        session: &mut Session,
    ) -> Result<(), russh::Error> {
        session.channel_failure(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        session.channel_failure(channel)
    }

    async fn channel_eof(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), russh::Error> {
        session.close(channel)
    }
}
