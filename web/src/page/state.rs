//! The state of the page as signals of plain values. Actions of people change them in `intents`, messages of the worker in
//! `answers`. The views follow the signals.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::report::figures::Bar;
use btcfake_core::sheet::Question;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::client::Client;
use crate::messages::{Found, Inspected, Outcome, Pick, ReportedProblem, Stage, Table};
use crate::page::check::state::Checks;
use crate::page::components::Toasts;
use crate::page::edits_under_way::EditsUnderWay;
use crate::page::explanation::Explanation;
use crate::page::feed::inputs::sorting_state::Sorting;
use crate::page::feed::results::view_state::ResultsView;
use crate::page::history::state::History;
use crate::page::live::Live;
use crate::page::object_url::ObjectUrl;
use crate::page::recipe::state::RecipeState;
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

/// The slot for the file of one role.
#[derive(Clone, Copy)]
pub(crate) struct FileSlot {
    /// The role.
    pub(crate) role: InputRole,
    /// The file, if there is one.
    pub(crate) file: RwSignal<FileState, LocalStorage>,
    /// The problems that came after the first ones.
    pub(crate) more_problems: RwSignal<MoreProblems>,
}

/// Problems of a file after the first ones. They come in batches, and each batch is shown when it comes.
#[derive(Clone, Default)]
pub(crate) struct MoreProblems {
    /// The number that came so far.
    pub(crate) count: usize,
    /// The last batch.
    pub(crate) last: Arc<Vec<ReportedProblem>>,
}

/// The state of a slot.
#[derive(Clone)]
pub(crate) enum FileState {
    /// There is no file.
    Empty,
    /// The worker inspects the file.
    Reading(Picked),
    /// The worker has inspected the file.
    Read(Picked, Arc<Inspected>),
    /// The file could not be read; why.
    Unreadable(Picked, String),
}

/// A file in use, whether people picked it or not.
#[derive(Clone)]
pub(crate) struct Picked {
    /// The browser's handle on it.
    pub(crate) file: web_sys::File,
    /// The number of the pick.
    pub(crate) pick: u32,
    /// The number of edits of the area Mix in it.
    pub(crate) edits: usize,
    /// Where it came from.
    pub(crate) origin: FileOrigin,
}

/// The origin of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileOrigin {
    /// People picked it.
    Picked,
    /// The page made it: a file of the sample whose state ends with this day, where 1 is January 1 of year 1.
    Sample(i32),
    /// The page made it: a state table after the run with this run file.
    StateAfter(String),
    /// The page made it: the CSV of a file, by an answer of people to its question.
    Converted,
    /// A live source brought it: a catalog, which serves all employees.
    LiveForAll,
    /// A live source brought it for these employees, by [`Inspected::employee_set`]; empty if employees.csv changed meanwhile.
    LiveFor(String),
}

/// The name of a file that was pasted.
pub(crate) const PASTED: &str = "pasted.csv";

impl Picked {
    /// Whether only the page has it: it came from a live source, or was made, edited or pasted here.
    pub(crate) fn is_in_the_page_alone(&self) -> bool {
        self.edits > 0 || self.origin != FileOrigin::Picked || self.file.name() == PASTED
    }
}

impl FileOrigin {
    /// Whether a live source brought it.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self, Self::LiveForAll | Self::LiveFor(_))
    }
}

/// The state of the worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// It is being started.
    Starting,
    /// It listens.
    Ready,
    /// It never listened; the browser's reason.
    NotStarted(String),
    /// It broke down; the browser's reason.
    Dead(String),
}

/// The state of the last requested run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunState {
    /// There was none.
    NotYet,
    /// A run was requested while something was missing.
    Blocked,
    /// It is under way.
    Running(RunStart),
    /// It was cancelled.
    Cancelled,
    /// It failed; why.
    Failed(String),
    /// It is done; there are results.
    Done,
}

/// A run that was started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RunStart {
    /// Its number.
    pub(crate) run: u32,
    /// The number of changes ([`PageState::edits`]) at its start.
    pub(crate) edits: u32,
    /// The time of its start, in milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) at: f64,
}

/// The results of a run.
pub(crate) struct Results {
    /// The start of the run.
    pub(crate) start: RunStart,
    /// The duration in milliseconds.
    pub(crate) milliseconds: u64,
    /// The worker's results.
    pub(crate) outcome: Outcome,
    /// The addresses of its files, in the order of the outcome.
    pub(crate) urls: Vec<ObjectUrl>,
}

/// The state of a table of the last run.
#[derive(Clone)]
pub(crate) enum TableState {
    /// No rows were requested.
    Empty,
    /// Rows were requested, under a number; the last rows stay in view.
    Waiting(u32, Option<Arc<TableRows>>),
    /// The rows.
    Filled(Arc<TableRows>),
}

/// Rows of a table.
pub(crate) struct TableRows {
    /// The employees that they are about.
    pub(crate) found: Found,
    /// The cells of each row.
    pub(crate) rows: Vec<Vec<String>>,
}

/// The ZIP of the last run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveState {
    /// It was not requested, or was downloaded.
    Idle,
    /// The worker makes it.
    Packing,
    /// It could not be made; why.
    Failed(String),
    /// The worker no longer has the run.
    Gone,
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

    /// The reasons against starting a run, in sentences.
    pub(crate) fn missing(&self) -> Vec<String> {
        let is_made_up = self.settings.population.with(Option::is_some);
        let needed = self.slots.iter().filter(|slot| slot.role != InputRole::Employees || !is_made_up);
        let mut missing: Vec<String> = needed.filter_map(FileSlot::missing).collect();
        if let Err(wrong) = self.settings.settings() {
            missing.extend(wrong);
        }
        missing.extend(self.live.missing());
        missing.extend(self.slots.iter().filter(|slot| self.is_for_others(slot.role)).map(|slot| {
            let name = self.name_of(slot.role).unwrap_or_default();
            format!("{name} is about other employees than those of this run: get it again under \"Live sources\", or remove it.")
        }));
        missing
    }

    /// The reason against asking live sources about the employees, if any.
    pub(crate) fn missing_to_ask(&self) -> Option<String> {
        if self.settings.population.with(Option::is_some) {
            let mend = "Live sources are asked about the employees of a file: save the made-up ones under \"Mix\", \
                        and pick that file under \"Employees file\".";
            return Some(mend.to_owned());
        }
        let file = self.slot(InputRole::Employees).file;
        match file.with(|file| matches!(file, FileState::Empty)) {
            true => Some("There is no employees.csv yet: pick it under \"Employees file\".".to_owned()),
            false => self.slot(InputRole::Employees).missing(),
        }
    }

    /// Whether a live source brought the file for employees other than those of the run.
    pub(crate) fn is_for_others(&self, role: InputRole) -> bool {
        let origin = self.slot(role).file.with(|file| file.picked().map(|picked| picked.origin.clone()));
        matches!(origin, Some(FileOrigin::LiveFor(employee_set)) if employee_set.is_empty() || employee_set != self.employee_set())
    }

    /// Identifies the set of employees, as [`Inspected::employee_set`]; empty if it is unknown, or if they are made up.
    pub(crate) fn employee_set(&self) -> String {
        let file = self.slot(InputRole::Employees).file;
        let known = file.with(|file| file.inspected().map(|inspected| inspected.employee_set.clone()));
        known.filter(|_| self.settings.population.with(Option::is_none)).unwrap_or_default()
    }

    /// Whether inputs or settings were changed since the run of the results.
    pub(crate) fn results_are_stale(&self) -> bool {
        self.results.get().is_some_and(|results| results.start.edits != self.edits.get())
    }
}

impl FileSlot {
    fn new(role: InputRole) -> FileSlot {
        FileSlot {
            role,
            file: RwSignal::new_local(FileState::Empty),
            more_problems: RwSignal::new(MoreProblems::default()),
        }
    }

    /// The file as the worker knows it, and the browser's handle on it.
    pub(crate) fn pick(&self) -> Option<(Pick, JsValue)> {
        self.file.with_untracked(|file| {
            let Picked { file, pick, .. } = file.picked()?;
            Some((Pick { role: self.role, number: *pick }, file.into()))
        })
    }

    /// The reason of this slot against starting a run, if any.
    pub(crate) fn missing(&self) -> Option<String> {
        self.file.with(|file| match file {
            FileState::Empty if self.role == InputRole::Employees => Some(
                "There is no employees.csv yet: pick it under \"Employees file\", or make up a new population."
                    .to_owned(),
            ),
            FileState::Empty | FileState::Reading(_) => None,
            FileState::Read(_, inspected) if inspected.errors == 0 => None,
            FileState::Read(picked, inspected) if inspected.question().is_some() => {
                Some(format!("{} cannot be read yet: answer the question about it.", picked.file.name()))
            }
            FileState::Read(picked, inspected) => {
                let errors = btcfake_core::text::words::counted(inspected.errors, "error");
                let mend = match (self.role, picked.edits) {
                    (InputRole::Employees, 1..) => "undo the edit under \"Mix\", or switch on or mend rows there.",
                    _ => "mend the file and pick it again, or remove it.",
                };
                Some(format!("{} has {errors}: {mend}", picked.file.name()))
            }
            FileState::Unreadable(picked, why) => Some(format!("{}: {why}.", picked.file.name())),
        })
    }
}

impl Inspected {
    /// The question to answer before the file can be read.
    pub(crate) fn question(&self) -> Option<&Question> {
        self.mends.iter().find_map(|mend| match mend {
            Mend::Answer(question) => Some(question),
            _ => None,
        })
    }
}

impl FileState {
    /// The file, in whatever state.
    pub(crate) fn picked(&self) -> Option<&Picked> {
        match self {
            Self::Empty => None,
            Self::Reading(picked) | Self::Read(picked, _) | Self::Unreadable(picked, _) => Some(picked),
        }
    }

    /// The result of its inspection, once there is one.
    pub(crate) fn inspected(&self) -> Option<&Arc<Inspected>> {
        match self {
            Self::Read(_, inspected) => Some(inspected),
            _ => None,
        }
    }
}

impl TableState {
    /// The rows to show.
    pub(crate) fn rows(&self) -> Option<&Arc<TableRows>> {
        match self {
            Self::Empty => None,
            Self::Waiting(_, rows) => rows.as_ref(),
            Self::Filled(rows) => Some(rows),
        }
    }
}
