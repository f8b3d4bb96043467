//! A file of a large feed that another worker writes. It digests the bytes and makes their blob, which takes as long as the
//! simulation, while this worker goes on to simulate.
//!
//! The other worker runs the same program. It ends with this one, because the browser also ends the workers of an ended worker.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, DedicatedWorkerGlobalScope, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::output::{CSV, Output, Written};
use crate::browser_error::{error_text, message_of};
use crate::messages::{FromWriter, ToPage, ToWorker, ToWriter, pack, unpack};

/// The size of a piece in bytes. Each piece becomes a blob; for blobs of 2 MB, the browser takes twice the time for the same
/// bytes. Larger pieces would save little, and need more memory.
const PIECE: u32 = 16 << 20;

/// The largest number of pieces on their way to the other worker: enough that neither waits.
const MOST_UNDER_WAY: usize = 2;

/// A file that another worker writes.
pub(super) struct Writer {
    worker: Worker,
    inbox: Rc<RefCell<Inbox>>,
    /// The next piece, and its number of filled bytes.
    piece: (Uint8Array, u32),
    /// Buffers of pieces that came back, for reuse, so that the browser need not clear new memory for each.
    free: Vec<Uint8Array>,
    /// The number of pieces that were sent and are not in the file yet.
    under_way: usize,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

/// The messages of the other worker that are not handled yet.
#[derive(Default)]
struct Inbox {
    arrived: VecDeque<Result<(ToPage, Vec<JsValue>), String>>,
    wake: Option<Function>,
}

impl Writer {
    /// Starts a worker for a file.
    ///
    /// # Errors
    /// The browser's message, if it starts none.
    pub(super) fn start() -> Result<Writer, String> {
        let failed = |error: JsValue| error_text(&error);
        let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into().map_err(|global| failed(global.into()))?;
        // worker.js keeps its program there.
        let program = Reflect::get(&scope, &"program".into()).map_err(failed)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&scope.location().href(), &options).map_err(failed)?;
        worker.post_message(&program).map_err(failed)?;
        let inbox = Rc::new(RefCell::new(Inbox::default()));
        let (of_messages, of_errors) = (Rc::clone(&inbox), Rc::clone(&inbox));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            unpack(&event.data()).into_iter().for_each(|message| of_messages.borrow_mut().put(Ok(message)));
        });
        let on_error = Closure::<dyn FnMut(Event)>::new(move |error: Event| {
            error.prevent_default();
            let why = message_of(&error).unwrap_or_else(|| "its script cannot be loaded".to_owned());
            of_errors.borrow_mut().put(Err(format!("a part of the page that writes files broke down ({why})")));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let piece = (Uint8Array::new_with_length(PIECE), 0);
        Ok(Writer {
            worker,
            inbox,
            piece,
            free: Vec::new(),
            under_way: 0,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    /// Waits until the other worker listens, and begins the file.
    ///
    /// # Errors
    /// The other worker broke down.
    pub(super) async fn begin(&self, name: &str) -> Result<(), String> {
        self.next().await?;
        self.send(ToWriter::Begin { name: name.to_owned() }, None)
    }

    /// Appends some bytes.
    ///
    /// # Errors
    /// The browser's message, if it cannot hold them.
    #[allow(clippy::cast_possible_truncation, reason = "a part of a piece")]
    pub(super) fn append(&mut self, mut bytes: &[u8]) -> Result<(), String> {
        while !bytes.is_empty() {
            let (piece, filled) = &mut self.piece;
            let (now, later) = bytes.split_at(bytes.len().min((PIECE - *filled) as usize));
            let end = *filled + now.len() as u32;
            piece.subarray(*filled, end).copy_from(now);
            (*filled, bytes) = (end, later);
            if end == PIECE {
                self.send_piece()?;
            }
        }
        Ok(())
    }

    fn send_piece(&mut self) -> Result<(), String> {
        let empty = self.free.pop().unwrap_or_else(|| Uint8Array::new_with_length(PIECE));
        let (piece, filled) = std::mem::replace(&mut self.piece, (empty, 0));
        self.under_way += 1;
        self.send(ToWriter::Append, Some(&piece.subarray(0, filled)))
    }

    /// Waits while too many pieces are under way.
    ///
    /// # Errors
    /// The other worker broke down, or its browser cannot hold the file.
    pub(super) async fn wait_for_room(&mut self) -> Result<(), String> {
        while self.under_way > MOST_UNDER_WAY {
            let (_, attached) = self.next().await?;
            self.under_way -= 1;
            self.free.extend(attached.into_iter().filter_map(|piece| piece.dyn_into().ok()));
        }
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The browser's message, if it cannot hold the last bytes.
    pub(super) fn end(&mut self) -> Result<(), String> {
        self.send_piece()?;
        self.send(ToWriter::End, None)
    }

    /// Waits for the file after [`Writer::end`].
    ///
    /// # Errors
    /// The other worker broke down, or its browser cannot hold the file.
    pub(super) async fn written(self) -> Result<Written, String> {
        loop {
            match self.next().await? {
                (ToPage::Writer(FromWriter::Written(file)), attached) => {
                    let blob = attached.into_iter().next().and_then(|blob| blob.dyn_into::<Blob>().ok());
                    return Ok(Written { file, blob: blob.ok_or("the worker sent no file")? });
                }
                (ToPage::Writer(FromWriter::Failed(why)), _) => return Err(why),
                _ => {}
            }
        }
    }

    /// Sends a message. The memory of bytes is transferred, not copied.
    fn send(&self, message: ToWriter, bytes: Option<&Uint8Array>) -> Result<(), String> {
        let packed = pack(&ToWorker::Writer(message), bytes.map(JsValue::from));
        let handed_over: Array = bytes.map(|bytes| JsValue::from(bytes.buffer())).into_iter().collect();
        self.worker.post_message_with_transfer(&packed, &handed_over).map_err(|error| error_text(&error))
    }

    async fn next(&self) -> Result<(ToPage, Vec<JsValue>), String> {
        loop {
            if let Some(arrived) = self.inbox.borrow_mut().arrived.pop_front() {
                return arrived;
            }
            let waiting = Promise::new(&mut |wake, _| self.inbox.borrow_mut().wake = Some(wake));
            JsFuture::from(waiting).await.map_err(|error| error_text(&error))?;
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl Inbox {
    fn put(&mut self, arrived: Result<(ToPage, Vec<JsValue>), String>) {
        self.arrived.push_back(arrived);
        if let Some(wake) = self.wake.take() {
            let _ = wake.call0(&JsValue::UNDEFINED);
        }
    }
}

/// Handles messages of another worker, with the file that this worker writes for it.
#[derive(Default)]
pub(super) struct WriterHandler(Option<Result<Output, String>>);

impl WriterHandler {
    /// The answer to a message, with its attachment: the buffer of a piece, or at the end the file.
    pub(super) fn answer(&mut self, message: ToWriter, attached: Vec<JsValue>) -> Option<(FromWriter, JsValue)> {
        match message {
            ToWriter::Begin { name } => {
                self.0 = Some(Ok(Output::new(&name, CSV)));
                None
            }
            ToWriter::Append => {
                let piece = attached.into_iter().find_map(|bytes| bytes.dyn_into::<Uint8Array>().ok())?;
                if let Some(Ok(output)) = &mut self.0
                    && let Err(why) = output.take(&piece)
                {
                    self.0 = Some(Err(why));
                }
                Some((FromWriter::Appended, Uint8Array::new(&piece.buffer()).into()))
            }
            ToWriter::End => Some(match self.0.take()?.and_then(Output::finish) {
                Ok(Written { file, blob }) => (FromWriter::Written(file), blob.into()),
                Err(why) => (FromWriter::Failed(why), JsValue::UNDEFINED),
            }),
        }
    }
}
