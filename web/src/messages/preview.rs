//! What the page and the preview's worker say to each other. That is a worker of its own, so that a run does not hold up
//! the charts that follow the sliders.

use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::charts::Chart;
use btcfake_core::report::explain::Section;
use btcfake_core::report::figures::{Bar, Headlines};
use serde::{Deserialize, Serialize};

use super::pick::Pick;

/// What the page says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToPreview {
    /// Read the inputs of a run. Attached: the files, in the order of the picks.
    Open {
        /// The number of the inputs; the answer names it.
        inputs: u32,
        /// The settings of the run; their mix does not matter.
        settings: Settings,
        /// Which picks the attached files are.
        picks: Vec<Pick>,
    },
    /// Count the figures of a mix.
    Count {
        /// The inputs.
        inputs: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The mix; nothing for the types of the employees as they are.
        mix: Option<Mix>,
    },
    /// Tell who stands behind a bar.
    Behind {
        /// The inputs.
        inputs: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The mix; nothing for the types of the employees as they are.
        mix: Option<Mix>,
        /// The bar.
        bar: Bar,
        /// Which page of employees, from 0.
        page: usize,
    },
    /// Explain the rows of one employee.
    Explain {
        /// The inputs.
        inputs: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The mix; nothing for the types of the employees as they are.
        mix: Option<Mix>,
        /// The employee's id.
        employee: u64,
    },
}

/// What the preview's worker says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum FromPreview {
    /// Inputs were read, or why there are none.
    Opened {
        /// The number of the inputs.
        inputs: u32,
        /// How many employees they have.
        employees: Result<usize, String>,
    },
    /// The figures of a mix.
    Counted {
        /// The number of the request.
        request: u32,
        /// The figures.
        figures: MixFigures,
    },
    /// Who stands behind a bar.
    Behind {
        /// The number of the request.
        request: u32,
        /// How many employees do in all.
        employees: usize,
        /// Those of the page: id, type, what the bar counts of them, items on the list, items completed.
        rows: Vec<[String; 5]>,
    },
    /// The whole way of one employee.
    Explained {
        /// The number of the request.
        request: u32,
        /// It in words, or why there is none.
        explained: Result<Vec<Section>, String>,
    },
}

/// What a run would give with a mix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MixFigures {
    /// The counts that matter first.
    pub(crate) headlines: Headlines,
    /// The charts, with the same rows for any mix.
    pub(crate) charts: Vec<Chart>,
    /// How many employees have another type by the mix.
    pub(crate) changed: usize,
}
