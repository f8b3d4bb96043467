//! How messages travel: as postcard bytes, with files and blobs attached. Postcard adds a fraction of JSON's code to the
//! programs.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::{JsCast, JsValue};

/// Encodes a message as it travels: an array of its bytes, then the attachments.
pub(crate) fn pack<M: Serialize>(message: &M, attached: impl IntoIterator<Item = JsValue>) -> JsValue {
    // Postcard can write all of these types. If it could not, the other side would drop the empty bytes.
    let bytes = postcard::to_allocvec(message).unwrap_or_default();
    std::iter::once(JsValue::from(Uint8Array::from(bytes.as_slice()))).chain(attached).collect::<Array>().into()
}

/// Decodes a message and its attachments; `None` for data that is no message.
pub(crate) fn unpack<M: DeserializeOwned>(data: &JsValue) -> Option<(M, Vec<JsValue>)> {
    let mut parts = Array::from(data).to_vec().into_iter();
    let bytes = parts.next()?.dyn_into::<Uint8Array>().ok()?.to_vec();
    let message = postcard::from_bytes(&bytes).ok()?;
    Some((message, parts.collect()))
}
