//! Private key for signing in, read from its file.

use russh::keys::PrivateKey;

use super::problem::{SftpProblem, SftpProblemKind};
use crate::configuration::PrivateKeyFile;
use crate::files::reading::read_found;
use crate::terminal::console::shown_path;

/// Reads a private key.
///
/// # Errors
/// `PrivateKey`: a file that cannot be read, or that holds no supported private key under this passphrase.
pub(super) async fn load(prefix: &str, key: &PrivateKeyFile) -> Result<PrivateKey, SftpProblem> {
    let PrivateKeyFile { file, passphrase } = key.clone();
    let place = format!("{prefix}_PRIVATE_KEY {}", shown_path(&file));
    let problem = |message: String, mend: String| SftpProblem::new(SftpProblemKind::PrivateKey, &place, message, mend);
    let text = match read_found(&file) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            return Err(problem(format!("cannot read it: {error}"), "check the path and who may read it".into()));
        }
    };
    if text.starts_with("ssh-") || text.starts_with("ecdsa-") || text.contains("BEGIN SSH2 PUBLIC KEY") {
        return Err(problem("this is the public half of a key".into(), "name the private one, without .pub".into()));
    }
    // There are older formats than OpenSSH's own; not all of them can be read.
    let is_older = text.contains("PRIVATE KEY-----") && !text.contains("BEGIN OPENSSH PRIVATE KEY");
    let is_encrypted = text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED");
    let rewrite =
        format!("`ssh-keygen -p -f {}` rewrites it in OpenSSH's own form, which can be read", shown_path(&file));
    let secret = passphrase.clone();
    // Deriving a key from a passphrase is slow.
    let decoded = tokio::task::spawn_blocking(move || {
        russh::keys::decode_secret_key(&text, secret.as_ref().map(crate::configuration::secret::Secret::expose))
    });
    match decoded.await {
        Ok(Ok(key)) => Ok(key),
        Ok(Err(error))
            if passphrase.is_none() && (is_encrypted || matches!(error, russh::keys::Error::KeyIsEncrypted)) =>
        {
            Err(problem("the key has a passphrase".into(), format!("set {prefix}_PRIVATE_KEY_PASSPHRASE")))
        }
        Ok(Err(_)) if passphrase.is_some() && is_encrypted => Err(problem(
            "the key cannot be read: the passphrase is wrong, or the key's form is none that can be read".into(),
            format!("check {prefix}_PRIVATE_KEY_PASSPHRASE; if it is right, {rewrite}"),
        )),
        Ok(Err(_)) if is_older => Err(problem("the key's form is none that can be read".into(), rewrite)),
        Ok(Err(_)) if passphrase.is_some() => Err(problem(
            "the key cannot be read with this passphrase".into(),
            format!("check {prefix}_PRIVATE_KEY_PASSPHRASE"),
        )),
        _ => Err(problem(
            "this is no private key that can be used".into(),
            "ed25519, ecdsa and rsa keys as ssh-keygen writes them can".into(),
        )),
    }
}
