//! The separators between the fields of a table.

use serde::{Deserialize, Serialize};

/// A separator that is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Separator {
    /// `,`, that of CSV.
    Comma = b',',
    /// `;`
    Semicolon = b';',
    /// The character U+0009.
    Tab = b'\t',
    /// `|`
    Pipe = b'|',
}

impl Separator {
    /// All separators, the usual one first.
    pub const ALL: [Separator; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The byte.
    #[must_use]
    pub const fn byte(self) -> u8 {
        self as u8
    }

    /// The character.
    #[must_use]
    pub const fn char(self) -> char {
        self.byte() as char
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
            Self::Tab => "tab",
            Self::Pipe => "pipe",
        }
    }

    /// The word for it in the plural.
    #[must_use]
    pub fn plural(self) -> String {
        format!("{}s", self.word())
    }
}
