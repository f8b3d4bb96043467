//! Files that were dropped or pasted anywhere and have no place yet: the places to choose from, or why there is none. The list
//! stands above all areas, because files can be dropped in any, and those of a feed bring the check into view.

use leptos::prelude::*;

use crate::page::components::{markup, shown};
use crate::page::feed::inputs::mends_view::{choice, choices, place_words};
use crate::page::feed::inputs::sorting_state::Unplaced;
use crate::page::state::PageState;

/// The list; nothing where all files have their places.
pub(crate) fn unplaced_view(state: PageState) -> AnyView {
    shown(move || {
        let open = state.sorting.open.get();
        let lines = open.iter().map(|one| line(state, one)).collect_view();
        let unused = open.iter().filter(|one| one.is_unused).count();
        let all =
            (unused > 1).then(|| choice("Dismiss all that are not used".to_owned(), move || state.dismiss_unused()));
        (!open.is_empty()).then(|| markup! { <div class="problems unplaced" role="alert">{lines}{all}</div> })
    })
}

fn line(state: PageState, Unplaced { file, number, text, places, is_unused }: &Unplaced) -> AnyView {
    let (name, number) = (file.name(), *number);
    let place = |place| {
        let label = format!("Use as {}", place_words(place));
        choice(label, move || state.place(number, place))
    };
    let mut buttons: Vec<AnyView> = places.iter().copied().map(place).collect();
    let leave = if *is_unused { "Dismiss" } else { "Leave out" };
    buttons.push(choice(format!("{leave} {name}"), move || state.dismiss(number)));
    choices(text.clone(), buttons)
}
