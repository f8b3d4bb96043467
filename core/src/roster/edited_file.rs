//! The edited file: its rows and their states, the edits made so far, and its current bytes.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::row::{OriginalKind, RosterLayout, RosterRow, RowState};
use crate::format::employees::{BadRows, Employee, EmployeeType};
use crate::plan::mix::Mix;

/// employees.csv, opened for editing.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The original file, followed by the rows that were added.
    pub(super) bytes: Vec<u8>,
    /// The length of the byte order mark before the first row, in bytes; 0 if there is none.
    mark: usize,
    layout: RosterLayout,
    pub(super) rows: Vec<RosterRow>,
    tally: RosterTally,
    /// The number of rows that claim each id.
    claims: FxHashMap<u64, u32>,
    /// The number of all rows that claim an id.
    claiming: usize,
    /// The rows whose id an earlier row has, ascending.
    pub(super) repeated: Vec<usize>,
    done: Vec<EditStep>,
    undone: Vec<EditStep>,
    version: u32,
}

/// Counts of rows by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterTally {
    /// Active employees by type (a, b, f), without those whose id an earlier row has.
    pub employees: [usize; 3],
    /// Employees that are switched off, that is, commented out.
    pub off: usize,
    /// Rows that the reader refuses, including repeated ids.
    pub problems: usize,
    /// Rows that differ from the original file.
    pub edited: usize,
}

/// The result of an edit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Edited {
    /// The number of changed rows.
    pub rows: usize,
    /// The number of rows that were not changed because another row has their id.
    pub taken: usize,
    /// The first of these ids.
    pub first_taken: Option<u64>,
}

/// An edit that can be undone.
#[derive(Clone, Debug)]
struct EditStep {
    message: String,
    changes: Vec<EditChange>,
}

#[derive(Clone, Copy, Debug)]
struct EditChange {
    row: usize,
    before: RowState,
    after: RowState,
}

impl Roster {
    /// The roster of a file that was split into `rows`, before any edit. The first `mark` bytes are a byte order mark.
    pub(super) fn of_rows(bytes: Vec<u8>, mark: usize, layout: RosterLayout, rows: Vec<RosterRow>) -> Roster {
        let mut roster = Roster {
            bytes,
            mark,
            layout,
            tally: RosterTally::default(),
            claims: FxHashMap::default(),
            claiming: 0,
            repeated: Vec::new(),
            done: Vec::new(),
            undone: Vec::new(),
            version: 0,
            rows,
        };
        for number in 0..roster.rows.len() {
            let row = roster.rows[number];
            roster.tally.count(&row, true);
            if row.claims_in(row.current) {
                roster.claim(row.id);
            }
        }
        roster.find_repeated();
        roster
    }

    /// The number of rows, including removed ones. Rows are identified by their number from 0, which never changes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// True if there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The counts of rows by state.
    #[must_use]
    pub fn tally(&self) -> RosterTally {
        let mut tally = RosterTally { problems: self.tally.problems + self.repeated.len(), ..self.tally };
        for row in &self.repeated {
            if let RowState::On(kind) = self.rows[*row].current {
                tally.employees[kind as usize] -= 1;
            }
        }
        tally
    }

    /// A number that changes whenever the file changes.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The number of edits that were made and not undone.
    #[must_use]
    pub fn edits(&self) -> usize {
        self.done.len()
    }

    /// The message about the edit that [`Roster::undo`] would take back; `None` if there is none.
    #[must_use]
    pub fn to_undo(&self) -> Option<&str> {
        self.done.last().map(|step| step.message.as_str())
    }

    /// The message about the edit that [`Roster::redo`] would make again; `None` if there is none.
    #[must_use]
    pub fn to_redo(&self) -> Option<&str> {
        self.undone.last().map(|step| step.message.as_str())
    }

    /// The active employees, in the order of the file, as a reader would return them if no row had a problem. Lines are
    /// those of the original file, 0 for added rows.
    #[must_use]
    pub fn employees(&self) -> Vec<Employee> {
        self.employee_rows().map(|(_, employee)| employee).collect()
    }

    /// Sets the type of rows: of employees, active or switched off, and of rows with an unknown type, which become
    /// employees.
    pub fn set_type(&mut self, rows: &[usize], kind: EmployeeType) -> Edited {
        let state = |row: &RosterRow| match row.current {
            RowState::On(_) => Some(RowState::On(kind)),
            RowState::Off(_) => Some(RowState::Off(kind)),
            RowState::NoEmployee if row.class == OriginalKind::UnknownType => Some(RowState::On(kind)),
            _ => None,
        };
        self.edit(rows, state, |count| {
            let employees = crate::text::words::counted(count, "employee");
            format!("{employees} set to {} ({})", kind.describe(), kind.letter())
        })
    }

    /// Switches employees off, and rows with problems: they become comments.
    pub fn switch_off(&mut self, rows: &[usize]) -> Edited {
        let state = |row: &RosterRow| match row.current {
            RowState::On(kind) => Some(RowState::Off(kind)),
            // A comment must be valid UTF-8, too.
            RowState::NoEmployee if row.is_refused() && row.class != OriginalKind::NotText => Some(RowState::BadRowOff),
            _ => None,
        };
        self.edit(rows, state, |count| edit_message(count, "switched off"))
    }

    /// Switches rows on again: comments that read like employees become employees, unless another row has their id.
    pub fn switch_on(&mut self, rows: &[usize]) -> Edited {
        let state = |row: &RosterRow| match row.current {
            RowState::Off(kind) => Some(RowState::On(kind)),
            RowState::BadRowOff => Some(RowState::NoEmployee),
            _ => None,
        };
        self.edit(rows, state, |count| edit_message(count, "switched on"))
    }

    /// Removes rows, including comments.
    pub fn remove(&mut self, rows: &[usize]) -> Edited {
        let state = |row: &RosterRow| row.can_be_removed().then_some(RowState::Removed);
        self.edit(rows, state, |count| edit_message(count, "removed"))
    }

    /// Adds employees below the last row. Ids that another row has are left out.
    pub fn add(&mut self, ids: &[u64], kind: EmployeeType) -> Edited {
        let first = self.rows.len();
        for id in ids {
            let start = self.bytes.len();
            self.layout.push_row(&mut self.bytes, *id, kind);
            self.rows.push(RosterRow::added(*id, start, self.bytes.len()));
        }
        let rows: Vec<usize> = (first..self.rows.len()).collect();
        self.edit(&rows, |_| Some(RowState::On(kind)), |count| edit_message(count, "added"))
    }

    /// Applies a mix to the active employees, changing as few types as possible.
    pub fn apply_mix(&mut self, mix: Mix, seed: u64) -> Edited {
        let (rows, employees): (Vec<usize>, Vec<Employee>) = self.employee_rows().unzip();
        let changes = mix.changes(seed, &employees);
        let mut kinds = changes.iter().map(|change| change.kind);
        let changing: Vec<usize> = changes.iter().map(|change| rows[change.position]).collect();
        let state = |_: &RosterRow| kinds.next().map(RowState::On);
        self.edit(&changing, state, |count| {
            format!("the mix {} changed {}", mix.text(), crate::text::words::counted(count, "employee"))
        })
    }

    /// Undoes the last edit and returns its message; `None` if there is none.
    pub fn undo(&mut self) -> Option<String> {
        let step = self.done.pop()?;
        for change in step.changes.iter().rev() {
            self.set_state(change.row, change.before);
        }
        self.finish_change();
        self.undone.push(step.clone());
        Some(step.message)
    }

    /// Redoes the edit that was undone last and returns its message; `None` if there is none.
    pub fn redo(&mut self) -> Option<String> {
        let step = self.undone.pop()?;
        for change in &step.changes {
            self.set_state(change.row, change.after);
        }
        self.finish_change();
        self.done.push(step.clone());
        Some(step.message)
    }

    /// The current bytes of the file.
    #[must_use]
    pub fn file(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 64);
        out.extend_from_slice(&self.bytes[..self.mark]);
        for row in self.rows.iter().filter(|row| row.current != RowState::Removed) {
            // The file's last line may have no line break; one is needed before further rows.
            if out.len() > self.mark && !out.ends_with(b"\n") && !out.ends_with(b"\r") {
                out.extend_from_slice(self.layout.line_break);
            }
            row.write(&self.bytes, &self.layout, &mut out);
        }
        out
    }

    /// The current state of a row; `None` if there is no such row.
    #[must_use]
    pub fn state_of(&self, row: usize) -> Option<RowState> {
        self.rows.get(row).map(|row| row.current)
    }

    /// The class of a row in the original file; `None` if there is no such row.
    #[must_use]
    pub fn class_of(&self, row: usize) -> Option<OriginalKind> {
        self.rows.get(row).map(|row| row.class)
    }

    /// The id of a row that is or was an employee's; `None` for other rows.
    #[must_use]
    pub fn id_of(&self, row: usize) -> Option<u64> {
        self.rows.get(row).map(|row| row.id).filter(|id| *id != 0)
    }

    /// The line of a row in the original file, from 1; 0 for an added row.
    #[must_use]
    pub fn line_of(&self, row: usize) -> u32 {
        self.rows.get(row).map_or(0, |row| row.line)
    }

    /// True if a row differs from the original file.
    #[must_use]
    pub fn is_edited(&self, row: usize) -> bool {
        self.rows.get(row).is_some_and(RosterRow::is_edited)
    }

    /// The current text of a row, without its line break.
    #[must_use]
    pub fn text_of(&self, row: usize) -> String {
        let mut out = Vec::new();
        if let Some(row) = self.rows.get(row) {
            row.write(&self.bytes, &self.layout, &mut out);
        }
        String::from_utf8_lossy(&out).trim_end_matches(['\n', '\r']).to_owned()
    }

    /// The message about a row's problem; `None` if it has none.
    #[must_use]
    pub fn problem_of(&self, row: usize) -> Option<String> {
        if self.repeated.binary_search(&row).is_ok() {
            let id = self.rows[row].id;
            return Some(format!("employee_id {id} stands in a row above already; keep one of the two rows"));
        }
        let row = self.rows.get(row).filter(|row| row.current == RowState::NoEmployee && row.is_refused())?;
        let mut alone = self.layout.header();
        alone.extend_from_slice(row.bytes(&self.bytes));
        let reading = crate::format::employees::read(&alone, BadRows::Skip);
        let message: Vec<String> = reading.problems.iter().map(|problem| problem.kind.to_string()).collect();
        Some(message.into_iter().next().unwrap_or_else(|| "this row cannot be read".to_owned()))
    }

    /// Changes the states of rows, as one step that can be undone. Rows for which `state` returns `None` are not
    /// changed, nor are those whose id another row has.
    fn edit(
        &mut self,
        rows: &[usize],
        mut state: impl FnMut(&RosterRow) -> Option<RowState>,
        message: impl FnOnce(usize) -> String,
    ) -> Edited {
        let mut edited = Edited::default();
        let mut changes = Vec::new();
        for row in rows {
            let Some(found) = self.rows.get(*row) else { continue };
            let (before, id) = (found.current, found.id);
            let Some(after) = state(found).filter(|after| *after != before) else { continue };
            let claims_now = !found.claims_in(before) && found.claims_in(after);
            if claims_now && self.claims.contains_key(&id) {
                edited.taken += 1;
                edited.first_taken.get_or_insert(id);
                continue;
            }
            self.set_state(*row, after);
            changes.push(EditChange { row: *row, before, after });
        }
        edited.rows = changes.len();
        if !changes.is_empty() {
            self.finish_change();
            self.undone.clear();
            self.done.push(EditStep { message: message(edited.rows), changes });
        }
        edited
    }

    /// Changes the state of a row, and updates the counts.
    fn set_state(&mut self, row: usize, state: RowState) {
        let row = &mut self.rows[row];
        self.tally.count(row, false);
        let claimed = row.claims_in(row.current);
        row.current = state;
        self.tally.count(row, true);
        let (claims, id) = (row.claims_in(state), row.id);
        if claims && !claimed {
            self.claim(id);
        } else if claimed && !claims {
            self.give_up(id);
        }
    }

    fn claim(&mut self, id: u64) {
        *self.claims.entry(id).or_default() += 1;
        self.claiming += 1;
    }

    fn give_up(&mut self, id: u64) {
        self.claiming -= 1;
        if let Some(count) = self.claims.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                self.claims.remove(&id);
            }
        }
    }

    /// Completes a change: updates the version and the repeated ids.
    fn finish_change(&mut self) {
        self.version = self.version.wrapping_add(1);
        self.find_repeated();
    }

    fn find_repeated(&mut self) {
        self.repeated.clear();
        if self.claiming == self.claims.len() {
            return;
        }
        let mut seen = FxHashSet::default();
        let claiming = self.rows.iter().enumerate().filter(|(_, row)| row.claims_in(row.current));
        self.repeated = claiming.filter(|(_, row)| !seen.insert(row.id)).map(|(number, _)| number).collect();
    }

    fn employee_rows(&self) -> impl Iterator<Item = (usize, Employee)> {
        self.rows.iter().enumerate().filter_map(|(number, row)| match row.current {
            RowState::On(kind) if self.repeated.binary_search(&number).is_err() => {
                Some((number, Employee { id: row.id, line: row.line, kind }))
            }
            _ => None,
        })
    }
}

impl RosterTally {
    /// Adds a row to the counts, or subtracts it.
    fn count(&mut self, row: &RosterRow, is_in: bool) {
        let add = |count: &mut usize, counts: bool| match (counts, is_in) {
            (true, true) => *count += 1,
            (true, false) => *count -= 1,
            _ => {}
        };
        match row.current {
            RowState::On(kind) => add(&mut self.employees[kind as usize], true),
            RowState::Off(_) => add(&mut self.off, true),
            RowState::NoEmployee => add(&mut self.problems, row.is_refused()),
            RowState::BadRowOff | RowState::Removed => {}
        }
        add(&mut self.edited, row.is_edited());
    }
}

fn edit_message(count: usize, what: &str) -> String {
    let are = if count == 1 { "row was" } else { "rows were" };
    format!("{} {are} {what}", crate::text::words::grouped(count))
}
