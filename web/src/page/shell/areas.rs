//! The places of the areas. One is in view at a time, named by the fragment of the address. A fragment with a recipe shows the
//! area "Feed".
//!
//! An area is built when it is first shown and later hidden, not removed, so that its state is kept.

use leptos::prelude::*;
use leptos::{ev, html};

use crate::page::area::Area;
use crate::page::components::{follow, keep_focus_in_view, markup, text};

/// The area in view, which follows the page's address, also by the browser's back and forward buttons.
pub(crate) fn area_in_view() -> RwSignal<Area> {
    let in_view = RwSignal::new(area_of_address().unwrap_or(Area::Feed));
    let scrolled = StoredValue::new([0.0; Area::ALL.len()]);
    let _ = window_event_listener(ev::hashchange, move |_| {
        if let Some(area) = area_of_address().filter(|area| *area != in_view.get_untracked()) {
            // Each area keeps its scroll position.
            scrolled
                .update_value(|all| all[in_view.get_untracked() as usize] = window().scroll_y().unwrap_or_default());
            in_view.set(area);
            request_animation_frame(move || {
                window().scroll_to_with_x_and_y(0.0, scrolled.with_value(|all| all[area as usize]));
                // The link that was followed may be in the area that is hidden now.
                keep_focus_in_view();
            });
        }
    });
    follow(move || {
        let area = in_view.get();
        document().set_title(&if area == Area::Feed {
            "BTC Fake".to_owned()
        } else {
            format!("{} · BTC Fake", area.title())
        });
    });
    in_view
}

/// The links to all areas.
pub(crate) fn area_links(in_view: RwSignal<Area>) -> AnyView {
    let link = |area: Area| {
        let current = text(move || if in_view.get() == area { "page".to_owned() } else { "false".to_owned() });
        html::a().href(area.address()).aria_current(current).child(area.title())
    };
    let links = Area::ALL.map(link).into_iter().collect_view();
    markup! { <nav class="areas" aria-label="Areas">{links}</nav> }
}

/// The place of an area.
pub(crate) fn area_place(in_view: RwSignal<Area>, area: Area, view: impl Fn() -> AnyView + Send + 'static) -> AnyView {
    let is_in_view = Memo::new(move |_| in_view.get() == area);
    let was_looked_at = Memo::new(move |before: Option<&bool>| before.copied().unwrap_or(false) || is_in_view.get());
    let content = crate::page::components::shown(move || was_looked_at.get().then(&view));
    markup! { <div class="area" hidden=move || !is_in_view.get()>{content}</div> }
}

/// The area that the page's address names. Without a fragment, as at first, it is "Feed"; `None` for an unknown fragment.
fn area_of_address() -> Option<Area> {
    let address = window().location().hash().ok()?;
    if address.is_empty() || address.starts_with(crate::page::recipe::state::BEGINNING) {
        return Some(Area::Feed);
    }
    Area::ALL.into_iter().find(|area| area.address() == address)
}
