//! The page kept in the browser by sw.js, so that it opens without a server; and the notice of a newer version.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageEvent, ServiceWorkerContainer, ServiceWorkerRegistration};

use crate::client::own_script;
use crate::page::components::{Action, markup, shown, status, text_while};

/// The state of the kept page. Copies are handles on the same state.
#[derive(Clone, Copy, Default)]
pub(crate) struct KeptPage {
    is_kept: RwSignal<bool>,
    is_old: RwSignal<bool>,
}

/// Registers sw.js, which keeps the page, if the browser supports that.
pub(crate) fn keep_page() -> KeptPage {
    let kept = KeptPage::default();
    if let Some(container) = container() {
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |_| kept.is_old.set(true));
        container.set_onmessage(Some(on_message.into_js_value().unchecked_ref()));
        spawn_local(async move {
            // If the browser refuses, the page still comes from its server.
            let _ = register(&container, kept).await;
        });
    }
    kept
}

async fn register(container: &ServiceWorkerContainer, kept: KeptPage) -> Result<(), JsValue> {
    JsFuture::from(container.register("sw.js")).await?;
    let registration: ServiceWorkerRegistration = JsFuture::from(container.ready()?).await?.dyn_into()?;
    kept.is_kept.set(true);
    let script = own_script().map_err(JsValue::from)?;
    match registration.active() {
        Some(worker) => worker.post_message(&script.into()),
        None => Ok(()),
    }
}

/// The container of service workers, which browsers have on secure pages only: on this machine, or by HTTPS.
fn container() -> Option<ServiceWorkerContainer> {
    js_sys::Reflect::get(&window().navigator(), &"serviceWorker".into()).ok()?.dyn_into().ok()
}

impl KeptPage {
    /// The notice of a newer version, with a button to reload.
    pub(crate) fn news(self) -> AnyView {
        let message = text_while(move || self.is_old.get(), "A new version is ready.");
        let reload = move || {
            let reload = || {
                let _ = window().location().reload();
            };
            self.is_old.get().then(|| Action::new("Reload").button(reload))
        };
        markup! { <div class="news" class:has-news=self.is_old>{status("", message)}{shown(reload)}</div> }
    }

    /// The note that the page is kept.
    pub(crate) fn note(self) -> AnyView {
        let message = "This page is kept in the browser, and opens without a server, too.";
        status("hint", text_while(move || self.is_kept.get(), message))
    }
}
