//! The names of a recipe's parts, and placeholder values.

use crate::format::input_role::InputRole;

/// The format version, the only one so far.
pub(super) const FORMAT: &str = "1";

pub(super) const RECIPE: &str = "recipe";
pub(super) const VERSION: &str = "version";
pub(super) const NOW: &str = "now";
pub(super) const SEED: &str = "seed";
pub(super) const TIME_ZONE: &str = "timezone";
pub(super) const MARK: &str = "bom";
pub(super) const REQUEST_ID: &str = "request-id";
pub(super) const SKIP_BAD_ROWS: &str = "skip-bad-rows";
pub(super) const MIX: &str = "mix";
pub(super) const NEW_POPULATION: &str = "new-population";
pub(super) const IDS: &str = "ids";
pub(super) const BREAK: &str = "break";

pub(super) const YES: &str = "yes";
pub(super) const NO: &str = "no";
pub(super) const NUMERIC: &str = "numeric";
pub(super) const FAKE_DAY: &str = "fake-day";

/// The placeholder for the name of a built-in file. It cannot be a real name, whose brackets would be percent-encoded.
pub(super) const BUILT_IN: &str = "(built-in)";

/// The placeholder for the name of the new population's file.
pub(super) const MADE_UP: &str = "(made-up)";

/// The names of all parts of a recipe. A file has the name of its role.
pub(super) fn known_parts() -> impl Iterator<Item = &'static str> {
    let settings =
        [RECIPE, VERSION, NOW, SEED, TIME_ZONE, MARK, REQUEST_ID, SKIP_BAD_ROWS, MIX, NEW_POPULATION, IDS, BREAK];
    settings.into_iter().chain(InputRole::ALL.into_iter().map(InputRole::name))
}
