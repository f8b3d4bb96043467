//! The view of the results, which is kept from run to run, and the figures of the run before.

use std::sync::Arc;

use btcfake_core::api::Connection;
use btcfake_core::run::tally::Tally;
use leptos::prelude::*;

use crate::messages::{FeedRows, Table};
use crate::page::components::checkbox;

/// The indexes of the tabs.
pub(crate) const OVERVIEW: usize = 1;
pub(crate) const EMPLOYEES: usize = 2;
pub(crate) const DETAILS: usize = 3;

/// The view of the results. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct ResultsView {
    /// The index of the tab in view.
    pub(crate) tab: RwSignal<usize>,
    /// The table in view in the tab "Employees".
    pub(crate) table: RwSignal<Table>,
    /// The file in view in the tab "Files", by its index in the outcome.
    pub(crate) file: RwSignal<usize>,
    /// The text that is searched in it.
    pub(crate) search: RwSignal<String>,
    /// Whether contents are shown by their French names, if a catalog has one.
    pub(crate) is_french: RwSignal<bool>,
    /// Its rows.
    pub(crate) rows: RwSignal<RowsState>,
    /// The headline figures of the run before.
    pub(crate) before: RwSignal<Option<Headline>>,
    /// The live sources that the run of the next day still waits for.
    pub(crate) awaited: RwSignal<Vec<Connection>>,
    /// The number of the last run that was downloaded or published; 0 for none.
    pub(crate) saved: RwSignal<u32>,
}

/// Rows of a file.
#[derive(Clone, Default)]
pub(crate) struct RowsState {
    /// The number of the open request.
    pub(crate) waiting: Option<u32>,
    /// The last answer: rows, or why there are none.
    pub(crate) rows: Option<Result<Arc<FeedRows>, String>>,
}

/// The headline figures of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Headline {
    /// Trainings completed.
    pub(crate) completed: u64,
    /// Assignments that are open after the run.
    pub(crate) still_open: u64,
    /// Daily Doses assigned.
    pub(crate) doses: u64,
    /// Recommendations completed.
    pub(crate) recommended: u64,
}

impl ResultsView {
    /// Nothing was run yet.
    pub(crate) fn new() -> ResultsView {
        ResultsView {
            tab: RwSignal::new(OVERVIEW),
            table: RwSignal::new(Table::Completed),
            file: RwSignal::new(0),
            search: RwSignal::new(String::new()),
            is_french: RwSignal::new(false),
            rows: RwSignal::new(RowsState::default()),
            before: RwSignal::new(None),
            awaited: RwSignal::new(Vec::new()),
            saved: RwSignal::new(0),
        }
    }

    /// The checkbox that switches contents to their French names.
    pub(crate) fn french_switch(self, id: &'static str) -> AnyView {
        let is_french = self.is_french;
        checkbox(id, "French names".to_owned(), move || is_french.get(), move |is_ticked| is_french.set(is_ticked))
    }

    /// Takes rows over if they answer the open request.
    pub(crate) fn take_rows(self, request: u32, rows: Result<FeedRows, String>) {
        if self.rows.with_untracked(|state| state.waiting == Some(request)) {
            self.rows.set(RowsState { waiting: None, rows: Some(rows.map(Arc::new)) });
        }
    }
}

impl Headline {
    /// The figures by the counts of a run.
    pub(crate) fn of(tally: &Tally) -> Headline {
        Headline {
            completed: tally.completions_manager.total() + tally.completions_ai.total(),
            still_open: tally.open_left + tally.new_left,
            doses: tally.new_daily_doses,
            recommended: tally.completions_ai.total(),
        }
    }

    /// The figures by the lines of a summary in the history, such as `Completions: From recommendations` with `1,204 (completes
    /// all 1,104, one 100)`. `None` if a line is missing.
    pub(crate) fn of_summary<'l>(lines: impl Iterator<Item = (&'l str, &'l str)> + Clone) -> Option<Headline> {
        let number = |wanted: &str| -> Option<u64> {
            let (_, value) = lines.clone().find(|(label, _)| *label == wanted)?;
            // Thousands are separated as in the locale of that run.
            let number = value.split([' ', '(']).next()?;
            number.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
        };
        let recommended = number("Completions: From recommendations")?;
        Some(Headline {
            completed: number("Completions: From the manager")? + recommended,
            still_open: number("Assignments: Still open: from before")? + number("Assignments: Still open: new")?,
            doses: number("Assignments: Daily Doses given")?,
            recommended,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_has_the_figures() {
        let lines = [
            ("Assignments: Daily Doses given", "5,310 for 1,770 employees"),
            ("Assignments: Still open: from before", "1,190"),
            ("Assignments: Still open: new", "879"),
            ("Completions: From the manager", "3,407 (completes all 3,000, one 407)"),
            ("Completions: From recommendations", "1\u{202f}204 (completes all 1\u{202f}204, one 0)"),
        ];
        let found = Headline::of_summary(lines.iter().copied());
        assert_eq!(found, Some(Headline { completed: 4_611, still_open: 2_069, doses: 5_310, recommended: 1_204 }));
        assert_eq!(Headline::of_summary(lines[1..].iter().copied()), None);
    }
}
