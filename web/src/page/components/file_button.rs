//! A button that picks files. The browser's own field is hidden behind a label that looks like a button.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use web_sys::{FileList, HtmlInputElement};

use crate::page::components::markup::markup;
use crate::page::components::reactive::handler;

/// A button that picks files.
#[derive(Default)]
pub(crate) struct FileButton {
    /// The id of its field.
    pub(crate) id: String,
    /// What stands on it.
    pub(crate) label: &'static str,
    /// What is read aloud after that: what the files are for.
    pub(crate) heard: String,
    /// Endings that the browser proposes; all files, if empty.
    pub(crate) accept: &'static str,
    /// Whether it picks a folder.
    pub(crate) of_folder: bool,
}

impl FileButton {
    /// The button. `take` gets what was picked.
    pub(crate) fn view(self, take: impl Fn(Option<FileList>) + 'static) -> AnyView {
        // Emptied first, so that the browser reports it when the same files are picked again.
        let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
        let on_change = move |event: Event| take(event_target::<HtmlInputElement>(&event).files());
        let name = format!("{} {}", self.label, self.heard);
        markup! {
            <input
                type="file"
                id=self.id.clone()
                class="visually-hidden"
                multiple
                prop:webkitdirectory=self.of_folder
                accept=self.accept
                aria-label=name.trim_end().to_owned()
                on:click=handler(on_click)
                on:change=handler(on_change)
            />
            <label for=self.id class="button">{self.label}</label>
        }
    }
}
