//! The rows of `content_assignments` in a compact form for comparisons. They take half the memory of the reader's rows, because
//! a table of millions of rows has only some hundred combinations of begin, due and content type, which are shared.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashSet;

use super::sorted::sort_by_pair;
use crate::format::assignments_table::Assignment;

/// An assignment made before the run.
pub(super) struct StateAssignment {
    pub(super) ba_id: u64,
    pub(super) content_id: u64,
    pub(super) assigned: DateTime<Utc>,
    line: u32,
    pub(super) terms: Arc<Terms>,
}

/// Values that many assignments share.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Terms {
    pub(super) begin: DateTime<Utc>,
    pub(super) due: DateTime<Utc>,
    pub(super) content_type: Arc<str>,
}

impl StateAssignment {
    /// The rows of a table, sorted by employee, content and line.
    pub(super) fn sorted(rows: Vec<Assignment>) -> Vec<StateAssignment> {
        let mut known: FxHashSet<Arc<Terms>> = FxHashSet::default();
        let compact = |Assignment { ba_id, content_id, assigned, begin, due, content_type, line }| {
            let terms = Terms { begin, due, content_type };
            let terms = known.get(&terms).cloned().unwrap_or_else(|| {
                let terms = Arc::new(terms);
                known.insert(Arc::clone(&terms));
                terms
            });
            StateAssignment { ba_id, content_id, assigned, line, terms }
        };
        let mut rows: Vec<StateAssignment> = rows.into_iter().map(compact).collect();
        // They were collected in the memory of the larger rows.
        rows.shrink_to_fit();
        sort_by_pair(&mut rows, |row| (row.ba_id, row.content_id, row.line));
        rows
    }

    /// Employee and content.
    pub(super) fn pair(&self) -> (u64, u64) {
        (self.ba_id, self.content_id)
    }

    /// The row as the reader returned it, with the caller's `content_type`.
    pub(super) fn row(&self, content_type: Arc<str>) -> Assignment {
        let StateAssignment { ba_id, content_id, assigned, line, .. } = *self;
        let Terms { begin, due, .. } = *self.terms;
        Assignment { ba_id, content_id, assigned, begin, due, content_type, line }
    }
}
