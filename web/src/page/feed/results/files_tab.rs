//! The tab "Files": the first rows of each file as a table with names and types from the inputs, or as raw text. A search goes
//! through the whole file.

use std::sync::Arc;
use std::time::Duration;

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::text::words::{counted, number_text};
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;

use crate::messages::{FeedRow, FeedRows, OutputFile};
use crate::page::components::{choice_button, follow, handler, kind_class, kind_mark, markup, shown, status, text};
use crate::page::explanation::{explain_button, on_employee};
use crate::page::run_state::Results;
use crate::page::state::PageState;
use crate::page::words::{feed_file, purpose};

/// The pause in typing after which a search begins.
const REST: Duration = Duration::from_millis(250);

/// The files, one in view at a time.
pub(crate) fn files_tab(state: PageState, results: &Arc<Results>) -> AnyView {
    let view_state = state.results_view;
    let is_raw = RwSignal::new(false);
    let last = results.outcome.files.len().saturating_sub(1);
    if view_state.file.get_untracked() > last {
        view_state.file.set(0);
    }
    follow(move || {
        let _ = (view_state.file.get(), view_state.search.get());
        untrack(|| state.ask_for_feed_rows());
    });
    let one = |(at, file): (usize, &OutputFile)| {
        let title = feed_file(&file.name).map_or("Run file", |file| purpose(file).0);
        choice_button(title.into_any(), move || view_state.file.get() == at, move || view_state.file.set(at))
    };
    let choices = results.outcome.files.iter().enumerate().map(one).collect_view();
    let files = Arc::clone(results);
    let in_view = Memo::new(move |_| view_state.file.get().min(last));
    let content = shown(move || {
        let file = files.outcome.files.get(in_view.get())?.clone();
        let is_raw_only = feed_file(&file.name).is_none();
        Some(if is_raw.get() || is_raw_only { raw_view(&file) } else { table_view(state, file) })
    });
    let toggle = move || {
        let label = text(move || if is_raw.get() { "As a table" } else { "Raw text" }.to_owned());
        markup! {
            <button type="button" class="bare push" on:click=handler(move |_| is_raw.update(|is_raw| *is_raw = !*is_raw))>
                {label}
            </button>
        }
    };
    let toggle = shown(move || (in_view.get() < last).then(toggle));
    markup! { <div class="row" role="group" aria-label="File">{choices}{toggle}</div>{content} }
}

fn raw_view(file: &OutputFile) -> AnyView {
    let label = format!("First lines of {}", file.name);
    markup! { <pre tabindex="0" role="group" aria-label=label>{file.preview.clone()}</pre> }
}

fn table_view(state: PageState, file: OutputFile) -> AnyView {
    let view_state = state.results_view;
    let all = file.lines.saturating_sub(1);
    let rows = Memo::new(move |_| view_state.rows.with(|state| state.rows.as_ref().map(|rows| rows.clone().ok())));
    let message = text(move || {
        view_state.rows.with(|state| match &state.rows {
            None => "Reading the file …".to_owned(),
            Some(Err(why)) => format!("There are no rows to show: {why}."),
            Some(Ok(rows)) => {
                count_text(rows, all, view_state.search.with_untracked(|search| !search.trim().is_empty()))
            }
        })
    });
    let search = move |typed: String| {
        if view_state.search.with_untracked(|search| *search != typed) {
            view_state.search.set(typed);
        }
    };
    let mut search_at_rest = debounce(REST, search);
    let on_input = move |event| search_at_rest(event_target_value(&event));
    // Another file may be chosen before that.
    let on_change = move |event| search(event_target_value(&event));
    let on_click = on_employee(move |employee| state.explain(employee));
    let table = shown(move || rows.get().flatten().map(|rows| rows_view(&rows, view_state.is_french.get())));
    let any_row = move |is_so: fn(&FeedRow) -> bool| {
        Memo::new(move |_| {
            rows.with(|rows| rows.as_ref().and_then(Option::as_ref).is_some_and(|rows| rows.rows.iter().any(is_so)))
        })
    };
    let (has_french, has_kinds) = (any_row(|row| row.french.is_some()), any_row(|row| row.kind.is_some()));
    let legend = || markup! { <span class="legend" aria-hidden="true">{EmployeeType::ALL.map(kind_mark)}</span> };
    let legend = shown(move || has_kinds.get().then(legend));
    let switch = shown(move || has_french.get().then(|| view_state.french_switch("french-rows")));
    markup! {
        <div class="row">
            <label class="visually-hidden" for="search-rows">"Search this file"</label>
            <input
                type="search"
                id="search-rows"
                class="search"
                placeholder="Search: employee, content, name"
                autocomplete="off"
                prop:value=view_state.search.get_untracked()
                on:input=handler(on_input)
                on:change=handler(on_change)
            />
            {status("hint", message)}
            {legend}
            <span class="push">{switch}</span>
        </div>
        <div class="table-box" tabindex="0" role="group" aria-label="Rows of the file" on:click=on_click>{table}</div>
    }
}

fn count_text(rows: &FeedRows, all: u64, is_search: bool) -> String {
    let all = usize::try_from(all).unwrap_or(usize::MAX);
    let shown = rows.rows.len();
    match is_search {
        _ if rows.found == 0 => "No row.".to_owned(),
        true => format!("{shown} of {} found", number_text(rows.found)),
        false if shown == all => counted(all, "row"),
        false => format!("The first {shown} of {}", counted(all, "row")),
    }
}

fn rows_view(rows: &Arc<FeedRows>, is_french: bool) -> AnyView {
    let at = rows.content_column;
    let head = |(index, column): (usize, &String)| {
        let name = (at == Some(index)).then(|| view! { <th scope="col">"Name"</th> });
        let zone = rows.instant_columns.contains(&index).then(|| view! { <small>" (UTC)"</small> });
        markup! { <th scope="col">{column.clone()}{zone}</th>{name} }
    };
    let head = rows.columns.iter().enumerate().map(head).collect_view();
    let body = rows.rows.iter().map(|row| row_view(row, at, is_french)).collect_view();
    markup! { <table aria-label="Rows of the file"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table> }
}

fn row_view(row: &FeedRow, content_column: Option<usize>, is_french: bool) -> AnyView {
    let content_name = row.french.as_ref().filter(|_| is_french).or(row.content.as_ref());
    let cell = |(index, cell): (usize, &String)| {
        let is_content = content_column == Some(index);
        let name = is_content.then(|| view! { <td class="name">{content_name.cloned()}</td> });
        let content = match row.kind {
            Some(kind) if index == 0 => markup! {
                <span class=format!("dot {}", kind_class(kind)) role="img" aria-label=kind.describe() title=kind.describe()></span>
                {explain_button(cell)}
            },
            _ => cell.clone().into_any(),
        };
        markup! { <td class:number=is_content>{content}</td>{name} }
    };
    markup! { <tr>{row.cells.iter().enumerate().map(cell).collect_view()}</tr> }
}
