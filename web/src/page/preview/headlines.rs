//! The headline figures of a preview, each with the change against the other preview.

use std::time::Duration;

use btcfake_core::report::figures::Headlines;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;

use super::comparison::Comparison;
use crate::page::charts::ComparisonStyle;
use crate::page::components::{Tile, change_text, follow, markup, shown, status, tile};

/// A headline figure: its name, its count, and whether more of it is better.
type Figure = (&'static str, fn(&Headlines) -> u64, bool);

const FIGURES: [Figure; 4] = [
    ("Completed", |headlines| headlines.completed, true),
    ("Still open", |headlines| headlines.still_open, false),
    ("Employees doing nothing", |headlines| headlines.nothing_done, false),
    ("From recommendations", |headlines| headlines.recommended, true),
];

/// How long figures stay the same before they are read aloud.
const RESTED: Duration = Duration::from_secs(1);

/// The figures.
pub(crate) fn headlines_view(comparison: Comparison) -> AnyView {
    let tiles = shown(move || {
        let both = comparison.sides.map(|side| side.headlines.get());
        let names = comparison.names.get();
        let tile = |(at, (name, of, more_is_better)): (usize, Figure)| {
            let counts = [of(&both[0]), of(&both[1])];
            let figure = number_text(counts[0]);
            // The first figure names what all of them are compared with.
            let other = if at == 0 || comparison.how == ComparisonStyle::Pair { names[1].as_str() } else { "" };
            tile(Tile { name, figure, below: below(comparison.how, counts, other, more_is_better) })
        };
        Some(FIGURES.into_iter().enumerate().map(tile).collect_view().into_any())
    });
    markup! { <div class="tiles">{tiles}</div>{spoken(comparison)} }
}

/// The figures for screen readers, read aloud once they have rested.
fn spoken(comparison: Comparison) -> AnyView {
    let words = RwSignal::new(String::new());
    let mut say_at_rest = debounce(RESTED, move |text| words.set(text));
    follow(move || {
        let names = comparison.names.get();
        let [first, second] =
            comparison.sides.map(|side| side.headlines.get()).map(|headlines| figures_text(&headlines));
        say_at_rest(match comparison.how {
            ComparisonStyle::Outline => first,
            ComparisonStyle::Pair => format!("{}: {first} {}: {second}", names[0], names[1]),
        });
    });
    status("visually-hidden", words.into())
}

/// `4,290 completed, 3,698 still open, 189 employees doing nothing, 711 from recommendations.`
fn figures_text(headlines: &Headlines) -> String {
    let figure = |(name, of, _): Figure| {
        let (first, rest) = name.split_at(1);
        format!("{} {}{rest}", number_text(of(headlines)), first.to_lowercase())
    };
    FIGURES.map(figure).join(", ") + "."
}

/// The line below a figure. With outlines, the other preview is the state before; of a pair, the first one is.
fn below(how: ComparisonStyle, [count, other]: [u64; 2], name: &str, more_is_better: bool) -> AnyView {
    let (from, to, begin, end) = match how {
        ComparisonStyle::Outline if name.is_empty() => (other, count, String::new(), String::new()),
        ComparisonStyle::Outline => (other, count, String::new(), format!(" against {name}")),
        ComparisonStyle::Pair => (count, other, format!("{name}: {}, ", number_text(other)), String::new()),
    };
    let class = match from.cmp(&to) {
        std::cmp::Ordering::Equal => "",
        order if order.is_lt() == more_is_better => "up",
        _ => "down",
    };
    markup! { {begin}<span class=class>{change_text(to, from)}</span>{end} }
}
