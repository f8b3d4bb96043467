//! Making a series: it has a worker of its own, so that runs and tables go on beside it; ending that worker is how it is
//! cancelled.

use std::sync::Arc;

use btcfake_core::format::instant::parse_date;
use btcfake_core::report::series_table::{COLUMNS, REASONS};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::form::SeriesForm;
use crate::client::{Client, Event};
use crate::messages::{Pick, SeriesNews, SeriesOrder, ToPage, ToWorker};
use crate::page::object_url::ObjectUrl;
use crate::page::state::PageState;
use crate::page::words::day_text;

/// What the area knows. A copy is a handle on the same.
#[derive(Clone, Copy)]
pub(crate) struct SeriesState {
    /// Files and settings.
    pub(crate) page: PageState,
    /// The fields.
    pub(crate) form: SeriesForm,
    /// How the last series stands that was asked for.
    pub(crate) making: RwSignal<Making>,
    /// Its days so far.
    pub(crate) days: RwSignal<Vec<MadeDay>>,
    /// Counts changes of the fields.
    edits: RwSignal<u32>,
    /// The changes of fields and page when the last series was begun.
    begun_at: RwSignal<(u32, u32)>,
    worker: StoredValue<Option<Client>, LocalStorage>,
}

/// A day that was made.
#[derive(Clone)]
pub(crate) struct MadeDay {
    /// Its date, for people.
    pub(crate) date: String,
    /// Its counts, by the columns of the core.
    pub(crate) cells: [u64; COLUMNS.len()],
    /// Its employees without a Daily Dose, by the reasons of the core.
    pub(crate) without_dose: [u64; REASONS.len()],
}

/// How a series stands.
#[derive(Clone)]
pub(crate) enum Making {
    /// None was asked for.
    NotYet,
    /// One was asked for while something was missing.
    Blocked,
    /// It is being made.
    Going {
        /// How many days it is to have.
        of: usize,
    },
    /// It was cancelled.
    Cancelled,
    /// It came to nothing, and why.
    Failed(String),
    /// It is made.
    Done(Arc<DoneSeries>),
}

/// A series that was made.
pub(crate) struct DoneSeries {
    /// How many days it has.
    pub(crate) days: usize,
    /// The name of the ZIP.
    pub(crate) name: String,
    /// The address of the ZIP.
    pub(crate) url: ObjectUrl,
    /// The totals of the columns that have one.
    pub(crate) totals: [Option<u64>; COLUMNS.len()],
    /// Things left out or missing.
    pub(crate) notes: Vec<String>,
}

impl Making {
    /// How many days the series is to have that is being made.
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
            making: RwSignal::new(Making::NotYet),
            days: RwSignal::new(Vec::new()),
            edits: RwSignal::new(0),
            begun_at: RwSignal::new((0, 0)),
            worker: StoredValue::new_local(None),
        }
    }

    /// A field was changed.
    pub(crate) fn edited(self) {
        self.edits.update(|edits| *edits = edits.wrapping_add(1));
    }

    /// What keeps the series from being made, in plain words.
    pub(crate) fn missing(self) -> Vec<String> {
        self.page.missing().into_iter().chain(self.form.last_day().err().unwrap_or_default()).collect()
    }

    /// Whether fields, files or settings were changed since the series was begun.
    pub(crate) fn is_stale(self) -> bool {
        self.making.with(|making| matches!(making, Making::Done(_)))
            && (self.edits.get(), self.page.edits.get()) != self.begun_at.get()
    }

    /// The series is to be made.
    pub(crate) fn start(self) {
        let (settings, last) = match untrack(|| (self.page.settings.settings(), self.form.last_day())) {
            (Ok(settings), Ok(last)) if untrack(|| self.page.missing().is_empty()) => (settings, last),
            _ => return self.making.set(Making::Blocked),
        };
        self.days.set(Vec::new());
        self.begun_at.set((self.edits.get_untracked(), self.page.edits.get_untracked()));
        match Client::start(move |event| self.receive(event)) {
            Ok(client) => {
                let (picks, files): (Vec<Pick>, Vec<JsValue>) = self.page.picked_files().into_iter().unzip();
                client.send(&ToWorker::Series(SeriesOrder { settings, last, picks }), files);
                self.worker.set_value(Some(client));
                self.making.set(Making::Going { of: last.day as usize });
            }
            Err(why) => self.making.set(Making::Failed(why)),
        }
    }

    /// The series is to stop.
    pub(crate) fn cancel(self) {
        self.end(Making::Cancelled);
        self.days.set(Vec::new());
    }

    fn receive(self, event: Event) {
        match event {
            Event::Message(ToPage::Series(SeriesNews::Day { date, cells, without_dose }), _) => {
                let date = parse_date(&date).map_or(date, day_text);
                self.days.update(|days| days.push(MadeDay { date, cells, without_dose }));
            }
            Event::Message(ToPage::Series(SeriesNews::Done { name, totals, notes }), attached) => {
                let days = self.days.with_untracked(Vec::len);
                let url = attached.first().map_or_else(|| Err("the worker sent no file".to_owned()), ObjectUrl::of);
                self.end(match url {
                    Ok(url) => Making::Done(Arc::new(DoneSeries { days, name, url, totals, notes })),
                    Err(why) => Making::Failed(why),
                });
            }
            Event::Message(ToPage::Series(SeriesNews::Failed { why }), _) => self.end(Making::Failed(why)),
            Event::Message(..) => {}
            Event::Died(why) => {
                self.end(Making::Failed(format!("the part of the page that makes it broke down ({why})")));
            }
        }
    }

    fn end(self, making: Making) {
        self.worker.set_value(None);
        self.making.set(making);
    }
}
