//! Editing of employees.csv: setting types, switching employees off and on, adding and removing them, with undo and
//! redo.
//!
//! Untouched rows stay as they were, byte for byte. The original file is kept, split into rows. An edit only changes
//! the state of a row ([`RowState`]), and a row in its original state is written with its original bytes. So undoing an
//! edit restores the former states, and changing a hundred thousand rows is fast.

mod edited_file;
mod find;
mod ids;
mod open;
mod row;
#[cfg(test)]
mod tests;

pub use edited_file::{Edited, Roster, RosterTally};
pub use find::{Filter, Show};
pub use ids::{IdsError, parse_ids};
pub use row::{OriginalKind, RowState};
