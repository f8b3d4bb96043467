//! The feeds that can be compared row by row: those of the last runs of this visit, and picked files.

use btcfake_core::record::recipe::read_recipe;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::client::Event;
use crate::client::lazy::LazyClient;
use crate::helper_client::file_of;
use crate::messages::comparison::{ComparedFeedFile, ComparisonOrder};
use crate::messages::{Outcome, OutputFile, ToPage, ToWorker};
use crate::page::words::{day_text, local_clock, time_text};

/// The largest number of feeds that the page holds; the oldest is dropped first.
const MOST: usize = 5;

/// A feed: its files with their names.
#[derive(Clone)]
pub(crate) struct NamedFeed {
    /// Day, time and seed of its run; for picked files, their names.
    pub(crate) title: String,
    /// The files, each with its name.
    pub(crate) files: Vec<(String, JsValue)>,
}

/// The feeds and their comparison. Copies are handles on the same state.
#[derive(Clone, Copy)]
pub(crate) struct Feeds {
    /// The feeds, the last run first.
    pub(crate) recent: RwSignal<Vec<NamedFeed>, LocalStorage>,
    /// The indexes in `recent` of the first and the second feed to compare.
    pub(crate) chosen: [RwSignal<usize>; 2],
    /// The state of the comparison.
    pub(crate) comparison: RwSignal<FeedsCompared>,
    worker: LazyClient,
}

/// The state of the comparison of two feeds.
#[derive(Clone)]
pub(crate) enum FeedsCompared {
    /// No comparison was requested.
    NotYet,
    /// The worker compares.
    Going,
    /// The comparison failed; why.
    Failed(String),
    /// The comparison, file by file.
    Done(Vec<ComparedFeedFile>),
}

impl Feeds {
    /// No feeds yet.
    pub(crate) fn new() -> Feeds {
        Feeds {
            recent: RwSignal::new_local(Vec::new()),
            chosen: [RwSignal::new(1), RwSignal::new(0)],
            comparison: RwSignal::new(FeedsCompared::NotYet),
            worker: LazyClient::new(),
        }
    }

    /// Adds the feed of a run that was just made, and chooses it and the one before it for a comparison.
    pub(crate) fn keep(self, outcome: &Outcome, attached: &[JsValue]) {
        let made = format!("made {}", time_text(local_clock(js_sys::Date::now())));
        let title = match read_recipe(&outcome.recipe).recipe.map(|recipe| recipe.settings) {
            Some(settings) => format!("{}, {made}, seed {}", day_text(settings.day()), settings.seed),
            None => format!("Feed {made}"),
        };
        let file = |(file, content): (&OutputFile, &JsValue)| {
            let kept = file_of(content.clone(), &file.name).ok()?;
            Some((file.name.clone(), kept.into()))
        };
        let files = outcome.files.iter().zip(attached).filter_map(file).collect();
        self.add(NamedFeed { title, files });
        self.chosen[0].set(1);
        self.chosen[1].set(0);
    }

    /// Adds the dropped files of a feed, as the second of the comparison.
    pub(crate) fn drop(self, files: Vec<web_sys::File>) {
        self.pick(1, files);
    }

    /// Adds the picked files of a feed, as the first (`side` 0) or the second (1) of the comparison, and compares them at
    /// once, because they may be none of a feed.
    pub(crate) fn pick(self, side: usize, files: Vec<web_sys::File>) {
        if files.is_empty() {
            return;
        }
        let names: Vec<String> = files.iter().map(web_sys::File::name).collect();
        let files = names.iter().cloned().zip(files.into_iter().map(JsValue::from)).collect();
        self.add(NamedFeed { title: names.join(", "), files });
        let other = self.chosen[1 - side];
        other.update(|at| *at = (*at + 1).min(MOST - 1));
        self.chosen[side].set(0);
        self.compare();
    }

    fn add(self, feed: NamedFeed) {
        self.recent.update(|recent| {
            recent.insert(0, feed);
            recent.truncate(MOST);
        });
        self.comparison.set(FeedsCompared::NotYet);
    }

    /// Compares the two chosen feeds, in a worker of its own.
    pub(crate) fn compare(self) {
        let chosen = self.chosen.map(|at| self.recent.with_untracked(|recent| recent.get(at.get_untracked()).cloned()));
        let [Some(before), Some(after)] = chosen else { return };
        let names = [&before, &after].map(|feed| feed.files.iter().map(|(name, _)| name.clone()).collect());
        let files = before.files.into_iter().chain(after.files).map(|(_, file)| file);
        let order = ToWorker::Compare(ComparisonOrder { names });
        // A comparison under way is no longer wanted.
        self.worker.end();
        self.comparison.set(match self.worker.send(&order, files, move |event| self.receive(event)) {
            Ok(()) => FeedsCompared::Going,
            Err(why) => FeedsCompared::Failed(why),
        });
    }

    fn receive(self, event: Event) {
        let comparison = match event {
            Event::Message(ToPage::Compared(Ok(files)), _) => FeedsCompared::Done(files),
            Event::Message(ToPage::Compared(Err(why)), _) => FeedsCompared::Failed(why),
            Event::Message(..) => return,
            Event::Died(why) => FeedsCompared::Failed(format!("the part of the page that compares broke down ({why})")),
        };
        self.worker.end();
        self.comparison.set(comparison);
    }
}
