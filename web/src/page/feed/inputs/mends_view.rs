//! The ways to go on with a refused file, a button each.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::inputs::sorting::Destination;
use btcfake_core::sheet::{Choice, Question};
use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::page::components::{markup, plain_button};
use crate::page::state::PageState;
use crate::page::words::file_words;

/// The buttons. The one that removes the file is in its row.
pub(crate) fn mends_view(state: PageState, role: InputRole, mends: &[Mend]) -> AnyView {
    mends.iter().filter_map(|mend| mend_view(state, role, mend)).collect_view().into_any()
}

fn mend_view(state: PageState, role: InputRole, mend: &Mend) -> Option<AnyView> {
    let label = match mend {
        Mend::Answer(question) => return Some(question_view(state, role, question)),
        Mend::SkipBadRows => "Skip bad rows".to_owned(),
        Mend::Move(place) => place_words(*place),
        Mend::Remove => return None,
    };
    let mend = mend.clone();
    Some(plain_button(label, move || state.mend(role, &mend)))
}

/// What was found in a file, so that a question is asked.
pub(crate) fn reason(question: &Question) -> String {
    match question {
        Question::Sheet(names) => format!("{} may have the table.", counted(names.len(), "sheet")),
        Question::Column { wanted, .. } => format!("No column is called {wanted}."),
        Question::Header { .. } => "The columns have no names.".to_owned(),
        Question::WesternEuropean { .. } => "The text is not in UTF-8.".to_owned(),
    }
}

fn question_view(state: PageState, role: InputRole, question: &Question) -> AnyView {
    let answer = move |label: String, answer: Choice| plain_button(label, move || state.answer(role, answer.clone()));
    match question {
        Question::Sheet(names) => {
            let button_of = |name: &String| answer(name.clone(), Choice::Sheet(name.clone()));
            question_row("Which sheet is it?".to_owned(), names.iter().map(button_of).collect())
        }
        Question::Column { wanted, found } => {
            let button_of = |(position, name): &(usize, String)| {
                answer(name.clone(), Choice::Column { wanted: wanted.clone(), position: *position })
            };
            question_row(format!("Which column is {wanted}?"), found.iter().map(button_of).collect())
        }
        Question::Header { first_row } => {
            let text = format!("The first row is a row of the table: {first_row}");
            question_row(text, vec![answer("Add the header".to_owned(), Choice::Header)])
        }
        Question::WesternEuropean { shown } => {
            let text = format!("Is this spelled right: {shown}?");
            question_row(
                text,
                vec![answer("Read as Western European (Windows-1252)".to_owned(), Choice::WesternEuropean)],
            )
        }
    }
}

/// The label of the button for a place.
pub(crate) fn place_words(place: Destination) -> String {
    match place {
        Destination::Input(role) => format!("Use as {}", file_words(role).label),
        Destination::Check => "Use as files to check".to_owned(),
        Destination::Repeat => "Repeat this run".to_owned(),
    }
}

/// A question with the buttons that answer it.
pub(crate) fn question_row(question: String, buttons: Vec<AnyView>) -> AnyView {
    let name = question.clone();
    markup! { <div class="buttons" role="group" aria-label=name><span>{question}</span>{buttons}</div> }
}
