//! Presets: named lists of faults that together imitate one accident, such as files saved by a spreadsheet.

/// A named list of faults. A list of faults may contain its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name, as in a list of faults.
    pub name: &'static str,
    /// A title in plain words.
    pub title: &'static str,
    /// What it imitates, as a sentence.
    pub sentence: &'static str,
    /// The faults, as a list.
    pub list: &'static str,
}

impl Preset {
    /// All presets, in the order of display.
    pub const ALL: [Preset; 6] = [
        Preset {
            name: "spreadsheet",
            title: "Saved by a spreadsheet",
            sentence: "Somebody opened the files in a spreadsheet and saved them.",
            list: "crlf,crlf@assignments,unquoted=2,id-without-separators=2,bad-date=2",
        },
        Preset {
            name: "broken-off",
            title: "Transfer broken off",
            sentence: "The transfer ended in the middle of the first file.",
            list: "cut-off,empty-file@assignments,missing-file@dummy",
        },
        Preset {
            name: "new-version",
            title: "Another version of the vendor's program",
            sentence: "The vendor changed the columns without notice.",
            list: "renamed-column,column-order@assignments",
        },
        Preset {
            name: "dirty-rows",
            title: "Dirty rows",
            sentence: "Most rows are right, and some cannot be used.",
            list: "unclosed-quote,missing-field=2,stray-bom,blank-line=2,repeated-row=2,bad-date=2",
        },
        Preset {
            name: "impossible",
            title: "Impossible completions",
            sentence: "Every row can be read, and some cannot be true.",
            list: "completed-before-start=2,completed-in-future=2,without-assignment=2,unknown-employee=2",
        },
        Preset {
            name: "other-day",
            title: "Feed of another day",
            sentence: "The names of all files have a date a week too early.",
            list: "wrong-date-in-name,wrong-date-in-name@assignments,wrong-date-in-name@dummy",
        },
    ];

    /// The preset of a name, in any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Preset> {
        Preset::ALL.into_iter().find(|preset| preset.name.eq_ignore_ascii_case(name))
    }
}
