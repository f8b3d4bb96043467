//! One bar: an element that is a button where it counts something, and how the keyboard goes from bar to bar.

use btcfake_core::format::identifier::content_id_text;
use leptos::prelude::*;
use web_sys::Element;

use super::place::{BarPlace, Drawn, Spot};
use crate::page::components::{change_text, focus};

/// Where a bar is drawn: left, top, width and height, in the units of its SVG; and where it can be clicked.
pub(crate) struct Shape {
    /// The bar.
    pub(crate) mark: [String; 4],
    /// The ground that takes clicks.
    pub(crate) ground: [String; 4],
}

/// Draws a bar. `class` sets its colour.
pub(crate) fn bar_view(place: BarPlace, drawn: &Drawn, spot: Spot, class: String, shape: Shape) -> AnyView {
    let Some((bar, count)) = drawn.bar(spot) else { return ().into_any() };
    let is_button = count > 0;
    let text = label(drawn, spot, count);
    let chosen = place.charts.side(spot.side).map(|side| side.chosen);
    let pressed = move || is_button.then(|| chosen.is_some_and(|chosen| chosen.get() == Some(bar)).to_string());
    let rect = |class, [x, y, width, height]: [String; 4]| {
        view! { <rect class=class x=x y=y width=width height=height></rect> }
    };
    view! {
        <g
            class=format!("bar {class}")
            role=if is_button { "button" } else { "img" }
            tabindex=is_button.then_some(if Some(spot) == first(drawn) { "0" } else { "-1" })
            aria-label=text.clone()
            aria-pressed=pressed
            data-bar=format!("{} {} {}", spot.side, spot.row, spot.series)
        >
            <title>{text.clone()}</title>
            {rect("ground", shape.ground)}
            {rect("mark", shape.mark)}
        </g>
    }
    .into_any()
}

/// What a bar says aloud and under the mouse: whose it is, what it counts, and the change.
fn label(drawn: &Drawn, spot: Spot, count: u64) -> String {
    let name = match &drawn.other {
        Some(other) if drawn.side(1).is_some() => format!("{}, ", other.names[spot.side]),
        _ => String::new(),
    };
    let what = drawn.chart.rows.get(spot.row).map(|row| drawn.chart.bar_label(row, spot.series)).unwrap_or_default();
    let change = drawn.before(spot).filter(|before| *before != count).map(|before| change_text(count, before));
    let change = change.map(|change| format!(", {change}")).unwrap_or_default();
    format!("{name}{what}: {}{change}", content_id_text(count))
}

/// The bar that the Tab key goes to at first.
fn first(drawn: &Drawn) -> Option<Spot> {
    let spot = |row, series| Spot { side: 0, row, series };
    let spots =
        (0..drawn.chart.rows.len()).flat_map(|row| (0..drawn.chart.series.len()).map(move |series| spot(row, series)));
    spots.into_iter().find(|spot| drawn.bar(*spot).is_some_and(|(_, count)| count > 0))
}

/// The bar that an element is in.
pub(crate) fn bar_of(element: Option<Element>) -> Option<Element> {
    element?.closest("[data-bar]").ok().flatten()
}

/// The place of a bar by its element.
pub(crate) fn spot_of(bar: &Element) -> Option<Spot> {
    let text = bar.get_attribute("data-bar")?;
    let mut numbers = text.split(' ').map_while(|number| number.parse().ok());
    Some(Spot { side: numbers.next()?, row: numbers.next()?, series: numbers.next()? })
}

/// Goes to the next bar of the chart that is a button, or the one before; it takes the place of this one for the Tab key.
pub(crate) fn go_on(bar: &Element, step: isize) {
    let Some(bars) = bar.closest(".bars").ok().flatten() else { return };
    let bars = bars.get_elements_by_class_name("bar");
    let is_button = |bar: &Element| bar.get_attribute("role").as_deref() == Some("button");
    let all: Vec<Element> = (0..bars.length()).filter_map(|at| bars.item(at)).filter(is_button).collect();
    let next = all.iter().position(|one| one == bar).and_then(|at| all.get(at.checked_add_signed(step)?));
    if let Some(next) = next {
        let _ = bar.set_attribute("tabindex", "-1");
        let _ = next.set_attribute("tabindex", "0");
        focus(next);
    }
}
