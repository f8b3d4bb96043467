//! Fields that pick files. The browser's own field is hidden visually; a label that looks like a button takes the clicks.

use leptos::ev::{Event, MouseEvent};
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::{FileList, HtmlInputElement};

use crate::page::components::markup::markup;
use crate::page::components::reactive::handler;

/// A hidden field that picks files.
#[derive(Default)]
pub(crate) struct FileInput {
    /// Its id, which the label names.
    pub(crate) id: String,
    /// Its name for screen readers.
    pub(crate) name: String,
    /// The id of the element that describes it, if there is one.
    pub(crate) about: Option<String>,
    /// Endings that the browser proposes, separated by commas; empty for all files.
    pub(crate) accept: &'static str,
    /// True to pick any number of files.
    pub(crate) multiple: bool,
    /// True to pick a folder.
    pub(crate) of_folder: bool,
    /// The field's element, once it is in the page.
    pub(crate) node: NodeRef<Input>,
}

impl FileInput {
    /// The field. `take` gets the picked files.
    pub(crate) fn view(self, take: impl Fn(Option<FileList>) + 'static) -> AnyView {
        // Emptied first: otherwise the browser reports no change when the same files are picked again.
        let on_click = |event: MouseEvent| event_target::<HtmlInputElement>(&event).set_value("");
        let on_change = move |event: Event| take(event_target::<HtmlInputElement>(&event).files());
        markup! {
            <input
                type="file"
                id=self.id
                class="visually-hidden"
                node_ref=self.node
                multiple=self.multiple
                prop:webkitdirectory=self.of_folder
                accept=self.accept
                aria-label=self.name
                aria-describedby=self.about
                on:click=handler(on_click)
                on:change=handler(on_change)
            />
        }
    }
}

/// A button that picks any number of files.
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
        let FileButton { id, label, purpose, accept, of_folder } = self;
        let name = format!("{label} {purpose}").trim_end().to_owned();
        let input = FileInput { id: id.clone(), name, accept, multiple: true, of_folder, ..FileInput::default() };
        markup! { {input.view(take)}<label for=id class="button">{label}</label> }
    }
}
