//! What the page knows: signals of plain values. What people do changes them in `intents`, what the worker says in
//! `answers`; everything on the page follows from them.

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
use crate::page::feed::inputs::sorting_state::Sorting;
use crate::page::feed::results::view_state::ResultsView;
use crate::page::history::state::History;
use crate::page::live::Live;
use crate::page::object_url::ObjectUrl;
use crate::page::recipe::state::RecipeState;
use crate::page::session::state::Session;
use crate::page::settings_form::SettingsForm;
use crate::page::why::Why;

/// Everything that the page knows. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct PageState {
    /// The places for files, in the order of [`InputRole::ALL`].
    pub(crate) slots: [FileSlot; InputRole::ALL.len()],
    /// The settings as they are typed.
    pub(crate) settings: SettingsForm,
    /// Whether the worker lives.
    pub(crate) worker: RwSignal<WorkerState>,
    /// What became of the last run that was asked for.
    pub(crate) run: RwSignal<RunState>,
    /// The results of the last run that was done; a new run takes them away.
    pub(crate) results: RwSignal<Option<Arc<Results>>>,
    /// The results that the run under way took away: it gives them back where it comes to nothing.
    pub(crate) taken_away: StoredValue<Option<Arc<Results>>>,
    /// How far the run is that goes on.
    pub(crate) progress: RwSignal<Stage>,
    /// Counts changes of inputs and settings: results of another count are stale.
    pub(crate) edits: RwSignal<u32>,
    /// Edits of employees.csv that are not done yet.
    pub(crate) edits_under_way: EditsUnderWay,
    /// The tables, in the order of [`Table::ALL`].
    pub(crate) tables: [RwSignal<TableState>; Table::ALL.len()],
    /// What is in view of the results.
    pub(crate) results_view: ResultsView,
    /// The bar of a chart that the tables are narrowed to.
    pub(crate) bar: RwSignal<Option<Bar>>,
    /// The dialog that explains an employee.
    pub(crate) why: Why,
    /// The files that are checked.
    pub(crate) check: Checks,
    /// Files that came without a place.
    pub(crate) sorting: Sorting,
    /// The ZIP of the last run.
    pub(crate) archive: RwSignal<ArchiveState>,
    /// The helper, and what is asked of it.
    pub(crate) live: Live,
    /// The recipe that was opened, and the link that was made.
    pub(crate) recipe: RecipeState,
    /// Earlier runs.
    pub(crate) history: History,
    /// What is kept of the visit, if people agree.
    pub(crate) session: Session,
    /// Short messages.
    pub(crate) toasts: Toasts,
    /// The worker.
    pub(crate) client: StoredValue<Option<Client>, LocalStorage>,
    /// The last number given to a pick, a run or a request.
    pub(crate) last_number: RwSignal<u32>,
}

/// A place for a file.
#[derive(Clone, Copy)]
pub(crate) struct FileSlot {
    /// What its file is used as.
    pub(crate) role: InputRole,
    /// The file, if there is one.
    pub(crate) file: RwSignal<FileState, LocalStorage>,
    /// How many problems were asked for after the first ones, and those that came last.
    pub(crate) more_problems: RwSignal<MoreProblems>,
}

/// Problems of a file after the first ones, which come some at a time and are shown as they come.
#[derive(Clone, Default)]
pub(crate) struct MoreProblems {
    /// How many came so far.
    pub(crate) count: usize,
    /// Those that came last.
    pub(crate) last: Arc<Vec<ReportedProblem>>,
}

/// What is known about a place for a file.
#[derive(Clone)]
pub(crate) enum FileState {
    /// Nothing was picked.
    Empty,
    /// The worker looks at it.
    Reading(Picked),
    /// The worker looked at it.
    Read(Picked, Arc<Inspected>),
    /// It could not be read, and why.
    Unreadable(Picked, String),
}

/// A file that was picked.
#[derive(Clone)]
pub(crate) struct Picked {
    /// The browser's handle on it.
    pub(crate) file: web_sys::File,
    /// The number of the pick.
    pub(crate) pick: u32,
    /// How many edits were made to it in the area Mix.
    pub(crate) edits: usize,
    /// Whom a live source brought it for.
    pub(crate) brought: Brought,
}

/// Whom a live source brought a file for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Brought {
    /// None did: it was picked.
    Not,
    /// The page made it up: a file of a sample whose state ends with this day, counted from the first day of the common era.
    Sample(i32),
    /// The page made it up: a state table that the run with this run file left.
    LeftBy(String),
    /// The page made it up: the CSV of a file, by an answer of people to its question.
    Converted,
    /// A catalog, for everybody.
    ForAll,
    /// These employees, by their digest in [`Inspected`]; `None` if they had changed meanwhile.
    For(String),
}

/// The name of a file that was pasted.
pub(crate) const PASTED: &str = "pasted.csv";

impl Picked {
    /// Whether nobody but the page has it: what a live source brought, what the page made up, what was edited or pasted.
    pub(crate) fn is_in_the_page_alone(&self) -> bool {
        self.edits > 0 || self.brought != Brought::Not || self.file.name() == PASTED
    }
}

impl Brought {
    /// Whether a live source brought it.
    pub(crate) fn is_live(&self) -> bool {
        matches!(self, Self::ForAll | Self::For(_))
    }
}

/// Whether the worker lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WorkerState {
    /// It is being started.
    Starting,
    /// It listens.
    Ready,
    /// It never listened, and the browser's reason.
    NotStarted(String),
    /// It broke down, and the browser's reason.
    Dead(String),
}

/// What became of the last run that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RunState {
    /// There was none.
    NotYet,
    /// It was asked for while something was missing.
    Blocked,
    /// It goes on.
    Running(RunStart),
    /// It was cancelled.
    Cancelled,
    /// It came to nothing, and why.
    Failed(String),
    /// It is done; there are results.
    Done,
}

/// A run that was started.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RunStart {
    /// Its number.
    pub(crate) run: u32,
    /// The count of changes at its start.
    pub(crate) edits: u32,
    /// When it was started, in milliseconds.
    pub(crate) at: f64,
}

/// What a run left.
pub(crate) struct Results {
    /// How it was started.
    pub(crate) start: RunStart,
    /// How long it took.
    pub(crate) milliseconds: u64,
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// The addresses of its files, in the order of the outcome.
    pub(crate) urls: Vec<ObjectUrl>,
}

/// A table about the last run.
#[derive(Clone)]
pub(crate) enum TableState {
    /// Nothing was asked for.
    Empty,
    /// Rows were asked for; what was shown before stays.
    Waiting(u32, Option<Arc<TableRows>>),
    /// The rows.
    Filled(Arc<TableRows>),
}

/// Rows of a table.
pub(crate) struct TableRows {
    /// Whose they are.
    pub(crate) found: Found,
    /// The cells of each row.
    pub(crate) rows: Vec<Vec<String>>,
}

/// The ZIP of the last run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ArchiveState {
    /// It was not asked for, or was downloaded.
    Idle,
    /// The worker makes it.
    Packing,
    /// It could not be made, and why.
    Failed(String),
    /// The worker does not have the run any more.
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
            taken_away: StoredValue::new(None),
            progress: RwSignal::new(Stage::Reading),
            edits: RwSignal::new(0),
            edits_under_way: EditsUnderWay::default(),
            tables: Table::ALL.map(|_| RwSignal::new(TableState::Empty)),
            results_view: ResultsView::new(),
            bar: RwSignal::new(None),
            why: Why::default(),
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

    /// The place for the file of a role.
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

    /// What keeps a run from being started, in plain words.
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

    /// What keeps live sources from being asked about the employees.
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

    /// Whether a live source brought the file for other employees than those of the run.
    pub(crate) fn is_for_others(&self, role: InputRole) -> bool {
        let brought = self.slot(role).file.with(|file| file.picked().map(|picked| picked.brought.clone()));
        matches!(brought, Some(Brought::For(who)) if who.is_empty() || who != self.who())
    }

    /// Who the employees are; nothing where that is not known, as of employees who are made up.
    pub(crate) fn who(&self) -> String {
        let file = self.slot(InputRole::Employees).file;
        let known = file.with(|file| file.inspected().map(|inspected| inspected.who.clone()));
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

    /// What keeps a run from being started.
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
    /// The file, whatever became of it.
    pub(crate) fn picked(&self) -> Option<&Picked> {
        match self {
            Self::Empty => None,
            Self::Reading(picked) | Self::Read(picked, _) | Self::Unreadable(picked, _) => Some(picked),
        }
    }

    /// What the worker found in it.
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
