//! Classification of a server's questions during sign-in (RFC 4256). Their text is free, so it is searched for known
//! words.

use crate::remote::phrases::has_phrase;

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
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
pub(super) fn answer(prompt: &str, echo: bool, is_first: bool) -> Answer {
    let text = without_names(&prompt.to_lowercase());
    // Parts match inside long words, as in "Sicherheitscode"; short words must match whole.
    let has_part = |parts: &[&str]| parts.iter().any(|part| text.contains(part));
    let has_word = |words: &[&str]| words.iter().any(|word| has_phrase(&text, word));
    let asks_password =
        has_part(&["password", "passwd", "passwort", "kennwort", "mot de passe", "contraseña", "senha"]);
    if asks_password && (has_word(&["new", "nouveau", "neues"]) || has_part(&["retype"])) {
        return Answer::NewPassword;
    }
    if has_part(&["one-time", "one time", "einmal", "code", "token", "challenge", "factor", "captcha", "authenticator"])
        || has_word(&["otp", "pin", "duo"])
    {
        return Answer::Unknown;
    }
    if asks_password {
        return Answer::Password;
    }
    if echo && has_part(&["user", "login", "benutzer", "utilisateur", "usuario"]) {
        return Answer::User;
    }
    if !echo && is_first { Answer::Password } else { Answer::Unknown }
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
            ("Password: ", false, true, Answer::Password),
            ("Password: ", true, true, Answer::Password),
            ("(tester@host) Password for user tester: ", false, false, Answer::Password),
            ("Password for kbdduo@barcode01: ", false, true, Answer::Password),
            ("Password for kbdnew on new york host: ", false, true, Answer::Password),
            ("tokenuser@otp-host's password: ", false, true, Answer::Password),
            ("Sicherheitscode: ", false, true, Answer::Unknown),
            ("Duo passcode or password: ", false, true, Answer::Unknown),
            ("Enter passcode or password: ", false, true, Answer::Unknown),
            ("Your secret? ", false, true, Answer::Password),
            ("Your secret? ", false, false, Answer::Unknown),
            ("Your secret? ", true, true, Answer::Unknown),
            ("User name: ", true, false, Answer::User),
            ("login: ", true, true, Answer::User),
            ("Verification code: ", false, true, Answer::Unknown),
            ("One-time password: ", false, true, Answer::Unknown),
            ("Enter token: ", true, true, Answer::Unknown),
            ("New password: ", false, true, Answer::NewPassword),
            ("Retype new UNIX password: ", false, false, Answer::NewPassword),
            ("Current password: ", false, true, Answer::Password),
            ("Favourite colour? ", true, true, Answer::Unknown),
        ] {
            assert_eq!(answer(prompt, echo, is_first), expected, "{prompt}");
        }
    }
}
