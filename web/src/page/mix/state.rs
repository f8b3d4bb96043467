//! The state of the area "Mix", and the actions of people there. A worker of its own holds all rows; this state has those in
//! view, and the scenarios. The sliders show the mix of the run's settings, or without one the shares of the file.

use std::sync::Arc;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::roster::Filter;
use btcfake_core::text::words::counted;
use leptos::html::Div;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::scenario::{Scenario, stored_scenarios};
use super::scrolling::reveal;
use crate::client::{Client, Event};
use crate::messages::population::{Act, FromPopulation, PopulationView, RowChoice, ToPopulation};
use crate::messages::{ToPage, ToWorker};
use crate::page::components::follow;
use crate::page::object_url::download;
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
    made_with: Memo<Option<Mix>>,
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
    share: RwSignal<(EmployeeType, Mix, Mix)>,
    /// The scenarios that people made.
    pub(crate) scenarios: RwSignal<Vec<Scenario>>,
    client: StoredValue<Option<Client>, LocalStorage>,
    source: StoredValue<PopulationOrigin, LocalStorage>,
    /// The edited file that was handed over to the page.
    handed_over: StoredValue<Option<File>, LocalStorage>,
    /// If an edit turned the mix off: the number of edits after it, and the mix, which undoing the edit restores.
    turned_off: RwSignal<Option<(usize, Mix)>>,
    /// Whether there are edits that were not saved.
    is_unsaved: RwSignal<bool>,
    /// The number of the opening that waits for the sliders to rest; 0 for none.
    awaited: RwSignal<u32>,
}

/// The origin of the open population.
#[derive(Clone, PartialEq)]
enum PopulationOrigin {
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
            client: StoredValue::new_local(None),
            source: StoredValue::new_local(PopulationOrigin::Nothing),
            handed_over: StoredValue::new_local(None),
            turned_off: RwSignal::new(None),
            is_unsaved: RwSignal::new(false),
            awaited: RwSignal::new(0),
        };
        follow(move || population.follow());
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if population.is_unsaved.get_untracked() {
                event.prevent_default();
            }
        });
        population
    }

    /// Opens the employees of the page, unless they are open.
    fn follow(self) {
        let settings = self.page.settings;
        let picked = self.page.slot(InputRole::Employees).file.with(|file| file.picked().cloned());
        let wanted = match (settings.population.get(), picked) {
            (Some(population), _) => {
                let (Some(mix), Ok(seed)) = (settings.mix.get(), settings.parsed_seed()) else { return };
                PopulationOrigin::MadeUp(population, mix, seed)
            }
            (None, Some(picked)) if self.handed_over.with_value(|file| file.as_ref() == Some(&picked.file)) => return,
            (None, Some(picked)) => PopulationOrigin::Picked(picked.file, picked.edits),
            (None, None) => PopulationOrigin::Nothing,
        };
        let (is_open, is_made_up) =
            self.source.with_value(|source| (*source == wanted, matches!(source, PopulationOrigin::MadeUp(..))));
        if is_open {
            return;
        }
        if is_made_up && matches!(wanted, PopulationOrigin::MadeUp(..)) {
            // While a slider is moved, the population is made up again only when it rests.
            let number = self.page.next_number();
            self.awaited.set(number);
            let open = move || {
                if self.awaited.get_untracked() == number {
                    self.open(wanted);
                }
            };
            set_timeout(open, std::time::Duration::from_millis(200));
        } else {
            self.view.set(None);
            self.open(wanted);
        }
    }

    fn open(self, source: PopulationOrigin) {
        self.awaited.set(0);
        self.source.set_value(source.clone());
        self.handed_over.set_value(None);
        self.refused.set(None);
        self.is_unsaved.set(false);
        self.filter.set(Filter::default());
        match source {
            PopulationOrigin::Nothing => {}
            PopulationOrigin::Picked(file, _) => self.send(ToPopulation::Open, Some(file)),
            PopulationOrigin::MadeUp(population, mix, seed) => {
                self.send(ToPopulation::MakeUp { population, mix, seed }, None);
            }
        }
    }

    /// Does an act on the rows; the rows in view stay in place.
    pub(crate) fn act(self, act: Act) {
        let first = self.view.with_untracked(|view| view.as_ref().map_or(0, |view| view.first));
        self.act_at(act, first);
    }

    /// Does an act on the rows, and brings those from position `first` into view.
    pub(crate) fn act_at(self, act: Act, first: usize) {
        let is_new = matches!(
            act,
            Act::SetType(_) | Act::SwitchOff | Act::SwitchOn | Act::Remove | Act::Add(..) | Act::ApplyMix(..)
        );
        if is_new && self.page.settings.mix.with_untracked(Option::is_some) {
            // A new edit discards the undone ones, so the edit that turned the mix off cannot be redone.
            self.turned_off.set(None);
        }
        // The worker answers only if a population is open.
        if self.view.with_untracked(Option::is_some) {
            self.send(ToPopulation::Do { act, first }, None);
        }
    }

    /// Filters the rows.
    pub(crate) fn find(self, filter: Filter) {
        self.filter.set(filter.clone());
        self.active.set(0);
        self.act_at(Act::Find(filter), 0);
    }

    /// Sets the mix of runs. A mix that changes no employee's type counts as none.
    pub(crate) fn set_mix(self, mix: Mix) {
        let counts = self.counts();
        let employees = counts.iter().sum();
        let changes_nothing = employees > 0 && mix == self.own.get_untracked() && mix.counts(employees) == counts;
        if changes_nothing {
            return self.reset();
        }
        self.use_mix(Some(mix));
    }

    /// Resets runs to the shares without a mix.
    pub(crate) fn reset(self) {
        self.use_mix(self.made_with.get_untracked());
    }

    fn use_mix(self, mix: Option<Mix>) {
        self.turned_off.set(None);
        self.page.settings.mix.set(mix);
        self.page.edited();
    }

    /// Sets the share of one type, in tenths of a percent. While one slider is dragged, each step starts from the mix before
    /// the drag, so that the other two keep their proportion.
    pub(crate) fn set_share(self, kind: EmployeeType, tenths: u16) {
        let now = self.mix.get_untracked();
        let (last, before, came) = self.share.get_untracked();
        let before = if (last, came) == (kind, now) { before } else { now };
        let mix = before.with_share(kind, tenths);
        self.share.set((kind, before, mix));
        self.set_mix(mix);
    }

    /// Writes the mix into employees.csv as an edit.
    pub(crate) fn write_mix(self) {
        if let Ok(seed) = untrack(|| self.page.settings.parsed_seed()) {
            let mix = self.mix.get_untracked();
            self.act(Act::ApplyMix(mix, seed));
        }
    }

    /// Uses a made-up population for runs. A toast offers to bring the replaced file back.
    pub(crate) fn make_up(self, population: NewPopulation) {
        let mix = self.mix.get_untracked();
        self.page.put(vec![(InputRole::Employees, None)]);
        self.page.settings.mix.set(Some(mix));
        self.page.settings.population.set(Some(population));
        self.page.edited();
    }

    /// Downloads the file with its edits.
    pub(crate) fn save(self) {
        self.send(ToPopulation::Save, None);
    }

    fn send(self, message: ToPopulation, file: Option<File>) {
        if self.client.with_value(Option::is_none) {
            match Client::start(move |event| self.hear(event)) {
                Ok(client) => self.client.set_value(Some(client)),
                Err(why) => return self.refused.set(Some(why)),
            }
        }
        self.page.edits_under_way.ask(matches!(message, ToPopulation::Do { .. }));
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.send(&ToWorker::Population(message), file.map(JsValue::from));
            }
        });
    }

    fn hear(self, event: Event) {
        match event {
            Event::Message(ToPage::Population(message), attached) => {
                self.take(message, attached.first().and_then(|file| file.dyn_ref::<File>()));
                self.page.edits_under_way.answered();
            }
            Event::Message(..) => {}
            Event::Died(why) => {
                self.page.edits_under_way.give_up();
                self.client.set_value(None);
                self.view.set(None);
                let message =
                    "The part of the page that edits has stopped working. Pick the file again. The browser says: ";
                self.refused.set(Some(format!("{message}{why}")));
            }
        }
    }

    fn take(self, message: FromPopulation, file: Option<&File>) {
        match message {
            FromPopulation::View(view) => self.look(view, file),
            FromPopulation::Saved => {
                self.is_unsaved.set(false);
                // A `File` always gets an address.
                file.into_iter().for_each(|file| _ = download(file, &file.name()));
            }
            FromPopulation::Refused(why) => self.refused.set(Some(why)),
        }
    }

    /// The edits from before a reload that a population was opened with; empty without any.
    fn opened_text(self) -> String {
        match self.edits_before() {
            0 => String::new(),
            edits => format!("opened with {} of before, which can no longer be undone here", counted(edits, "edit")),
        }
    }

    fn look(self, mut view: PopulationView, file: Option<&File>) {
        if view.message.is_empty() {
            // Other rows came into view: the last message still holds.
            view.message = self
                .view
                .with_untracked(|view| view.as_ref().map_or_else(|| self.opened_text(), |view| view.message.clone()));
        }
        if let Some(file) = file {
            let news = self.take_edit(&view, file);
            view.message.push_str(news);
        }
        let revealed = view.reveal;
        self.active.update(|active| *active = (*active).min(view.found.saturating_sub(1)));
        let view = Arc::new(view);
        self.view.set(Some(Arc::clone(&view)));
        if let Some(place) = revealed {
            self.active.set(place);
            reveal(self.grid, &view, place);
        }
    }

    /// Applies an edit that was made, undone or redone. Types that people set turn the mix off. Returns a text about that, to
    /// follow the message.
    fn take_edit(self, view: &PopulationView, file: &File) -> &'static str {
        const OFF: &str = "; the mix is off now: a run takes the types that are shown here";
        let mix = self.page.settings.mix;
        let had = mix.get_untracked();
        let was_off = self.turned_off.get_untracked();
        let is_made_again = was_off.is_some_and(|(at, was)| at <= view.edits && had == Some(was));
        if view.gives_types || is_made_again {
            mix.set(None);
        }
        self.hand_over(file, view.tally.edited, view.edits);
        match (had, mix.get_untracked(), was_off) {
            (Some(had), None, _) => {
                self.turned_off.set(Some((view.edits, had)));
                OFF
            }
            (None, _, Some((at, was))) if view.edits < at => {
                mix.set(Some(was));
                "; the mix is on again"
            }
            _ => "",
        }
    }

    /// Makes the edited file the employees.csv of the page. Without differences, the page gets the picked file back, or the
    /// made-up population.
    fn hand_over(self, file: &File, edited: usize, edits: usize) {
        let settings = self.page.settings;
        self.is_unsaved.set(edited > 0);
        let before = self.edits_before();
        match self.source.get_value() {
            PopulationOrigin::Picked(original, 0) if edited == 0 => self.page.pick(InputRole::Employees, original),
            PopulationOrigin::Picked(original, _) if edited == 0 => self.page.pick_edited(original, before),
            PopulationOrigin::MadeUp(population, mix, _) if edited == 0 => {
                settings.mix.set(Some(mix));
                settings.population.set(Some(population));
                self.page.remove(InputRole::Employees);
            }
            _ => {
                self.handed_over.set_value(Some(file.clone()));
                self.page.pick_edited(file.clone(), before + edits);
            }
        }
    }

    /// The number of edits that the file had before a reload. They can no longer be undone one by one.
    fn edits_before(self) -> usize {
        self.source.with_value(|source| if let PopulationOrigin::Picked(_, edits) = source { *edits } else { 0 })
    }

    /// Whether the page has employees, which are then being opened while there is no view.
    pub(crate) fn is_opening(self) -> bool {
        let is_picked = self.page.slot(InputRole::Employees).file.with(|file| file.picked().is_some());
        is_picked || self.page.settings.population.with(Option::is_some)
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

    /// The name of the shares without a mix among the scenarios.
    pub(crate) fn origin_title(self) -> &'static str {
        if self.is_made_up() { "As made up" } else { "As in the file" }
    }

    /// The name of the shares without a mix within a sentence.
    pub(crate) fn origin_words(self) -> &'static str {
        if self.is_made_up() { "the first mix" } else { "the file" }
    }

    /// The name of the file with the employees.
    pub(crate) fn file_name(self) -> String {
        let file = self.page.slot(InputRole::Employees).file;
        file.with(|file| file.picked().map_or_else(|| "employees.csv".to_owned(), |picked| picked.file.name()))
    }
}

/// The description of a type with its letter: `completes all (a)`.
pub(crate) fn type_words(kind: EmployeeType) -> String {
    format!("{} ({})", kind.describe(), kind.letter())
}
