//! Built page, embedded in the binary.
//!
//! Trunk writes it to `dist/`. A release build embeds it from there, a debug build reads it at run time. If it was not
//! built, a page with instructions takes its place.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_embed::Embed;
use sha2::{Digest, Sha256};

#[derive(Embed)]
#[folder = "../dist/"]
#[allow_missing = true]
struct BuiltPage;

/// Files of the page by name.
pub(crate) struct Page {
    files: BTreeMap<String, Cow<'static, [u8]>>,
    content_security_policy: String,
}

/// Name of the page's HTML file.
pub(crate) const INDEX: &str = "index.html";

impl Page {
    /// The built page with the helper's mark in its HTML. The page looks for live sources only if it finds the mark.
    pub(crate) fn built() -> Page {
        let file = |name: Cow<'static, str>| Some((name.to_string(), BuiltPage::get(&name)?.data));
        Page::of(BuiltPage::iter().filter_map(file).collect())
    }

    /// Page with given files. The mark is added to its HTML.
    pub(crate) fn of(mut files: BTreeMap<String, Cow<'static, [u8]>>) -> Page {
        const MARK: &str = "<head><meta name=\"btcfake-helper\">";
        let index = files.entry(INDEX.to_owned()).or_insert_with(|| Cow::Borrowed(NOT_BUILT.as_bytes()));
        *index = String::from_utf8_lossy(index).replacen("<head>", MARK, 1).into_bytes().into();
        let content_security_policy = content_security_policy(&String::from_utf8_lossy(index));
        Page { files, content_security_policy }
    }

    /// Bytes of a file; `None` if there is no file of this name.
    pub(crate) fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(|bytes| &**bytes)
    }

    /// Content security policy of the page: its own files, and by hash the scripts inside its HTML.
    pub(crate) fn content_security_policy(&self) -> &str {
        &self.content_security_policy
    }
}

const NOT_BUILT: &str = include_str!("page_not_built.html");

fn content_security_policy(index: &str) -> String {
    let scripts: String = inline_scripts(index)
        .map(|script| format!(" 'sha256-{}'", STANDARD.encode(Sha256::digest(script.as_bytes()))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
         form-action 'none'; frame-ancestors 'none'"
    )
}

/// Texts of the scripts inside the HTML.
fn inline_scripts(index: &str) -> impl Iterator<Item = &str> {
    index.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!attributes.contains("src=")).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_found_and_others_left_alone() {
        let index = "<script type=\"module\">one</script><script src=\"a.js\"></script><p><script>two</script>";
        assert_eq!(inline_scripts(index).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn a_page_that_was_not_built_says_how_to_build_it() {
        let page = Page::of(BTreeMap::new());
        let index = String::from_utf8_lossy(page.file(INDEX).unwrap_or_default());
        assert!(index.contains("make build"));
    }
}
