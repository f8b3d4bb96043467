//! Parsing of the command line. In refusals, invisible characters of arguments are escaped.

use std::ffi::OsString;

use btcfake_core::text::visible::{is_hidden, lookalikes, shown_whole};
use clap::Parser;

use crate::commands::cli::Cli;
use crate::terminal::console;

/// Parses a command line, including the program's name.
///
/// # Errors
/// The exit code, after printing help, version or a refusal.
pub(crate) fn read(arguments: Vec<OsString>) -> Result<Cli, u8> {
    let refused = match Cli::try_parse_from(&arguments) {
        Ok(cli) => return Ok(cli),
        Err(refused) => refused,
    };
    let exit_code = u8::try_from(refused.exit_code()).unwrap_or(2);
    if !refused.use_stderr() {
        // Help and version contain no arguments.
        console::printed(refused.print());
        return Err(exit_code);
    }
    // A refusal contains arguments between colour codes, so the arguments are escaped and parsed again.
    let shown = arguments.iter().map(|argument| shown_whole(&argument.to_string_lossy()));
    let message = match Cli::try_parse_from(shown) {
        Err(refused) if refused.use_stderr() => {
            let _ = refused.print();
            refused.to_string()
        }
        _ => {
            console::print_diagnostic(&refused.to_string());
            refused.to_string()
        }
    };
    if let Some(hidden) = hidden_unseen(&arguments, &message) {
        let point = u32::from(hidden);
        console::print_diagnostic(&format!(
            "note: the command line holds a character that cannot be seen, U+{point:04X}"
        ));
    }
    let is_named = message.contains("U+");
    if let Some(named) = lookalikes(&message).filter(|_| !is_named) {
        console::print_diagnostic(&format!("note: the command line holds {named}"));
    }
    Err(exit_code)
}

/// First invisible character of the arguments that a message does not show.
fn hidden_unseen(arguments: &[OsString], message: &str) -> Option<char> {
    let is_unseen =
        |character: &char| is_hidden(*character) && !message.contains(&character.escape_default().to_string());
    arguments.iter().skip(1).find_map(|argument| argument.to_string_lossy().chars().find(is_unseen))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_character_that_the_message_lost_is_found() {
        for (argument, message, expected) in [
            ("-\u{200b}-seed", "unexpected argument '-\\' found", Some('\u{200b}')),
            ("a\u{200b}", "invalid value 'a\\u{200b}'", None),
            ("--seed", "a value is required", None),
        ] {
            let arguments = ["btcfake", "simulate", argument].map(OsString::from);
            assert_eq!(hidden_unseen(&arguments, message), expected, "{argument:?}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_named_with_what_is_allowed() {
        let days = |most: &str| format!("is no number of days; a whole number from {most} is allowed");
        let size = "is no size of a sample; a whole number from 1 to 100,000,000 is allowed".to_owned();
        let id = "an id is digits only, from 1 to 9223372036854775807".to_owned();
        for (arguments, expected) in [
            (&["download", "--days"][..], days("0 to 36,500")),
            (&["series", "--from", "2026-01-29", "--days"], days("1 to 366")),
            (&["sample", "out", "--employees"], size.clone()),
            (&["sample", "out", "--contents"], size),
            (&["explain"], id.clone()),
            (&["recommend"], id),
        ] {
            for number in ["x", "-1", "+1", "1.5", "1 000", "1e2", "99999999999999999999", "\u{663}"] {
                let refused = Cli::try_parse_from(["btcfake"].iter().chain(arguments).chain([&number])).unwrap_err();
                let text = refused.to_string();
                assert!(text.contains(number) && text.contains(&expected), "{arguments:?} {number}: {text}");
            }
        }
    }

    #[test]
    fn nothing_is_written_to_a_folder_or_file_called_like_standard_input() {
        for (arguments, is_read) in [
            (&["sample", "-"][..], false),
            (&["sample", "./-"], true),
            (&["simulate", "--out", "-"], false),
            (&["simulate", "--out", "out"], true),
            (&["simulate", "--details", "-"], false),
            (&["simulate", "--employees", "-"], true),
            (&["replay", "a.run.json", "--out", "-"], false),
            (&["recommend", "7", "--record", "-"], false),
            (&["download", "--dest", "-"], false),
            (&["sandbox", "--dir", "-"], false),
        ] {
            let found = Cli::try_parse_from(["btcfake"].iter().chain(arguments));
            assert_eq!(found.is_ok(), is_read, "{arguments:?}");
        }
    }
}
