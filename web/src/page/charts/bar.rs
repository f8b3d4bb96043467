//! One bar: a visible mark on a larger ground, which takes the clicks. A bar that counts nothing is no button.

use btcfake_core::report::figures::Bar;
use leptos::prelude::*;

use super::place::ChartContext;
use crate::page::components::markup;

/// A rectangle: left, top, width, height. Each is a number of pixels, or a percentage.
pub(crate) struct Rectangle(pub(crate) [String; 4]);

/// What is drawn for a bar.
pub(crate) struct BarLook {
    /// The bar, and what it counts.
    pub(crate) bar: (Bar, u64),
    /// Its number among all bars of the chart, from 0.
    pub(crate) number: usize,
    /// Its side: 0 for the chart's own bars, 1 for those of the chart it is compared with.
    pub(crate) side: usize,
    /// Its name with its count.
    pub(crate) label: String,
    /// Classes that colour it.
    pub(crate) class: String,
    /// The area that can be clicked.
    pub(crate) ground: Rectangle,
    /// The visible bar.
    pub(crate) mark: Rectangle,
    /// Whether the Tab key reaches it.
    pub(crate) is_tab_stop: bool,
}

/// Draws a bar.
pub(crate) fn bar_view(place: ChartContext, look: BarLook) -> AnyView {
    let BarLook { bar: (bar, count), number, side, label, class, ground, mark, is_tab_stop } = look;
    let is_button = count > 0;
    let chosen = if side == 0 { Some(place.charts.chosen) } else { place.charts.against.map(|against| against.chosen) };
    let is_chosen = move || chosen.is_some_and(|chosen| chosen.get() == Some(bar));
    markup! {
        <g
            class=format!("bar {class} side-{side}")
            role=if is_button { "button" } else { "img" }
            tabindex=is_button.then_some(if is_tab_stop { "0" } else { "-1" })
            aria-label=label.clone()
            aria-pressed=move || is_button.then(|| is_chosen().to_string())
            data-bar=number.to_string()
        >
            <title>{label.clone()}</title>
            {rectangle("ground", ground)}
            {rectangle("mark", mark)}
        </g>
    }
}

/// Draws a rectangle of a class.
pub(crate) fn rectangle(class: &'static str, Rectangle([x, y, width, height]): Rectangle) -> AnyView {
    markup! { <rect class=class x=x y=y width=width height=height></rect> }
}

/// Hundredths of a percent as a CSS length: `12.34%` for 1,234.
pub(crate) fn hundredths(number: u64) -> String {
    format!("{}.{:02}%", number / 100, number % 100)
}
