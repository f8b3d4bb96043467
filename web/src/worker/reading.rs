//! Reading a picked file.

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use crate::browser_error::error_text;

/// The bytes of a file, or in plain words why they cannot be read. The browser begins to read when this is called.
pub(super) fn read(blob: &Blob) -> impl Future<Output = Result<Vec<u8>, String>> + use<> {
    let buffer = JsFuture::from(blob.array_buffer());
    async move {
        match buffer.await {
            Ok(buffer) => Ok(Uint8Array::new(&buffer).to_vec()),
            Err(error) if error.dyn_ref::<web_sys::DomException>().is_some_and(is_gone) => {
                Err("it was changed, moved or deleted after it was picked, so it cannot be read. Pick it again"
                    .to_owned())
            }
            // The page ends the sentence.
            Err(error) => Err(format!("the browser cannot read it: {}", error_text(&error).trim_end_matches('.'))),
        }
    }
}

/// Whether the error is about a file that was changed, moved or deleted since it was picked.
fn is_gone(error: &web_sys::DomException) -> bool {
    ["NotReadableError", "NotFoundError"].contains(&error.name().as_str())
}
