//! The worker: it handles messages one after another, reads files, simulates, and keeps the results.

mod archive;
mod checking;
mod comparing;
mod employee_ids;
mod explaining;
mod feed_files;
mod feed_rows;
mod inspecting;
mod next_day;
mod output;
mod picked_files;
mod population;
mod positions;
mod preview;
mod reading;
mod rows;
mod running;
mod sample;
mod series;
mod sorting;
mod tables;
mod voice;
mod writer;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use btcfake_core::format::input_role::InputRole;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::locale::use_locale;
use crate::messages::{RowsQuestion, SeriesNews, SeriesOrder, ToPage, ToWorker, unpack};
use checking::CheckedSet;
use inspecting::InspectedFiles;
use picked_files::{PickedFiles, files_of, picked_files_of};
use population::PopulationDesk;
use preview::PreviewDesk;
use running::FinishedRun;
use voice::Voice;
use writer::WriterDesk;

/// Listens to the page, and reports that it does. Outside a worker, it does nothing.
pub fn start() {
    let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() else { return };
    use_locale();
    let voice = Voice::new(scope.clone());
    let mailbox = Rc::new(RefCell::new(Mailbox { waiting: VecDeque::new(), desk: Some(Desk::default()) }));
    let answer_with = voice.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(letter) = unpack::<ToWorker>(&event.data()) {
            mailbox.borrow_mut().waiting.push_back(letter);
            spawn_local(work_through(Rc::clone(&mailbox), answer_with.clone()));
        }
    });
    scope.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
    voice.say(&ToPage::Ready, []);
}

type Letter = (ToWorker, Vec<JsValue>);

/// The waiting messages, and the desk, which is taken out while a message is handled.
struct Mailbox {
    waiting: VecDeque<Letter>,
    desk: Option<Desk>,
}

/// The state that is kept between messages.
#[derive(Default)]
struct Desk {
    picked: PickedFiles,
    inspected: InspectedFiles,
    finished: Option<FinishedRun>,
    population: PopulationDesk,
    preview: PreviewDesk,
    checked: Option<CheckedSet>,
    writer: WriterDesk,
}

async fn work_through(mailbox: Rc<RefCell<Mailbox>>, voice: Voice) {
    let Some(mut desk) = mailbox.borrow_mut().desk.take() else { return };
    loop {
        let letter = mailbox.borrow_mut().waiting.pop_front();
        match letter {
            Some(letter) => desk.work_on(letter, &voice).await,
            None => break,
        }
    }
    mailbox.borrow_mut().desk = Some(desk);
}

impl Desk {
    async fn work_on(&mut self, (message, attached): Letter, voice: &Voice) {
        match message {
            ToWorker::Inspect { pick, bad_rows } => {
                let Some(file) = picked_files_of(vec![pick], attached).pop() else { return };
                voice.say(&self.inspected.inspect(&file, bad_rows, &mut self.picked).await, []);
            }
            ToWorker::Forget { role } => {
                self.picked.forget(role);
                self.inspected.forget(role);
            }
            ToWorker::MoreProblems { role, pick, known } => {
                let problems = self.inspected.problems(role, pick, known);
                voice.say(&ToPage::MoreProblems { role, pick, known, problems }, []);
            }
            ToWorker::Run { run, settings, break_list, picks } => {
                self.finished = None;
                let files = picked_files_of(picks, attached);
                match running::run(run, settings, &break_list, files, &self.picked, voice).await {
                    Ok(finished) => {
                        let outcome = Box::new(finished.outcome());
                        voice.say(&ToPage::Done { run, outcome }, finished.blobs().map(JsValue::from));
                        self.finished = Some(finished);
                    }
                    Err(why) => voice.say(&ToPage::Failed { run, why }, []),
                }
            }
            ToWorker::Rows { run, request, table, wanted, behind } => {
                let finished = self.finished.as_mut().filter(|finished| finished.run == run);
                let Some(finished) = finished else { return voice.say(&ToPage::Gone { run }, []) };
                let (found, rows) = finished.rows(table, wanted, behind);
                voice.say(&ToPage::Rows { run, request, table, found, rows }, []);
            }
            ToWorker::FeedRows { run, question: RowsQuestion { request, file, search } } => {
                let Some(finished) = self.finished_run(run) else { return voice.say(&ToPage::Gone { run }, []) };
                let rows = feed_rows::rows_of(finished, file, &search).await;
                voice.say(&ToPage::FeedRows { request, rows }, []);
            }
            ToWorker::Explain { run, request, employee } => {
                let Some(finished) = self.finished_run(run) else { return voice.say(&ToPage::Gone { run }, []) };
                let files = (finished.inputs.as_slice(), &self.picked);
                let explained = explaining::explained(&finished.simulation, files, &finished.breaks, employee).await;
                voice.say(&ToPage::Explained { request, explained }, []);
            }
            ToWorker::Archive { run, purpose } => {
                let Some(finished) = self.finished_run(run) else { return voice.say(&ToPage::Gone { run }, []) };
                match archive::of(finished, purpose, &self.picked).await {
                    Ok((name, blob)) => voice.say(&ToPage::Archive { run, purpose, name }, [blob.into()]),
                    Err(why) => voice.say(&ToPage::ArchiveFailed { run, purpose, why }, []),
                }
            }
            ToWorker::NextDay { run, sample } => {
                let Some(finished) = self.finished_run(run) else { return voice.say(&ToPage::Gone { run }, []) };
                let (roles, files) = match next_day::files(finished, sample) {
                    Ok(files) => {
                        let (roles, files): (Vec<InputRole>, Vec<JsValue>) = files.into_iter().unzip();
                        (Ok(roles), files)
                    }
                    Err(why) => (Err(why), Vec::new()),
                };
                voice.say(&ToPage::NextDay { run, roles }, files);
            }
            ToWorker::Series(SeriesOrder { settings, last, picks }) => {
                let files = picked_files_of(picks, attached);
                match series::make(settings, last, &files, &self.picked, voice).await {
                    Ok((news, archive)) => voice.say(&ToPage::Series(news), [archive.into()]),
                    Err(why) => voice.say(&ToPage::Series(SeriesNews::Failed { why }), []),
                }
            }
            ToWorker::Check(question) => {
                let files = files_of(attached).collect();
                voice.say(&ToPage::Checked(checking::answer(question, files, &mut self.checked).await), []);
            }
            ToWorker::Compare(order) => voice.say(&ToPage::Compared(comparing::compared(order, attached).await), []),
            ToWorker::Sorting(message) => {
                let (answer, file) = sorting::answer(message, files_of(attached).collect()).await;
                voice.say(&ToPage::Sorted(answer), file);
            }
            ToWorker::Sample { request, day } => {
                let (roles, files): (Vec<InputRole>, Vec<JsValue>) = sample::files_of(day).into_iter().unzip();
                voice.say(&ToPage::Sample { request, roles }, files);
            }
            ToWorker::EmployeeIds { request, pick, bad_rows } => {
                let Some(file) = picked_files_of(vec![pick], attached).pop() else { return };
                match employee_ids::of(&file, bad_rows, &self.picked).await {
                    Ok((count, json)) => voice.say(&ToPage::EmployeeIds { request, found: Ok(count) }, [json.into()]),
                    Err(why) => voice.say(&ToPage::EmployeeIds { request, found: Err(why) }, []),
                }
            }
            ToWorker::Preview(message) => {
                if let Some(answer) = self.preview.work_on(message, attached, &self.picked).await {
                    voice.say(&ToPage::Preview(answer), []);
                }
            }
            ToWorker::Writer(message) => {
                if let Some((answer, attached)) = self.writer.work_on(message, attached) {
                    voice.hand_over(&ToPage::Writer(answer), &attached);
                }
            }
            ToWorker::Population(message) => {
                let file = files_of(attached).next();
                if let Some((answer, file)) = self.population.work_on(message, file).await {
                    voice.say(&ToPage::Population(answer), file);
                }
            }
        }
    }

    fn finished_run(&self, run: u32) -> Option<&FinishedRun> {
        self.finished.as_ref().filter(|finished| finished.run == run)
    }
}
