//! Rows of horizontal bars: the label, the bars in a lane, the count and the change. The columns of numbers are as wide as
//! the scale's largest count needs, so that lanes keep their width while counts change.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::{Bar, Chart, ChartRow};
use leptos::prelude::*;

use super::bar::{Shape, bar_view};
use super::drawing::{Form, length_of, shade};
use super::place::{BarPlace, Drawn, How, Spot};
use crate::page::components::{kind_class, signed};

/// Draws the rows.
pub(crate) fn rows(place: BarPlace, form: Form, drawn: &Drawn) -> AnyView {
    let digits = content_id_text(drawn.most).len();
    let counts = if form == Form::Within { 2 * digits + 4 } else { digits };
    let changes = if drawn.other.is_some() { digits + 1 } else { 0 };
    let columns = format!("fit-content(50%) minmax(3rem, 1fr) {counts}ch {changes}ch");
    let rows = (0..drawn.chart.rows.len()).map(|row| {
        let of_side = |side| drawn.side(side).map(|chart| lane(place, form, drawn, (side, row), chart));
        view! {
            <span class="label" aria-hidden="true" title=drawn.chart.rows[row].label.clone()>
                {drawn.chart.rows[row].label.clone()}
            </span>
            {of_side(0)}
            {of_side(1)}
        }
    });
    view! { <div class="lanes" style:grid-template-columns=columns>{rows.collect_view()}</div> }.into_any()
}

/// The bars of a row of one side, its count and its change.
fn lane(place: BarPlace, form: Form, drawn: &Drawn, (side, row): (usize, usize), chart: &Chart) -> AnyView {
    let Some(shown) = chart.rows.get(row) else { return ().into_any() };
    let mut begin = 0;
    let bars: Vec<AnyView> = (0..shown.bars.len())
        .map(|series| {
            let count = shown.bars[series].1;
            let shape = shape(form, begin, count, drawn.most);
            if form == Form::Stacked {
                begin += count;
            }
            bar_view(place, drawn, Spot { side, row, series }, class(form, &shown.bars[series].0, series), shape)
        })
        .collect();
    let other = drawn.other.as_ref().and_then(|other| Some((other.how, other.chart.rows.get(row)?)));
    let outline =
        other.filter(|(how, _)| *how == How::Outline).map(|(_, before)| outline(counted(form, before), drawn.most));
    let before = match (other, side) {
        (Some((How::Outline, before)), _) => Some(before),
        (Some((How::Pair, _)), 1) => drawn.chart.rows.get(row),
        _ => None,
    };
    let change = before.map(|before| signed(counted(form, shown), counted(form, before)));
    let is_empty = length_of(chart, shown) == 0 && other.is_none_or(|(_, row)| length_of(chart, row) == 0);
    let note = shown.note.clone().filter(|_| is_empty).map(|note| view! { <span class="note hint">{note}</span> });
    view! {
        <div class=if side == 0 { "lane" } else { "lane second" }>
            <svg role="presentation" width="100%" height="100%">{bars}{outline}</svg>
            {note}
        </div>
        <span class="count" aria-hidden="true">{count_text(form, shown)}</span>
        <span class="change" aria-hidden="true">{change}</span>
    }
    .into_any()
}

/// The count of a row: of an employee type all completions, of an origin the completed items.
fn counted(form: Form, row: &ChartRow) -> u64 {
    let counts = row.bars.iter().map(|(_, count)| *count);
    if form == Form::Stacked { counts.sum() } else { counts.last().unwrap_or(0) }
}

fn count_text(form: Form, row: &ChartRow) -> String {
    let counted = content_id_text(counted(form, row));
    match row.bars.first() {
        Some((_, assigned)) if form == Form::Within => format!("{counted} of {}", content_id_text(*assigned)),
        _ => counted,
    }
}

fn shape(form: Form, begin: u64, count: u64, most: u64) -> Shape {
    let mark = [share(begin, most), "15%".to_owned(), share(count, most), "70%".to_owned()];
    let ground = match form {
        // A short bar is clicked anywhere in its lane.
        Form::Plain => ["0", "0", "100%", "100%"].map(str::to_owned),
        _ => mark.clone(),
    };
    Shape { mark, ground }
}

fn outline(count: u64, most: u64) -> AnyView {
    view! { <rect class="outline" x="0" y="5%" width=share(count, most) height="90%"></rect> }.into_any()
}

/// A share as CSS writes it, to hundredths of a percent.
fn share(count: u64, most: u64) -> String {
    let share = 10_000 * count / most.max(1);
    format!("{}.{:02}%", share / 100, share % 100)
}

fn class(form: Form, bar: &Bar, series: usize) -> String {
    let colour = match bar {
        Bar::Completions(kind, _) => kind_class(*kind),
        Bar::Skipped(_) | Bar::LeftOut(_) => kind_class(EmployeeType::F),
        _ => "",
    };
    format!("{colour} {}", shade(form, series))
}
