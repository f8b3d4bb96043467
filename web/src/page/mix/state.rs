//! What the Population area knows, and what people do there. The rows live in a worker of their own; here are those in
//! view, the mix of the sliders, and the scenarios.

use std::sync::Arc;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::NewPopulation;
use btcfake_core::roster::Filter;
use leptos::html::Div;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::scenario::{Scenario, stored_scenarios};
use super::scrolling::reveal;
use crate::client::{Client, Event};
use crate::messages::population::{Act, FromPopulation, PopulationView, ToPopulation};
use crate::messages::{ToPage, ToWorker};
use crate::page::components::follow;
use crate::page::components::is_sure;
use crate::page::object_url::ObjectUrl;
use crate::page::state::PageState;

/// Everything that the area knows. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct Population {
    /// The page that it is a part of: its employees.csv and its settings.
    pub(crate) page: PageState,
    /// The mix of the sliders.
    pub(crate) mix: RwSignal<Mix>,
    /// How the population looks; nothing where none is open.
    pub(crate) view: RwSignal<Option<Arc<PopulationView>>>,
    /// Why there is none.
    pub(crate) refused: RwSignal<Option<String>>,
    /// Which rows are looked for: how they stand, and their text.
    pub(crate) filter: RwSignal<Filter>,
    /// The place of the row that the keyboard is at.
    pub(crate) active: RwSignal<usize>,
    /// Where a selection of several rows began.
    pub(crate) anchor: RwSignal<usize>,
    /// The grid's element.
    pub(crate) grid: NodeRef<Div>,
    /// The share that was set last: of which type, of which mix, and the mix that came of it.
    share: RwSignal<(EmployeeType, Mix, Mix)>,
    /// The scenarios that people made.
    pub(crate) scenarios: RwSignal<Vec<Scenario>>,
    client: StoredValue<Option<Client>, LocalStorage>,
    source: StoredValue<PopulationOrigin, LocalStorage>,
    /// The file that the page got from here.
    own: StoredValue<Option<File>, LocalStorage>,
    /// The count of edits at which one of them turned the mix off.
    turned_off_at: RwSignal<Option<usize>>,
    /// Whether there are edits that were not saved.
    is_unsaved: RwSignal<bool>,
    /// The number of the last opening that waits.
    awaited: RwSignal<u32>,
}

/// What is open.
#[derive(Clone, PartialEq)]
enum PopulationOrigin {
    Nothing,
    /// A file that was picked.
    Picked(File),
    /// A made-up population.
    MadeUp(NewPopulation, Mix, u64),
}

impl Population {
    /// The area's state; from now on it follows what the page has as its employees.
    pub(crate) fn new(page: PageState) -> Population {
        let population = Population {
            page,
            mix: RwSignal::new(page.settings.mix.get_untracked().unwrap_or(Mix::USUAL)),
            view: RwSignal::new(None),
            refused: RwSignal::new(None),
            filter: RwSignal::new(Filter::default()),
            active: RwSignal::new(0),
            anchor: RwSignal::new(0),
            grid: NodeRef::new(),
            share: RwSignal::new((EmployeeType::A, Mix::USUAL, Mix::USUAL)),
            scenarios: RwSignal::new(stored_scenarios()),
            client: StoredValue::new_local(None),
            source: StoredValue::new_local(PopulationOrigin::Nothing),
            own: StoredValue::new_local(None),
            turned_off_at: RwSignal::new(None),
            is_unsaved: RwSignal::new(false),
            awaited: RwSignal::new(0),
        };
        follow(move || population.follow());
        let _ = window_event_listener(ev::beforeunload, move |event| {
            if population.is_unsaved.get_untracked() {
                event.prevent_default();
            }
        });
        follow(move || {
            if let Some(mix) = page.settings.mix.get() {
                population.mix.set(mix);
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
            (None, Some(picked)) if self.own.with_value(|own| own.as_ref() == Some(&picked.file)) => return,
            (None, Some(picked)) => PopulationOrigin::Picked(picked.file),
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
        self.own.set_value(None);
        self.refused.set(None);
        self.is_unsaved.set(false);
        self.filter.set(Filter::default());
        match source {
            PopulationOrigin::Nothing => {}
            PopulationOrigin::Picked(file) => self.send(ToPopulation::Open, Some(file)),
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

    /// The sliders show another mix; a run that uses theirs uses this one.
    pub(crate) fn set_mix(self, mix: Mix) {
        self.mix.set(mix);
        if self.page.settings.mix.with_untracked(Option::is_some) {
            self.use_mix(true);
        }
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

    /// The run uses the mix of the sliders, or the types of employees.csv.
    pub(crate) fn use_mix(self, is_used: bool) {
        let mix = self.mix.get_untracked();
        self.page.settings.mix.set(is_used.then_some(mix));
        self.page.edited();
    }

    /// The mix becomes that of employees.csv itself.
    pub(crate) fn write_mix(self) {
        if let Ok(seed) = untrack(|| self.page.settings.parsed_seed()) {
            let mix = self.mix.get_untracked();
            self.act(Act::ApplyMix(mix, seed));
        }
    }

    /// The run's employees are made up. People are asked where a file goes for it.
    pub(crate) fn make_up(self, population: NewPopulation) {
        let lost = self.page.slot(InputRole::Employees).file.with_untracked(|file| {
            let picked = file.picked()?;
            let edits = if picked.edits > 0 { ", and its edits are lost" } else { "" };
            Some(format!("The new population takes the place of {}{edits}. Go on?", picked.file.name()))
        });
        if lost.is_some_and(|lost| !is_sure(&lost)) {
            return;
        }
        self.page.remove(InputRole::Employees);
        self.page.settings.mix.set(Some(self.mix.get_untracked()));
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
            Event::Said(ToPage::Population(message), attached) => {
                self.take(message, attached.first().and_then(|file| file.dyn_ref::<File>()));
                self.page.edits_under_way.answered();
            }
            Event::Said(..) => {}
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
                file.into_iter().for_each(download);
            }
            FromPopulation::Refused(why) => self.refused.set(Some(why)),
        }
    }

    fn look(self, mut view: PopulationView, file: Option<&File>) {
        let is_first = self.view.with_untracked(Option::is_none);
        if view.message.is_empty() {
            // Other rows are looked at: the last message still holds.
            view.message =
                self.view.with_untracked(|view| view.as_ref().map_or_else(String::new, |view| view.message.clone()));
        }
        if is_first && self.page.settings.mix.with_untracked(Option::is_none) {
            self.mix.set(Mix::of_counts(view.tally.employees));
        }
        if let Some(file) = file {
            let mix = self.page.settings.mix;
            let had_mix = mix.with_untracked(Option::is_some);
            if view.gives_types {
                mix.set(None);
            }
            self.hand_over(file, view.tally.edited, view.edits);
            if had_mix && mix.with_untracked(Option::is_none) {
                view.message.push_str("; the mix is off now: a run takes the types that are shown here");
                self.turned_off_at.set(Some(view.edits));
            } else if self.turned_off_at.get_untracked().is_some_and(|edits| view.edits < edits) {
                view.message.push_str("; the mix stays off: turn it on again if runs are to have it");
                self.turned_off_at.set(None);
            }
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

    /// What was edited becomes the employees.csv of the page; what is as it was is the picked file again, or the
    /// made-up population.
    fn hand_over(self, file: &File, edited: usize, edits: usize) {
        let settings = self.page.settings;
        self.is_unsaved.set(edited > 0);
        match self.source.get_value() {
            PopulationOrigin::Picked(original) if edited == 0 => self.page.pick(InputRole::Employees, original),
            PopulationOrigin::MadeUp(population, mix, _) if edited == 0 => {
                settings.mix.set(Some(mix));
                settings.population.set(Some(population));
                self.page.remove(InputRole::Employees);
            }
            _ => {
                self.own.set_value(Some(file.clone()));
                self.page.pick_edited(file.clone(), edits);
            }
        }
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
}

/// What a type does, for people.
pub(crate) fn type_words(kind: EmployeeType) -> &'static str {
    match kind {
        EmployeeType::A => "a, completes all",
        EmployeeType::B => "b, completes one",
        EmployeeType::F => "f, completes none",
    }
}

/// The address must outlive the click: the browser holds the content once it reads it.
fn download(file: &File) {
    if let Ok(url) = ObjectUrl::of(file) {
        url.download(&file.name());
        set_timeout(move || drop(url), std::time::Duration::from_secs(60));
    }
}
