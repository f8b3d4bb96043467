//! `btcfake shell-completion`: what bash offers at the Tab key.

#![allow(clippy::unwrap_used)]

use std::process::Command;

use btcfake_tests::command_line::Folder;

/// The words that bash offers for the last word of a line, given the printed script.
fn offered(script: &str, line: &[&str]) -> Vec<String> {
    let words: Vec<String> = line.iter().map(|word| format!("'{word}'")).collect();
    let [word, before] = [1, 2].map(|from_end| line[line.len() - from_end]);
    let test = format!(
        "{script}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_btcfake btcfake '{word}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
        words.join(" "),
        line.len() - 1,
    );
    let output = Command::new("bash").args(["--norc", "-c", &test]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_options_and_their_values() {
    let folder = Folder::new();
    let script = folder.run(&["shell-completion", "bash"]).exits(0).stdout;
    for (line, expected) in [
        (&["btcfake", "sim"][..], &["simulate"][..]),
        (&["btcfake", "re"], &["replay", "recipe", "recommend"]),
        (&["btcfake", "simulate", "--req"], &["--request-id"]),
        (&["btcfake", "simulate", "--request-id", ""], &["numeric", "fake-day"]),
        (&["btcfake", "trust", "in"], &["inbound"]),
        (&["btcfake", "shell-completion", "z"], &["zsh"]),
    ] {
        let mut found = offered(&script, line);
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{line:?}");
    }
}

#[test]
fn other_shells_have_a_script_and_unknown_ones_are_listed() {
    let folder = Folder::new();
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        let script = folder.run(&["shell-completion", shell]).exits(0).stdout;
        assert!(script.contains("skip-bad-rows"), "{shell}");
    }
    let refused = folder.run(&["shell-completion", "csh"]).exits(2);
    assert!(refused.stderr.contains("bash, elvish, fish, powershell, zsh"), "{}", refused.stderr);
}
