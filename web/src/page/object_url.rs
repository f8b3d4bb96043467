//! The address of a blob, by which the browser downloads it; it is given back when it is no longer needed.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlAnchorElement, Url};

use crate::browser_error::said_by;

/// The address of a blob.
pub(crate) struct ObjectUrl(String);

impl ObjectUrl {
    /// An address for what the worker attached.
    ///
    /// # Errors
    /// What the browser says, if there is none.
    pub(crate) fn of(attached: &JsValue) -> Result<ObjectUrl, String> {
        let blob = attached.dyn_ref::<Blob>().ok_or("the worker sent no file")?;
        Url::create_object_url_with_blob(blob).map(ObjectUrl).map_err(|error| said_by(&error))
    }

    /// The address as text.
    pub(crate) fn text(&self) -> String {
        self.0.clone()
    }

    /// Downloads it under a name, as if a link to it were clicked.
    pub(crate) fn download(&self, name: &str) {
        let link = leptos::prelude::document().create_element("a");
        if let Some(link) = link.ok().and_then(|link| link.dyn_into::<HtmlAnchorElement>().ok()) {
            link.set_href(&self.0);
            link.set_download(name);
            link.click();
        }
    }
}

impl Drop for ObjectUrl {
    fn drop(&mut self) {
        let _ = Url::revoke_object_url(&self.0);
    }
}
