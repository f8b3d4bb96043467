//! Requests about the last run, answered from its simulation and its files.

use btcfake_core::format::input_role::InputRole;
use wasm_bindgen::JsValue;

use super::picked_files::PickedFiles;
use super::running::FinishedRun;
use super::{archive, explaining, feed_rows, next_day};
use crate::messages::{ArchivePurpose, RunAnswer, RunQuestion};

/// The answer to a request, with its attachments.
pub(super) async fn answer(
    finished: &mut FinishedRun,
    question: RunQuestion,
    kept: &PickedFiles,
) -> (RunAnswer, Vec<JsValue>) {
    match question {
        RunQuestion::Rows { request, table, wanted, behind } => {
            let rows = finished.rows(table, wanted, behind);
            (RunAnswer::Rows { request, table, rows }, Vec::new())
        }
        RunQuestion::FeedRows { request, file, search } => {
            let rows = feed_rows::rows_of(finished, file, &search).await;
            (RunAnswer::FeedRows { request, rows }, Vec::new())
        }
        RunQuestion::Explain { request, employee } => {
            let files = (finished.inputs.as_slice(), kept);
            let explained = explaining::explained(&finished.simulation, files, &finished.breaks, employee).await;
            (RunAnswer::Explained { request, explained }, Vec::new())
        }
        RunQuestion::Archive(purpose) => pack_files(finished, purpose, kept).await,
        RunQuestion::NextDay { with_state } => match next_day::files(finished, with_state) {
            Ok(files) => {
                let (roles, files): (Vec<InputRole>, Vec<JsValue>) = files.into_iter().unzip();
                (RunAnswer::NextDay(Ok(roles)), files)
            }
            Err(why) => (RunAnswer::NextDay(Err(why)), Vec::new()),
        },
    }
}

async fn pack_files(finished: &FinishedRun, purpose: ArchivePurpose, kept: &PickedFiles) -> (RunAnswer, Vec<JsValue>) {
    match archive::of(finished, purpose, kept).await {
        Ok((name, blob)) => (RunAnswer::Archive { purpose, name: Ok(name) }, vec![blob.into()]),
        Err(why) => (RunAnswer::Archive { purpose, name: Err(why) }, Vec::new()),
    }
}
