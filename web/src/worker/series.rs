//! A series: the feeds of days in a row, from the picked files to one ZIP with a folder for each day.

use btcfake_core::breakage::BreakList;
use btcfake_core::plan::rhythm::{SeriesDay, SeriesPlan};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::report::series_table::{catalog_note, cells, reasons, totals};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::series::Series;
use btcfake_core::run::tally::Tally;
use wasm_bindgen::JsValue;
use web_sys::Blob;

use super::archive::Archive;
use super::feed_files::{FeedFiles, FinishedFeed, Writers};
use super::page_channel::PageChannel;
use super::picked_files::{PickedFile, PickedFiles, picked_files_of};
use super::running::read_files;
use crate::messages::{SeriesOrder, SeriesReport, ToPage};

/// Makes the series of an order. Returns the closing report, with the ZIP attached if all days were made.
pub(super) async fn answer(
    order: SeriesOrder,
    attached: Vec<JsValue>,
    kept: &PickedFiles,
    page: &PageChannel,
) -> (ToPage, Vec<JsValue>) {
    let SeriesOrder { settings, last, picks } = order;
    match make(settings, last, &picked_files_of(picks, attached), kept, page).await {
        Ok((news, archive)) => (ToPage::Series(news), vec![archive.into()]),
        Err(why) => (ToPage::Series(SeriesReport::Failed { why }), Vec::new()),
    }
}

/// Makes the series, and reports each day to the page. Returns the closing report and the ZIP.
///
/// # Errors
/// In plain words: a plan that is not possible, a file that cannot be read or has errors, or bytes that the browser cannot
/// hold.
async fn make(
    settings: Settings,
    last: SeriesDay,
    files: &[PickedFile],
    kept: &PickedFiles,
    page: &PageChannel,
) -> Result<(SeriesReport, Blob), String> {
    let plan = SeriesPlan::new(last.rhythm, last.day, settings.time_zone).map_err(|problem| problem.to_string())?;
    let (inputs, records) = read_files(files, kept, &settings).await?;
    let mut series = Series::new(plan, inputs, settings);
    let mut archive = Archive::new();
    let mut tallies = Vec::new();
    let mut notes = Summary::new(series.simulation(), Tally::default()).notes;
    notes.extend(catalog_note(&series));
    let name = format!("btcfake_series_{}_{}_days.zip", series.simulation().calendar().today, last.day);
    loop {
        let run = series.simulation();
        let date = run.calendar().today.to_string();
        let FinishedFeed { files, tally, next, .. } = make_day(&series, records.clone()).await?;
        archive.add(&format!("{date}/"), &files, run.settings()).await?;
        let (cells, without_dose) = (cells(&tally), reasons(&tally));
        page.send(&ToPage::Series(SeriesReport::Day { date, cells, without_dose }), &[]);
        tallies.push(tally);
        if !series.advance(next) {
            break;
        }
    }
    Ok((SeriesReport::Done { name, totals: totals(tallies.iter()), notes }, archive.finish()?))
}

async fn make_day(series: &Series, inputs: Vec<InputRecord>) -> Result<FinishedFeed, String> {
    let run = series.simulation();
    let breaks = BreakList::default();
    let mut feed = FeedFiles::begin(run, &breaks, Writers::start(run.employee_count(), &breaks)).await;
    for batch in run.batches() {
        feed.take(batch)?;
        feed.wait_for_room().await?;
    }
    feed.finish(run, Some(series.day()), inputs).await
}
