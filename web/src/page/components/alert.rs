//! Alerts about what went wrong, which screen readers read aloud at once.

use leptos::prelude::*;

use crate::page::components::markup::markup;
use crate::page::components::reactive::shown;

/// A problem, in a sentence.
pub(crate) fn alert(problem: String) -> AnyView {
    markup! { <p class="problems refused" role="alert">{problem}</p> }
}

/// An alert on something that was not done: the verdict, and its reasons, which may change. Without any left, it is hidden.
pub(crate) fn refusal(verdict: &'static str, reasons: impl Fn() -> Vec<String> + Send + Sync + 'static) -> AnyView {
    let reasons = Memo::new(move |_| reasons());
    let lines = shown(move || Some(items(reasons.get())));
    markup! {
        <div class="problems refused" role="alert" hidden=move || reasons.with(Vec::is_empty)>
            <p class="verdict">{verdict}</p>
            <ul>{lines}</ul>
        </div>
    }
}

/// The items of a list, a text each.
pub(crate) fn items(texts: impl IntoIterator<Item = String>) -> AnyView {
    let item = |text: String| markup! { <li>{text}</li> };
    texts.into_iter().map(item).collect_view().into_any()
}
