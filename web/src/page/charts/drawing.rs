//! The drawing of a chart: rows of horizontal bars, as wide as their place. Bars that count nothing are no buttons.

use crate::page::components::{focus, handler};
use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::{Bar, Chart, ChartRow};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::place::BarPlace;

/// Heights in pixels: of a bar with its space, of a label above bars, and of the space between rows.
const BAR: usize = 24;
const LABEL: usize = 22;
const BETWEEN: usize = 8;

/// Labels with more characters stand above their bars, all of a chart.
const SHORT: usize = 11;

/// The room in per cent of the width: of labels before bars, of the longest bar after such labels, and of one below a
/// label. Counts stand after the bars.
const BEFORE: u64 = 27;
const LONGEST_AFTER: u64 = 32;
const LONGEST_BELOW: u64 = 60;

/// Draws the bars and their legend. `most` is what the longest bar would count.
pub(crate) fn drawing(place: BarPlace, chart: &Chart, most: u64) -> AnyView {
    if chart.rows.is_empty() {
        return view! { <p>"There is nothing to count."</p> }.into_any();
    }
    let is_below = chart.rows.iter().any(|row| row.label.chars().count() > SHORT);
    let above = if is_below { LABEL } else { 0 };
    let row_height = above + BAR * chart.series.len() + BETWEEN;
    let height = (row_height * chart.rows.len()).to_string();
    let bars: Vec<Bar> = chart.rows.iter().flat_map(|row| &row.bars).map(|(bar, _)| *bar).collect();
    let first = chart.rows.iter().flat_map(|row| &row.bars).position(|(_, count)| *count > 0);
    let labels =
        chart.rows.iter().enumerate().map(|(index, row)| label(row, index * row_height, is_below)).collect_view();
    let drawn = (0..bars.len())
        .map(|number| {
            let (row, series) = (number / chart.series.len(), number % chart.series.len());
            let top = row * row_height + above + series * BAR;
            bar_view(
                place,
                chart,
                number,
                Spot { row, series, top, most, is_below, is_tab_stop: Some(number) == first },
            )
        })
        .collect_view();
    let choose = StoredValue::new(move |target: &Element| {
        let number = target.get_attribute("data-bar").and_then(|number| number.parse::<usize>().ok());
        let bar = number.and_then(|number| bars.get(number).copied());
        if let Some(bar) = bar.filter(|_| is_button(target)) {
            let is_chosen = place.charts.chosen.get_untracked() == Some(bar);
            place.charts.choose.run((!is_chosen).then_some(bar));
        }
    });
    let on_click = move |event: MouseEvent| {
        if let Some(bar) = bar_of(event.target()) {
            choose.with_value(|choose| choose(&bar));
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(bar) = bar_of(event.target()) else { return };
        match event.key().as_str() {
            "Enter" | " " => choose.with_value(|choose| choose(&bar)),
            "ArrowDown" | "ArrowRight" => go_on(&bar, Element::next_element_sibling),
            "ArrowUp" | "ArrowLeft" => go_on(&bar, Element::previous_element_sibling),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        {legend(chart)}
        <div class="bars">
            <svg
                role="group"
                aria-labelledby=place.heading.get_untracked()
                width="100%"
                height=height
                on:click=handler(on_click)
                on:keydown=handler(on_key)
            >
                {drawn}
            </svg>
            {labels}
        </div>
    }
    .into_any()
}

/// Where a bar stands, and what it is measured by.
struct Spot {
    row: usize,
    series: usize,
    top: usize,
    most: u64,
    is_below: bool,
    is_tab_stop: bool,
}

fn bar_view(place: BarPlace, chart: &Chart, number: usize, spot: Spot) -> AnyView {
    let row = &chart.rows[spot.row];
    let (bar, count) = row.bars[spot.series];
    let (begin, longest) = if spot.is_below { (0, LONGEST_BELOW) } else { (BEFORE, LONGEST_AFTER) };
    let width = longest * 100 * count / spot.most.max(1);
    let counted = content_id_text(count);
    let label = format!("{}: {counted}", chart.bar_label(row, spot.series));
    let message = match chart.series.get(spot.series) {
        Some(series) if chart.series.len() > 1 => format!("{series}: {counted}"),
        _ => counted,
    };
    let is_button = count > 0;
    let chosen = place.charts.chosen;
    view! {
        <g
            class=format!("bar series-{}", spot.series)
            role=if is_button { "button" } else { "img" }
            tabindex=is_button.then_some(if spot.is_tab_stop { "0" } else { "-1" })
            aria-label=label.clone()
            aria-pressed=move || is_button.then(|| (chosen.get() == Some(bar)).to_string())
            data-bar=number.to_string()
        >
            <title>{label.clone()}</title>
            <rect class="ground" x="0" y=spot.top.to_string() width="100%" height=BAR.to_string()></rect>
            <rect
                class="mark"
                x=format!("{begin}%")
                y=(spot.top + 4).to_string()
                width=hundredths(width)
                height=(BAR - 8).to_string()
            ></rect>
            <text x=hundredths(begin * 100 + width) dx="6" y=(spot.top + 16).to_string()>{message}</text>
        </g>
    }
    .into_any()
}

/// Hundredths of a percent, as CSS writes them.
fn hundredths(number: u64) -> String {
    format!("{}.{:02}%", number / 100, number % 100)
}

/// What a row stands for, over the drawing. Where it is wider than the chart it is cut; its bars say it whole, to the
/// mouse and aloud, and so does the table.
fn label(row: &ChartRow, top: usize, is_below: bool) -> AnyView {
    let width = if is_below { 100 } else { BEFORE - 1 };
    view! {
        <span class="label" aria-hidden="true" style:top=format!("{top}px") style:width=format!("{width}%")>
            {row.label.clone()}
        </span>
    }
    .into_any()
}

/// What the colours mean; the counts say it too.
fn legend(chart: &Chart) -> Option<AnyView> {
    let item = |(index, series): (usize, &String)| {
        view! { <li><span class=format!("swatch series-{index}")></span>{series.clone()}</li> }
    };
    let items = || chart.series.iter().enumerate().map(item).collect_view();
    (chart.series.len() > 1).then(|| view! { <ul class="legend" aria-hidden="true">{items()}</ul> }.into_any())
}

fn bar_of(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-bar]").ok().flatten()
}

fn is_button(bar: &Element) -> bool {
    bar.get_attribute("role").as_deref() == Some("button")
}

/// Goes to the next bar that is a button; it takes the place of this one for the Tab key.
fn go_on(bar: &Element, step: fn(&Element) -> Option<Element>) {
    let mut next = step(bar);
    while let Some(candidate) = next.take_if(|candidate| !is_button(candidate)) {
        next = step(&candidate);
    }
    if let Some(next) = next {
        let _ = bar.set_attribute("tabindex", "-1");
        let _ = next.set_attribute("tabindex", "0");
        focus(&next);
    }
}
