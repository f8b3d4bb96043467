//! The place of a run's file of details: it must be no file of a feed, and no input.

use std::path::{Path, PathBuf};

use btcfake_core::breakage::{BreakList, broken_names};
use btcfake_core::run::feed_names::FeedNames;

use crate::feed::loaded_file::LoadedFile;
use crate::files::file_set::is_set_name;
use crate::terminal::console::shown_path;
use crate::terminal::failure::Failure;

/// Checks that the file of `--details` is no input or output of these runs, each with its folder, and that it does not
/// have the name of a feed's file, which could be another run's.
///
/// # Errors
/// `Usage` if it is such a file.
pub(crate) fn refuse_details_over(
    details: &Path,
    files: &[LoadedFile],
    runs: &[(impl AsRef<Path>, FeedNames)],
    breaks: &BreakList,
) -> Result<(), Failure> {
    let target = link_target(details);
    let has_set_name = |path: &Path| path.file_name().and_then(|name| name.to_str()).is_some_and(is_set_name);
    if [details, target.as_path()].into_iter().any(has_set_name) {
        return Err(Failure::Usage(format!(
            "--details {}: that is the name of a feed's file; choose another one, such as details.jsonl",
            shown_path(details)
        )));
    }
    let outputs = runs.iter().flat_map(|(folder, names)| {
        let names = broken_names(names, breaks).into_iter().chain([names.run.clone()]);
        names.map(|name| folder.as_ref().join(name)).collect::<Vec<_>>()
    });
    let place = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    let mut taken = files.iter().filter_map(LoadedFile::path).map(Path::to_owned).chain(outputs);
    if taken.any(|path| place(&path) == place(&target)) {
        return Err(Failure::Usage(format!("--details {}: that is a file of the run itself", shown_path(details))));
    }
    Ok(())
}

/// Target of a path through all links, whether it exists or not; a path that is no link is its own target.
fn link_target(path: &Path) -> PathBuf {
    /// Maximum number of links: more than any system follows.
    const MOST_LINKS: usize = 40;
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = target.read_link() else { break };
        target = target.parent().unwrap_or(Path::new("")).join(next);
    }
    target
}
