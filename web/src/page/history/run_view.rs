//! One earlier run: a description, its summary, and the actions on it.

use std::sync::Arc;

use btcfake_core::record::recipe::{Recipe, read_recipe};
use btcfake_core::text::words::counted;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::entry::{HistoryEntry, HistoryLine};
use super::state::{COMPARISON_HEADING, History, KeptRun, heading_of};
use crate::page::clipboard::copied;
use crate::page::components::{Action, Rank, go_to, handler, markup, shown};
use crate::page::words::{breakages_words, day_text, local_clock, mix_words, stamp_text, time_text};

/// An item of the list of runs.
pub(crate) fn run_view(history: History, run: &KeptRun) -> AnyView {
    let KeptRun { number, entry } = run.clone();
    let (heading, choice) = (heading_of(number), format!("run-{number}-choice"));
    let (when, (day, made)) = (title_text(&entry), title_parts(&entry));
    let action = |label, of: &str| Action { hidden_label: format!("{of} {when}"), ..Action::new(label) };
    let is_chosen = move || history.chosen.with(|chosen| chosen.contains(&number));
    let on_choice = move |event| history.choose(number, event_target_checked(&event));
    let (open, delete) = (action("Open", "the run of"), action("Delete", "the run of").ranked(Rank::Bare));
    let copy_link = action("Copy link", "to the run of");
    let hidden_label = format!(" the run of {when}");
    let is_compared = move || is_chosen() && history.chosen.with(Vec::len) == 2;
    let to_comparison = shown(move || is_compared().then(to_comparison));
    let (opened, copied) = (Arc::clone(&entry), Arc::clone(&entry));
    markup! {
        <li>
            <h3 id=heading tabindex="-1">{day}<small class="hint">", "{made}</small></h3>
            <p class="hint">{about_text(&entry)}</p>
            <div class="buttons">
                {open.button(move || open_again(&opened))}
                {copy_link.button(move || copy_link_of(history, &copied))}
                {delete.button(move || history.delete(number))}
                <span class="check">
                    <input
                        type="checkbox"
                        id=choice.clone()
                        autocomplete="off"
                        prop:checked=is_chosen
                        on:change=handler(on_choice)
                    />
                    <label for=choice>"Compare"<span class="visually-hidden">{hidden_label}</span></label>
                </span>
                {to_comparison}
            </div>
            {summary_view(entry)}
        </li>
    }
}

/// The way to the comparison, which is out of view where the area has one column.
fn to_comparison() -> AnyView {
    let show = Action::new("Show the comparison").ranked(Rank::Bare).button(|| go_to(COMPARISON_HEADING));
    markup! { <span class="in-one-column">{show}</span> }
}

/// The summary, rendered when people open it.
fn summary_view(entry: Arc<HistoryEntry>) -> AnyView {
    let is_open = RwSignal::new(false);
    let lines = move || {
        let line = |line: &HistoryLine| view! { <div><dt>{line.label.clone()}</dt><dd>{line.value.clone()}</dd></div> };
        is_open.get().then(|| markup! { <dl>{entry.lines.iter().map(line).collect_view()}</dl> })
    };
    markup! {
        <details on:toggle=handler(move |_| is_open.set(true))>
            <summary>"Summary"</summary>
            {shown(lines)}
        </details>
    }
}

/// The day of a run's feed, and when the run was made by the clock of this browser: `Thu, Jan 29, 2026, made Fri, Nov 27, 2026,
/// 18:00:05`.
pub(crate) fn title_text(entry: &HistoryEntry) -> String {
    let (day, made) = title_parts(entry);
    format!("{day}, {made}")
}

fn title_parts(entry: &HistoryEntry) -> (String, String) {
    #[allow(clippy::cast_precision_loss, reason = "milliseconds of our times are exact")]
    let made = format!("made {}", stamp_text(local_clock(entry.at as f64)));
    let day = read_recipe(&entry.recipe).recipe.map(|recipe| day_text(recipe.settings.day()));
    (day.unwrap_or_else(|| "Run".to_owned()), made)
}

fn about_text(entry: &HistoryEntry) -> String {
    let employees = counted(entry.employees, "employee");
    let Some(recipe) = read_recipe(&entry.recipe).recipe else {
        return format!("{employees}. This version cannot read its recipe.");
    };
    let files = files_text(&recipe);
    let time = time_text(recipe.settings.now.naive_utc());
    let mut about = format!("{employees}, seed {}, {time} UTC; from {files}.", recipe.settings.seed);
    if let Some(mix) = recipe.settings.mix {
        about += &format!(" Mix: {}.", mix_words(mix));
    }
    if !recipe.breaks.is_empty() {
        about += &format!(" Broken on purpose: {}.", breakages_words(&recipe.breaks));
    }
    about
}

/// The files of a run: the first by name, the others counted. The comparison has all of them.
fn files_text(recipe: &Recipe) -> String {
    let mut files = recipe.files.iter().filter(|file| !file.built_in && !file.made_up);
    let Some(first) = files.next() else { return "no file".to_owned() };
    let name = btcfake_core::text::visible::shown(&first.name);
    match files.count() {
        0 => name,
        others => format!("{name} and {}", counted(others, "other file")),
    }
}

/// Opens a run by its recipe in the address, which the page follows.
fn open_again(entry: &HistoryEntry) {
    let _ = window().location().set_hash(&entry.recipe);
}

fn copy_link_of(history: History, entry: &HistoryEntry) {
    let page = window().location().href().unwrap_or_default();
    let link = format!("{}#{}", page.split('#').next().unwrap_or_default(), entry.recipe);
    spawn_local(async move {
        history.notice.set(copied(&link, "Copied.", "open the run, and copy its link there").await);
    });
}
