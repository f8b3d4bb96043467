//! What a server's question asks for while a user signs in (RFC 4256): its text is free, so its words decide.

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The user's name.
    User,
    /// The password.
    Password,
    /// A new password in place of one that has expired.
    NewPassword,
    /// Something else, such as a code.
    Unknown,
}

/// What a question asks for. `echo`: whether the answer may be seen while it is typed. `is_first`: it is the only question
/// and the first one; then a hidden answer is the password unless the words show something else.
pub(super) fn answer(prompt: &str, echo: bool, is_first: bool) -> Answer {
    let text = prompt.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let asks_password = has(&["password", "passwd", "passwort", "kennwort", "mot de passe", "contraseña", "senha"]);
    if asks_password && has(&["new ", "retype", "nouveau", "neues"]) {
        return Answer::NewPassword;
    }
    if has(&["one-time", "one time", "otp", "code", "token", "challenge", "factor", "pin:", "duo", "captcha"]) {
        return Answer::Unknown;
    }
    if asks_password {
        return Answer::Password;
    }
    if echo && has(&["user", "login", "benutzer", "utilisateur", "usuario"]) {
        return Answer::User;
    }
    if !echo && is_first { Answer::Password } else { Answer::Unknown }
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
