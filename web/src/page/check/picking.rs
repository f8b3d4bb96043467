//! The place where files to be checked are picked or dropped.

use leptos::ev::{DragEvent, Event, MouseEvent};
use leptos::prelude::*;
use web_sys::{File, FileList, HtmlInputElement};

use super::super::parts::{handler, shown};
use super::super::state::PageState;

/// The place for files: several at once, or those of a folder.
pub(super) fn picking_part(page: PageState) -> AnyView {
    let dragged_over = RwSignal::new(false);
    let check = move |files: Vec<File>| {
        if !files.is_empty() {
            page.check.start(page, files);
        }
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        dragged_over.set(false);
        check(all_of(event.data_transfer().and_then(|data| data.files())));
    };
    let on_files = move |event: Event| check(all_of(event_target::<HtmlInputElement>(&event).files()));
    let without_any = RwSignal::new(false);
    let on_folder = move |event: Event| {
        let files = all_of(event_target::<HtmlInputElement>(&event).files());
        let known: Vec<File> = files.into_iter().filter(|file| may_be_known(&file.name())).collect();
        without_any.set(known.is_empty());
        check(known);
    };
    // Emptied first, so that the browser tells when the same files are picked again.
    let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
    let empty_folder = shown(move || {
        without_any
            .get()
            .then(|| view! { <p class="fault">"There is no .csv, .json or .jsonl file in this folder."</p> }.into_any())
    });
    view! {
        <div
            class="file main-file"
            class:dragged-over=dragged_over
            on:dragover=handler(move |event: DragEvent| {
                event.prevent_default();
                dragged_over.set(true);
            })
            on:dragleave=handler(move |_| dragged_over.set(false))
            on:drop=handler(on_drop)
        >
            <p class="file-title"><label for="check-files">"Files to check"</label></p>
            <div class="drop-zone">
                <input type="file" id="check-files" multiple on:click=handler(on_click) on:change=handler(on_files)/>
                <span class="hint drop-hint">"or drop them here"</span>
            </div>
            <p class="file-title"><label for="check-folder">"Or a folder of them"</label></p>
            <div class="drop-zone">
                <input
                    type="file"
                    id="check-folder"
                    multiple
                    prop:webkitdirectory=true
                    on:click=handler(on_click)
                    on:change=handler(on_folder)
                />
            </div>
            {empty_folder}
        </div>
    }
    .into_any()
}

fn all_of(list: Option<FileList>) -> Vec<File> {
    let list = list.into_iter();
    list.flat_map(|list| (0..list.length()).filter_map(move |index| list.get(index))).collect()
}

/// As the command line takes the files of a folder: not the hidden ones.
fn may_be_known(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !name.starts_with('.') && ["csv", "json", "jsonl"].iter().any(|one| extension.eq_ignore_ascii_case(one))
}
