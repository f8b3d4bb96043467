//! BTC Fake's page. One program serves two places: in a window it mounts the page, in a worker it simulates.
//!
//! `messages` is all that the two say to each other; `helper_client` asks the local helper, where there is one. `page` is what people see; it holds no file's content.
//! `worker` reads the files, runs the simulation of `btcfake_core` and keeps what came of it.

mod client;
mod helper_client;
mod messages;
mod page;
mod worker;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Starts what belongs to the place that this program runs in.
pub fn start() {
    match js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        Ok(scope) => worker::start(scope),
        Err(_) => page::start(),
    }
}
