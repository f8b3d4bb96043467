//! Texts that occur many times, each stored once.

use std::sync::Arc;

use rustc_hash::FxHashSet;

/// The distinct texts so far.
#[derive(Default)]
pub(crate) struct SharedTexts(FxHashSet<Arc<str>>);

impl SharedTexts {
    /// The stored text that is equal to `text`, which is added if it is new.
    pub(crate) fn of(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return Arc::clone(known);
        }
        let new: Arc<str> = Arc::from(text);
        self.0.insert(Arc::clone(&new));
        new
    }
}
