//! The state of the area "Mix": the employees that are open, their filter and selection, and the scenarios. A worker of its own
//! holds all rows; this state has those in view. The sliders show the mix of the run's settings, or without one the shares of the
//! file.

use std::sync::Arc;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::roster::Filter;
use leptos::html::Div;
use leptos::{ev, prelude::*};
use web_sys::File;

use super::scenario::{Scenario, stored_scenarios};
use crate::client::lazy::LazyClient;
use crate::messages::population::{PopulationView, RowChoice};
use crate::page::components::follow;
use crate::page::file_slot::{FileSlot, FileState};
use crate::page::state::PageState;

/// The state of the area. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Population {
    /// The page, which has employees.csv and the settings.
    pub(crate) page: PageState,
    /// The mix that the sliders show.
    pub(crate) mix: Memo<Mix>,
    /// The shares without a mix: those of the file, or of a made-up population as it was first made.
    pub(crate) own: Memo<Mix>,
    /// The mix that a made-up population was first made with.
    pub(super) made_with: Memo<Option<Mix>>,
    /// The view of the open population; `None` without one.
    pub(crate) view: RwSignal<Option<Arc<PopulationView>>>,
    /// Why no population is open.
    pub(crate) refused: RwSignal<Option<String>>,
    /// The filter of the rows: their state, and their text.
    pub(crate) filter: RwSignal<Filter>,
    /// The position of the keyboard's row among the found rows.
    pub(crate) active: RwSignal<usize>,
    /// The row at which a selection of several rows began.
    pub(crate) anchor: RwSignal<RowChoice>,
    /// The grid's element.
    pub(crate) grid: NodeRef<Div>,
    /// The last change of a share: its type, the mix before, and the mix after.
    pub(super) share: RwSignal<(EmployeeType, Mix, Mix)>,
    /// The scenarios that people made.
    pub(crate) scenarios: RwSignal<Vec<Scenario>>,
    pub(super) worker: LazyClient,
    /// The origin of the open population.
    pub(super) source: StoredValue<PopulationOrigin, LocalStorage>,
    /// The edited file that was handed over to the page.
    pub(super) handed_over: StoredValue<Option<File>, LocalStorage>,
    /// If an edit turned the mix off: the number of edits after it, and the mix, which undoing the edit restores.
    pub(super) turned_off: RwSignal<Option<(usize, Mix)>>,
    /// Whether there are edits that were not saved.
    pub(super) is_unsaved: RwSignal<bool>,
    /// The number of the opening that waits for the sliders to rest; 0 for none.
    pub(super) awaited: RwSignal<u32>,
}

/// The origin of the open population.
#[derive(Clone, PartialEq)]
pub(super) enum PopulationOrigin {
    /// None is open.
    Nothing,
    /// A picked file, and the number of edits that it had before a reload of the page.
    Picked(File, usize),
    /// A made-up population, with its mix and its seed.
    MadeUp(NewPopulation, Mix, u64),
}

impl Population {
    /// The area's state, which from now on follows the employees of the page.
    pub(crate) fn new(page: PageState) -> Population {
        let view = RwSignal::new(None::<Arc<PopulationView>>);
        let settings = page.settings;
        let made_with =
            Memo::new(move |_| settings.population.get().map(|_| settings.mix.get_untracked().unwrap_or(Mix::USUAL)));
        let of_file =
            move || Mix::of_counts(view.with(|view| view.as_ref().map_or([0; 3], |view| view.tally.employees)));
        let own = Memo::new(move |_| made_with.get().unwrap_or_else(of_file));
        let population = Population {
            page,
            mix: Memo::new(move |_| settings.mix.get().unwrap_or_else(|| own.get())),
            own,
            made_with,
            view,
            refused: RwSignal::new(None),
            filter: RwSignal::new(Filter::default()),
            active: RwSignal::new(0),
            anchor: RwSignal::new(RowChoice::Place(0)),
            grid: NodeRef::new(),
            share: RwSignal::new((EmployeeType::A, Mix::USUAL, Mix::USUAL)),
            scenarios: RwSignal::new(stored_scenarios()),
            worker: LazyClient::new(),
            source: StoredValue::new_local(PopulationOrigin::Nothing),
            handed_over: StoredValue::new_local(None),
            turned_off: RwSignal::new(None),
            is_unsaved: RwSignal::new(false),
            awaited: RwSignal::new(0),
        };
        follow(move || population.follow_page());
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if population.is_unsaved.get_untracked() {
                event.prevent_default();
            }
        });
        population
    }

    /// How many employees of each type there are.
    pub(crate) fn counts(self) -> [usize; 3] {
        self.view.with(|view| view.as_ref().map_or([0; 3], |view| view.tally.employees))
    }

    /// Whether the employees are made up.
    pub(crate) fn is_made_up(self) -> bool {
        self.page.settings.population.with(Option::is_some)
    }

    /// The mix that made-up employees were first made with; `None` for those of a file.
    pub(crate) fn made_up_mix(self) -> Option<Mix> {
        self.made_with.get()
    }

    /// Whether runs use the shares without a mix.
    pub(crate) fn is_as_it_is(self) -> bool {
        self.page.settings.mix.get() == self.made_with.get()
    }

    /// Whether there are shares without a mix: there are employees.
    pub(crate) fn has_own_mix(self) -> bool {
        self.is_made_up() || self.counts().iter().any(|count| *count > 0)
    }

    /// The name of the shares without a mix among the scenarios.
    pub(crate) fn origin_title(self) -> &'static str {
        if self.is_made_up() { "As made up" } else { "As in the file" }
    }

    /// The name of the shares without a mix within a sentence.
    pub(crate) fn origin_words(self) -> &'static str {
        if self.is_made_up() { "the first mix" } else { "the file" }
    }

    /// Whether a question about the file with the employees is open, so that none of them are known.
    pub(crate) fn is_asked(self) -> bool {
        self.employees_slot().file.with(|file| file.inspected().is_some_and(|inspected| inspected.question().is_some()))
    }

    /// Whether the file with the employees is still being inspected.
    pub(crate) fn is_being_inspected(self) -> bool {
        self.employees_slot().file.with(|file| matches!(file, FileState::Reading(_)))
    }

    /// The slot of the file with the employees.
    pub(crate) fn employees_slot(self) -> FileSlot {
        self.page.slot(InputRole::Employees)
    }

    /// The name of the file with the employees.
    pub(crate) fn file_name(self) -> String {
        self.page.name_of(InputRole::Employees).unwrap_or_else(|| "employees.csv".to_owned())
    }
}

/// The description of a type with its letter: `completes all (a)`.
pub(crate) fn type_words(kind: EmployeeType) -> String {
    format!("{} ({})", kind.describe(), kind.letter())
}
