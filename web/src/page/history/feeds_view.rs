//! The comparison of two feeds row by row: the choice of the two, the number of differing rows, and the first of those rows.

use btcfake_core::text::words::{counted, grouped};
use leptos::ev::Event;
use leptos::prelude::*;

use super::feeds::{Feeds, FeedsCompared};
use crate::messages::comparison::{ComparedFeedFile, DifferingRow};
use crate::page::components::{Action, FileButton, alert, handler, markup, shown, status, table_box, text};
use crate::page::words::purpose;

/// The part of the area.
pub(crate) fn feeds_view(feeds: Feeds) -> AnyView {
    let are_two = move || feeds.recent.with(|recent| feeds.chosen.iter().all(|at| at.get() < recent.len()));
    let compare = Action::new("Compare row by row").button_unless(move || !are_two(), move || feeds.compare());
    let message = text(move || match feeds.comparison.get() {
        _ if !are_two() => "Two feeds are needed: run once more, or choose the files of another feed.".to_owned(),
        FeedsCompared::Going => "Comparing …".to_owned(),
        FeedsCompared::Done(files) if files.iter().all(is_same) => "Both feeds have the same rows.".to_owned(),
        _ => String::new(),
    });
    let result = shown(move || match feeds.comparison.get() {
        FeedsCompared::Done(files) => Some(files.iter().map(file_view).collect_view().into_any()),
        FeedsCompared::Failed(why) => Some(alert(format!("The feeds cannot be compared: {why}"))),
        FeedsCompared::NotYet | FeedsCompared::Going => None,
    });
    markup! {
        <section class="panel panel-body" aria-labelledby="feeds-heading">
            <h2 id="feeds-heading">"Two feeds, row by row"</h2>
            <p class="hint">
                "Rows are compared by employee and content. Choose runs of this visit, or choose or drop the CSV files of any feed."
            </p>
            <div class="two-feeds">
                {side_view(feeds, 0, "Before")}
                {side_view(feeds, 1, "After")}
            </div>
            <div class="buttons">{compare}{status("hint", message)}</div>
            {result}
        </section>
    }
}

/// The feeds to choose one from, each with its whole label: a seed has up to twenty digits.
fn side_view(feeds: Feeds, side: usize, label: &'static str) -> AnyView {
    let group = format!("feed-{side}");
    let options = shown(move || {
        let titles: Vec<String> = feeds.recent.with(|recent| recent.iter().map(|feed| feed.title.clone()).collect());
        Some(match titles.is_empty() {
            true => markup! { <p class="hint">"No feed yet."</p> },
            false => {
                let option = |(at, title)| feed_option(feeds, side, at, title);
                titles.into_iter().enumerate().map(option).collect_view().into_any()
            }
        })
    });
    let other = FileButton {
        id: format!("feed-{side}-files"),
        label: "Choose files",
        purpose: format!("of another feed, {}", label.to_lowercase()),
        accept: ".csv,text/csv",
        of_folder: false,
    };
    let other = other.view(move |list| {
        let files = list.map(|list| (0..list.length()).filter_map(|at| list.get(at)).collect());
        feeds.pick(side, files.unwrap_or_default());
    });
    markup! {
        <div class="field">
            <div class="feed-choices" role="radiogroup" aria-labelledby=group.clone()>
                <h3 id=group.clone()>{label}</h3>
                {options}
            </div>
            <div class="row"><span class="hint">"Or another feed:"</span>{other}</div>
        </div>
    }
}

/// The radio button of the feed at index `at`.
fn feed_option(feeds: Feeds, side: usize, at: usize, title: String) -> AnyView {
    let id = format!("feed-{side}-{at}");
    let chosen = feeds.chosen[side];
    let choose = move |_: Event| {
        chosen.set(at);
        feeds.comparison.set(FeedsCompared::NotYet);
    };
    markup! {
        <div class="check">
            <input
                type="radio"
                id=id.clone()
                name=format!("feed-{side}")
                autocomplete="off"
                prop:checked=Signal::derive(move || chosen.get() == at)
                on:change=handler(choose)
            />
            <label for=id>{title}</label>
        </div>
    }
}

fn is_same(file: &ComparedFeedFile) -> bool {
    file.added + file.gone + file.changed == 0
}

fn file_view(file: &ComparedFeedFile) -> AnyView {
    let (title, _) = purpose(file.file);
    let heading = format!("compared-{}", file.file.name());
    let all = file.added + file.gone + file.changed;
    let counts = format!(
        "{} the same, {} added, {} gone, {} changed.",
        counted(file.same, "row"),
        grouped(file.added),
        grouped(file.gone),
        grouped(file.changed)
    );
    let cut = (file.rows.len() < all)
        .then(|| format!(" The first {} of {} are shown.", grouped(file.rows.len()), grouped(all)));
    let rows = (all > 0).then(|| {
        let rows = file.rows.iter().map(row_view).collect_view();
        table_box(&heading, &["Employee", "Content", "Change", "Values"], markup! { <tbody>{rows}</tbody> })
    });
    markup! {
        <h3 id=heading.clone()>{title}</h3>
        <p>{counts}{cut}</p>
        {rows}
    }
}

fn row_view(row: &DifferingRow) -> AnyView {
    let DifferingRow { employee, content, change, values } = row.clone();
    let values = values.into_iter().map(|value| view! { <div>{value}</div> }).collect_view();
    markup! { <tr><td>{employee}</td><td>{content}</td><td>{change}</td><td>{values}</td></tr> }
}
