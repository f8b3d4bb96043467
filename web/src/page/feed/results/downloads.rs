//! The files of a run: links, previews, and all of them in one ZIP.

use btcfake_core::text::words::counted;
use leptos::prelude::*;

use crate::messages::OutputFile;
use crate::page::components::{handler, shown, text};
use crate::page::state::{ArchiveState, PageState, Results};
use crate::page::words::size_text;

/// All files of a run.
pub(crate) fn downloads(state: PageState, results: &Results) -> AnyView {
    let files = results
        .outcome
        .files
        .iter()
        .zip(&results.urls)
        .map(|(file, url)| download(file.clone(), url.text()))
        .collect_view();
    let is_packing = move || state.archive.with(|archive| *archive == ArchiveState::Packing);
    let fault = move || {
        state.archive.with(|archive| match archive {
            ArchiveState::Idle | ArchiveState::Packing => None,
            ArchiveState::Failed(why) => Some(format!("There is no ZIP: {why}.")),
            ArchiveState::Gone => Some(
                "Tables and ZIP are gone, because the part of the page that makes them was started anew. Run again. The \
                 files above can still be downloaded."
                    .to_owned(),
            ),
        })
    };
    view! {
        <h3>"Files"</h3>
        <ul class="downloads">{files}</ul>
        <p class="buttons">
            <button
                type="button"
                aria-disabled=text(move || is_packing().to_string())
                on:click=handler(move |_| state.ask_for_archive())
            >
                "Download all (ZIP)"
            </button>
            <span role="status">{text(move || if is_packing() { "The ZIP is being made…".to_owned() } else { String::new() })}</span>
        </p>
        {shown(move || Some(view! { <p class="problems refused" role="alert">{fault()?}</p> }.into_any()))}
    }
    .into_any()
}

fn download(file: OutputFile, url: String) -> AnyView {
    let OutputFile { name, bytes, lines, preview, .. } = file;
    let about = if name.ends_with(".csv") {
        let rows = usize::try_from(lines.saturating_sub(1)).unwrap_or(usize::MAX);
        format!("{}, {}", size_text(bytes), counted(rows, "row"))
    } else {
        format!("{}: seed, settings and digests, by which the run can be repeated", size_text(bytes))
    };
    let preview_label = format!("First lines of {name}");
    view! {
        <li>
            <a href=url download=name.clone()>{name.clone()}</a>
            " "
            <span class="hint">{about}</span>
            <details>
                <summary>"Preview"<span class="visually-hidden">" of "{name}</span></summary>
                <pre tabindex="0" role="group" aria-label=preview_label>{preview}</pre>
            </details>
        </li>
    }
    .into_any()
}
