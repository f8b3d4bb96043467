//! The recipe of a sample, and its files.

use chrono::NaiveDate;

use crate::text::visible::quoted;
use crate::text::whole_number::whole_number;
use crate::text::words::number_text;

/// Everything that determines a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleRecipe {
    /// The seed of all random draws.
    pub seed: u64,
    /// The reference date of the sample: the vendor's files bear its date, and the state tables end with it.
    pub today: NaiveDate,
    /// The number of employees. With 0, the reader refuses employees.csv.
    pub employees: usize,
    /// The number of contents of the `StandAloneContent` file. The course catalog has five rows for each.
    pub contents: usize,
}

impl SampleRecipe {
    /// The default number of employees; a real population file has 1,845.
    pub const EMPLOYEES: usize = 2_000;
    /// The default number of contents, as in the vendor's real files.
    pub const CONTENTS: usize = 1_600;

    /// The largest number of employees or contents that can be asked for.
    pub const MOST: usize = 100_000_000;

    /// Reads a number of employees or contents, from 1 to [`SampleRecipe::MOST`].
    ///
    /// # Errors
    /// The message about any other text.
    pub fn parse_size(text: &str) -> Result<usize, String> {
        whole_number(text, 1..=SampleRecipe::MOST).ok_or_else(|| {
            let most = number_text(SampleRecipe::MOST as u64);
            format!("{} is no size of a sample; a whole number from 1 to {most} is allowed", quoted(text))
        })
    }

    /// The recipe of the built-in catalog.
    pub(super) fn built_in() -> SampleRecipe {
        let today = NaiveDate::from_ymd_opt(2026, 1, 5).unwrap_or_default();
        SampleRecipe { seed: 1, today, employees: 0, contents: 200 }
    }
}

/// One file of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}
