//! The files that people picked on the page. Each is read once, when it is inspected; runs and explanations use the same
//! bytes.
//!
//! Each message has a new handle on a file, so a file is identified by its role and the number of its pick. A worker that does
//! not inspect files, such as that of the preview, keeps none.

use std::rc::Rc;

use btcfake_core::format::input_role::InputRole;
use btcfake_core::text::digest::sha256;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

use super::reading::read;
use crate::messages::Pick;

/// A file of a message.
#[derive(Clone)]
pub(super) struct PickedFile {
    /// Its pick.
    pub(super) pick: Pick,
    /// The browser's handle.
    pub(super) file: File,
}

/// The files attached to a message.
pub(super) fn files_of(attached: Vec<JsValue>) -> impl Iterator<Item = File> {
    attached.into_iter().filter_map(|value| value.dyn_into::<File>().ok())
}

/// The files attached to a message, each with its pick.
pub(super) fn picked_files_of(picks: Vec<Pick>, attached: Vec<JsValue>) -> Vec<PickedFile> {
    picks.into_iter().zip(files_of(attached)).map(|(pick, file)| PickedFile { pick, file }).collect()
}

/// The bytes of a picked file, and their SHA-256.
#[derive(Clone)]
pub(super) struct PickedBytes {
    /// The bytes.
    pub(super) bytes: Rc<Vec<u8>>,
    /// Their SHA-256, in lower-case hexadecimal digits.
    pub(super) sha256: String,
}

/// The number and the bytes of the last pick of each role, in the order of [`InputRole::ALL`].
#[derive(Default)]
pub(super) struct PickedFiles([Option<(u32, PickedBytes)>; InputRole::ALL.len()]);

impl PickedFiles {
    /// Reads a file and keeps its bytes instead of those of the role's pick before.
    ///
    /// # Errors
    /// Why the browser cannot read it, in plain words. Nothing is kept then.
    pub(super) async fn keep(&mut self, picked: &PickedFile) -> Result<PickedBytes, String> {
        self.forget(picked.pick.role);
        let read = PickedBytes::read(&picked.file).await?;
        self.0[picked.pick.role as usize] = Some((picked.pick.number, read.clone()));
        Ok(read)
    }

    /// Drops the bytes of a role's file.
    pub(super) fn forget(&mut self, role: InputRole) {
        self.0[role as usize] = None;
    }

    /// The bytes of a file: those that were kept, else it is read.
    ///
    /// # Errors
    /// Why the browser cannot read it, in plain words.
    pub(super) async fn get(&self, picked: &PickedFile) -> Result<PickedBytes, String> {
        match &self.0[picked.pick.role as usize] {
            Some((number, kept)) if *number == picked.pick.number => Ok(kept.clone()),
            _ => PickedBytes::read(&picked.file).await,
        }
    }
}

impl PickedBytes {
    async fn read(file: &File) -> Result<PickedBytes, String> {
        let bytes = read(file).await?;
        Ok(PickedBytes { sha256: sha256(&bytes), bytes: Rc::new(bytes) })
    }
}

impl PickedFile {
    /// Fails if the file was changed, moved or deleted since it was picked: the browser then refuses to read its first byte.
    /// The reading starts at once, so that the answer can arrive while other work is done.
    pub(super) fn still_there(&self) -> impl Future<Output = Result<(), String>> + use<> {
        let beginning = self.file.slice_with_i32_and_i32(0, 1).ok().map(|beginning| read(&beginning));
        async move {
            match beginning {
                Some(beginning) => beginning.await.map(|_| ()),
                None => Ok(()),
            }
        }
    }
}
