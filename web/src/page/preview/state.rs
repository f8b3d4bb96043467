//! The state of the previews: the inputs that their worker has open, and the figures of each preview.
//!
//! A preview has one request for figures under way at a time. If the mix changes meanwhile, the latest one is requested after
//! the answer, so that a preview lags behind by one mix at most. An answer to an outdated request is dropped by its number.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::charts::Chart;
use btcfake_core::report::figures::{Bar, Headlines};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::client::Event;
use crate::client::lazy::LazyClient;
use crate::messages::preview::{Behind, FromPreview, MixFigures, PreviewQuestion, ToPreview};
use crate::messages::{Pick, ToPage, ToWorker};
use crate::page::components::follow;
use crate::page::state::PageState;

/// The previews of a page, with one worker that holds the inputs of the run. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Previews {
    page: PageState,
    inputs: RwSignal<PreviewInputs>,
    /// The number of the inputs that are open or being opened.
    number: RwSignal<u32>,
    /// The number of the inputs that the worker is reading, if it is.
    reading: RwSignal<Option<u32>>,
    shown: RwSignal<Vec<MixPreview>>,
    worker: LazyClient,
}

/// The inputs of a preview.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PreviewInputs {
    /// Something is missing for a run; what.
    None(String),
    /// The worker reads them.
    Opening,
    /// They are open; the number of their employees.
    Open(usize),
    /// They cannot be read; why.
    Refused(String),
}

/// One preview: the figures of a mix.
#[derive(Clone, Copy)]
pub(crate) struct MixPreview {
    /// The previews that it belongs to.
    pub(crate) preview: Previews,
    mix: Signal<Option<Mix>>,
    /// The headline figures.
    pub(crate) headlines: RwSignal<Headlines>,
    /// The number of employees whose type the mix changes.
    pub(crate) changed: RwSignal<usize>,
    /// The charts.
    pub(crate) charts: RwSignal<Arc<Vec<Chart>>>,
    /// Whether the figures are of earlier inputs.
    pub(crate) is_of_before: RwSignal<bool>,
    /// The chosen bar.
    pub(crate) bar: RwSignal<Option<Bar>>,
    /// The employees behind the bar.
    pub(crate) behind: RwSignal<Behind>,
    /// The page of them in view, from 0.
    pub(crate) page: RwSignal<usize>,
    /// The number of the request for figures under way, and whether the mix has changed since.
    counting: RwSignal<Option<u32>>,
    is_outdated: RwSignal<bool>,
    looking: RwSignal<u32>,
}

/// What the inputs of a preview depend on. When it changes, they are read again.
#[derive(Clone, PartialEq)]
struct PreviewSource {
    settings: Settings,
    picks: Vec<(InputRole, u32)>,
}

impl Previews {
    /// Previews that follow the page's files and settings.
    pub(crate) fn new(page: PageState) -> Previews {
        let preview = Previews {
            page,
            inputs: RwSignal::new(PreviewInputs::Opening),
            number: RwSignal::new(0),
            reading: RwSignal::new(None),
            shown: RwSignal::new(Vec::new()),
            worker: LazyClient::new(),
        };
        let source = Memo::new(move |_| preview.source());
        follow(move || preview.open(source.get()));
        preview
    }

    /// The inputs.
    pub(crate) fn inputs(self) -> PreviewInputs {
        self.inputs.get()
    }

    /// Whether a preview has figures, be they of earlier inputs.
    pub(super) fn has_figures(self) -> bool {
        self.shown.get().iter().any(|shown| shown.charts.with(|charts| !charts.is_empty()))
    }

    /// The present files, and the settings without the mix; or what is missing.
    fn source(self) -> Result<PreviewSource, String> {
        let missing = self.page.missing();
        match self.page.settings.settings() {
            Ok(settings) if missing.is_empty() => {
                let pick = |role: InputRole| {
                    let file = self.page.slot(role).file;
                    file.with(|file| file.picked().map(|picked| (role, picked.pick)))
                };
                let picks = InputRole::ALL.iter().copied().filter_map(pick).collect();
                Ok(PreviewSource { settings: Settings { mix: None, ..settings }, picks })
            }
            _ => Err(missing.join(" ")),
        }
    }

    /// Opens the inputs once they have not changed for a while, because typing and editing change them often.
    fn open(self, source: Result<PreviewSource, String>) {
        const REST: std::time::Duration = std::time::Duration::from_millis(200);
        let number = self.page.next_number();
        self.number.set(number);
        self.shown.get_untracked().iter().for_each(|shown| shown.is_of_before.set(true));
        match source {
            Ok(_) => {
                self.inputs.set(PreviewInputs::Opening);
                set_timeout(move || self.read(number), REST);
            }
            Err(missing) => self.inputs.set(PreviewInputs::None(missing)),
        }
    }

    /// Has the inputs of a number read if they are still current. While others are being read, it waits for those.
    fn read(self, number: u32) {
        if self.number.get_untracked() != number || self.reading.get_untracked().is_some() {
            return;
        }
        let Ok(PreviewSource { settings, .. }) = untrack(|| self.source()) else { return };
        self.reading.set(Some(number));
        let (picks, files): (Vec<Pick>, Vec<JsValue>) = self.page.picked_files().into_iter().unzip();
        self.send(ToPreview::Open { inputs: number, settings, picks }, files);
    }

    fn send(self, message: ToPreview, files: Vec<JsValue>) {
        let sent = self.worker.send(&ToWorker::Preview(message), files, move |event| self.receive(event));
        if let Err(why) = sent {
            self.inputs.set(PreviewInputs::Refused(why));
        }
    }

    fn receive(self, event: Event) {
        let message = match event {
            Event::Message(ToPage::Preview(message), _) => message,
            Event::Message(..) => return,
            Event::Died(why) => {
                self.worker.end();
                self.reading.set(None);
                return self
                    .inputs
                    .set(PreviewInputs::Refused(format!("the part of the page that simulates broke down ({why})")));
            }
        };
        match message {
            FromPreview::Opened { inputs, employees } => {
                self.reading.set(None);
                let number = self.number.get_untracked();
                if inputs != number {
                    return self.read(number);
                }
                self.inputs.set(employees.map_or_else(PreviewInputs::Refused, PreviewInputs::Open));
                for shown in self.shown.get_untracked() {
                    shown.counting.set(None);
                    shown.count();
                }
            }
            FromPreview::Counted { request, figures } => {
                let shown = self.shown.get_untracked();
                if let Some(shown) = shown.into_iter().find(|shown| shown.counting.get_untracked() == Some(request)) {
                    shown.take(figures);
                }
            }
            FromPreview::Behind { request, behind } => {
                let shown = self.shown.get_untracked();
                if let Some(shown) = shown.into_iter().find(|shown| shown.looking.get_untracked() == request) {
                    shown.behind.set(behind);
                }
            }
            FromPreview::Explained { request, explained } => self.page.explanation.take(request, explained),
        }
    }
}

impl MixPreview {
    /// A preview that follows a mix; `None` is for the types of the file.
    pub(crate) fn new(preview: Previews, mix: Signal<Option<Mix>>) -> MixPreview {
        let shown = MixPreview {
            preview,
            mix,
            headlines: RwSignal::new(Headlines::default()),
            changed: RwSignal::new(0),
            charts: RwSignal::new(Arc::default()),
            is_of_before: RwSignal::new(false),
            bar: RwSignal::new(None),
            behind: RwSignal::new(Behind::default()),
            page: RwSignal::new(0),
            counting: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
            looking: RwSignal::new(0),
        };
        preview.shown.update(|all| all.push(shown));
        follow(move || {
            let _ = mix.get();
            untrack(|| shown.count());
        });
        shown
    }

    /// Chooses a bar, or none, and asks for the employees behind it.
    pub(crate) fn choose(self, bar: Option<Bar>) {
        self.bar.set(bar);
        self.behind.set(Behind::default());
        self.turn_to(0);
    }

    /// Asks for a page of the employees behind the bar.
    pub(crate) fn turn_to(self, page: usize) {
        self.page.set(page);
        let Some(bar) = self.bar.get_untracked() else { return };
        self.looking.set(self.ask(PreviewQuestion::Behind { bar, page }));
    }

    /// Asks for the explanation of an employee's rows.
    pub(crate) fn explain(self, employee: u64) {
        let request = self.ask(PreviewQuestion::Explain(employee));
        self.preview.page.explanation.wait_for(request, employee);
    }

    /// Asks the worker about the run with the mix. Returns the number of the request.
    fn ask(self, question: PreviewQuestion) -> u32 {
        let request = self.preview.page.next_number();
        let (inputs, mix) = (self.preview.number.get_untracked(), self.mix.get_untracked());
        self.preview.send(ToPreview::Ask { inputs, request, mix, question }, Vec::new());
        request
    }

    fn count(self) {
        if !matches!(self.preview.inputs.get_untracked(), PreviewInputs::Open(_)) {
            return;
        }
        if self.counting.get_untracked().is_some() {
            return self.is_outdated.set(true);
        }
        self.is_outdated.set(false);
        self.counting.set(Some(self.ask(PreviewQuestion::Figures)));
    }

    fn take(self, figures: MixFigures) {
        self.headlines.set(figures.headlines);
        self.changed.set(figures.changed);
        self.charts.set(Arc::new(figures.charts));
        // An answer that comes while inputs are read is about the earlier ones.
        self.is_of_before.update(|is| *is &= !matches!(self.preview.inputs.get_untracked(), PreviewInputs::Open(_)));
        self.counting.set(None);
        if self.is_outdated.get_untracked() {
            self.count();
        } else {
            self.turn_to(0);
        }
    }
}
