//! The headline figures of a preview, each with the change against the other.

use btcfake_core::format::identifier::content_id_text;
use btcfake_core::report::figures::Headlines;
use leptos::prelude::*;

use super::Comparison;
use crate::page::charts::How;
use crate::page::components::{Tile, change_text, shown, tile};

/// A headline figure: its name, its count, and whether more of it is better.
type Figure = (&'static str, fn(&Headlines) -> u64, bool);

const FIGURES: [Figure; 4] = [
    ("Completed", |headlines| headlines.completed, true),
    ("Still open", |headlines| headlines.still_open, false),
    ("Employees with nothing done", |headlines| headlines.nothing_done, false),
    ("From recommendations", |headlines| headlines.recommended, true),
];

/// The figures.
pub(crate) fn headlines_view(comparison: Comparison) -> AnyView {
    let tiles = shown(move || {
        let both = comparison.sides.map(|side| side.headlines.get());
        let names = comparison.names.get();
        let tile = |(name, of, more_is_better): Figure| {
            let counts = [of(&both[0]), of(&both[1])];
            let figure = content_id_text(counts[0]);
            tile(Tile { name, figure, below: below(comparison.how, counts, &names, more_is_better) })
        };
        Some(FIGURES.map(tile).into_iter().collect_view().into_any())
    });
    view! { <div class="tiles">{tiles}</div> }.into_any()
}

/// The line below a figure. An outline is what was before; of a pair the second follows the first.
fn below(how: How, [count, other]: [u64; 2], names: &[String; 2], more_is_better: bool) -> AnyView {
    let (from, to, begin, end) = match how {
        How::Outline => (other, count, String::new(), format!(" against {}", names[1])),
        How::Pair => (count, other, format!("{}: {}, ", names[1], content_id_text(other)), String::new()),
    };
    if from == to {
        let same = if how == How::Outline { format!("as {}", names[1]) } else { format!("{begin}the same") };
        return same.into_any();
    }
    let class = if (from < to) == more_is_better { "up" } else { "down" };
    view! { {begin}<span class=class>{change_text(to, from)}</span>{end} }.into_any()
}
