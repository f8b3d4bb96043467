//! The page's hold on its worker. Dropping it ends the worker, whatever it is doing: this is how a run is cancelled.

mod program;

use std::cell::RefCell;
use std::rc::{Rc, Weak};
use std::time::Duration;

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser_error::{message_of, said_by};
use crate::messages::{ToPage, ToWorker, pack, unpack};

/// What comes from a worker.
pub(crate) enum Event {
    /// A message of the worker; files are attached.
    Said(ToPage, Vec<JsValue>),
    /// It broke down, and will say no more.
    Died(String),
}

/// Who hears of events.
type Listener = Rc<dyn Fn(Event)>;

/// A running worker.
pub(crate) struct Client {
    worker: Worker,
    outbox: Rc<RefCell<Outbox>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

/// A worker drops messages that come before it listens, so they are kept until it reports that it does.
enum Outbox {
    Waiting(Vec<JsValue>),
    Open,
}

impl Client {
    /// Starts a worker of the page's own build.
    ///
    /// # Errors
    /// Why none can be started.
    pub(crate) fn start(on_event: impl Fn(Event) + 'static) -> Result<Client, String> {
        Self::start_telling(Rc::new(on_event))
    }

    /// Its code stands in the program once, whoever listens.
    fn start_telling(on_event: Listener) -> Result<Client, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&worker_address()?, &options).map_err(|error| said_by(&error))?;
        let outbox = Rc::new(RefCell::new(Outbox::Waiting(Vec::new())));
        let on_message = listen(&worker, &outbox, Rc::clone(&on_event));
        watch_start(Rc::downgrade(&outbox), Rc::clone(&on_event), js_sys::Date::now());
        let on_error_event = Rc::clone(&on_event);
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |error: web_sys::Event| {
            error.prevent_default();
            on_error_event(Event::Died(message_of(&error).unwrap_or_else(|| "its script cannot be loaded".to_owned())));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        spawn_local(hand_over_program(worker.clone(), Rc::downgrade(&outbox), on_event));
        Ok(Client { worker, outbox, _on_message: on_message, _on_error: on_error })
    }

    /// Says something to the worker; now, or as soon as it listens.
    pub(crate) fn send(&self, message: &ToWorker, attached: impl IntoIterator<Item = JsValue>) {
        let packed = pack(message, attached);
        match &mut *self.outbox.borrow_mut() {
            Outbox::Waiting(waiting) => waiting.push(packed),
            Outbox::Open => post(&self.worker, &packed),
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

fn listen(worker: &Worker, outbox: &Rc<RefCell<Outbox>>, on_event: Listener) -> Closure<dyn FnMut(MessageEvent)> {
    let (worker, outbox) = (worker.clone(), Rc::clone(outbox));
    Closure::new(move |event: MessageEvent| {
        let Some((message, attached)) = unpack::<ToPage>(&event.data()) else { return };
        if message == ToPage::Ready
            && let Outbox::Waiting(waiting) = outbox.replace(Outbox::Open)
        {
            waiting.iter().for_each(|packed| post(&worker, packed));
        }
        on_event(Event::Said(message, attached));
    })
}

/// Gives a worker the program that it is to run, as soon as that has arrived; nobody waits for it if the client was dropped.
async fn hand_over_program(worker: Worker, outbox: Weak<RefCell<Outbox>>, on_event: Listener) {
    let program = program::of_own_build().await;
    if outbox.upgrade().is_some() {
        match program {
            Ok(program) => post(&worker, &program),
            Err(why) => on_event(Event::Died(why)),
        }
    }
}

/// How long nothing may come of a worker's files before it is reported.
const LONGEST_SILENCE: Duration = Duration::from_secs(15);

/// Reports a worker that does not listen while nothing comes of its program either: a server or something on the way may
/// hold a file back without an answer. A worker that listens after all is taken back by its message.
fn watch_start(outbox: Weak<RefCell<Outbox>>, on_event: Listener, since: f64) {
    let look = move || {
        // Dropped with its client.
        if !outbox.upgrade().is_some_and(|outbox| matches!(*outbox.borrow(), Outbox::Waiting(_))) {
            return;
        }
        let progress = program::last_progress();
        if progress > since {
            return watch_start(outbox, on_event, progress);
        }
        program::give_up();
        on_event(Event::Died(format!("nothing has come for {} seconds", LONGEST_SILENCE.as_secs())));
    };
    let silent = Duration::try_from_secs_f64((js_sys::Date::now() - since) / 1_000.0).unwrap_or_default();
    leptos::prelude::set_timeout(look, LONGEST_SILENCE.saturating_sub(silent));
}

/// Files, text and compiled programs can always be cloned for a worker, so this does not fail.
fn post(worker: &Worker, packed: &JsValue) {
    let _ = worker.post_message(packed);
}

/// The name of the page's own script, which holds a hash: no two builds have the same.
///
/// # Errors
/// A page that does not name it.
pub(crate) fn own_script() -> Result<String, String> {
    leptos::prelude::document()
        .query_selector("link[rel=modulepreload]")
        .ok()
        .flatten()
        .and_then(|link| link.get_attribute("href"))
        .ok_or_else(|| "the page does not name its own script".to_owned())
}

/// worker.js has no hash in its name; asked for by that of the page's script, sw.js gives the one of the page's build.
fn worker_address() -> Result<String, String> {
    Ok(format!("worker.js?{}", own_script()?.trim_start_matches("./")))
}
