//! The areas of the page, with their titles and addresses.

/// An area of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Area {
    /// Files, settings, the run and its results.
    Feed,
    /// The employees: edited, mixed, made up.
    Mix,
    /// Days in a row.
    Series,
    /// Vendor files checked against the format and the rules.
    Check,
    /// Earlier runs.
    History,
}

impl Area {
    /// All areas, in the order of their links.
    pub(crate) const ALL: [Area; 5] = [Self::Feed, Self::Mix, Self::Series, Self::Check, Self::History];

    /// The label of its link.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Feed => "Feed",
            Self::Mix => "Mix",
            Self::Series => "Series",
            Self::Check => "Check",
            Self::History => "History",
        }
    }

    /// Its address: `#` and a word.
    pub(crate) fn address(self) -> &'static str {
        match self {
            Self::Feed => "#feed",
            Self::Mix => "#mix",
            Self::Series => "#series",
            Self::Check => "#check",
            Self::History => "#history",
        }
    }
}
