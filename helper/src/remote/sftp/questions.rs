//! Classification of a server's questions during sign-in (RFC 4256). Their text is free, so it is searched for known
//! words.

use crate::remote::phrases::has_phrase;

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AskedFor {
    /// The user's name.
    User,
    /// The password.
    Password,
    /// A new password to replace an expired one.
    NewPassword,
    /// Something else, such as a code.
    Unknown,
}

/// Classifies a question. `echo`: the answer is visible while typed. `is_first`: the question is the only one and the
/// first; a hidden answer is then the password unless the text shows otherwise.
pub(super) fn answer(prompt: &str, echo: bool, is_first: bool) -> AskedFor {
    let text = without_names(&prompt.to_lowercase());
    // Parts match inside long words, as in "Sicherheitscode"; short words must match whole.
    let has_part = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let has_word = |words: &[&str]| words.iter().any(|word| has_phrase(&text, word));
    let asks_password =
        has_part(&["password", "passwd", "passwort", "kennwort", "mot de passe", "contraseña", "senha"]);
    if asks_password && (has_word(&["new", "nouveau", "neues"]) || has_part(&["retype"])) {
        return AskedFor::NewPassword;
    }
    if has_part(&["one-time", "one time", "einmal", "code", "token", "challenge", "factor", "captcha", "authenticator"])
        || has_word(&["otp", "pin", "duo"])
    {
        return AskedFor::Unknown;
    }
    if asks_password {
        return AskedFor::Password;
    }
    if echo && has_part(&["user", "login", "benutzer", "utilisateur", "usuario"]) {
        return AskedFor::User;
    }
    if !echo && is_first { AskedFor::Password } else { AskedFor::Unknown }
}

/// Removes names of users and hosts from a question: words with `@`, and everything after `for`.
fn without_names(text: &str) -> String {
    let words = text.split_whitespace().take_while(|word| !["for", "für", "pour", "para"].contains(word));
    words.filter(|word| !word.contains('@')).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_question_decide() {
        for (prompt, echo, is_first, expected) in [
            ("Password: ", false, true, AskedFor::Password),
            ("Password: ", true, true, AskedFor::Password),
            ("(tester@host) Password for user tester: ", false, false, AskedFor::Password),
            ("Password for kbdduo@barcode01: ", false, true, AskedFor::Password),
            ("Password for kbdnew on new york host: ", false, true, AskedFor::Password),
            ("tokenuser@otp-host's password: ", false, true, AskedFor::Password),
            ("Sicherheitscode: ", false, true, AskedFor::Unknown),
            ("Duo passcode or password: ", false, true, AskedFor::Unknown),
            ("Enter passcode or password: ", false, true, AskedFor::Unknown),
            ("Your secret? ", false, true, AskedFor::Password),
            ("Your secret? ", false, false, AskedFor::Unknown),
            ("Your secret? ", true, true, AskedFor::Unknown),
            ("User name: ", true, false, AskedFor::User),
            ("login: ", true, true, AskedFor::User),
            ("Verification code: ", false, true, AskedFor::Unknown),
            ("One-time password: ", false, true, AskedFor::Unknown),
            ("Enter token: ", true, true, AskedFor::Unknown),
            ("New password: ", false, true, AskedFor::NewPassword),
            ("Retype new UNIX password: ", false, false, AskedFor::NewPassword),
            ("Current password: ", false, true, AskedFor::Password),
            ("Favourite colour? ", true, true, AskedFor::Unknown),
        ] {
            assert_eq!(answer(prompt, echo, is_first), expected, "{prompt}");
        }
    }
}
