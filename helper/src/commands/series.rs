//! `btcfake series`: makes a feed for each of several consecutive days, in a folder per day.
//!
//! First, the feeds of existing days are compared with the feeds that the series makes. Then the missing days are made
//! one after another, each whole or not at all, as by `simulate`. So the same command resumes a series that was
//! stopped.

use std::fs;
use std::path::PathBuf;

use btcfake_core::VERSION;
use btcfake_core::breakage::BreakList;
use btcfake_core::format::identifier::content_id_text as number;
use btcfake_core::inputs::run_inputs::Inputs;
use btcfake_core::plan::calendar::Calendar;
use btcfake_core::plan::rhythm::{Rhythm, SeriesPlan, parse_day, parse_time, time_text};
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::series_table::{COLUMNS, REASONS, REASONS_TITLE, catalog_note, cells, reasons, totals};
use btcfake_core::report::summary::Summary;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::feed_names::FeedNames;
use btcfake_core::run::series::Series;
use btcfake_core::run::state_after::NextState;
use chrono::{NaiveDate, NaiveTime};
use clap::Args;
use serde::Serialize;
use serde_json::{Value, json};

use crate::commands::argument_values::day_count;
use crate::commands::chosen_inputs::input_files;
use crate::commands::feed_arguments::{FileArguments, OutputArguments};
use crate::commands::feed_order::FeedOrder;
use crate::configuration::Configuration;
use crate::feed::details_file::DetailsFile;
use crate::feed::feed_writer::{DetailsListener, write_feed};
use crate::feed::output_file::Target;
use crate::feed::parsing::{abandon, parse_inputs, while_digested};
use crate::feed::run_details::{all_details, print_details};
use crate::feed::run_writer::{RunToWrite, write_run};
use crate::feed::series_folder::{SeriesFolder, seed_of};
use crate::feed::written_feed::WrittenFeed;
use crate::files::file_set::create_folder;
use crate::terminal::console::{self, Progress, shown_path};
use crate::terminal::failure::Failure;
use crate::terminal::interrupt;

/// Options of `series`: its days, and the options of `simulate`, but for the instant.
#[derive(Debug, Args)]
#[command(mut_arg("now", |now| now.hide(true)), mut_arg("break_list", |list| list.hide(true)))]
pub(crate) struct SeriesArguments {
    /// The first day, such as 2026-01-29, in the business time zone.
    #[arg(long, value_name = "DATE", value_parser = parse_day, conflicts_with = "now")]
    from: NaiveDate,
    /// The number of days with a feed, from 1 to 366.
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = |text: &str| {
        day_count(text, 1..=SeriesPlan::MOST_DAYS)
    })]
    days: u32,
    /// The time of day of each run, on the business time zone's wall clock.
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "18:00")]
    at: NaiveTime,
    /// Skip Saturdays and Sundays; they do not count as days.
    #[arg(long)]
    weekdays: bool,
    /// Continue the files of `btcfake sample`: new Daily Doses every Monday, new recommendations every day.
    #[arg(long)]
    continue_sample: bool,
    /// Inputs and settings of each feed.
    #[command(flatten)]
    files: FileArguments,
    /// The folder of the feeds, and what is printed.
    #[command(flatten)]
    output: OutputArguments,
}

/// Runs the command.
///
/// # Errors
/// Refused inputs, an existing day that differs, a failed output, or `Interrupted`; finished days stay.
pub(crate) fn run(arguments: &SeriesArguments) -> Result<(), Failure> {
    let (feed, output) = (&arguments.files.feed, &arguments.output);
    if feed.break_list.is_some() {
        let message =
            "--break is for a single feed: break one by `simulate`, or the days of this series would not agree";
        return Err(Failure::Usage(message.to_owned()));
    }
    let configuration = Configuration::read()?;
    configuration.print_warnings(output.quiet);
    let SeriesArguments { from, at, weekdays, continue_sample: continues_sample, .. } = *arguments;
    let rhythm = Rhythm { from, at, weekdays, continues_sample };
    let zone = feed.timezone.map_or_else(|| configuration.business_timezone(), Ok)?;
    let plan = SeriesPlan::new(rhythm, arguments.days, zone).map_err(|problem| Failure::Usage(problem.to_string()))?;
    let mut order = FeedOrder::new(feed, output, &configuration)?;
    order.settings.now = plan.instants().first().copied().unwrap_or(order.settings.now);
    if feed.seed.is_none() {
        let first_day = zone.date_of(order.settings.now);
        order.settings.seed = seed_of(&order.folder, rhythm, first_day).unwrap_or(order.settings.seed);
    }
    let files = input_files(&arguments.files, &order)?;
    let folder = SeriesFolder { folder: &order.folder, files: &files };
    let inputs = parse_inputs(&files, order.settings.bad_rows, output.quiet)?;
    let maker = SeriesMaker { arguments, plan, rhythm, settings: order.settings, folder };
    maker.refuse_details_over_files(&order)?;
    // From here on there are files to remove.
    interrupt::listen();
    let there = maker.days_there(&inputs)?;
    let days = while_digested(&files, || maker.make(inputs, &there).inspect_err(|_| abandon(&files)))?;
    maker.report(&days, order.environment.clone());
    Ok(())
}

/// Maker of a series.
struct SeriesMaker<'a> {
    arguments: &'a SeriesArguments,
    plan: SeriesPlan,
    rhythm: Rhythm,
    settings: Settings,
    folder: SeriesFolder<'a>,
}

/// Finished day of a series.
struct MadeDay {
    summary: Summary,
    folder: PathBuf,
    was_there: bool,
    details: Option<Value>,
}

/// Detail of an employee with its day.
#[derive(Serialize)]
struct Dated<'a> {
    day: &'a str,
    #[serde(flatten)]
    detail: &'a Detail,
}

impl SeriesMaker<'_> {
    /// For each day up to the last existing folder, true if it exists. Only these days are simulated twice.
    fn days_there(&self, inputs: &Inputs) -> Result<Vec<bool>, Failure> {
        let zone = self.settings.time_zone;
        let begun = |instant: &_| self.folder.of_day(zone.date_of(*instant)).exists();
        let Some(last) = self.plan.instants().iter().rposition(begun) else { return Ok(Vec::new()) };
        let mut series = Series::new(self.plan.clone(), inputs.clone(), self.settings);
        let mut there = Vec::new();
        loop {
            interrupt::check()?;
            let found = self.folder.is_there(&series)?;
            there.push(found.is_some());
            let is_last = there.len() > last;
            let goes_on = !is_last
                && match found {
                    Some(next) => series.advance(next),
                    None => series.pass_over(),
                };
            if !goes_on {
                return Ok(there);
            }
        }
    }

    /// Makes the feeds of the missing days, and the details of all days.
    fn make(&self, inputs: Inputs, there: &[bool]) -> Result<Vec<MadeDay>, Failure> {
        let output = &self.arguments.output;
        // The file of details may be in the series' own folder.
        create_folder(self.folder.folder)?;
        let mut details = output.details.as_deref().map(DetailsFile::create).transpose()?;
        let mut progress = Progress::new(output.quiet);
        let mut series = Series::new(self.plan.clone(), inputs, self.settings);
        let mut days: Vec<MadeDay> = Vec::new();
        loop {
            let was_there = there.get(days.len()).copied().unwrap_or(false);
            let made = self.make_day(&series, was_there, details.as_mut(), &mut progress);
            let (day, next) = made.map_err(|failure| with_finished_days(failure, days.len()))?;
            days.push(day);
            if !series.advance(next) {
                break;
            }
        }
        if let Some(mut details) = details {
            let there = details.finish().and_then(|()| details.put_in_place());
            there.map_err(|failure| with_finished_days(failure, days.len()))?;
            details.keep();
        }
        Ok(days)
    }

    /// Makes the feed of a day, or only simulates the day if its feed exists. Also returns the state after the day.
    fn make_day(
        &self,
        series: &Series,
        was_there: bool,
        mut details: Option<&mut DetailsFile>,
        progress: &mut Progress,
    ) -> Result<(MadeDay, NextState), Failure> {
        let run = series.simulation();
        let today = run.calendar().today.to_string();
        let folder = self.folder.of_day(run.calendar().today);
        let mut write_details = details.as_mut().map(|file| {
            |details: Vec<Detail>| {
                let dated: Vec<Dated<'_>> = details.iter().map(|detail| Dated { day: &today, detail }).collect();
                file.write(&dated)
            }
        });
        let listener = write_details.as_mut().map(|write| write as DetailsListener<'_>);
        interrupt::check()?;
        let WrittenFeed { tally, next, .. } = if was_there {
            write_feed(run, &BreakList::default(), Target::Records, listener, progress)?
        } else {
            let breaks = &BreakList::default();
            let to_write = RunToWrite { folder: &folder, files: self.folder.files, series: Some(series.day()), breaks };
            let written = write_run(run, to_write, listener, progress).and_then(|(feed_folder, written)| {
                interrupt::check()?;
                feed_folder.publish()?;
                Ok(written)
            });
            // Remove the day's folder if it stayed empty.
            written.inspect_err(|_| _ = fs::remove_dir(&folder))?
        };
        let mut summary = Summary::new(run, tally);
        if series.day().day == 1 {
            summary.notes.extend(catalog_note(series));
        }
        let details = self.print_employees(series, &summary);
        Ok((MadeDay { summary, folder, was_there, details }, next))
    }

    /// With `--verbose`, details of the day's employees: printed, or returned for the JSON at the end.
    fn print_employees(&self, series: &Series, summary: &Summary) -> Option<Value> {
        let output = &self.arguments.output;
        if !output.verbose {
            return None;
        }
        if output.json {
            return serde_json::to_value(all_details(series.simulation())).ok();
        }
        print_details(series.simulation(), &format!("Employees on {}", summary.today));
        None
    }

    fn refuse_details_over_files(&self, order: &FeedOrder<'_>) -> Result<(), Failure> {
        let runs = self.plan.instants().iter().map(|now| {
            let calendar = Calendar::of(*now, self.settings.time_zone);
            (self.folder.of_day(calendar.today), FeedNames::of(self.settings.seed, &calendar))
        });
        order.refuse_details_over(self.folder.files, &runs.collect::<Vec<_>>())
    }

    fn report(&self, days: &[MadeDay], environment: Option<String>) {
        let output = &self.arguments.output;
        if output.json {
            console::print_json(&self.as_json(days, environment));
        } else if !output.quiet {
            console::print(&self.as_text(days, environment));
        }
    }

    fn as_text(&self, days: &[MadeDay], environment: Option<String>) -> String {
        let Rhythm { from, at, weekdays, .. } = self.rhythm;
        let only = if weekdays { ", weekdays only" } else { "" };
        let zone = self.settings.time_zone.name();
        let environment = environment.map_or_else(String::new, |name| format!("  Environment  {name}\n"));
        let mut text = format!(
            "Series\n{environment}  Seed         {}\n  Days         {} from {from} at {} in {zone}{only}\n  Folder       {}\n",
            self.settings.seed,
            days.len(),
            time_text(at),
            shown_path(self.folder.folder)
        );
        text.push_str(&line("Days", &COLUMNS, COLUMNS.map(str::to_owned), ""));
        for day in days {
            let note = if day.was_there { "already there" } else { "" };
            text.push_str(&line(&day.summary.today, &COLUMNS, cells(&day.summary.tally).map(number), note));
        }
        let totals = totals(days.iter().map(|day| &day.summary.tally));
        text.push_str(&line("Total", &COLUMNS, totals.map(|total| total.map(number).unwrap_or_default()), ""));
        text.push_str(&format!("{REASONS_TITLE}\n{}", line("Days", &REASONS, REASONS.map(str::to_owned), "")));
        for day in days {
            text.push_str(&line(&day.summary.today, &REASONS, reasons(&day.summary.tally).map(number), ""));
        }
        // Only the first day has messages about missing state: later days have a state.
        text + &days.first().map(|day| day.summary.messages()).unwrap_or_default()
    }

    fn as_json(&self, days: &[MadeDay], environment: Option<String>) -> Value {
        let Rhythm { from, at, weekdays, .. } = self.rhythm;
        let of_day = |day: &MadeDay| {
            let mut value = serde_json::to_value(&day.summary).unwrap_or_default();
            value["folder"] = json!(day.folder);
            value["already_there"] = json!(day.was_there);
            if let Some(details) = &day.details {
                value["details"] = details.clone();
            }
            value
        };
        let [_, _, new, manager, ai, without_daily_dose, _] = totals(days.iter().map(|day| &day.summary.tally));
        let mut value = json!({
            "version": VERSION,
            "seed": self.settings.seed,
            "time_zone": self.settings.time_zone.name(),
            "from": from.to_string(),
            "at": time_text(at),
            "weekdays": weekdays,
            "days": days.iter().map(of_day).collect::<Vec<_>>(),
            "totals": {
                "new_assignments": new,
                "completions_manager": manager,
                "completions_ai": ai,
                "skipped_for_daily_dose": without_daily_dose,
            },
        });
        if let Some(environment) = environment {
            value["environment"] = json!(environment);
        }
        value
    }
}

/// Line of a table of days.
fn line<const WIDTH: usize>(day: &str, columns: &[&str; WIDTH], cells: [String; WIDTH], note: &str) -> String {
    let cells =
        columns.iter().zip(cells).map(|(column, cell)| format!("  {cell:>width$}", width = column.len().max(9)));
    let text = format!("{day:<10}{}  {note}", cells.collect::<String>());
    format!("{}\n", text.trim_end())
}

/// Adds the number of finished days to the message of a failure, where that helps.
fn with_finished_days(failure: Failure, days: usize) -> Failure {
    let there =
        if days == 1 { "1 day is there and stays".to_owned() } else { format!("{days} days are there and stay") };
    let message = match failure {
        Failure::Interrupted if days > 0 => "stopped before the end".to_owned(),
        failure @ Failure::File { .. } if days > 0 => failure.to_string(),
        failure => return failure,
    };
    Failure::Other(format!("{message}; {there}. The same command goes on from there"))
}
