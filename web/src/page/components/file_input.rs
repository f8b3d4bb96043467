//! A button that picks files. The browser's own field is hidden behind a label that looks like a button.

use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use web_sys::{FileList, HtmlInputElement};

use crate::page::components::markup::markup;
use crate::page::components::reactive::handler;

/// A button that picks files.
#[derive(Default)]
pub(crate) struct FileButton {
    /// The id of the field.
    pub(crate) id: String,
    /// The visible label.
    pub(crate) label: &'static str,
    /// The purpose of the files, which screen readers read after the label; may be empty.
    pub(crate) purpose: String,
    /// Endings that the browser proposes, separated by commas; empty for all files.
    pub(crate) accept: &'static str,
    /// True to pick a folder.
    pub(crate) of_folder: bool,
}

impl FileButton {
    /// The button. `take` gets the picked files.
    pub(crate) fn view(self, take: impl Fn(Option<FileList>) + 'static) -> AnyView {
        // Emptied first: otherwise the browser reports no change when the same files are picked again.
        let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
        let on_change = move |event: Event| take(event_target::<HtmlInputElement>(&event).files());
        let name = format!("{} {}", self.label, self.purpose);
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
