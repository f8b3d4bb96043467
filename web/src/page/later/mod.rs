//! The later part of the page's program, which the first view does not need. scripts/finish-page.sh splits it off into a file
//! of its own, which is fetched after the first view and shares the memory of the first part.
//!
//! Code of the first part reaches it by [`view()`] and [`then`], which also work before it has arrived. `parts.rs` lists what
//! it has.

pub(crate) mod parts;

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Object, Reflect, WebAssembly};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileSystemEntry};

use crate::browser_error::error_text;
use crate::client::program::Program;
use crate::messages::Inspected;
use crate::page::area::Area;
use crate::page::components::{Action, markup, shown, status};
use crate::page::explanation::Explanation;
use crate::page::file_slot::FileSlot;
use crate::page::run_state::Results;
use crate::page::state::PageState;
use crate::page::words::blocked_file_advice;

/// The functions of the later part.
pub(crate) struct Parts {
    /// The area "Mix".
    pub(crate) mix_area: fn(PageState) -> AnyView,
    /// The area "Series".
    pub(crate) series_area: fn(PageState) -> AnyView,
    /// The area "Check".
    pub(crate) check_area: fn(PageState) -> AnyView,
    /// The area "History".
    pub(crate) history_area: fn(PageState) -> AnyView,
    /// The results of a run.
    pub(crate) results: fn(PageState, &Arc<Results>) -> AnyView,
    /// The dialog that explains an employee.
    pub(crate) explanation_dialog: fn(Explanation) -> AnyView,
    /// The live sources.
    pub(crate) live_panel: fn(PageState) -> AnyView,
    /// The settings beside date, seed and mix.
    pub(crate) more_settings: fn(PageState) -> AnyView,
    /// The recipe that was opened, with the files that it needs.
    pub(crate) needed: fn(PageState) -> AnyView,
    /// Runs once, when the later part has arrived.
    pub(crate) begin: fn(PageState),
    /// The offer to keep the files and settings of the visit.
    pub(crate) session_line: fn(PageState) -> AnyView,
    /// The notice that they are kept, with a button to delete them.
    pub(crate) kept_session: fn(PageState) -> AnyView,
    /// Files whose place is to be chosen.
    pub(crate) unplaced: fn(PageState) -> AnyView,
    /// The problems of a file.
    pub(crate) problems: fn(PageState, FileSlot, &str, &Inspected) -> AnyView,
    /// Starts a run.
    pub(crate) run: fn(PageState),
    /// Remembers the settings.
    pub(crate) remember_settings: fn(PageState),
    /// Takes in folders and files that were dropped while an area was in view.
    pub(crate) take_dropped: fn(PageState, Area, Vec<FileSystemEntry>, Vec<File>),
    /// Takes in a text that was pasted.
    pub(crate) take_pasted: fn(PageState, &str),
    /// Applies a message of the worker.
    pub(crate) apply_message: fn(PageState, &JsValue),
}

#[derive(Clone)]
enum LaterState {
    Coming,
    Arrived(&'static Parts),
    Failed(String, Ask),
}

/// A call that waits for the parts.
type Waiting = Box<dyn FnOnce(&'static Parts)>;

/// Gets the parts from the later program once that is loaded.
pub(crate) type Ask = fn() -> Pin<Box<dyn Future<Output = Result<&'static Parts, String>>>>;

// `STATE` is a signal, so that views follow it. `ATTEMPT` counts the calls of `fetch`.
thread_local! {
    static STATE: ArcRwSignal<LaterState> = ArcRwSignal::new(LaterState::Coming);
    static WAITING: RefCell<Vec<Waiting>> = const { RefCell::new(Vec::new()) };
    static ATTEMPT: Cell<u32> = const { Cell::new(0) };
}

/// Fetches the later part. A failure is shown by [`fault`], and the call can be repeated.
pub(crate) fn fetch(ask: Ask) {
    let attempt = ATTEMPT.get() + 1;
    ATTEMPT.set(attempt);
    state().set(LaterState::Coming);
    spawn_local(async move {
        let module = Program::Later.compiled().await;
        // Only the last attempt may load it: it must be loaded once.
        if ATTEMPT.get() == attempt {
            state().set(LaterState::Coming);
            match put(module, ask).await {
                Ok(parts) => take(parts),
                Err(why) => {
                    Program::Later.give_up();
                    state().set(LaterState::Failed(why, ask));
                }
            }
        }
    });
    let is_awaited = move || ATTEMPT.get() == attempt && matches!(state().get_untracked(), LaterState::Coming);
    Program::Later.watch(Rc::new(is_awaited), Rc::new(move |why| state().set(LaterState::Failed(why, ask))));
}

/// Fetches the later part again if it failed.
pub(crate) fn fetch_again() {
    if let LaterState::Failed(_, ask) = state().get_untracked() {
        fetch(ask);
    }
}

/// Calls `act` with the parts: now, or once they have arrived.
pub(crate) fn then(act: impl FnOnce(&'static Parts) + 'static) {
    match state().get_untracked() {
        LaterState::Arrived(parts) => act(parts),
        LaterState::Coming | LaterState::Failed(..) => WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(act))),
    }
}

/// A view from the parts, empty until they have arrived.
pub(crate) fn view(view: impl Fn(&'static Parts) -> AnyView + Send + 'static) -> AnyView {
    shown(move || arrived().map(&view))
}

/// An area from the parts, with "Loading…" until they have arrived.
pub(crate) fn area(view: impl Fn(&'static Parts) -> AnyView + Send + 'static) -> AnyView {
    shown(move || {
        let waits = || status("hint", "Loading\u{2026}".to_owned().into());
        Some(arrived().map_or_else(waits, &view))
    })
}

/// The error of the later part, with advice; nothing without an error.
pub(crate) fn fault() -> AnyView {
    shown(|| {
        let LaterState::Failed(why, _) = state().get() else { return None };
        Some(markup! {
            <div class="problems refused" role="alert">
                <p class="verdict">"A part of the page could not be loaded."</p>
                <p>{blocked_file_advice(".wasm")}" Then try again. What you picked stays."</p>
                <p class="hint">"The browser says: "{why}</p>
                {Action::new("Try again").button(fetch_again)}
            </div>
        })
    })
}

fn state() -> ArcRwSignal<LaterState> {
    STATE.with(ArcRwSignal::clone)
}

fn arrived() -> Option<&'static Parts> {
    match state().get() {
        LaterState::Arrived(parts) => Some(parts),
        LaterState::Coming | LaterState::Failed(..) => None,
    }
}

fn take(parts: &'static Parts) {
    state().set(LaterState::Arrived(parts));
    for call in WAITING.take() {
        call(parts);
    }
}

/// Instantiates the later part with the memory and the exports of the first one.
async fn put(module: Result<JsValue, String>, ask: Ask) -> Result<&'static Parts, String> {
    let module: WebAssembly::Module = module?.unchecked_into();
    let imports = Object::new();
    let message = |error: JsValue| error_text(&error);
    Reflect::set(&imports, &"__wasm_split".into(), &wasm_bindgen::exports()).map_err(message)?;
    JsFuture::from(WebAssembly::instantiate_module(&module, &imports)).await.map_err(message)?;
    ask().await
}
