//! The state of the page as signals of plain values. Actions of people change it in `actions`, messages of the worker in
//! `answers`. The views follow the signals.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::report::figures::Bar;
use leptos::prelude::*;

use crate::client::Client;
use crate::messages::{Stage, Table};
use crate::page::check::state::Checks;
use crate::page::components::Toasts;
use crate::page::edits_under_way::EditsUnderWay;
use crate::page::explanation::Explanation;
use crate::page::feed::inputs::sorting_state::Sorting;
use crate::page::feed::results::view_state::ResultsView;
use crate::page::file_slot::FileSlot;
use crate::page::history::state::History;
use crate::page::live::Live;
use crate::page::recipe::state::RecipeState;
use crate::page::run_state::{ArchiveState, Results, RunState, TableState, WorkerState};
use crate::page::session::state::Session;
use crate::page::settings_form::SettingsForm;

/// The state of the page. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct PageState {
    /// The slots for files, in the order of [`InputRole::ALL`].
    pub(crate) slots: [FileSlot; InputRole::ALL.len()],
    /// The settings as they are typed.
    pub(crate) settings: SettingsForm,
    /// The state of the worker.
    pub(crate) worker: RwSignal<WorkerState>,
    /// The state of the last requested run.
    pub(crate) run: RwSignal<RunState>,
    /// The results of the last finished run; a new run removes them.
    pub(crate) results: RwSignal<Option<Arc<Results>>>,
    /// The results that the run under way removed. They come back if it fails or is cancelled.
    pub(crate) previous_results: StoredValue<Option<Arc<Results>>>,
    /// The progress of the run under way.
    pub(crate) progress: RwSignal<Stage>,
    /// The number of changes of inputs and settings. Results of another number are stale.
    pub(crate) edits: RwSignal<u32>,
    /// Edits of employees.csv that are not done yet.
    pub(crate) edits_under_way: EditsUnderWay,
    /// The number of the pick of edited employees that people saved last; 0 for none.
    pub(crate) saved_edits: RwSignal<u32>,
    /// The tables, in the order of [`Table::ALL`].
    pub(crate) tables: [RwSignal<TableState>; Table::ALL.len()],
    /// The view of the results.
    pub(crate) results_view: ResultsView,
    /// The bar of a chart that the tables are narrowed to.
    pub(crate) bar: RwSignal<Option<Bar>>,
    /// The dialog that explains an employee.
    pub(crate) explanation: Explanation,
    /// The state of the area "Check".
    pub(crate) check: Checks,
    /// Files that were added without a role.
    pub(crate) sorting: Sorting,
    /// The ZIP of the last run.
    pub(crate) archive: RwSignal<ArchiveState>,
    /// The helper and its jobs.
    pub(crate) live: Live,
    /// The opened recipe, and the link that was made.
    pub(crate) recipe: RecipeState,
    /// Earlier runs.
    pub(crate) history: History,
    /// The kept visit, if people agreed to keep it.
    pub(crate) session: Session,
    /// Short messages.
    pub(crate) toasts: Toasts,
    /// The worker.
    pub(crate) client: StoredValue<Option<Client>, LocalStorage>,
    /// The last number given to a pick, a run or a request.
    pub(crate) last_number: RwSignal<u32>,
}

impl PageState {
    /// The state of a page that was just opened.
    pub(crate) fn new() -> PageState {
        let toasts = Toasts::new();
        PageState {
            slots: InputRole::ALL.map(FileSlot::new),
            settings: SettingsForm::new(),
            worker: RwSignal::new(WorkerState::Starting),
            run: RwSignal::new(RunState::NotYet),
            results: RwSignal::new(None),
            previous_results: StoredValue::new(None),
            progress: RwSignal::new(Stage::Reading),
            edits: RwSignal::new(0),
            edits_under_way: EditsUnderWay::default(),
            saved_edits: RwSignal::new(0),
            tables: Table::ALL.map(|_| RwSignal::new(TableState::Empty)),
            results_view: ResultsView::new(),
            bar: RwSignal::new(None),
            explanation: Explanation::default(),
            check: Checks::new(),
            sorting: Sorting::default(),
            archive: RwSignal::new(ArchiveState::Idle),
            live: Live::new(),
            recipe: RecipeState::default(),
            history: History::new(toasts),
            session: Session::default(),
            toasts,
            client: StoredValue::new_local(None),
            last_number: RwSignal::new(0),
        }
    }

    /// The slot of a role.
    pub(crate) fn slot(&self, role: InputRole) -> FileSlot {
        self.slots[role as usize]
    }

    /// The name of the file of a role, if there is one.
    pub(crate) fn name_of(&self, role: InputRole) -> Option<String> {
        self.slot(role).file.with(|file| file.picked().map(|picked| picked.file.name()))
    }

    /// A table.
    pub(crate) fn table(&self, table: Table) -> RwSignal<TableState> {
        self.tables[table as usize]
    }

    /// A number that was not given before.
    pub(crate) fn next_number(&self) -> u32 {
        let number = self.last_number.get_untracked().wrapping_add(1);
        self.last_number.set(number);
        number
    }

    /// Whether inputs or settings were changed since the run of the results.
    pub(crate) fn results_are_stale(&self) -> bool {
        self.results.get().is_some_and(|results| results.start.edits != self.edits.get())
    }
}
