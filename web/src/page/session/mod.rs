//! The files, edits and settings of a visit, kept in this browser if people agree: a reload brings them back.
//!
//! Each file is a record under the id of its role, written after it was picked; the settings are one more record. Of several
//! tabs, the one opened last keeps its visit; the others say so, and offer to keep theirs instead.

pub(crate) mod state;

use std::time::Duration;

use btcfake_core::record::recipe::{Recipe, read_recipe};
use btcfake_core::sheet::Choice;
use js_sys::Array;
use leptos::task::spawn_local;
use leptos::{ev, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, IdbObjectStore, StorageEvent};

use crate::messages::OriginalFile;
use crate::page::components::{Action, checkbox, follow, markup, shown, status, text};
use crate::page::database::{Store, answer};
use crate::page::file_slot::{FileOrigin, FileSlot, FileState, Picked};
use crate::page::live::StateReading;
use crate::page::settings_form::drawn_seed;
use crate::page::state::PageState;
use crate::page::storage::{keep, storage};
use crate::page::words::file_words;
use state::Session;

/// The key in the local storage under which the browser keeps that people agreed. Its value marks the tab whose visit is kept.
const AGREED: &str = "btcfake.session";

/// The key of the settings in the database.
const SETTINGS: &str = "settings";

/// The time without a further change after which changes are written.
const REST: Duration = Duration::from_millis(300);

impl PageState {
    /// Restores the kept visit, and from now on keeps changes.
    pub(crate) fn follow_session(self) {
        let session = self.session;
        session.mark.set_value(drawn_seed());
        session.is_kept.set(kept_mark().is_some());
        let _ = window_event_listener(ev::storage, move |event: StorageEvent| {
            if event.key().as_deref() == Some(AGREED) {
                session.is_elsewhere.set(event.new_value().is_some());
                session.is_kept.update(|is_kept| *is_kept &= event.new_value().is_some());
            }
        });
        if session.is_kept.get_untracked() {
            session.take();
            spawn_local(async move {
                match Store::Session.all().await {
                    Ok(records) => self.restore(&records),
                    Err(why) => session.fault.set(Some(why)),
                }
                session.is_open.set(true);
            });
        } else {
            session.is_open.set(true);
        }
        follow(move || {
            let _ = self.edits.get();
            if !(session.is_kept.get() && session.is_open.get()) || session.is_elsewhere.get() {
                return;
            }
            let change = session.last_change.get_value().wrapping_add(1);
            session.last_change.set_value(change);
            let write = move || {
                if session.last_change.get_value() == change && session.is_kept.get_untracked() {
                    spawn_local(self.write_session());
                }
            };
            set_timeout(write, REST);
        });
    }

    /// Starts to keep the visit of this tab, or deletes what was kept.
    pub(crate) fn keep_session(self, is_kept: bool) {
        let session = self.session;
        session.fault.set(None);
        session.is_new.set_value(true);
        session.is_kept.set(is_kept);
        if is_kept {
            return session.take();
        }
        spawn_local(async move {
            let deleted =
                Store::Session.write(async |store: &IdbObjectStore| answer(&store.clear()?).await.map(|_| ())).await;
            // The mark goes last, so that a reload before that still finds the records.
            if deleted.is_ok() && !session.is_kept.get_untracked() {
                storage().iter().for_each(|storage| drop(storage.remove_item(AGREED)));
            }
            session.fault.set(deleted.err());
        });
    }

    async fn write_session(self) {
        if kept_mark().is_some_and(|mark| mark != self.session.mark.get_value()) {
            return self.session.is_elsewhere.set(true);
        }
        let is_new = self.session.is_new.get_value();
        let written = if is_new { Default::default() } else { self.session.written.get_value() };
        let now = self.slots.map(|slot| slot.picked());
        let picks = now.each_ref().map(|picked| picked.as_ref().map(|picked| picked.pick));
        let settings = untrack(|| self.settings.settings()).ok().map(|settings| {
            let breaks = untrack(|| self.settings.break_list()).unwrap_or_default();
            let recipe = Recipe { breaks, ..Recipe::new(settings, &[]) }.to_string();
            let reading = self.live.state_reading.get_untracked();
            let feed = reading.as_ref().and_then(|reading| serde_json::to_string(&reading.feed).ok());
            let at = reading.map(|reading| reading.at);
            Array::of3(&recipe.into(), &at.unwrap_or_default().into(), &feed.unwrap_or_default().into())
        });
        let work = async |store: &IdbObjectStore| {
            if is_new {
                answer(&store.clear()?).await?;
            }
            for (at, slot) in self.slots.iter().enumerate().filter(|(at, _)| picks[*at] != written[*at]) {
                let key = file_words(slot.role).id.into();
                let request = match &now[at] {
                    Some(picked) => store.put_with_key(&record_of(picked), &key)?,
                    None => store.delete(&key)?,
                };
                answer(&request).await?;
            }
            if let Some(settings) = &settings {
                answer(&store.put_with_key(settings, &SETTINGS.into())?).await?;
            }
            Ok(())
        };
        let done = Store::Session.write(work).await;
        if done.is_ok() {
            self.session.written.set_value(picks);
            self.session.is_new.set_value(false);
        }
        self.session.fault.set(done.err());
    }

    /// Restores the kept visit. An opened recipe, and files that were picked meanwhile, have priority.
    fn restore(self, records: &[(JsValue, JsValue)]) {
        let record = |key: &str| {
            let (_, value) = records.iter().find(|(one, _)| one.as_string().as_deref() == Some(key))?;
            Some(Array::from(value))
        };
        if let Some(settings) = record(SETTINGS).filter(|_| self.recipe.opened.with_untracked(Option::is_none)) {
            let recipe = settings.get(0).as_string().and_then(|text| read_recipe(&text).recipe);
            if let Some(recipe) = recipe {
                self.settings.set(&recipe.settings);
                self.settings.set_breaks(&recipe.breaks);
            }
            let at = settings.get(1).as_string().filter(|text| !text.is_empty());
            let feed = settings.get(2).as_string().and_then(|text| serde_json::from_str(&text).ok()?);
            self.live.state_reading.set(at.map(|at| StateReading { at, feed }));
        }
        let is_free = |slot: &&FileSlot| slot.file.with_untracked(|file| matches!(file, FileState::Empty));
        let mut written = self.session.written.get_value();
        for (slot, written) in self.slots.iter().zip(&mut written).filter(|(slot, _)| is_free(slot)) {
            if let Some(picked) = record(file_words(slot.role).id).and_then(|record| picked_of(self, &record)) {
                *written = Some(picked.pick);
                self.take_file(slot.role, picked);
            }
        }
        self.session.written.set_value(written);
    }
}

impl Session {
    /// Makes this tab the one whose visit is kept.
    fn take(self) {
        self.is_elsewhere.set(false);
        // If the mark cannot be kept, the next visit does not look for records; writing those reports whether they are kept.
        let _ = keep(AGREED, &self.mark.get_value());
    }

    /// Whether a reload of this tab brings its files back.
    pub(crate) fn is_kept_here(self) -> bool {
        self.is_kept.get_untracked() && !self.is_elsewhere.get_untracked()
    }
}

/// The mark of the tab whose visit is kept, if one is.
fn kept_mark() -> Option<String> {
    storage()?.get_item(AGREED).ok()?
}

/// The record of a file: the file, its number of edits, and its origin as text.
fn record_of(picked: &Picked) -> Array {
    let origin = match &picked.origin {
        FileOrigin::Picked => String::new(),
        FileOrigin::LiveForAll => "all".to_owned(),
        FileOrigin::Converted(None) => "converted".to_owned(),
        FileOrigin::Converted(Some(original)) => format!("converted {}", text_of(original)),
        FileOrigin::Sample => "sample".to_owned(),
        FileOrigin::StateAfter(run_file) => format!("left {run_file}"),
        FileOrigin::LiveFor(employee_set) => format!("for {employee_set}"),
    };
    #[allow(clippy::cast_precision_loss, reason = "people make few edits")]
    let edits = picked.edits as f64;
    Array::of3(&picked.file, &edits.into(), &origin.into())
}

/// An original file as text: its size, its SHA-256, its name, and each answer on a line of its own.
fn text_of(original: &OriginalFile) -> String {
    let OriginalFile { name, bytes, sha256, choices } = original;
    let choices: String = choices.iter().map(|choice| format!("\n{choice}")).collect();
    format!("{bytes} {sha256} {name}{choices}")
}

fn original_of(text: &str) -> Option<OriginalFile> {
    let mut lines = text.lines();
    let mut words = lines.next()?.splitn(3, ' ');
    let (bytes, sha256, name) = (words.next()?.parse().ok()?, words.next()?.to_owned(), words.next()?.to_owned());
    let choices = lines.map(str::parse).collect::<Result<Vec<Choice>, _>>().ok()?;
    Some(OriginalFile { name, bytes, sha256, choices: choices.into() })
}

fn picked_of(state: PageState, record: &Array) -> Option<Picked> {
    let file: File = record.get(0).dyn_into().ok()?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number")]
    let edits = record.get(1).as_f64()? as usize;
    let origin = record.get(2).as_string()?;
    let origin = match origin.split_once(' ') {
        Some(("converted", original)) => FileOrigin::Converted(Some(Box::new(original_of(original)?))),
        Some(("left", run_file)) => FileOrigin::StateAfter(run_file.to_owned()),
        Some(("for", employee_set)) => FileOrigin::LiveFor(employee_set.to_owned()),
        _ if origin == "all" => FileOrigin::LiveForAll,
        _ if origin == "converted" => FileOrigin::Converted(None),
        _ if origin == "sample" => FileOrigin::Sample,
        _ => FileOrigin::Picked,
    };
    Some(Picked { file, pick: state.next_number(), edits, origin })
}

/// The checkbox that keeps the visit, shown once there is something to keep.
pub(crate) fn session_line(state: PageState) -> AnyView {
    let session = state.session;
    let label = "Keep files and settings in this browser";
    let offer = move || match session.is_kept.get() && session.is_elsewhere.get() {
        true => {
            let words = "Another tab of this browser keeps its files now, and those of this one are not kept.";
            let take = Action::new("Keep those of this tab").button(move || state.keep_session(true));
            markup! { <div class="notice-row"><p class="problems" role="status">{words}</p>{take}</div> }
        }
        false => {
            checkbox("keep-session", label.to_owned(), move || session.is_kept.get(), move |on| state.keep_session(on))
        }
    };
    let fault = text(move || session.fault.get().map_or_else(String::new, |why| format!("Not kept: {why}.")));
    markup! { {shown(move || Some(offer()))} {status("fault", fault)} }
}

/// The notice that the visit is kept, with a button to delete it.
pub(crate) fn kept_session(state: PageState) -> AnyView {
    let session = state.session;
    shown(move || {
        let delete = Action::new("Delete kept files").button(move || state.keep_session(false));
        session.is_kept.get().then(|| {
            markup! {
                <p>"The files and settings of this visit are kept here, too, until you delete them."</p>
                <div class="buttons">{delete}</div>
            }
        })
    })
}
