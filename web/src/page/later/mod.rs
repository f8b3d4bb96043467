//! The later part of the page's program: what the first view does without. It comes after the first view, in a file of its
//! own (scripts/finish-page.sh splits it off), and shares the memory of the first part.
//!
//! Whoever needs something of it calls [`view()`] or [`then`], and so works before it has come, too. `parts.rs` fills it.

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

use crate::browser_error::said_by;
use crate::client::program::Program;
use crate::messages::Inspected;
use crate::page::components::{Action, markup, shown, status};
use crate::page::shell::area::Area;
use crate::page::state::{FileSlot, PageState, Results};
use crate::page::why::Why;

/// What is in the later part.
pub(crate) struct Parts {
    /// The area "Mix".
    pub(crate) mix_area: fn(PageState) -> AnyView,
    /// The area "Series".
    pub(crate) series_area: fn(PageState) -> AnyView,
    /// The area "Check".
    pub(crate) check_area: fn(PageState) -> AnyView,
    /// The area "History".
    pub(crate) history_area: fn(PageState) -> AnyView,
    /// What a run left.
    pub(crate) results: fn(PageState, &Arc<Results>) -> AnyView,
    /// The dialog that explains an employee.
    pub(crate) why_dialog: fn(Why) -> AnyView,
    /// The live sources.
    pub(crate) live_panel: fn(PageState) -> AnyView,
    /// The settings beside date, seed and mix.
    pub(crate) more_settings: fn(PageState) -> AnyView,
    /// The recipe that was opened, with the files that it needs.
    pub(crate) needed: fn(PageState) -> AnyView,
    /// What is done once, as soon as the later part is there.
    pub(crate) begin: fn(PageState),
    /// The offer to keep the files and settings of the visit.
    pub(crate) session_line: fn(PageState) -> AnyView,
    /// That they are kept, with the way to delete them.
    pub(crate) kept_session: fn(PageState) -> AnyView,
    /// Files whose place is to be chosen.
    pub(crate) unplaced: fn(PageState) -> AnyView,
    /// What is wrong with a file.
    pub(crate) problems: fn(PageState, FileSlot, &str, &Inspected) -> AnyView,
    /// Starts a run.
    pub(crate) run: fn(PageState),
    /// Remembers the settings.
    pub(crate) remember_settings: fn(PageState),
    /// Takes in folders and files that were dropped while an area was in view.
    pub(crate) take_dropped: fn(PageState, Area, Vec<FileSystemEntry>, Vec<File>),
    /// Takes in a text that was pasted.
    pub(crate) take_pasted: fn(PageState, &str),
    /// Takes in a message of the worker.
    pub(crate) hear: fn(PageState, &JsValue),
}

#[derive(Clone)]
enum Stand {
    Coming,
    Here(&'static Parts),
    Failed(String, Ask),
}

/// What is to be done with the parts.
type Deed = Box<dyn FnOnce(&'static Parts)>;

/// Asks the later part for its parts, once it is in the memory.
pub(crate) type Ask = fn() -> Pin<Box<dyn Future<Output = Result<&'static Parts, String>>>>;

thread_local! {
    static STAND: ArcRwSignal<Stand> = ArcRwSignal::new(Stand::Coming);
    static WAITING: RefCell<Vec<Deed>> = const { RefCell::new(Vec::new()) };
    static ATTEMPT: Cell<u32> = const { Cell::new(0) };
}

/// Fetches the later part. It reports what is wrong, and can be called again.
pub(crate) fn fetch(ask: Ask) {
    let attempt = ATTEMPT.get() + 1;
    ATTEMPT.set(attempt);
    stand().set(Stand::Coming);
    spawn_local(async move {
        let module = Program::Later.compiled().await;
        // It is put into the memory once only, whichever attempt brings it.
        if ATTEMPT.get() == attempt {
            stand().set(Stand::Coming);
            match put(module, ask).await {
                Ok(parts) => take(parts),
                Err(why) => {
                    Program::Later.give_up();
                    stand().set(Stand::Failed(why, ask));
                }
            }
        }
    });
    let is_awaited = move || ATTEMPT.get() == attempt && matches!(stand().get_untracked(), Stand::Coming);
    Program::Later.watch(Rc::new(is_awaited), Rc::new(move |why| stand().set(Stand::Failed(why, ask))));
}

/// Fetches the later part once more, if it did not come.
pub(crate) fn fetch_again() {
    if let Stand::Failed(_, ask) = stand().get_untracked() {
        fetch(ask);
    }
}

/// Does something with the parts: now, or as soon as they have come.
pub(crate) fn then(act: impl FnOnce(&'static Parts) + 'static) {
    match stand().get_untracked() {
        Stand::Here(parts) => act(parts),
        Stand::Coming | Stand::Failed(..) => WAITING.with_borrow_mut(|waiting| waiting.push(Box::new(act))),
    }
}

/// A view of the parts, which is there as soon as they are.
pub(crate) fn view(view: impl Fn(&'static Parts) -> AnyView + Send + 'static) -> AnyView {
    shown(move || here().map(&view))
}

/// An area: until it has come, it says that it will.
pub(crate) fn area(view: impl Fn(&'static Parts) -> AnyView + Send + 'static) -> AnyView {
    shown(move || {
        let waits = || status("hint", "Loading\u{2026}".to_owned().into());
        Some(here().map_or_else(waits, &view))
    })
}

/// What went wrong with the later part, and what to do.
pub(crate) fn fault() -> AnyView {
    shown(|| {
        let Stand::Failed(why, _) = stand().get() else { return None };
        Some(markup! {
            <div class="problems refused" role="alert">
                <p class="verdict">"A part of the page has not arrived."</p>
                <p>
                    "If the page comes from a btcfake of your own, see whether that still runs, and start it again. \
                     Otherwise most often a company's proxy, a firewall or a virus scanner holds a file of the page back: \
                     ask the people who look after your network (IT support) to let files ending in .wasm through from \
                     this page's address. Then try again. What you picked stays."
                </p>
                <p class="hint">"The browser says: "{why}</p>
                {Action::new("Try again").button(fetch_again)}
            </div>
        })
    })
}

fn stand() -> ArcRwSignal<Stand> {
    STAND.with(ArcRwSignal::clone)
}

fn here() -> Option<&'static Parts> {
    match stand().get() {
        Stand::Here(parts) => Some(parts),
        Stand::Coming | Stand::Failed(..) => None,
    }
}

fn take(parts: &'static Parts) {
    stand().set(Stand::Here(parts));
    for deed in WAITING.take() {
        deed(parts);
    }
}

/// Puts the later part beside the first one, into the same memory.
async fn put(module: Result<JsValue, String>, ask: Ask) -> Result<&'static Parts, String> {
    let module: WebAssembly::Module = module?.unchecked_into();
    let imports = Object::new();
    let said = |error: JsValue| said_by(&error);
    Reflect::set(&imports, &"__wasm_split".into(), &wasm_bindgen::exports()).map_err(said)?;
    JsFuture::from(WebAssembly::instantiate_module(&module, &imports)).await.map_err(said)?;
    ask().await
}
