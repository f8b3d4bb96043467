//! What the area knows, and what people do there. The rows live in a worker of their own; here are those in view, and the
//! scenarios. The mix is that of the run's settings: the sliders show it, and the shares as they are where there is none.

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

/// Everything that the area knows. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Population {
    /// The page that it is a part of: its employees.csv and its settings.
    pub(crate) page: PageState,
    /// The mix that the sliders show.
    pub(crate) mix: Memo<Mix>,
    /// The shares without a mix: those of the file, or of a made-up population as it was first made.
    pub(crate) own: Memo<Mix>,
    /// The mix that a made-up population was first made with.
    made_with: Memo<Option<Mix>>,
    /// How the population looks; nothing where none is open.
    pub(crate) view: RwSignal<Option<Arc<PopulationView>>>,
    /// Why there is none.
    pub(crate) refused: RwSignal<Option<String>>,
    /// Which rows are looked for: how they stand, and their text.
    pub(crate) filter: RwSignal<Filter>,
    /// The place of the row that the keyboard is at.
    pub(crate) active: RwSignal<usize>,
    /// Where a selection of several rows began.
    pub(crate) anchor: RwSignal<RowChoice>,
    /// The grid's element.
    pub(crate) grid: NodeRef<Div>,
    /// The share that was set last: of which type, of which mix, and the mix that came of it.
    share: RwSignal<(EmployeeType, Mix, Mix)>,
    /// The scenarios that people made.
    pub(crate) scenarios: RwSignal<Vec<Scenario>>,
    client: StoredValue<Option<Client>, LocalStorage>,
    source: StoredValue<PopulationOrigin, LocalStorage>,
    /// The file that the page got from here.
    handed_over: StoredValue<Option<File>, LocalStorage>,
    /// The count of edits at which one of them turned the mix off, and that mix: undoing the edit brings it back.
    turned_off: RwSignal<Option<(usize, Mix)>>,
    /// Whether there are edits that were not saved.
    is_unsaved: RwSignal<bool>,
    /// The number of the last opening that waits.
    awaited: RwSignal<u32>,
}

/// What is open.
#[derive(Clone, PartialEq)]
enum PopulationOrigin {
    Nothing,
    /// A file that was picked, and the number of edits that it came with: those of before a reload.
    Picked(File, usize),
    /// A made-up population.
    MadeUp(NewPopulation, Mix, u64),
}

impl Population {
    /// The area's state; from now on it follows what the page has as its employees.
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

    /// Opens what the page has as its employees, if that is not open.
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
            // A slider is moved: it is made up again when that rests.
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

    /// Does something with the rows.
    pub(crate) fn act(self, act: Act) {
        let first = self.view.with_untracked(|view| view.as_ref().map_or(0, |view| view.first));
        self.act_at(act, first);
    }

    /// The same, and looks at the rows from a place on.
    pub(crate) fn act_at(self, act: Act, first: usize) {
        let is_new = matches!(
            act,
            Act::SetType(_) | Act::SwitchOff | Act::SwitchOn | Act::Remove | Act::Add(..) | Act::ApplyMix(..)
        );
        if is_new && self.page.settings.mix.with_untracked(Option::is_some) {
            // What was undone cannot be made again after this.
            self.turned_off.set(None);
        }
        // There is an answer only where something is open.
        if self.view.with_untracked(Option::is_some) {
            self.send(ToPopulation::Do { act, first }, None);
        }
    }

    /// Other rows are looked for.
    pub(crate) fn find(self, filter: Filter) {
        self.filter.set(filter.clone());
        self.active.set(0);
        self.act_at(Act::Find(filter), 0);
    }

    /// Runs have another mix. What leaves the employees as they are is none.
    pub(crate) fn set_mix(self, mix: Mix) {
        let counts = self.counts();
        let employees = counts.iter().sum();
        let changes_nothing = employees > 0 && mix == self.own.get_untracked() && mix.counts(employees) == counts;
        if changes_nothing {
            return self.reset();
        }
        self.use_mix(Some(mix));
    }

    /// Runs have the shares without a mix again.
    pub(crate) fn reset(self) {
        self.use_mix(self.made_with.get_untracked());
    }

    fn use_mix(self, mix: Option<Mix>) {
        self.turned_off.set(None);
        self.page.settings.mix.set(mix);
        self.page.edited();
    }

    /// The sliders show another share of one type. A share that is set again, as while a slider is dragged, starts from
    /// the mix of before: the other two keep their proportion, however far it went.
    pub(crate) fn set_share(self, kind: EmployeeType, tenths: u16) {
        let now = self.mix.get_untracked();
        let (last, before, came) = self.share.get_untracked();
        let before = if (last, came) == (kind, now) { before } else { now };
        let mix = before.with_share(kind, tenths);
        self.share.set((kind, before, mix));
        self.set_mix(mix);
    }

    /// The mix becomes that of employees.csv itself.
    pub(crate) fn write_mix(self) {
        if let Ok(seed) = untrack(|| self.page.settings.parsed_seed()) {
            let mix = self.mix.get_untracked();
            self.act(Act::ApplyMix(mix, seed));
        }
    }

    /// The run's employees are made up. A file that goes for it can be brought back.
    pub(crate) fn make_up(self, population: NewPopulation) {
        let mix = self.mix.get_untracked();
        self.page.put(vec![(InputRole::Employees, None)]);
        self.page.settings.mix.set(Some(mix));
        self.page.settings.population.set(Some(population));
        self.page.edited();
    }

    /// The file is downloaded, with all in it that was done before.
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
                // A file has an address.
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
            // Other rows are looked at: the last message still holds.
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

    /// An edit was made, undone or made again. What it means for the mix is returned, to follow the message: types that are
    /// set by hand turn it off.
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

    /// What was edited becomes the employees.csv of the page; what is as it was is the picked file again, or the
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

    /// The number of edits that are in the file from before a reload: they cannot be undone one by one.
    fn edits_before(self) -> usize {
        self.source.with_value(|source| if let PopulationOrigin::Picked(_, edits) = source { *edits } else { 0 })
    }

    /// Whether there are employees that are not shown yet.
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

    /// The mix that made-up employees were first made with; nothing where they are those of a file.
    pub(crate) fn made_up_mix(self) -> Option<Mix> {
        self.made_with.get()
    }

    /// Whether runs have the shares without a mix.
    pub(crate) fn is_as_it_is(self) -> bool {
        self.page.settings.mix.get() == self.made_with.get()
    }

    /// What the shares without a mix are called among the scenarios.
    pub(crate) fn origin_title(self) -> &'static str {
        if self.is_made_up() { "As made up" } else { "As in the file" }
    }

    /// The same within a sentence.
    pub(crate) fn origin_words(self) -> &'static str {
        if self.is_made_up() { "the first mix" } else { "the file" }
    }

    /// The name of the file with the employees.
    pub(crate) fn file_name(self) -> String {
        let file = self.page.slot(InputRole::Employees).file;
        file.with(|file| file.picked().map_or_else(|| "employees.csv".to_owned(), |picked| picked.file.name()))
    }
}

/// A type by what it does, with its letter.
pub(crate) fn type_words(kind: EmployeeType) -> String {
    format!("{} ({})", kind.describe(), kind.letter())
}
