//! Standard input in place of a file, named `-`. It can be read once, so only one option may name it.

use std::path::Path;

use crate::files::reading::read_standard_input;
use crate::terminal::failure::{Failure, FileResult};

/// Name used in messages and in the run file.
pub(crate) const NAME: &str = "standard input";

/// True for `-`. A file of that name is given as `./-`.
pub(crate) fn is_named_by(argument: &Path) -> bool {
    argument == Path::new("-")
}

/// Reads standard input to its end.
///
/// # Errors
/// A failed read, a request to end, or more bytes than [`reading`](crate::files::reading) allows.
pub(crate) fn read() -> Result<Vec<u8>, Failure> {
    read_standard_input().of_file(Path::new(NAME), "read")
}

/// Checks that at most one argument is `-`. Each argument comes with its option's name.
///
/// # Errors
/// `Usage` if several are.
pub(crate) fn refuse_twice<'a>(arguments: impl IntoIterator<Item = (&'static str, &'a Path)>) -> Result<(), Failure> {
    let mut named = arguments.into_iter().filter(|(_, argument)| is_named_by(argument)).map(|(called, _)| called);
    match (named.next(), named.next()) {
        (Some(first), Some(second)) => {
            let where_else = if first == second { String::new() } else { format!(" and {second} -") };
            Err(Failure::Usage(format!(
                "{first} -{where_else}: {NAME} can be read once only; let one - stand, and name a file in place of each \
                 other"
            )))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_argument_alone_can_name_it() {
        let check = |arguments: &[(&'static str, &str)]| {
            refuse_twice(arguments.iter().map(|(called, argument)| (*called, Path::new(*argument)))).is_ok()
        };
        assert!(check(&[]) && check(&[("--a", "-")]) && check(&[("--a", "-"), ("--b", "./-"), ("--c", "--")]));
        assert!(!check(&[("--a", "-"), ("--b", "x"), ("--c", "-")]));
    }
}
