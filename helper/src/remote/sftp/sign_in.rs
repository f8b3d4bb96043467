//! Sign-in to an SSH server, with a message of its own for every outcome (RFC 4252; RFC 4256 for questions).
//!
//! The server is first asked for its methods (by the method `none`). Then private key, password and the server's
//! questions are tried in this order, each at most once. A server may require two of them: it accepts the first as a
//! partial success and lists the remaining methods.

use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use russh::MethodKind;
use russh::client::{AuthResult, Handle, KeyboardInteractiveAuthResponse, Prompt};
use russh::keys::{Algorithm, HashAlg, PrivateKey, PrivateKeyWithHashAlg};
use tokio::time::timeout;

use super::host_key::{HandshakeLog, HostKeyCheck};
use super::problem::{SftpProblem, SftpProblemKind};
use super::questions::{AskedFor, answer};
use super::text::clean;
use crate::configuration::SftpSettings;

/// Maximum number of rounds of questions.
const MOST_ROUNDS: usize = 20;

/// Disconnect reason for too many connections (RFC 4253, section 11.1).
const TOO_MANY_CONNECTIONS: u32 = 12;

/// Method of signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignInStep {
    /// `none`: the server replies with its methods.
    None,
    /// Private key.
    Key,
    /// Password.
    Password,
    /// Answers to the server's questions (keyboard-interactive).
    Questions,
}

impl SignInStep {
    fn name(self) -> &'static str {
        match self {
            Self::None => "user name",
            Self::Key => "private key",
            Self::Password | Self::Questions => "password",
        }
    }
}

/// State of a sign-in.
struct SignIn<'a> {
    handle: &'a mut Handle<HostKeyCheck>,
    log: &'a HandshakeLog,
    settings: &'a SftpSettings,
    key: Option<PrivateKey>,
    place: String,
    /// Attempted methods, in order.
    tried: Vec<SignInStep>,
    /// Methods accepted as a partial success.
    accepted: Vec<SignInStep>,
    /// Methods that the server currently offers.
    methods: Vec<MethodKind>,
    /// Latest heading or instruction of the server's questions.
    notice: String,
    /// Question that no setting answers.
    unanswered: Option<Unanswered>,
}

/// Reason why questions could not be answered.
enum Unanswered {
    /// A question about something other than user and password.
    Other(String),
    /// A request for a new password.
    NewPassword(String),
    /// Notices without a question.
    NoticesOnly,
}

/// Signs a user in.
///
/// # Errors
/// `SignIn`: the server accepts none of the credentials, or requires more. `Cut`: the connection broke, or the server
/// has too many. `TimedOut`: no answer within `limit`.
pub(super) async fn sign_in(
    handle: &mut Handle<HostKeyCheck>,
    log: &HandshakeLog,
    settings: &SftpSettings,
    key: Option<PrivateKey>,
    limit: Duration,
) -> Result<(), SftpProblem> {
    let mut sign_in = SignIn {
        handle,
        log,
        settings,
        key,
        place: settings.host.to_string(),
        tried: Vec::new(),
        accepted: Vec::new(),
        methods: Vec::new(),
        notice: String::new(),
        unanswered: None,
    };
    match timeout(limit, sign_in.all_steps()).await {
        Ok(done) => done,
        Err(_) => Err(sign_in.silent(limit)),
    }
}

impl SignIn<'_> {
    async fn all_steps(&mut self) -> Result<(), SftpProblem> {
        let mut step = SignInStep::None;
        loop {
            self.tried.push(step);
            let Ok(result) = self.attempt(step).await else { return Err(self.ended()) };
            match result {
                AuthResult::Success => return Ok(()),
                AuthResult::Failure { remaining_methods, partial_success } => {
                    if partial_success {
                        self.accepted.push(step);
                    }
                    self.methods = remaining_methods.to_vec();
                }
            }
            match self.next_step() {
                Some(_) if self.unanswered.is_some() => return Err(self.refused()),
                Some(next) => step = next,
                // The library disconnects once no known method is left.
                None if self.methods.is_empty() && self.is_ended().await => return Err(self.ended()),
                None => return Err(self.refused()),
            }
        }
    }

    /// Next method that the server offers and the settings allow.
    fn next_step(&self) -> Option<SignInStep> {
        let is_new = |step: SignInStep| !self.tried.contains(&step);
        let takes = |method: MethodKind| self.methods.contains(&method);
        let has_password = self.settings.credentials.password.is_some();
        if is_new(SignInStep::Key) && self.key.is_some() && takes(MethodKind::PublicKey) {
            return Some(SignInStep::Key);
        }
        if is_new(SignInStep::Password) && has_password && takes(MethodKind::Password) {
            return Some(SignInStep::Password);
        }
        // Do not send a refused password again by questions while the password method is still offered.
        let password_is_refused = self.tried.contains(&SignInStep::Password)
            && !self.accepted.contains(&SignInStep::Password)
            && takes(MethodKind::Password);
        let may_answer = has_password || !self.accepted.is_empty();
        let asks = is_new(SignInStep::Questions) && takes(MethodKind::KeyboardInteractive);
        (asks && may_answer && !password_is_refused).then_some(SignInStep::Questions)
    }

    async fn attempt(&mut self, step: SignInStep) -> Result<AuthResult, russh::Error> {
        let user = &self.settings.user;
        match (step, &self.key, &self.settings.credentials.password) {
            (SignInStep::Key, Some(key), _) => {
                let hash = match key.algorithm() {
                    Algorithm::Rsa { .. } => {
                        self.handle.best_supported_rsa_hash().await?.flatten().or(Some(HashAlg::Sha512))
                    }
                    _ => None,
                };
                let key = PrivateKeyWithHashAlg::new(Arc::new(key.clone()), hash);
                self.handle.authenticate_publickey(user, key).await
            }
            (SignInStep::Password, _, Some(password)) => {
                self.handle.authenticate_password(user, password.expose()).await
            }
            (SignInStep::Questions, ..) => self.answer_questions().await,
            _ => self.handle.authenticate_none(user).await,
        }
    }

    /// Answers the server's questions about user and password; stops at any other question.
    async fn answer_questions(&mut self) -> Result<AuthResult, russh::Error> {
        use KeyboardInteractiveAuthResponse as Response;
        let mut password_is_sent = false;
        let mut response =
            self.handle.authenticate_keyboard_interactive_start(self.settings.user.as_str(), None).await?;
        for _ in 0..MOST_ROUNDS {
            let prompts = match response {
                Response::Success => return Ok(AuthResult::Success),
                Response::Failure { remaining_methods, partial_success } => {
                    return Ok(AuthResult::Failure { remaining_methods, partial_success });
                }
                Response::InfoRequest { name, instructions, prompts } => {
                    let notice = [name, instructions].join(" ");
                    if !notice.trim().is_empty() {
                        self.notice = notice;
                    }
                    prompts
                }
            };
            let Some(answers) = self.answers(&prompts, &mut password_is_sent) else { break };
            response = self.handle.authenticate_keyboard_interactive_respond(answers).await?;
        }
        if !password_is_sent && self.unanswered.is_none() {
            self.unanswered = Some(Unanswered::NoticesOnly);
        }
        Ok(AuthResult::Failure { remaining_methods: self.methods.as_slice().into(), partial_success: false })
    }

    /// Answers to a round of questions; `None`, with the reason recorded, if one has no answer.
    fn answers(&mut self, prompts: &[Prompt], password_is_sent: &mut bool) -> Option<Vec<String>> {
        let was_sent = *password_is_sent;
        let mut answers = Vec::new();
        for prompt in prompts {
            let is_only = prompts.len() == 1 && !was_sent;
            let password = self.settings.credentials.password.as_ref();
            answers.push(match (answer(&prompt.prompt, prompt.echo, is_only), password) {
                (AskedFor::User, _) => self.settings.user.clone(),
                // A repeated question means that the password was wrong.
                (AskedFor::Password, Some(_)) if was_sent => return None,
                (AskedFor::Password, Some(password)) => {
                    *password_is_sent = true;
                    password.expose().to_owned()
                }
                (AskedFor::NewPassword, _) => {
                    self.unanswered = Some(Unanswered::NewPassword(prompt.prompt.clone()));
                    return None;
                }
                (AskedFor::Password | AskedFor::Unknown, _) => {
                    self.unanswered = Some(Unanswered::Other(prompt.prompt.clone()));
                    return None;
                }
            });
        }
        Some(answers)
    }

    /// True if the connection has ended; waits up to 0.2 s for that.
    async fn is_ended(&self) -> bool {
        for _ in 0..20 {
            if self.handle.is_closed() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        false
    }

    fn problem(&self, message: impl Display, mend: impl Into<String>) -> SftpProblem {
        let facts = self.log.facts();
        let notices = [("its notice", &self.notice), ("its banner", &facts.banner)];
        let shown: String = notices
            .iter()
            .map(|(name, text)| (name, self.shown(text)))
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| format!("; {name}: {text}"))
            .collect();
        SftpProblem::new(SftpProblemKind::SignIn, &self.place, format!("{message}{shown}"), mend)
    }

    /// Server text for display. Secrets are removed before cutting.
    fn shown(&self, text: &str) -> String {
        clean(&self.settings.secrets.taken_out_of(text))
    }

    /// Problem of a connection that ended during sign-in.
    fn ended(&self) -> SftpProblem {
        let user = &self.settings.user;
        let facts = self.log.facts();
        if facts.knows_no_method {
            return self.refused();
        }
        let Some((code, text)) = facts.disconnected else {
            if self.tried.len() > 1 {
                let mend = "the account may be locked, or there were too many attempts; ask who runs it".to_owned();
                return self.problem(format!("the server ended the connection while {user} signed in"), mend);
            }
            return SftpProblem::cut(format!("{}: signing in", self.place));
        };
        let text = match self.shown(&text) {
            text if text.is_empty() => String::new(),
            text => format!("{text}, "),
        };
        let message = format!("the server ended the connection while {user} signed in ({text}reason {code})");
        if code == TOO_MANY_CONNECTIONS {
            let mend = "try again later";
            return SftpProblem::new(SftpProblemKind::Cut, &self.place, message, mend);
        }
        let mend = if text.to_ascii_lowercase().contains("too many") {
            format!(
                "the server counts each method that is tried; leave only the right one of {0}_PRIVATE_KEY and \
                 {0}_PASSWORD set, and check it",
                self.prefix()
            )
        } else {
            "the account may be locked, or not be allowed from here; ask who runs it".to_owned()
        };
        self.problem(message, mend)
    }

    fn prefix(&self) -> &'static str {
        self.settings.host.side.prefix()
    }

    /// Problem of a sign-in without an answer in time.
    fn silent(&self, limit: Duration) -> SftpProblem {
        let seconds = limit.as_secs_f64();
        match self.tried.last() {
            Some(SignInStep::Password) => {
                let message = format!("no answer to the password of {} within {seconds} s", self.settings.user);
                let mend = "the password may have expired: some servers ask for a new one in a way that this program does \
                            not know; sign in by another SSH client once, or ask who runs it";
                self.problem(message, mend)
            }
            _ => SftpProblem::silent(format!("{}: signing in", self.place), limit),
        }
    }

    /// Problem of a sign-in that the server refused.
    fn refused(&self) -> SftpProblem {
        let prefix = self.prefix();
        match &self.unanswered {
            Some(Unanswered::NewPassword(prompt)) => {
                return self.problem(
                    format!("the password has expired; the server asks for a new one: {}", self.shown(prompt)),
                    format!("change it by another SSH client, or ask who runs it, and set {prefix}_PASSWORD"),
                );
            }
            Some(Unanswered::Other(prompt)) => {
                return self.problem(
                    format!("the server asks for more than user and password: {}", self.shown(prompt)),
                    "this program answers questions for user and password only; ask who runs it for a user without such \
                     a step",
                );
            }
            Some(Unanswered::NoticesOnly) => {
                return self.problem(
                    "the server goes on sending notices and asks for no password",
                    "ask who runs it what this user must do first",
                );
            }
            None => {}
        }
        if self.methods.is_empty() && self.accepted.is_empty() {
            return self.problem(
                "the server offers no way to sign in that this program knows",
                "ask who runs it to allow a password or a private key",
            );
        }
        if self.accepted.is_empty() { self.nothing_accepted() } else { self.partly_accepted() }
    }

    /// Methods that the server offers, for messages.
    fn wanted(&self) -> String {
        let names: Vec<&str> = self.methods.iter().map(<&str>::from).collect();
        if names.is_empty() { "a method that this program does not know".to_owned() } else { names.join(" or ") }
    }

    /// Refused credentials, in order of the attempts.
    fn refused_steps(&self) -> Vec<&'static str> {
        let refused = self.tried.iter().filter(|step| **step != SignInStep::None && !self.accepted.contains(step));
        let mut names: Vec<&str> = refused.map(|step| step.name()).collect();
        names.dedup();
        names
    }

    /// Problem of a sign-in whose first step was accepted and whose further step is missing or refused.
    fn partly_accepted(&self) -> SftpProblem {
        let prefix = self.prefix();
        let accepted: Vec<&str> = self.accepted.iter().map(|step| step.name()).collect();
        let accepted = accepted.join(" and the ");
        if let Some(refused) = self.refused_steps().last() {
            let setting = if *refused == "password" { "PASSWORD" } else { "PRIVATE_KEY" };
            return self.problem(
                format!("the server accepts the {accepted} of {} and not the {refused}", self.settings.user),
                format!("check {prefix}_{setting}"),
            );
        }
        let takes = |method: MethodKind| self.methods.contains(&method);
        let wants_password = takes(MethodKind::Password) || takes(MethodKind::KeyboardInteractive);
        let mend = if wants_password && self.settings.credentials.password.is_none() {
            format!("set {prefix}_PASSWORD, too")
        } else if takes(MethodKind::PublicKey) && self.key.is_none() {
            format!("set {prefix}_PRIVATE_KEY, too")
        } else {
            "this program knows no such step; ask who runs it for a user without it".to_owned()
        };
        self.problem(
            format!("the server accepts the {accepted} and wants a further step to sign in ({})", self.wanted()),
            mend,
        )
    }

    fn nothing_accepted(&self) -> SftpProblem {
        let prefix = self.prefix();
        let user = &self.settings.user;
        let wanted = self.wanted();
        match self.refused_steps()[..] {
            [] if self.key.is_none() => self.problem(
                format!("the server takes no password from {user}, only {wanted}"),
                format!("set {prefix}_PRIVATE_KEY, or check {prefix}_USER"),
            ),
            [] if self.settings.credentials.password.is_none() => self.problem(
                format!("the server takes no private key from {user}, only {wanted}"),
                format!("set {prefix}_PASSWORD, or check {prefix}_USER"),
            ),
            [] => self.problem(
                format!("the server takes neither a private key nor a password from {user}, only {wanted}"),
                format!("ask who runs it, or check {prefix}_USER"),
            ),
            [one] => {
                let is_key = one == SignInStep::Key.name();
                let setting = if is_key { "PRIVATE_KEY" } else { "PASSWORD" };
                let or_password = if is_key && self.methods.contains(&MethodKind::Password) {
                    format!(", or set {prefix}_PASSWORD instead")
                } else {
                    String::new()
                };
                self.problem(
                    format!("the server does not accept user {user} with this {one}"),
                    format!("check {prefix}_USER and {prefix}_{setting}{or_password}"),
                )
            }
            _ => self.problem(
                format!("the server accepts user {user} neither with this private key nor with this password"),
                format!("check {prefix}_USER, {prefix}_PRIVATE_KEY and {prefix}_PASSWORD"),
            ),
        }
    }
}
