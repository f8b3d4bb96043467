//! The drawing of a chart, with its clicks and keys: vertical bars where one axis is time, else horizontal bars.

use btcfake_core::report::charts::{Chart, ChartRow};
use btcfake_core::report::figures::Bar;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::columns::columns;
use super::lines::{is_stacked, lines};
use super::place::{ChartContext, ComparisonStyle, DrawingInput};
use crate::page::components::{focus, handler, markup};

/// Draws the bars, followed by the chart's notes on what is empty.
pub(crate) fn drawing(place: ChartContext, drawn: &DrawingInput<'_>) -> AnyView {
    let chart = drawn.chart;
    let notes = notes(drawn).into_iter().map(|note| view! { <p class="chart-note">{note}</p> }).collect_view();
    if chart.rows.is_empty() {
        return notes.into_any();
    }
    let bars = DrawnBars::of(place, drawn);
    let (drawing, height, labels) = if bars.are_over_time() {
        let (drawing, height) = columns(place, drawn);
        (drawing, height, ().into_any())
    } else {
        lines(place, drawn)
    };
    let bars = StoredValue::new(bars);
    let on_click = move |event: MouseEvent| {
        if let Some(element) = bar_of(event.target()) {
            bars.with_value(|bars| bars.choose(&element));
        }
    };
    let on_key = move |event: KeyboardEvent| bars.with_value(|bars| bars.key_pressed(&event));
    markup! {
        <div class=if drawn.is_pair() { "bars pair" } else { "bars" }>
            <svg
                role="group"
                aria-labelledby=place.heading.get_untracked()
                width="100%"
                height=height.to_string()
                on:click=handler(on_click)
                on:keydown=handler(on_key)
            >
                {drawing}
            </svg>
            {labels}
        </div>
        {notes}
    }
}

/// The notes of the drawn charts. A note on one chart of a pair follows the chart's name.
fn notes(drawn: &DrawingInput<'_>) -> Vec<String> {
    let Some((other, ComparisonStyle::Pair, names)) = &drawn.other else { return drawn.chart.notes.clone() };
    let of_one = |chart: &Chart, than: &Chart, name: &str| -> Vec<String> {
        let only = chart.notes.iter().filter(|note| !than.notes.contains(note));
        only.map(|note| format!("{name}: {}", uncapitalized(note))).collect()
    };
    let of_both = drawn.chart.notes.iter().filter(|note| other.notes.contains(note)).cloned();
    of_both.chain(of_one(drawn.chart, other, &names[0])).chain(of_one(other, drawn.chart, &names[1])).collect()
}

/// A sentence that begins with a small letter.
fn uncapitalized(sentence: &str) -> String {
    let mut sentence = sentence.to_owned();
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    sentence
}

/// The bars of a drawing, by the numbers in their elements.
struct DrawnBars {
    place: ChartContext,
    bars: Vec<Bar>,
    /// The number of the chart's own bars; those after them are of the chart that it is compared with.
    own: usize,
}

impl DrawnBars {
    fn of(place: ChartContext, drawn: &DrawingInput<'_>) -> DrawnBars {
        let rows = drawn.sides().flat_map(|(_, chart)| &chart.rows);
        DrawnBars {
            place,
            bars: rows.flat_map(|row| &row.bars).map(|(bar, _)| *bar).collect(),
            own: drawn.chart.rows.iter().flat_map(|row| &row.bars).count(),
        }
    }

    fn are_over_time(&self) -> bool {
        matches!(self.bars.first(), Some(Bar::InPart(_)))
    }

    /// Chooses the bar of an element, or none if it is the chosen one. A bar that counts nothing is no button.
    fn choose(&self, element: &Element) {
        let number = element.get_attribute("data-bar").and_then(|number| number.parse::<usize>().ok());
        let Some(number) = number.filter(|_| is_button(element)) else { return };
        let (chosen, choose) = match self.place.charts.against {
            Some(against) if number >= self.own => (against.chosen, against.choose),
            _ => (self.place.charts.chosen, self.place.charts.choose),
        };
        if let Some(bar) = self.bars.get(number).copied() {
            let is_chosen = chosen.get_untracked() == Some(bar);
            choose.run((!is_chosen).then_some(bar));
        }
    }

    fn key_pressed(&self, event: &KeyboardEvent) {
        let Some(element) = bar_of(event.target()) else { return };
        match event.key().as_str() {
            "Enter" | " " => self.choose(&element),
            "ArrowDown" | "ArrowRight" => focus_next(&element, Element::next_element_sibling),
            "ArrowUp" | "ArrowLeft" => focus_next(&element, Element::previous_element_sibling),
            _ => return,
        }
        event.prevent_default();
    }
}

/// The largest count of a chart: of a bar, or of a row of stacked bars.
pub(crate) fn longest(chart: Option<&Chart>) -> u64 {
    let of_row = |row: &ChartRow| {
        let counts = row.bars.iter().map(|(_, count)| *count);
        let is_stacked = row.bars.first().is_some_and(|(bar, _)| is_stacked(*bar));
        if is_stacked { counts.sum() } else { counts.max().unwrap_or(0) }
    };
    chart.into_iter().flat_map(|chart| &chart.rows).map(of_row).max().unwrap_or(0)
}

fn bar_of(target: Option<web_sys::EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-bar]").ok().flatten()
}

fn is_button(bar: &Element) -> bool {
    bar.get_attribute("role").as_deref() == Some("button")
}

/// Moves the focus to the next bar that is a button, which then is the chart's stop for the Tab key.
fn focus_next(bar: &Element, step: fn(&Element) -> Option<Element>) {
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
