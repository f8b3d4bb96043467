//! Making a series, in a worker of its own, so that runs and tables work meanwhile. Ending that worker cancels the series.

use std::sync::Arc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_date;
use btcfake_core::plan::rhythm::{Rhythm, SeriesDay};
use btcfake_core::report::series_table::{COLUMNS, REASONS};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::form::SeriesForm;
use crate::client::Event;
use crate::client::lazy::LazyClient;
use crate::messages::{Pick, SeriesOrder, SeriesReport, ToPage, ToWorker};
use crate::page::file_slot::FileOrigin;
use crate::page::object_url::ObjectUrl;
use crate::page::state::PageState;
use crate::page::words::day_text;

/// The state of the area. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct SeriesState {
    /// The page, which has files and settings.
    pub(crate) page: PageState,
    /// The fields.
    pub(crate) form: SeriesForm,
    /// The state of the last series.
    pub(crate) making: RwSignal<SeriesStatus>,
    /// The days of that series that are made.
    pub(crate) days: RwSignal<Vec<MadeDay>>,
    /// The number of changes of the fields.
    edits: RwSignal<u32>,
    /// The numbers of changes of the fields and of the page when the last series was begun.
    begun_at: RwSignal<(u32, u32)>,
    worker: LazyClient,
}

/// A day that was made.
#[derive(Clone)]
pub(crate) struct MadeDay {
    /// Its date, as the locale writes it.
    pub(crate) date: String,
    /// Its counts, in the order of [`COLUMNS`].
    pub(crate) cells: [u64; COLUMNS.len()],
    /// Its employees without a Daily Dose, in the order of [`REASONS`].
    pub(crate) without_dose: [u64; REASONS.len()],
}

/// The state of a series.
#[derive(Clone)]
pub(crate) enum SeriesStatus {
    /// No series was requested.
    NotYet,
    /// One was requested while something was missing.
    Blocked,
    /// The worker makes it.
    Going {
        /// The number of all days.
        of: usize,
    },
    /// It was cancelled.
    Cancelled,
    /// It failed; why.
    Failed(String),
    /// It is done.
    Done(Arc<DoneSeries>),
}

/// A series that was made.
pub(crate) struct DoneSeries {
    /// The number of its days.
    pub(crate) days: usize,
    /// The name of the ZIP.
    pub(crate) name: String,
    /// The address of the ZIP.
    pub(crate) url: ObjectUrl,
    /// The total of each column; `None` for a column without one.
    pub(crate) totals: [Option<u64>; COLUMNS.len()],
    /// Things left out or missing.
    pub(crate) notes: Vec<String>,
}

impl SeriesStatus {
    /// The number of days of the series under way; 0 without one.
    pub(crate) fn days(&self) -> usize {
        if let Self::Going { of } = self { *of } else { 0 }
    }
}

impl SeriesState {
    /// Nothing is made yet.
    pub(crate) fn new(page: PageState) -> SeriesState {
        SeriesState {
            page,
            form: SeriesForm::new(),
            making: RwSignal::new(SeriesStatus::NotYet),
            days: RwSignal::new(Vec::new()),
            edits: RwSignal::new(0),
            begun_at: RwSignal::new((0, 0)),
            worker: LazyClient::new(),
        }
    }

    /// Records a change of a field.
    pub(crate) fn edited(self) {
        self.edits.update(|edits| *edits = edits.wrapping_add(1));
    }

    /// The reasons against making the series, in sentences.
    pub(crate) fn missing(self) -> Vec<String> {
        self.page.missing().into_iter().chain(self.form.last_day().err().unwrap_or_default()).collect()
    }

    /// Whether fields, files or settings were changed since the series was begun.
    pub(crate) fn is_stale(self) -> bool {
        self.making.with(|making| matches!(making, SeriesStatus::Done(_)))
            && (self.edits.get(), self.page.edits.get()) != self.begun_at.get()
    }

    /// Makes the series, or shows what is missing.
    pub(crate) fn start(self) {
        let (settings, last) = match untrack(|| (self.page.settings.settings(), self.form.last_day())) {
            (Ok(settings), Ok(last)) if untrack(|| self.page.missing().is_empty()) => (settings, last),
            _ => return self.making.set(SeriesStatus::Blocked),
        };
        self.days.set(Vec::new());
        self.begun_at.set((self.edits.get_untracked(), self.page.edits.get_untracked()));
        let (picks, files): (Vec<Pick>, Vec<JsValue>) = self.page.picked_files().into_iter().unzip();
        let catalog = self.page.slot(InputRole::StandaloneContent).picked();
        let of_sandbox = untrack(|| self.page.live.is_sandbox());
        let is_sample = |origin: &FileOrigin| *origin == FileOrigin::Sample || of_sandbox && origin.is_live();
        let continues_sample = catalog.is_some_and(|catalog| is_sample(&catalog.origin));
        let last = SeriesDay { rhythm: Rhythm { continues_sample, ..last.rhythm }, ..last };
        let order = ToWorker::Series(SeriesOrder { settings, last, picks });
        self.making.set(match self.worker.send(&order, files, move |event| self.receive(event)) {
            Ok(()) => SeriesStatus::Going { of: last.day as usize },
            Err(why) => SeriesStatus::Failed(why),
        });
    }

    /// Cancels the series.
    pub(crate) fn cancel(self) {
        self.end(SeriesStatus::Cancelled);
        self.days.set(Vec::new());
    }

    fn receive(self, event: Event) {
        match event {
            Event::Message(ToPage::Series(SeriesReport::Day { date, cells, without_dose }), _) => {
                let date = parse_date(&date).map_or(date, day_text);
                self.days.update(|days| days.push(MadeDay { date, cells, without_dose }));
            }
            Event::Message(ToPage::Series(SeriesReport::Done { name, totals, notes }), attached) => {
                let days = self.days.with_untracked(Vec::len);
                let url = attached.first().map_or_else(|| Err("the worker sent no file".to_owned()), ObjectUrl::of);
                self.end(match url {
                    Ok(url) => SeriesStatus::Done(Arc::new(DoneSeries { days, name, url, totals, notes })),
                    Err(why) => SeriesStatus::Failed(why),
                });
            }
            Event::Message(ToPage::Series(SeriesReport::Failed { why }), _) => self.end(SeriesStatus::Failed(why)),
            Event::Message(..) => {}
            Event::Died(why) => {
                self.end(SeriesStatus::Failed(format!("the part of the page that makes it broke down ({why})")));
            }
        }
    }

    fn end(self, making: SeriesStatus) {
        self.worker.end();
        self.making.set(making);
    }
}
