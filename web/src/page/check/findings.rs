//! The findings in one file, a page at a time, each with its line.

use std::sync::Arc;

use btcfake_core::check::FindingKind;
use btcfake_core::text::problem::Severity;
use btcfake_core::text::words::{counted, grouped};
use leptos::prelude::*;

use super::state::ShownFile;
use crate::messages::{CheckQuestion, FINDINGS_ON_A_PAGE, FileReport, FindingsPage, ShownFinding, ToWorker};
use crate::page::components::{handler, markup, page_buttons, shown, text};
use crate::page::state::PageState;
use crate::page::words::capitalised;

/// The verdict on a file, and its findings.
pub(crate) fn file_part(page: PageState, check: u32, files: Arc<Vec<ShownFile>>, index: usize) -> AnyView {
    let ShownFile { checked, page: shown_page } = &files[index];
    let (shown_page, heading) = (*shown_page, format!("checked-{index}"));
    let all = checked.problems + checked.warnings;
    let list = (all > 0).then(|| {
        let label = format!("Findings in {}", checked.name);
        let items = shown(move || {
            Some(shown_page.with(|page| page.findings.iter().map(finding_view).collect_view().into_any()))
        });
        let show = move |kind: Option<FindingKind>, page_number: usize| {
            let question = CheckQuestion::Findings { check, file: index, kind, page: page_number };
            page.send(&ToWorker::Check(question), []);
        };
        let is_long = checked.first.listed > FINDINGS_ON_A_PAGE;
        let kinds = (is_long && checked.kinds.len() > 1).then(|| kind_field(index, checked, move |kind| show(kind, 0)));
        let pager = is_long.then(|| {
            pager(&checked.name, shown_page, move |page| show(shown_page.with_untracked(|shown| shown.kind), page))
        });
        markup! { {kinds}<ul class="findings" aria-label=label>{items}</ul>{pager} }
    });
    markup! {
        <section class="problems" class:refused=checked.problems != 0 class:clean=all == 0 aria-labelledby=heading.clone()>
            <h3 id=heading.clone() class="file-name">{checked.name.clone()}</h3>
            <p>{checked.about.clone()}": "{verdict(checked)}</p>
            {list}
        </section>
    }
}

/// The choice of one kind of findings, or all, for a file with more than a page of them.
fn kind_field(index: usize, file: &FileReport, show: impl Fn(Option<FindingKind>) + 'static) -> AnyView {
    let id = format!("kind-{index}");
    let count = |count: usize| format!(" ({})", grouped(count));
    let all = format!("All{}", count(file.problems + file.warnings));
    let option = |(kind, number): &(FindingKind, usize)| {
        let name = capitalised(kind.id().replace('-', " ")) + &count(*number);
        view! { <option value=kind.id()>{name}</option> }
    };
    let options = file.kinds.iter().map(option).collect_view();
    let kinds: Vec<FindingKind> = file.kinds.iter().map(|(kind, _)| *kind).collect();
    let on_change = move |event| {
        let wanted = event_target_value(&event);
        show(kinds.iter().copied().find(|kind| kind.id() == wanted));
    };
    markup! {
        <div class="kind-field">
            <label for=id.clone()>"Kind of finding"<span class="visually-hidden">{format!(" in {}", file.name)}</span></label>
            <select id=id autocomplete="off" on:change=handler(on_change)><option value="">{all}</option>{options}</select>
        </div>
    }
}

fn verdict(file: &FileReport) -> String {
    match (file.problems, file.warnings) {
        (0, 0) if !file.is_checked => "passed over, they are for people.".to_owned(),
        (0, 0) => "nothing wrong.".to_owned(),
        (0, warnings) => format!("{}.", counted(warnings, "warning")),
        (problems, 0) => format!("{}.", counted(problems, "problem")),
        (problems, warnings) => format!("{}, {}.", counted(problems, "problem"), counted(warnings, "warning")),
    }
}

fn text_of_page(page: RwSignal<FindingsPage>) -> Signal<String> {
    text(move || {
        page.with(|FindingsPage { listed, page, findings, .. }| {
            let from = page * FINDINGS_ON_A_PAGE;
            format!("{} to {} of {}", grouped(from + 1), grouped(from + findings.len()), grouped(*listed))
        })
    })
}

fn pager(name: &str, page: RwSignal<FindingsPage>, show: impl Fn(usize) + Copy + 'static) -> AnyView {
    let number = move || page.with(|page| page.page);
    let pages = move || page.with(|page| page.listed.div_ceil(FINDINGS_ON_A_PAGE));
    let [before, after] = page_buttons(&format!("the findings in {name}"), number, pages, show);
    markup! {
        <p class="buttons" role="group" aria-label=format!("Pages of the findings in {name}")>
            {before}
            <span role="status">{text_of_page(page)}</span>
            {after}
        </p>
    }
}

fn finding_view(finding: &ShownFinding) -> AnyView {
    let ShownFinding { kind, severity, place, text, shown: [before, marked, after], is_marked } = finding;
    let word = if *severity == Severity::Warning { "Warning" } else { "Problem" };
    let is_blank = before.is_empty() && marked.is_empty() && after.is_empty();
    let code = if is_blank {
        markup! { <span class="hint">"(this line is empty)"</span> }
    } else {
        // A place after the last character of the line is marked, too.
        let marked = if marked.is_empty() { "\u{a0}".to_owned() } else { marked.clone() };
        let mark = is_marked.then(|| view! { <mark>{marked}</mark> });
        markup! { <code>{before.clone()}{mark}{after.clone()}</code> }
    };
    let kind = kind.id();
    markup! { <li data-kind=kind><p><span title=kind>{word}</span>" in "<b>{place.clone()}</b>": "{text.clone()}</p>{code}</li> }
}
