//! Suggestions for mistyped names.

/// The known name most similar to the typed one (Jaro-Winkler, ignoring case), or `None` if none is similar enough.
#[must_use]
pub fn most_similar<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    const SIMILAR: f64 = 0.8;
    let typed = typed.to_ascii_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&name.to_ascii_lowercase(), &typed);
    let nearest = known.iter().copied().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    nearest.filter(|nearest| likeness(nearest) > SIMILAR)
}
