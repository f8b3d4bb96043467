//! The problems of one file: the first ones at once, all on demand. They are added a few hundred at a time, and the browser
//! lays out only those in view, so that any number works.

use std::sync::Arc;

use btcfake_core::text::problem::Severity;
use btcfake_core::text::words::grouped;
use leptos::ev::Event;
use leptos::html;
use leptos::prelude::*;
use web_sys::HtmlDetailsElement;

use crate::messages::{Inspected, ReportedProblem};
use crate::page::components::{follow, handler, markup};
use crate::page::feed::inputs::mends_view::{mends_view, open_question};
use crate::page::file_slot::FileSlot;
use crate::page::state::PageState;
use crate::page::words::problems_text;

/// The number of problems that are shown at once.
const IN_VIEW: usize = 3;

/// The list, with its consequence for a run, and buttons to mend the file. A question that is open takes the place of the
/// list, because all problems follow from what is asked.
pub(crate) fn problem_list(state: PageState, place: FileSlot, name: &str, inspected: &Inspected) -> AnyView {
    let Inspected { errors, warnings, .. } = *inspected;
    if let Some(question) = open_question(state, place.role, inspected, "") {
        return question;
    }
    let mends = markup! { <div class="buttons">{mends_view(state, place.role, &inspected.mends)}</div> };
    let consequence =
        if errors == 0 { "the run goes on without what they name." } else { "no run until this is mended." };
    let lines = inspected.first.iter().take(IN_VIEW).map(|problem| {
        let (class, text) = line_of(problem);
        markup! { <li class=class>{text}</li> }
    });
    markup! {
        <div class="problems" class:refused=errors != 0 role="alert" aria-atomic="false">
            <p class="verdict">{problems_text(errors, warnings)}": "{consequence}</p>
            <ul class="problem-lines">{lines.collect_view()}</ul>
            {all_problems(state, place, name, inspected)}
            {mends}
        </div>
    }
}

/// All problems, if there are more than [`IN_VIEW`]. They are requested when people open the list.
fn all_problems(state: PageState, place: FileSlot, name: &str, inspected: &Inspected) -> Option<AnyView> {
    let (all, listed) = (inspected.errors + inspected.warnings, inspected.first.len());
    let list = NodeRef::<html::Div>::new();
    let first = Arc::new(inspected.first.clone());
    show(list, move || Arc::clone(&first));
    show(list, move || place.more_problems.get().last);
    let on_toggle = move |event: Event| {
        let is_open = event_target::<HtmlDetailsElement>(&event).open();
        if is_open && listed < all && place.more_problems.with_untracked(|more| more.count) == 0 {
            state.ask_for_more_problems(place);
        }
    };
    (all > IN_VIEW).then(|| {
        let label = format!("Problems of {name}");
        markup! {
            <details on:toggle=handler(on_toggle)>
                <summary>{format!("Show all {}", grouped(all))}</summary>
                <div class="problem-scroll" tabindex="0" role="group" aria-label=label node_ref=list></div>
            </details>
        }
    })
}

/// Appends problems as a further list whenever some arrive.
fn show(list: NodeRef<html::Div>, problems: impl Fn() -> Arc<Vec<ReportedProblem>> + 'static) {
    follow(move || {
        let problems = problems();
        if let Some(list) = list.get().filter(|_| !problems.is_empty()) {
            // If the browser cannot make an element, the problems stay unlisted; their number is shown anyway.
            let _ = append(&list, &problems);
        }
    });
}

fn append(list: &web_sys::Element, problems: &[ReportedProblem]) -> Result<(), wasm_bindgen::JsValue> {
    let lines = document().create_element("ul")?;
    for problem in problems {
        let (class, text) = line_of(problem);
        let line = document().create_element("li")?;
        line.set_class_name(class);
        line.set_text_content(Some(&text));
        lines.append_child(&line)?;
    }
    list.append_child(&lines).map(|_| ())
}

/// The class and the text of a line.
fn line_of(problem: &ReportedProblem) -> (&'static str, String) {
    let (class, word) = match problem.severity {
        Severity::Error => ("error", "Error"),
        Severity::Warning => ("warning", "Warning"),
    };
    let text = match &problem.place {
        Some(place) => format!("{word} in {place}: {}", problem.text),
        None => format!("{word}: {}", problem.text),
    };
    (class, text)
}
