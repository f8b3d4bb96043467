//! Addresses of blobs, by which the browser downloads them. Dropping one revokes it.

use std::time::Duration;

use leptos::prelude::{document, set_timeout};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use crate::browser_error::error_text;

/// The address of a blob, revoked when this is dropped.
pub(crate) struct ObjectUrl(String);

impl ObjectUrl {
    /// An address for a blob that the worker attached.
    ///
    /// # Errors
    /// The attachment is no blob, or the browser's message.
    pub(crate) fn of(attached: &JsValue) -> Result<ObjectUrl, String> {
        let blob = attached.dyn_ref::<Blob>().ok_or("the worker sent no file")?;
        Url::create_object_url_with_blob(blob).map(ObjectUrl).map_err(|error| error_text(&error))
    }

    /// The address as text.
    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }
}

/// Downloads a blob under a name, as if a link to it were clicked. Its address stays valid for a minute: the browser needs
/// it only until it begins to read.
///
/// # Errors
/// Those of [`ObjectUrl::of`].
pub(crate) fn download(blob: &JsValue, name: &str) -> Result<(), String> {
    let url = ObjectUrl::of(blob)?;
    let link = document().create_element("a");
    if let Some(link) = link.ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
        link.set_href(&url.0);
        link.set_download(name);
        link.click();
    }
    set_timeout(move || drop(url), Duration::from_secs(60));
    Ok(())
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}
