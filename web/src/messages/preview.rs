//! The messages between the page and the preview's worker. It is a worker of its own, so that a run does not delay the
//! charts that follow the sliders.

use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::charts::Chart;
use btcfake_core::report::explain::Section;
use btcfake_core::report::figures::{Bar, Headlines};
use serde::{Deserialize, Serialize};

use super::pick::Pick;

/// A message from the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ToPreview {
    /// Read the inputs of a run. Attached: the files, in the order of the picks.
    Open {
        /// The number of the inputs; the answer names it.
        inputs: u32,
        /// The settings of the run; their mix is ignored.
        settings: Settings,
        /// Which picks the attached files are.
        picks: Vec<Pick>,
    },
    /// Simulate with a mix, and answer a question about that.
    Ask {
        /// The inputs.
        inputs: u32,
        /// The number of the request; the answer names it.
        request: u32,
        /// The mix; `None` for the types of the file.
        mix: Option<Mix>,
        /// The question.
        question: PreviewQuestion,
    },
}

/// A question about a run with a mix.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum PreviewQuestion {
    /// Its figures.
    Figures,
    /// The employees that a bar counts.
    Behind {
        /// The bar.
        bar: Bar,
        /// Which page of employees, from 0.
        page: usize,
    },
    /// The explanation of the rows of one employee, by id.
    Explain(u64),
}

/// A message from the preview's worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum FromPreview {
    /// The inputs were read, or could not be.
    Opened {
        /// The number of the inputs.
        inputs: u32,
        /// The number of employees, or why there are none.
        employees: Result<usize, String>,
    },
    /// The figures of a mix.
    Counted {
        /// The number of the request.
        request: u32,
        /// The figures.
        figures: MixFigures,
    },
    /// The employees that a bar counts.
    Behind {
        /// The number of the request.
        request: u32,
        /// A page of them.
        behind: Behind,
    },
    /// The explanation of one employee's rows.
    Explained {
        /// The number of the request.
        request: u32,
        /// The explanation, or why there is none.
        explained: Result<Vec<Section>, String>,
    },
}

/// A page of the employees that a bar counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Behind {
    /// The number of them on all pages.
    pub(crate) employees: usize,
    /// Those of the page: id, type, the employee's share of the bar's count, items on the list, items completed.
    pub(crate) rows: Vec<[String; 5]>,
}

/// The figures of a run with a mix.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct MixFigures {
    /// The counts that matter first.
    pub(crate) headlines: Headlines,
    /// The charts, with the same rows for any mix.
    pub(crate) charts: Vec<Chart>,
    /// The number of employees whose type the mix changes.
    pub(crate) changed: usize,
}
