//! The page's handle on its worker. Dropping it ends the worker at once, which is how a run is cancelled.

pub(crate) mod lazy;
pub(crate) mod program;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser_error::{error_text, message_of};
use crate::messages::{ToPage, ToWorker, pack, unpack};
use program::{Program, address_of};

/// An event from a worker, with its message decoded.
pub(crate) enum Event {
    /// A message of the worker, and the files attached to it.
    Message(ToPage, Vec<JsValue>),
    /// The worker broke down and sends nothing more; why.
    Died(String),
}

/// An event from a worker, with its message not decoded yet.
pub(crate) enum Arrival {
    /// A message.
    Message(JsValue),
    /// The worker broke down and sends nothing more; why.
    Death(String),
}

impl Arrival {
    /// The event with its message decoded; `None` if the data is no message.
    pub(crate) fn read(self) -> Option<Event> {
        match self {
            Self::Message(data) => unpack(&data).map(|(message, attached)| Event::Message(message, attached)),
            Self::Death(why) => Some(Event::Died(why)),
        }
    }
}

/// Called for each event of a worker.
type Listener = Rc<dyn Fn(Arrival)>;

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
    /// The browser's reason for starting none, or a page that does not name its own script.
    pub(crate) fn start(on_event: impl Fn(Event) + 'static) -> Result<Client, String> {
        Self::start_unread(Rc::new(move |arrival: Arrival| {
            if let Some(event) = arrival.read() {
                on_event(event);
            }
        }))
    }

    /// Like [`Client::start`], for a listener that decodes messages itself. Not generic, so the program has its code once.
    ///
    /// # Errors
    /// The browser's reason for starting none, or a page that does not name its own script.
    pub(crate) fn start_unread(on_arrival: Listener) -> Result<Client, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&worker_address()?, &options).map_err(|error| error_text(&error))?;
        let outbox = Rc::new(RefCell::new(Outbox::Waiting(Vec::new())));
        let on_message = listen(&worker, &outbox, Rc::clone(&on_arrival));
        watch_start(&outbox, Rc::clone(&on_arrival));
        let on_error_event = Rc::clone(&on_arrival);
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |error: web_sys::Event| {
            error.prevent_default();
            let why = message_of(&error).unwrap_or_else(|| "its script cannot be loaded".to_owned());
            on_error_event(Arrival::Death(why));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        spawn_local(hand_over_program(worker.clone(), Rc::downgrade(&outbox), on_arrival));
        Ok(Client { worker, outbox, _on_message: on_message, _on_error: on_error })
    }

    /// Sends a message to the worker: now, or as soon as the worker listens.
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

fn listen(worker: &Worker, outbox: &Rc<RefCell<Outbox>>, on_arrival: Listener) -> Closure<dyn FnMut(MessageEvent)> {
    let (worker, outbox) = (worker.clone(), Rc::clone(outbox));
    Closure::new(move |event: MessageEvent| {
        // The worker's first message reports that it listens.
        if let Outbox::Waiting(waiting) = outbox.replace(Outbox::Open) {
            waiting.iter().for_each(|packed| post(&worker, packed));
        }
        on_arrival(Arrival::Message(event.data()));
    })
}

/// Sends a worker its program once that is fetched; does nothing if the client was dropped meanwhile.
async fn hand_over_program(worker: Worker, outbox: Weak<RefCell<Outbox>>, on_arrival: Listener) {
    let program = program_of_worker().await;
    if outbox.upgrade().is_some() {
        match program {
            Ok(program) => post(&worker, &program),
            Err(why) => on_arrival(Arrival::Death(why)),
        }
    }
}

/// The message that worker.js waits for: the address of the worker's script, and its compiled module.
async fn program_of_worker() -> Result<JsValue, String> {
    let script = address_of("worker-script")?;
    let module = Program::Worker.compiled().await?;
    let program = Object::new();
    for (key, value) in [("script", JsValue::from(script)), ("module", module)] {
        Reflect::set(&program, &key.into(), &value).map_err(|error| error_text(&error))?;
    }
    Ok(program.into())
}

/// Reports a worker as dead if it does not listen and no byte of its program arrives for a while. A message that the worker
/// sends later revokes the report.
fn watch_start(outbox: &Rc<RefCell<Outbox>>, on_arrival: Listener) {
    let outbox = Rc::downgrade(outbox);
    // The outbox is gone once the client is dropped.
    let is_awaited = move || outbox.upgrade().is_some_and(|outbox| matches!(*outbox.borrow(), Outbox::Waiting(_)));
    Program::Worker.watch(Rc::new(is_awaited), Rc::new(move |why| on_arrival(Arrival::Death(why))));
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

/// The address of worker.js, whose name has no hash. The query names the page's script, so that sw.js answers with the
/// worker.js of the same build.
fn worker_address() -> Result<String, String> {
    Ok(format!("worker.js?{}", own_script()?.trim_start_matches("./")))
}
