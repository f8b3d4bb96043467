//! Runs in the browser's database: texts under ascending numbers, up to [`MOST`].

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::IdbObjectStore;

use crate::page::database::{Store, answer};

/// The largest number of texts; the oldest are deleted first.
pub(crate) const MOST: u32 = 200;

/// Stores a text, and deletes the oldest beyond [`MOST`].
///
/// # Errors
/// The errors of [`Store::write`].
pub(crate) async fn keep(text: &str) -> Result<(), String> {
    let work = async |store: &IdbObjectStore| {
        answer(&store.add(&text.into())?).await?;
        let keys = Array::from(&answer(&store.get_all_keys()?).await?);
        for at in 0..keys.length().saturating_sub(MOST) {
            store.delete(&keys.get(at))?;
        }
        Ok(())
    };
    Store::Runs.write(work).await
}

/// Stores deleted texts again, under their former numbers.
///
/// # Errors
/// The errors of [`Store::write`].
pub(crate) async fn put_back(texts: &[(u32, String)]) -> Result<(), String> {
    let work = async |store: &IdbObjectStore| {
        for (number, text) in texts {
            answer(&store.put_with_key(&text.into(), &(*number).into())?).await?;
        }
        Ok(())
    };
    Store::Runs.write(work).await
}

/// All texts with their numbers, the oldest first.
///
/// # Errors
/// The errors of [`Store::all`].
pub(crate) async fn all() -> Result<Vec<(u32, String)>, String> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the browser counts from 1")]
    let entry = |(key, value): (JsValue, JsValue)| Some((key.as_f64()? as u32, value.as_string()?));
    Ok(Store::Runs.all().await?.into_iter().filter_map(entry).collect())
}

/// Deletes the text with a number; with `None`, all texts.
///
/// # Errors
/// The errors of [`Store::write`].
pub(crate) async fn delete(number: Option<u32>) -> Result<(), String> {
    let work = async |store: &IdbObjectStore| {
        let request = match number {
            Some(number) => store.delete(&number.into())?,
            None => store.clear()?,
        };
        answer(&request).await.map(|_| ())
    };
    Store::Runs.write(work).await
}
