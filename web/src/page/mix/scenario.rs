//! A scenario, which is a mix with a name: the ready-made ones, and those that the browser keeps.

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

/// What the mix of the sliders is called among the scenarios.
pub(crate) const THE_SLIDERS: &str = "The sliders";

/// Where the browser keeps them.
const KEY: &str = "btcfake.scenarios";

/// No name is longer, in characters.
const LONGEST_NAME: usize = 60;

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

/// What the browser kept; lines that make no sense are left out.
pub(crate) fn stored_scenarios() -> Vec<Scenario> {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).unwrap_or_default();
    text.lines().filter_map(read).collect()
}

/// Keeps them; an error if the browser does not.
pub(crate) fn store(scenarios: &[Scenario]) -> bool {
    let lines: Vec<String> = scenarios.iter().map(|one| format!("{} {}", one.mix, one.name)).collect();
    keep(KEY, &lines.join("\n"))
}

fn read(line: &str) -> Option<Scenario> {
    let (mix, name) = line.split_once(' ')?;
    Some(Scenario { name: good_name(name)?, mix: mix.parse().ok()? })
}

/// A name as it is kept, or nothing where it is none.
pub(crate) fn good_name(text: &str) -> Option<String> {
    let name: String = text.trim().chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}
