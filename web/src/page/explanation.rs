//! The dialog "Why", with the worker's explanation of one employee's rows.

use btcfake_core::report::explain::{FileRows, Section, SectionTable};
use leptos::ev::MouseEvent;
use leptos::html::Dialog;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::page::components::{Action, follow, handler, markup, shown, table_box, text};

/// The state of the dialog. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct Explanation(RwSignal<ExplanationState>);

#[derive(Clone, Default)]
enum ExplanationState {
    #[default]
    Closed,
    Waiting {
        request: u32,
        employee: u64,
    },
    Explained(Vec<Section>),
    Failed(String),
}

impl Explanation {
    /// Opens the dialog, which waits for the answer with this number.
    pub(crate) fn wait_for(self, request: u32, employee: u64) {
        self.0.set(ExplanationState::Waiting { request, employee });
    }

    /// Shows an answer; one to an outdated request is dropped.
    pub(crate) fn take(self, answered: u32, explained: Result<Vec<Section>, String>) {
        let is_wanted = self
            .0
            .with_untracked(|state| matches!(state, ExplanationState::Waiting { request, .. } if *request == answered));
        if is_wanted {
            self.0.set(match explained {
                Ok(sections) => ExplanationState::Explained(sections),
                Err(why) => ExplanationState::Failed(why),
            });
        }
    }

    /// Shows why there is no answer, if one is waited for.
    pub(crate) fn fail(self, why: &str) {
        if self.0.with_untracked(|state| matches!(state, ExplanationState::Waiting { .. })) {
            self.0.set(ExplanationState::Failed(why.to_owned()));
        }
    }

    fn title(self) -> String {
        self.0.with(|state| match state {
            ExplanationState::Waiting { employee, .. } => format!("Employee {employee}"),
            ExplanationState::Explained(sections) => {
                sections.first().map(|first| first.title.clone()).unwrap_or_default()
            }
            ExplanationState::Failed(_) | ExplanationState::Closed => "Why".to_owned(),
        })
    }
}

/// The dialog. The browser keeps the focus in it, closes it by Escape, and gives the focus back.
pub(crate) fn explanation_dialog(explanation: Explanation) -> AnyView {
    let dialog = NodeRef::<Dialog>::new();
    follow(move || {
        let is_open = explanation.0.with(|state| !matches!(state, ExplanationState::Closed));
        if let Some(dialog) = dialog.get().filter(|dialog| is_open && !dialog.open()) {
            let _ = dialog.show_modal();
        }
    });
    let close = move || {
        if let Some(dialog) = dialog.get_untracked() {
            dialog.close();
        }
    };
    let content = shown(move || {
        explanation.0.with(|state| match state {
            ExplanationState::Closed => None,
            ExplanationState::Waiting { .. } => Some(markup! { <p role="status">"Looking …"</p> }),
            ExplanationState::Explained(sections) => {
                Some(sections.iter().enumerate().map(section_view).collect_view().into_any())
            }
            ExplanationState::Failed(why) => Some(markup! { <p role="alert">{why.clone()}</p> }),
        })
    });
    markup! {
        <dialog class="why" aria-labelledby="why-heading" node_ref=dialog on:close=handler(move |_| explanation.0.set(ExplanationState::Closed))>
            <div class="dialog-head">
                <h2 id="why-heading">{text(move || explanation.title())}</h2>
                {Action::new("Close").button(close)}
            </div>
            {content}
        </dialog>
    }
}

/// The button on an employee's id that opens the dialog.
pub(crate) fn explain_button(employee: &str) -> AnyView {
    markup! {
        <button type="button" class="why-button" aria-haspopup="dialog" data-employee=employee.to_owned()>
            {employee.to_owned()}
            <span class="visually-hidden">": why?"</span>
        </button>
    }
}

/// A click handler that calls `act` with the employee whose [`explain_button`] was clicked. Other clicks do nothing.
pub(crate) fn on_employee(act: impl Fn(u64) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    handler(move |event| employee_clicked(&event).into_iter().for_each(&act))
}

/// The employee whose button was clicked.
fn employee_clicked(event: &MouseEvent) -> Option<u64> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("[data-employee]").ok()??.get_attribute("data-employee")?.parse().ok()
}

fn section_view((index, section): (usize, &Section)) -> AnyView {
    let heading = format!("why-{index}");
    let lines = section.lines.iter().map(|line| view! { <p>{line.clone()}</p> }).collect_view();
    // The first section's title is the title of the dialog.
    let title = (index > 0).then(|| view! { <h3 id=heading.clone()>{section.title.clone()}</h3> });
    markup! {
        <section class="why-section">
            {title}
            {lines}
            {section.table.as_ref().map(|table| table_view(table, &heading))}
            {section.files.iter().map(file_view).collect_view()}
        </section>
    }
}

fn table_view(table: &SectionTable, heading: &str) -> AnyView {
    let row = |cells: &Vec<String>| {
        view! { <tr>{cells.iter().map(|cell| view! { <td>{cell.clone()}</td> }).collect_view()}</tr> }
    };
    let rows = table.rows.iter().map(row).collect_view();
    table_box(heading, &table.columns, markup! { <tbody>{rows}</tbody> })
}

fn file_view(file: &FileRows) -> AnyView {
    markup! {
        <p class="file-name">{file.file.clone()}</p>
        <pre tabindex="0" role="group" aria-label=format!("Rows of {}", file.file)>{file.rows.join("\n")}</pre>
    }
}
