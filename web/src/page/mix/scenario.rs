//! Scenarios, which are mixes with names: the ready-made ones, and those that the browser keeps.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::plan::mix::Mix;

use crate::page::storage::{keep, storage};

/// A mix with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Scenario {
    /// Its name: one line, not empty.
    pub(crate) name: String,
    /// Its mix.
    pub(crate) mix: Mix,
}

/// The name of the sliders' mix among the scenarios.
pub(crate) const THE_SLIDERS: &str = "The sliders";

/// The key in the local storage.
const KEY: &str = "btcfake.scenarios";

/// The longest name in characters.
pub(crate) const LONGEST_NAME: usize = 60;

/// The scenarios that are always there.
pub(crate) fn ready_made() -> [Scenario; 3] {
    let scenario = |name: &str, mix: Mix| Scenario { name: name.to_owned(), mix };
    let everyone = |kind| Mix::USUAL.with_share(kind, Mix::WHOLE);
    [
        scenario("A usual store", Mix::USUAL),
        scenario("Everyone engaged", everyone(EmployeeType::A)),
        scenario("Nobody completes", everyone(EmployeeType::F)),
    ]
}

/// The scenarios that the browser kept; lines that cannot be read are left out.
pub(crate) fn stored_scenarios() -> Vec<Scenario> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
    text.lines().filter_map(read).collect()
}

/// Keeps the scenarios; returns whether the browser did.
pub(crate) fn store(scenarios: &[Scenario]) -> bool {
    let lines: Vec<String> = scenarios.iter().map(|one| format!("{} {}", one.mix, one.name)).collect();
    keep(KEY, &lines.join("\n"))
}

fn read(line: &str) -> Option<Scenario> {
    let (mix, name) = line.split_once(' ')?;
    Some(Scenario { name: good_name(name)?, mix: mix.parse().ok()? })
}

/// A name as it is kept: trimmed, without control characters, cut to [`LONGEST_NAME`]; `None` if nothing is left.
pub(crate) fn good_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}
