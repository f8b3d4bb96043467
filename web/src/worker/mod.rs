//! The worker: it handles messages one after another, reads files, simulates, and keeps the results.

mod archive;
mod checking;
mod comparing;
mod employee_ids;
mod explaining;
mod feed_files;
mod feed_rows;
mod inspecting;
mod instants;
mod next_day;
mod output;
mod page_channel;
mod picked_files;
mod population;
mod positions;
mod preview;
mod reading;
mod rows;
mod run_questions;
mod running;
mod sample;
mod series;
mod sorting;
mod tables;
mod writer;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use btcfake_core::breakage::BreakList;
use btcfake_core::plan::settings::Settings;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::locale::use_locale;
use crate::messages::{RunAnswer, RunQuestion, ToPage, ToWorker, unpack};
use checking::CheckedSet;
use inspecting::InspectedFiles;
use page_channel::PageChannel;
use picked_files::{PickedFile, PickedFiles, files_of, picked_files_of};
use population::PopulationHandler;
use preview::PreviewHandler;
use running::FinishedRun;
use writer::WriterHandler;

/// Listens to the page, and reports that it does. Outside a worker, it does nothing.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    use_locale();
    let page = PageChannel::new(scope.clone());
    let queue =
        Rc::new(RefCell::new(MessageQueue { waiting: VecDeque::new(), handler: Some(MessageHandler::default()) }));
    let answers_go_to = page.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(message) = unpack::<ToWorker>(&event.data()) {
            queue.borrow_mut().waiting.push_back(message);
            spawn_local(handle_waiting(Rc::clone(&queue), answers_go_to.clone()));
        }
    });
    scope.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    page.send(&ToPage::Ready, &[]);
}

/// A message with its attachments.
type Received = (ToWorker, Vec<JsValue>);

/// An answer with its attachments.
type Answer = (ToPage, Vec<JsValue>);

/// The waiting messages, and their handler, which is taken out while it handles one.
struct MessageQueue {
    waiting: VecDeque<Received>,
    handler: Option<MessageHandler>,
}

async fn handle_waiting(queue: Rc<RefCell<MessageQueue>>, page: PageChannel) {
    let Some(mut handler) = queue.borrow_mut().handler.take() else { return };
    loop {
        let received = queue.borrow_mut().waiting.pop_front();
        let Some(received) = received else { break };
        if let Some((answer, attached)) = handler.answer(received, &page).await {
            page.send(&answer, &attached);
        }
    }
    queue.borrow_mut().handler = Some(handler);
}

/// Handles messages one after another, with the state that is kept between them.
#[derive(Default)]
struct MessageHandler {
    picked: PickedFiles,
    inspected: InspectedFiles,
    finished: Option<FinishedRun>,
    population: PopulationHandler,
    preview: PreviewHandler,
    checked: Option<CheckedSet>,
    writer: WriterHandler,
}

impl MessageHandler {
    /// The answer to a message; `None` for a message without one. Progress goes to the page meanwhile.
    async fn answer(&mut self, (message, attached): Received, page: &PageChannel) -> Option<Answer> {
        Some(match message {
            ToWorker::Inspect { pick, bad_rows } => {
                let file = picked_files_of(vec![pick], attached).pop()?;
                (self.inspected.inspect(&file, bad_rows, &mut self.picked).await, Vec::new())
            }
            ToWorker::Forget { role } => {
                self.picked.forget(role);
                self.inspected.forget(role);
                return None;
            }
            ToWorker::MoreProblems { role, pick, known } => {
                let problems = self.inspected.problems(role, pick, known);
                (ToPage::MoreProblems { role, pick, known, problems }, Vec::new())
            }
            ToWorker::Run { run, settings, break_list, picks } => {
                self.run(run, settings, &break_list, picked_files_of(picks, attached), page).await
            }
            ToWorker::RunQuestion { run, question } => self.answer_about_run(run, question).await,
            ToWorker::Series(order) => series::answer(order, attached, &self.picked, page).await,
            ToWorker::Check(question) => {
                let files = files_of(attached).collect();
                (ToPage::Checked(checking::answer(question, files, &mut self.checked).await), Vec::new())
            }
            ToWorker::Compare(order) => (ToPage::Compared(comparing::compared(order, attached).await), Vec::new()),
            ToWorker::Sorting(message) => sorting::answer(message, files_of(attached).collect()).await,
            ToWorker::Sample { request, day } => {
                let (roles, files) = sample::files_of(day).into_iter().unzip();
                (ToPage::Sample { request, roles }, files)
            }
            ToWorker::EmployeeIds { request, pick, bad_rows } => {
                let file = picked_files_of(vec![pick], attached).pop()?;
                employee_ids::answer(request, &file, bad_rows, &self.picked).await
            }
            ToWorker::Preview(message) => {
                (ToPage::Preview(self.preview.answer(message, attached, &self.picked).await?), Vec::new())
            }
            ToWorker::Population(message) => {
                let (answer, file) = self.population.answer(message, files_of(attached).next()).await?;
                (ToPage::Population(answer), file.into_iter().collect())
            }
            ToWorker::Writer(message) => {
                let (answer, attached) = self.writer.answer(message, attached)?;
                (ToPage::Writer(answer), vec![attached])
            }
        })
    }

    /// Runs the simulation, and keeps the run for requests about it.
    async fn run(
        &mut self,
        run: u32,
        settings: Settings,
        breaks: &BreakList,
        files: Vec<PickedFile>,
        page: &PageChannel,
    ) -> Answer {
        // The run before stays until then, as a run that is refused leaves its results in view.
        match running::run(run, settings, breaks, files, &self.picked, page).await {
            Ok(finished) => {
                let finished = self.finished.insert(finished);
                let outcome = Box::new(finished.outcome());
                (ToPage::Done { run, outcome }, finished.blobs().map(JsValue::from).collect())
            }
            Err(why) => (ToPage::Failed { run, why }, Vec::new()),
        }
    }

    async fn answer_about_run(&mut self, run: u32, question: RunQuestion) -> Answer {
        let (answer, attached) = match self.finished.as_mut().filter(|finished| finished.run == run) {
            Some(finished) => run_questions::answer(finished, question, &self.picked).await,
            None => (RunAnswer::Gone, Vec::new()),
        };
        (ToPage::RunAnswer { run, answer }, attached)
    }
}
