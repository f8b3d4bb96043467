//! The list of added files without a place, with the places to choose from, or why the file is not used. It stands above all
//! areas, because files can be dropped in any, and a dropped feed switches to the area "Check".

use leptos::html::Div;
use leptos::prelude::*;

use crate::page::components::{Action, markup, on_resize, plain_button, shown};
use crate::page::feed::inputs::mends_view::{place_words, question_row};
use crate::page::feed::inputs::sorting_state::{Unplaced, UnplacedReason};
use crate::page::state::PageState;

/// The list; nothing if all files have their places. It tells its height to what is below, so that the run bar stays in view.
pub(crate) fn unplaced_view(state: PageState) -> AnyView {
    let place = NodeRef::<Div>::new();
    on_resize(place, |place| {
        if let Some(below) = place.parent_element() {
            let _ = below.set_attribute("style", &format!("--unplaced: {}px", place.offset_height()));
        }
    });
    let list = shown(move || {
        let open = state.sorting.open.get();
        let groups = groups(&open);
        let lines = groups.iter().map(|group| line(state, group)).collect_view();
        let unused = groups.iter().filter(|group| group[0].reason.unused().is_some()).count();
        let all = (unused > 1)
            .then(|| plain_button("Dismiss all that are not used".to_owned(), move || state.dismiss_unused()));
        (!open.is_empty()).then(|| markup! { <div class="problems" role="alert">{lines}{all}</div> })
    });
    markup! { <div class="unplaced" node_ref=place>{list}</div> }
}

/// Groups the files by line. Files that are unused for the same reason, with no place to choose, share one.
fn groups(open: &[Unplaced]) -> Vec<Vec<&Unplaced>> {
    let mut groups: Vec<Vec<&Unplaced>> = Vec::new();
    for one in open {
        let is_alike = |group: &&mut Vec<&Unplaced>| {
            let first = group[0];
            one.reason.unused().is_some()
                && first.reason == one.reason
                && first.places.is_empty()
                && one.places.is_empty()
        };
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    groups
}

fn line(state: PageState, group: &[&Unplaced]) -> AnyView {
    let Unplaced { number, places, reason, .. } = group[0];
    let names: Vec<String> = group.iter().map(|one| one.file.name()).collect();
    let (names, number) = (names.join(", "), *number);
    let place = |place| plain_button(place_words(place), move || state.place(number, place));
    let mut buttons: Vec<AnyView> = places.iter().copied().map(place).collect();
    let numbers: Vec<u32> = group.iter().map(|one| one.number).collect();
    let dismiss = move || numbers.iter().for_each(|number| state.dismiss(*number));
    let (text, leave) = match reason {
        UnplacedReason::Doubtful => (format!("What is {names}?"), "Leave out"),
        UnplacedReason::OneOfSeveral => (format!("{names} is one of several files for the same input."), "Leave out"),
        UnplacedReason::Unused(why) if group.len() > 1 => (format!("{names} are not used: {why}."), "Dismiss"),
        UnplacedReason::Unused(why) => (format!("{names} is not used: {why}."), "Dismiss"),
    };
    let hidden_label = if group.len() > 1 { String::new() } else { names };
    buttons.push(Action { hidden_label, ..Action::new(leave) }.button(dismiss));
    question_row(text, buttons)
}
