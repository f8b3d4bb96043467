//! The problems of one file: the first ones at once, all of them on demand. However many there are, they are added a
//! few hundred at a time, and the browser lays out only those in sight.

use std::sync::Arc;

use btcfake_core::text::problem::Severity;
use btcfake_core::text::words::grouped;
use leptos::html;
use leptos::prelude::*;

use super::components::{follow, handler, shown};
use super::mends_view::mends_view;
use super::state::{FileSlot, PageState};
use super::words::problems_text;
use crate::messages::{Inspected, ReportedProblem};

/// The list, with what it means for a run.
pub(super) fn problem_list(state: PageState, place: FileSlot, name: &str, inspected: &Inspected) -> AnyView {
    let Inspected { errors, warnings, .. } = *inspected;
    let list = NodeRef::<html::Div>::new();
    let listed = inspected.first.len();
    let first = Arc::new(inspected.first.clone());
    show(list, move || Arc::clone(&first));
    show(list, move || place.more_problems.get().last);
    let verdict = format!("{} in {name}. {}", problems_text(errors, warnings), consequence(errors));
    let list_label = format!("Problems of {name}");
    view! {
        <div class="problems" class:refused=errors != 0 role="alert" aria-atomic="false">
            <p class="verdict">{verdict}</p>
            <div class="problem-scroll" tabindex="0" role="group" aria-label=list_label node_ref=list></div>
            {rest(state, place, list, listed, errors + warnings)}
            {mends_view(state, place.role, &inspected.mends)}
        </div>
    }
    .into_any()
}

/// What is not shown yet.
fn rest(state: PageState, place: FileSlot, list: NodeRef<html::Div>, listed: usize, all: usize) -> AnyView {
    let show_all = move |_| {
        state.ask_for_more_problems(place);
        if let Some(list) = list.get_untracked() {
            let _ = list.focus();
        }
    };
    shown(move || {
        let more = place.more_problems.with(|more| more.count);
        (listed + more < all).then(|| {
            let how_many = format!("{} of {} are shown. ", grouped(listed + more), grouped(all));
            let button = (more == 0).then(|| {
                let text = format!("Show all {}", grouped(all));
                view! { <button type="button" on:click=handler(show_all)>{text}</button> }
            });
            view! { <p class="rest">{how_many}{button}</p> }.into_any()
        })
    })
}

fn consequence(errors: usize) -> &'static str {
    if errors == 0 {
        "The run goes on without what the warnings name."
    } else {
        "Nothing can be run with this file until it is mended."
    }
}

/// Appends problems as a list of their own, each time that some come.
fn show(list: NodeRef<html::Div>, problems: impl Fn() -> Arc<Vec<ReportedProblem>> + 'static) {
    follow(move || {
        let problems = problems();
        if let Some(list) = list.get().filter(|_| !problems.is_empty()) {
            // An element that the browser does not make is one that nobody could have seen.
            let _ = append(&list, &problems);
        }
    });
}

fn append(list: &web_sys::Element, problems: &[ReportedProblem]) -> Result<(), wasm_bindgen::JsValue> {
    let lines = document().create_element("ul")?;
    for problem in problems {
        let (class, word) = match problem.severity {
            Severity::Error => ("error", "Error"),
            Severity::Warning => ("warning", "Warning"),
        };
        let line = document().create_element("li")?;
        line.set_class_name(class);
        line.set_text_content(Some(&format!("{word}: {}", problem.text)));
        lines.append_child(&line)?;
    }
    list.append_child(&lines).map(|_| ())
}
