//! The header: name, links to the areas, the helper's environment, the note on privacy, and the theme.

use btcfake_core::api::Status;
use leptos::prelude::*;

use crate::page::area::Area;
use crate::page::components::{markup, shown, text};
use crate::page::later;
use crate::page::live::HelperState;
use crate::page::remembered::theme_button;
use crate::page::shell::areas::area_links;
use crate::page::shell::offline::KeptPage;
use crate::page::state::PageState;

/// The header.
pub(crate) fn header(state: PageState, in_view: RwSignal<Area>, kept: KeptPage) -> AnyView {
    let badge = shown(move || {
        state.live.helper.with(|helper| match helper {
            HelperState::Found(status) => environment_badge(status),
            _ => None,
        })
    });
    markup! {
        <header class="top">
            <h1>"BTC Fake"</h1>
            {area_links(in_view)}
            <div class="top-end">
                {kept.news()}
                {badge}
                {privacy(state)}
                {theme_button()}
            </div>
        </header>
    }
}

/// The helper's environment as a word and a colour; `None` if the configuration names none.
fn environment_badge(status: &Status) -> Option<AnyView> {
    let name = match (&status.environment, status.sandbox) {
        (_, true) => "Sandbox".to_owned(),
        (Some(name), false) => name.to_string(),
        (None, false) => return None,
    };
    let class = format!("chip environment {}", name.to_lowercase());
    let meaning = if status.sandbox { "Nothing real is reached." } else { "The configured systems are real." };
    Some(markup! { <span class=class title=meaning>{name}</span> })
}

/// The note, on demand, about which data leaves the browser.
fn privacy(state: PageState) -> AnyView {
    let words = text(move || privacy_text(state).to_owned());
    markup! {
        <button type="button" class="bare private" popovertarget="privacy">
            <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                <path d="M3.5 7h9v6.5h-9zM5.5 7V5a2.5 2.5 0 0 1 5 0v2"></path>
            </svg>
            "Private"
        </button>
        <div id="privacy" class="privacy" popover="auto" role="note" aria-label="What stays in this browser">
            <p>{words}</p>
            {later::view(move |parts| (parts.kept_session)(state))}
        </div>
    }
}

fn privacy_text(state: PageState) -> &'static str {
    if state.live.helper.with(|helper| matches!(helper, HelperState::Found(_))) {
        "Your files stay in this browser: they are read, and the results are made, on this computer. Live sources get the ids \
         of your employees, and publishing sends the feed. Kept here from visit to visit: the history of runs without any \
         content of a file, usual settings, theme and scenarios."
    } else {
        "Nothing leaves this browser: your files are read, and the results are made, on this computer. Kept here from visit to \
         visit: the history of runs without any content of a file, usual settings, theme and scenarios."
    }
}
