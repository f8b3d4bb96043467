//! placeholder until the sample branch lands
#![allow(missing_docs)]
pub const BUILT_IN_NAME: &str = "built-in sample";
pub fn built_in_standalone_content() -> Vec<u8> {
    Vec::new()
}
