//! The components of the areas. Each handles its own look, mouse, keyboard and screen reader, and does not depend on what the
//! page is about. Their styles are in web/styles/components.css and controls.css.

mod alert;
mod button;
mod change;
mod checkbox;
mod fault;
mod file_input;
mod focus;
mod kind;
mod markup;
mod measured;
mod menu;
mod notice;
mod pager;
mod panes;
mod picker;
mod presses;
mod reactive;
mod table;
mod tabs;
mod tile;
mod toast;
mod tone;

pub(crate) use alert::{alert, items, refusal};
pub(crate) use button::{Action, Rank, choice_button, icon_button, plain_button};
pub(crate) use change::{change_text, signed};
pub(crate) use checkbox::checkbox;
pub(crate) use fault::{fault_place, fault_text};
pub(crate) use file_input::{FileButton, FileInput};
pub(crate) use focus::{focus, focus_in_place, go_to, is_focus_nowhere, keep_focus_in_view, show_in_pane};
pub(crate) use kind::{kind_class, kind_mark, short_kind};
pub(crate) use markup::markup;
pub(crate) use measured::{on_resize, width_of};
pub(crate) use menu::{MenuItem, menu};
pub(crate) use notice::{details, help, status, text_while};
pub(crate) use pager::{page_buttons, page_of_employees};
pub(crate) use panes::panes;
pub(crate) use picker::picker;
pub(crate) use presses::{Presses, drop_accidental_presses};
pub(crate) use reactive::{follow, handler, shown, text};
pub(crate) use table::table_box;
pub(crate) use tabs::{Tab, tabs};
pub(crate) use tile::{Tile, tile};
pub(crate) use toast::{Toasts, toasts_view};
pub(crate) use tone::Tone;
