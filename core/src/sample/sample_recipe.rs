//! What a sample is made from, and the files that come out.

use chrono::NaiveDate;

/// What a sample is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleRecipe {
    /// Where all chance comes from.
    pub seed: u64,
    /// The day that the sample is "as of": the vendor's files bear its date, the state tables end there.
    pub today: NaiveDate,
    /// How many employees. Without any, employees.csv is one that its reader refuses.
    pub employees: usize,
    /// How many contents the `StandAloneContent` file has. The course catalog has five rows for each.
    pub contents: usize,
}

impl SampleRecipe {
    /// The number of employees of a sample by default; a real population file has 1,845.
    pub const EMPLOYEES: usize = 2_000;
    /// The number of contents of a sample by default, as in the vendor's real files.
    pub const CONTENTS: usize = 1_600;
}

/// One file of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleFile {
    /// Its name, without a folder.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}
