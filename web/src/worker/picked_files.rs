//! The files that people picked on the page. Each is read once, when it is inspected; runs and explanations take the
//! same bytes from here.
//!
//! A message brings the browser's handle on a file, which is another one with each message, so a file is known by its
//! role and the number of its pick. A worker that was not asked to inspect files, as that of the preview, keeps none.

use std::rc::Rc;

use btcfake_core::format::input_role::InputRole;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::reading::read;
use crate::messages::Pick;

/// A file as a message brings it.
#[derive(Clone)]
pub(super) struct PickedFile {
    /// Which pick it is.
    pub(super) pick: Pick,
    /// The browser's handle on it.
    pub(super) file: File,
}

impl PickedFile {
    /// The files of a message, each with its pick.
    pub(super) fn of_message(picks: Vec<Pick>, attached: Vec<JsValue>) -> impl Iterator<Item = PickedFile> {
        let files = attached.into_iter().filter_map(|value| value.dyn_into::<File>().ok());
        picks.into_iter().zip(files).map(|(pick, file)| PickedFile { pick, file })
    }
}

/// The bytes of the last pick of each role, in the order of [`InputRole::ALL`].
#[derive(Default)]
pub(super) struct PickedFiles([Option<(Pick, Rc<Vec<u8>>)>; InputRole::ALL.len()]);

impl PickedFiles {
    /// Reads a file and keeps its bytes in place of those of the pick before.
    ///
    /// # Errors
    /// Why the browser cannot read it, in plain words. Nothing is kept then.
    pub(super) async fn keep(&mut self, picked: &PickedFile) -> Result<Rc<Vec<u8>>, String> {
        self.forget(picked.pick.role);
        let bytes = Rc::new(read(&picked.file).await?);
        self.0[picked.pick.role as usize] = Some((picked.pick, Rc::clone(&bytes)));
        Ok(bytes)
    }

    /// Drops the bytes of a role's file.
    pub(super) fn forget(&mut self, role: InputRole) {
        self.0[role as usize] = None;
    }

    /// The bytes of a file as it was when it was picked; a file that is not kept is read.
    ///
    /// # Errors
    /// Why the browser cannot read it, in plain words.
    pub(super) async fn bytes(&self, picked: &PickedFile) -> Result<Rc<Vec<u8>>, String> {
        match &self.0[picked.pick.role as usize] {
            Some((pick, bytes)) if *pick == picked.pick => Ok(Rc::clone(bytes)),
            _ => read(&picked.file).await.map(Rc::new),
        }
    }

    /// The bytes of a file that is still what was picked.
    ///
    /// # Errors
    /// As [`PickedFiles::bytes`], and for a file that was changed, moved or deleted meanwhile: the browser refuses to
    /// read its first byte.
    pub(super) async fn unchanged_bytes(&self, picked: &PickedFile) -> Result<Rc<Vec<u8>>, String> {
        let bytes = self.bytes(picked).await?;
        if let Ok(beginning) = picked.file.slice_with_i32_and_i32(0, 1) {
            read(&beginning).await?;
        }
        Ok(bytes)
    }
}
