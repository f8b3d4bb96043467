//! The browser's database, where the history and the kept session have a store each.

use js_sys::Promise;
use leptos::prelude::window;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbObjectStore, IdbObjectStoreParameters, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

const DATABASE: &str = "btcfake";

/// The version of the database, which increases with every added store.
const VERSION: u32 = 2;

/// A store of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    /// Earlier runs, under ascending numbers.
    Runs,
    /// The files and settings of a visit, by name.
    Session,
}

impl Store {
    const ALL: [Store; 2] = [Self::Runs, Self::Session];

    fn name(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Session => "session",
        }
    }

    /// Runs `work` in one transaction, and waits until it is committed.
    ///
    /// # Errors
    /// In plain words: the browser has no database here, no room is left, or another message of the browser.
    pub(crate) async fn write(
        self,
        work: impl AsyncFnOnce(&IdbObjectStore) -> Result<(), JsValue>,
    ) -> Result<(), String> {
        let written = async || -> Result<(), JsValue> {
            let (transaction, store) = self.open(IdbTransactionMode::Readwrite).await?;
            // Listened for before the work, because the transaction may end within it.
            let completed = completion(&transaction);
            work(&store).await?;
            completed.await.map_err(|failed| transaction.error().map_or(failed, JsValue::from))?;
            Ok(())
        };
        written().await.map_err(|error| in_words(&error))
    }

    /// All keys and all values, in the order of the keys.
    ///
    /// # Errors
    /// The browser's message, in plain words.
    pub(crate) async fn all(self) -> Result<Vec<(JsValue, JsValue)>, String> {
        let read = async || -> Result<Vec<(JsValue, JsValue)>, JsValue> {
            let (_, store) = self.open(IdbTransactionMode::Readonly).await?;
            let (keys, values) = (store.get_all_keys()?, store.get_all()?);
            let (keys, values) = (answer(&keys).await?, answer(&values).await?);
            Ok(js_sys::Array::from(&keys).iter().zip(js_sys::Array::from(&values).iter()).collect())
        };
        read().await.map_err(|error| in_words(&error))
    }

    async fn open(self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let factory = window().indexed_db()?.ok_or_else(|| JsValue::from("this window has no database"))?;
        let request = factory.open_with_u32(DATABASE, VERSION)?;
        let opened: IdbOpenDbRequest = request.clone();
        // Runs only if there is no database yet, or one of an earlier version.
        let create = Closure::once_into_js(move || {
            let Ok(Ok(database)) = opened.result().map(JsCast::dyn_into::<IdbDatabase>) else { return };
            for store in Store::ALL {
                let options = IdbObjectStoreParameters::new();
                options.set_auto_increment(store == Store::Runs);
                // A store that exists is refused and stays. Any other failure comes again when the store is opened.
                let _ = database.create_object_store_with_optional_parameters(store.name(), &options);
            }
        });
        request.set_onupgradeneeded(Some(create.unchecked_ref()));
        let database: IdbDatabase = answer(&request).await?.dyn_into()?;
        let transaction = database.transaction_with_str_and_mode(self.name(), mode)?;
        // Takes effect when the transaction has ended.
        database.close();
        let store = transaction.object_store(self.name())?;
        Ok((transaction, store))
    }
}

/// The result of a request.
pub(crate) async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
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
        _ => format!("the browser says: {}", crate::browser_error::error_text(error)),
    }
}
