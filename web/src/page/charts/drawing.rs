//! The drawing of a chart. What its bars count decides its form: completions by the time of day are columns along a time
//! line, completions of a type are stacked by source, what was completed lies inside what was assigned, and everything
//! else is a row with one bar.

use btcfake_core::report::figures::{Bar, Chart, ChartRow};
use leptos::ev::{KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::bar::{bar_of, go_on, spot_of};
use super::columns::columns;
use super::place::{BarPlace, Drawn, How};
use super::rows::rows;
use crate::page::components::handler;

/// The form of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A bar for each row.
    Plain,
    /// The bars of a row one after the other.
    Stacked,
    /// The second bar of a row inside the first.
    Within,
    /// Columns, from left to right.
    Columns,
}

impl Form {
    /// The form of a chart.
    pub(crate) fn of(chart: &Chart) -> Form {
        match chart.rows.first().and_then(|row| row.bars.first()) {
            Some((Bar::Completions(..), _)) => Self::Stacked,
            Some((Bar::OnLists(_), _)) => Self::Within,
            Some((Bar::InPart(_), _)) => Self::Columns,
            _ => Self::Plain,
        }
    }
}

/// The count that the length of a row shows.
pub(crate) fn length_of(chart: &Chart, row: &ChartRow) -> u64 {
    let counts = row.bars.iter().map(|(_, count)| *count);
    match Form::of(chart) {
        Form::Stacked => counts.sum(),
        _ => counts.max().unwrap_or(0),
    }
}

/// Draws the bars.
pub(crate) fn drawing(place: BarPlace, drawn: &Drawn) -> AnyView {
    if drawn.chart.rows.is_empty() {
        return view! { <p class="hint">"There is nothing to count."</p> }.into_any();
    }
    let content = match Form::of(&drawn.chart) {
        Form::Columns => columns(place, drawn),
        form => rows(place, form, drawn),
    };
    let choose = move |element: &Element| {
        let Some(spot) = spot_of(element) else { return };
        let bar = place.drawn.with_untracked(|drawn| drawn.as_ref()?.bar(spot));
        if let (Some((bar, 1..)), Some(side)) = (bar, place.charts.side(spot.side)) {
            let is_chosen = side.chosen.get_untracked() == Some(bar);
            side.choose.run((!is_chosen).then_some(bar));
        }
    };
    let on_click = move |event: MouseEvent| {
        let clicked = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        bar_of(clicked).iter().for_each(choose);
    };
    let on_key = move |event: KeyboardEvent| {
        let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(bar) = bar_of(pressed) else { return };
        match event.key().as_str() {
            "Enter" | " " => choose(&bar),
            "ArrowDown" | "ArrowRight" => go_on(&bar, 1),
            "ArrowUp" | "ArrowLeft" => go_on(&bar, -1),
            _ => return,
        }
        event.prevent_default();
    };
    let class = match &drawn.other {
        Some(other) if other.how == How::Pair => "bars pair",
        _ => "bars",
    };
    view! { <div class=class on:click=handler(on_click) on:keydown=handler(on_key)>{content}</div> }.into_any()
}

/// The shade of a series.
pub(crate) fn shade(form: Form, series: usize) -> &'static str {
    match (form, series) {
        (Form::Within, 0) => "palest",
        (Form::Stacked, 1) => "pale",
        _ => "",
    }
}
