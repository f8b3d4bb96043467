//! The page as people see and use it. State goes down in signals; actions of people go up as calls of its methods, in `actions` and beside the areas.

#![allow(unreachable_pub, reason = "Leptos's component macro makes each component's properties public")]

mod actions;
mod answers;
mod area;
mod charts;
mod check;
mod clipboard;
mod components;
mod database;
mod edits_under_way;
mod explanation;
mod feed;
mod file_slot;
mod history;
mod later;
mod live;
mod missing;
mod mix;
mod next_day;
mod object_url;
mod preview;
mod recipe;
mod remembered;
mod run_state;
mod series;
mod session;
mod settings_form;
mod shell;
mod state;
mod storage;
mod words;

use leptos::mount::mount_to_body;

use crate::locale::use_locale;

/// Shows the page.
pub fn start() {
    use_locale();
    mount_to_body(shell::App);
}
