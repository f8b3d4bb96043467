//! The browser's database, as far as the history needs it: texts under ascending numbers, at most so many of them.

use js_sys::{Array, Promise};
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

/// How many texts are kept; the oldest go first.
pub(crate) const MOST: u32 = 200;

const DATABASE: &str = "btcfake";
const STORE: &str = "runs";

/// Keeps a text, and lets the oldest go that are too many.
///
/// # Errors
/// Why the browser does not, in plain words.
pub(crate) async fn keep(text: &str) -> Result<(), String> {
    write(async |store| {
        answer(&store.add(&text.into())?).await?;
        let keys = Array::from(&answer(&store.get_all_keys()?).await?);
        for at in 0..keys.length().saturating_sub(MOST) {
            store.delete(&keys.get(at))?;
        }
        Ok(())
    })
    .await
}

/// All texts with their numbers, the oldest first.
///
/// # Errors
/// The browser's message, in plain words.
pub(crate) async fn all() -> Result<Vec<(u32, String)>, String> {
    let read = async || -> Result<Vec<(u32, String)>, JsValue> {
        let (_, store) = open(IdbTransactionMode::Readonly).await?;
        let (keys, values) = (store.get_all_keys()?, store.get_all()?);
        let (keys, values) = (Array::from(&answer(&keys).await?), Array::from(&answer(&values).await?));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the browser counts from 1")]
        let entry = |(key, value): (JsValue, JsValue)| Some((key.as_f64()? as u32, value.as_string()?));
        Ok(keys.iter().zip(values.iter()).filter_map(entry).collect())
    };
    read().await.map_err(|error| in_words(&error))
}

/// Deletes a text.
///
/// # Errors
/// Why the browser does not, in plain words.
pub(crate) async fn delete(number: u32) -> Result<(), String> {
    write(async |store| answer(&store.delete(&number.into())?).await.map(|_| ())).await
}

/// Deletes all texts.
///
/// # Errors
/// Why the browser does not, in plain words.
pub(crate) async fn delete_all() -> Result<(), String> {
    write(async |store| answer(&store.clear()?).await.map(|_| ())).await
}

/// Does something in one transaction, and waits until it is written.
async fn write(work: impl AsyncFnOnce(&IdbObjectStore) -> Result<(), JsValue>) -> Result<(), String> {
    let written = async || -> Result<(), JsValue> {
        let (transaction, store) = open(IdbTransactionMode::Readwrite).await?;
        // Listened for before the work, which may end it.
        let completed = completion(&transaction);
        work(&store).await?;
        completed.await.map_err(|failed| transaction.error().map_or(failed, JsValue::from))?;
        Ok(())
    };
    written().await.map_err(|error| in_words(&error))
}

async fn open(mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let factory = window().indexed_db()?.ok_or_else(|| JsValue::from("this window has no database"))?;
    let request = factory.open_with_u32(DATABASE, 1)?;
    let opened: IdbOpenDbRequest = request.clone();
    // Once, where there is no database yet.
    let create = Closure::once_into_js(move || {
        let options = IdbObjectStoreParameters::new();
        options.set_auto_increment(true);
        if let Ok(Ok(database)) = opened.result().map(JsCast::dyn_into::<IdbDatabase>) {
            // What fails here fails again when the store is opened, and is reported there.
            let _ = database.create_object_store_with_optional_parameters(STORE, &options);
        }
    });
    request.set_onupgradeneeded(Some(create.unchecked_ref()));
    let database: IdbDatabase = answer(&request).await?.dyn_into()?;
    let transaction = database.transaction_with_str_and_mode(STORE, mode)?;
    // It closes when the transaction has ended.
    database.close();
    let store = transaction.object_store(STORE)?;
    Ok((transaction, store))
}

/// What a request comes to.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |succeed, fail| {
        request.set_onsuccess(Some(&succeed));
        request.set_onerror(Some(&fail));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result(),
        Err(event) => Err(request.error().ok().flatten().map_or(event, JsValue::from)),
    }
}

fn completion(transaction: &IdbTransaction) -> JsFuture {
    JsFuture::from(Promise::new(&mut |succeed, fail| {
        transaction.set_oncomplete(Some(&succeed));
        transaction.set_onabort(Some(&fail));
    }))
}

fn in_words(error: &JsValue) -> String {
    match error.dyn_ref::<DomException>().map(DomException::name).as_deref() {
        Some("QuotaExceededError") => {
            "the browser has no room left for it; delete runs here, or free space on the disk".to_owned()
        }
        Some("InvalidStateError" | "SecurityError" | "UnknownError") => {
            "this browser keeps nothing for the page (a private window, or its settings)".to_owned()
        }
        _ => format!("the browser says: {}", crate::browser_error::said_by(error)),
    }
}
