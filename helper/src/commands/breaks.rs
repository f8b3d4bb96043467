//! `btcfake breaks`: lists the faults and presets that `--break` takes.

use btcfake_core::breakage::{Fault, FaultGroup, Preset};
use clap::Args;
use serde_json::{Value, json};

use crate::terminal::console;

/// Options of `breaks`.
#[derive(Debug, Args)]
pub(crate) struct BreaksArguments {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &BreaksArguments) {
    if arguments.json {
        console::print_json(&as_json());
    } else {
        console::print(&as_text());
    }
}

fn as_text() -> String {
    let mut text = String::new();
    for group in FaultGroup::ALL {
        text.push_str(&format!("{}\n", group.title()));
        for fault in group.faults() {
            let rows = if fault.is_of_rows() { "[=N]" } else { "" };
            let name = format!("{}{rows}", fault.name());
            text.push_str(&format!("  {name:<28} {}. {}\n", fault.title(), fault.sentence()));
            text.push_str(&format!("  {:<28} in {}; batch job: {}\n", "", files(fault).join(", "), fault.batch_job()));
        }
    }
    text.push_str("Presets\n");
    for preset in Preset::ALL {
        text.push_str(&format!("  {:<28} {}. {}\n", preset.name, preset.title, preset.sentence));
        text.push_str(&format!("  {:<28} {}\n", "", preset.list));
    }
    text
}

fn as_json() -> Value {
    let fault = |fault: Fault| {
        json!({
            "kind": fault.name(),
            "title": fault.title(),
            "group": fault.group(),
            "sentence": fault.sentence(),
            "batch_job": fault.batch_job(),
            "files": files(fault),
            "takes_rows": fault.is_of_rows(),
        })
    };
    let preset = |preset: Preset| json!({ "name": preset.name, "title": preset.title, "sentence": preset.sentence, "list": preset.list });
    let faults = FaultGroup::ALL.iter().flat_map(|group| group.faults()).map(fault);
    json!({ "faults": faults.collect::<Vec<_>>(), "presets": Preset::ALL.map(preset) })
}

fn files(fault: Fault) -> Vec<&'static str> {
    fault.files().iter().map(|file| file.name()).collect()
}
