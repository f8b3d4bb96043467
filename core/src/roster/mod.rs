//! employees.csv being edited: types are set, employees switched off and on, added and removed, with undo and redo.
//!
//! What was not touched stays byte for byte as it was. The file is kept as it came, cut into rows; an edit changes only
//! how a row stands ([`Stand`]), and the bytes of a row that stands as the file says are the file's own. So undoing is
//! giving rows their former stand, and a hundred thousand rows are set at once in no time.

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
pub use row::{Class, Stand};
