//! The drawing of a chart, with its clicks and keys: vertical bars where one axis is time, else horizontal bars.

use crate::page::components::{focus, handler, markup};
use btcfake_core::report::charts::{Chart, ChartRow};
use btcfake_core::report::figures::Bar;
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::columns::columns;
use super::lines::{is_stacked, lines};
use super::place::{BarPlace, Drawn};

/// Draws the bars, followed by the chart's notes on what is empty.
pub(crate) fn drawing(place: BarPlace, drawn: &Drawn<'_>) -> AnyView {
    let chart = drawn.chart;
    let notes = chart.notes.iter().map(|note| view! { <p class="chart-note">{note.clone()}</p> }).collect_view();
    if chart.rows.is_empty() {
        return notes.into_any();
    }
    let of_chart = chart.rows.iter().flat_map(|row| &row.bars).count();
    let rows = drawn.sides().flat_map(|(_, chart)| &chart.rows);
    let bars: Vec<Bar> = rows.flat_map(|row| &row.bars).map(|(bar, _)| *bar).collect();
    let is_over_time = matches!(bars.first(), Some(Bar::InPart(_)));
    let (drawing, height, labels) = if is_over_time {
        let (drawing, height) = columns(place, drawn);
        (drawing, height, ().into_any())
    } else {
        lines(place, drawn)
    };
    let choose = StoredValue::new(move |target: &Element| {
        let number = target.get_attribute("data-bar").and_then(|number| number.parse::<usize>().ok());
        let Some(number) = number.filter(|_| is_button(target)) else { return };
        let (chosen, choose) = match place.charts.against {
            Some(against) if number >= of_chart => (against.chosen, against.choose),
            _ => (place.charts.chosen, place.charts.choose),
        };
        if let Some(bar) = bars.get(number).copied() {
            let is_chosen = chosen.get_untracked() == Some(bar);
            choose.run((!is_chosen).then_some(bar));
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
