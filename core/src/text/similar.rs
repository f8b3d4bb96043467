//! What somebody may have meant who typed a name wrong.

/// The name among those that are known that is most like a typed one, whatever its case; nothing where none is like it.
#[must_use]
pub fn most_similar<'a>(typed: &str, known: &[&'a str]) -> Option<&'a str> {
    const SIMILAR: f64 = 0.8;
    let typed = typed.to_ascii_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&name.to_ascii_lowercase(), &typed);
    let nearest = known.iter().copied().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    nearest.filter(|nearest| likeness(nearest) > SIMILAR)
}
