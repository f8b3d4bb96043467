//! The ways to go on with a refused file, a button each.

use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::inputs::sorting::Destination;
use btcfake_core::sheet::{Choice, Question};
use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::Inspected;
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

/// The question that is open about the file of a role, with all ways to go on; `None` if nothing is asked. `file` stands before
/// it, such as the file's name, where that is not beside it.
pub(crate) fn open_question(state: PageState, role: InputRole, inspected: &Inspected, file: &str) -> Option<AnyView> {
    let verdict = format!("{file}{} No run until this is answered.", reason(inspected.question()?));
    Some(markup! {
        <div class="problems" role="alert" aria-atomic="false">
            <p class="verdict">{verdict}</p>
            <div class="buttons">{mends_view(state, role, &inspected.mends)}</div>
        </div>
    })
}

/// What was found in a file, so that a question is asked.
fn reason(question: &Question) -> String {
    match question {
        Question::Sheet(names) => format!("{} could be the table.", counted(names.len(), "sheet")),
        Question::Column { wanted, .. } => format!("No column is called {wanted}."),
        Question::Header { .. } => "The columns have no names.".to_owned(),
        Question::WesternEuropean { .. } => "The text is not in UTF-8.".to_owned(),
    }
}

fn question_view(state: PageState, role: InputRole, question: &Question) -> AnyView {
    let words = match question {
        Question::Sheet(_) => "Which sheet is it?".to_owned(),
        Question::Column { wanted, .. } => format!("Which column is {wanted}?"),
        Question::Header { first_row } => format!("The first row is a row of the table: {first_row}"),
        Question::WesternEuropean { shown } => format!("Is this spelled right: {shown}?"),
    };
    let answer = |(label, answer): (String, Choice)| plain_button(label, move || state.answer(role, answer.clone()));
    question_row(words, question.choices().into_iter().map(answer).collect())
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
