//! The page's hold on its worker. Dropping it ends the worker, whatever it is doing: this is how a run is cancelled.

pub(crate) mod program;

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Object, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::browser_error::{message_of, said_by};
use crate::messages::{ToPage, ToWorker, pack, unpack};
use program::{Program, address_of};

/// What comes from a worker.
pub(crate) enum Event {
    /// A message of the worker; files are attached.
    Message(ToPage, Vec<JsValue>),
    /// It broke down, and will say no more.
    Died(String),
}

/// What comes from a worker, not read yet.
pub(crate) enum Arrival {
    /// A message.
    Message(JsValue),
    /// It broke down, and will say no more.
    Death(String),
}

impl Arrival {
    /// What it is; nothing for what is no message.
    pub(crate) fn read(self) -> Option<Event> {
        match self {
            Self::Message(data) => unpack(&data).map(|(message, attached)| Event::Message(message, attached)),
            Self::Death(why) => Some(Event::Died(why)),
        }
    }
}

/// Who hears of what arrives.
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
    /// Why none can be started.
    pub(crate) fn start(on_event: impl Fn(Event) + 'static) -> Result<Client, String> {
        Self::start_unread(Rc::new(move |arrival: Arrival| {
            if let Some(event) = arrival.read() {
                on_event(event);
            }
        }))
    }

    /// The same for who reads messages when it can. Its code stands in the program once, whoever listens.
    ///
    /// # Errors
    /// Why none can be started.
    pub(crate) fn start_unread(on_arrival: Listener) -> Result<Client, String> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&worker_address()?, &options).map_err(|error| said_by(&error))?;
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

fn listen(worker: &Worker, outbox: &Rc<RefCell<Outbox>>, on_arrival: Listener) -> Closure<dyn FnMut(MessageEvent)> {
    let (worker, outbox) = (worker.clone(), Rc::clone(outbox));
    Closure::new(move |event: MessageEvent| {
        // The first thing that it says is that it listens.
        if let Outbox::Waiting(waiting) = outbox.replace(Outbox::Open) {
            waiting.iter().for_each(|packed| post(&worker, packed));
        }
        on_arrival(Arrival::Message(event.data()));
    })
}

/// Gives a worker the program that it is to run, as soon as that has arrived; nobody waits for it if the client was dropped.
async fn hand_over_program(worker: Worker, outbox: Weak<RefCell<Outbox>>, on_arrival: Listener) {
    let program = program_of_worker().await;
    if outbox.upgrade().is_some() {
        match program {
            Ok(program) => post(&worker, &program),
            Err(why) => on_arrival(Arrival::Death(why)),
        }
    }
}

/// What worker.js needs: the address of the worker's script, and its compiled module.
async fn program_of_worker() -> Result<JsValue, String> {
    let script = address_of("worker-script")?;
    let module = Program::Worker.compiled().await?;
    let program = Object::new();
    for (key, value) in [("script", JsValue::from(script)), ("module", module)] {
        Reflect::set(&program, &key.into(), &value).map_err(|error| said_by(&error))?;
    }
    Ok(program.into())
}

/// Reports a worker that does not listen while nothing comes of its program either. A worker that listens after all is taken
/// back by its message.
fn watch_start(outbox: &Rc<RefCell<Outbox>>, on_arrival: Listener) {
    let outbox = Rc::downgrade(outbox);
    // A dropped client has none.
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

/// worker.js has no hash in its name; asked for by that of the page's script, sw.js gives the one of the page's build.
fn worker_address() -> Result<String, String> {
    Ok(format!("worker.js?{}", own_script()?.trim_start_matches("./")))
}
