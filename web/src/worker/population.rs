//! The population while it is edited: the roster, the found and the selected rows, and their view for the page.

use btcfake_core::format::employees::EmployeeType;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::roster::{Edited, Filter, Roster, RowState, parse_ids};
use btcfake_core::sheet::as_csv_with_note;
use btcfake_core::text::words::{counted, grouped};
use wasm_bindgen::JsValue;
use web_sys::File;

use super::output::file_of;
use super::reading::read;
use super::sorting::csv_name;
use crate::messages::population::{
    FromPopulation, PopulationRow, PopulationView, ROWS_IN_VIEW, RosterAction, RowChoice, RowStatus, ToPopulation,
};

/// Handles messages about the population, with the open one.
#[derive(Default)]
pub(super) struct PopulationHandler {
    open: Option<OpenRoster>,
}

struct OpenRoster {
    roster: Roster,
    name: String,
    filter: Filter,
    found: Vec<usize>,
    /// Whether a row is selected, by its number.
    selected: Vec<bool>,
}

impl PopulationHandler {
    /// The answer to a message of the page, with the file if that changed.
    pub(super) async fn answer(
        &mut self,
        message: ToPopulation,
        file: Option<File>,
    ) -> Option<(FromPopulation, Option<JsValue>)> {
        match message {
            ToPopulation::Open => {
                let file = file?;
                let opened = read(&file).await.map_err(|why| format!("{}: {why}", file.name()));
                let opened = opened.and_then(|bytes| OpenRoster::open_any(bytes, file.name()));
                Some(self.show(opened))
            }
            ToPopulation::MakeUp { population, mix, seed } => {
                let name = btcfake_core::plan::new_population::NAME.to_owned();
                Some(self.show(OpenRoster::open(population.file(mix, seed), name).map(|open| (open, None))))
            }
            ToPopulation::Save => {
                let open = self.open.as_ref()?;
                Some(match file_of(&open.name, &open.roster.file()) {
                    Ok(file) => (FromPopulation::Saved, Some(file)),
                    Err(why) => (FromPopulation::Refused(why), None),
                })
            }
            ToPopulation::Do { action, first } => {
                let open = self.open.as_mut()?;
                let before = open.roster.version();
                let gives_types =
                    matches!(action, RosterAction::SetType(_) | RosterAction::Add(..) | RosterAction::ApplyMix(..));
                let (message, reveal) = open.act(action);
                let file = (open.roster.version() != before).then(|| file_of(&open.name, &open.roster.file()));
                let view = PopulationView { reveal, gives_types, ..open.view(first, message) };
                match file.transpose() {
                    Ok(file) => Some((FromPopulation::View(view), file)),
                    Err(why) => Some((FromPopulation::View(PopulationView { message: why, ..view }), None)),
                }
            }
        }
    }

    fn show(&mut self, opened: Result<(OpenRoster, Option<String>), String>) -> (FromPopulation, Option<JsValue>) {
        self.open = None;
        match opened {
            Ok((open, note)) => {
                let open = self.open.insert(open);
                (FromPopulation::View(open.view(0, note.unwrap_or_default())), None)
            }
            Err(why) => (FromPopulation::Refused(why), None),
        }
    }
}

impl OpenRoster {
    /// Opens a file of any format; also returns a line about its conversion, if it was converted.
    fn open_any(bytes: Vec<u8>, name: String) -> Result<(OpenRoster, Option<String>), String> {
        let (csv, note) = as_csv_with_note(InputRole::Employees, &bytes);
        let name = if note.is_some() { csv_name(&name) } else { name };
        Ok((OpenRoster::open(csv.into_owned(), name)?, note))
    }

    fn open(bytes: Vec<u8>, name: String) -> Result<OpenRoster, String> {
        let roster = Roster::open(bytes).map_err(|problems| {
            let message: Vec<String> = problems.iter().map(|problem| format!("{name}:{problem}")).collect();
            message.join("; ")
        })?;
        let filter = Filter::default();
        let found = roster.find(&filter);
        let selected = vec![false; roster.len()];
        Ok(OpenRoster { roster, name, filter, found, selected })
    }

    /// Does an action. Returns its result in words, and the position of a row to scroll into view.
    fn act(&mut self, action: RosterAction) -> (String, Option<usize>) {
        let edited = match action {
            RosterAction::Look => return (String::new(), None),
            RosterAction::Find(filter) => {
                self.filter = filter;
                self.find();
                return (format!("{} found", counted(self.found.len(), "row")), Some(0));
            }
            RosterAction::Select(_)
            | RosterAction::Toggle(_)
            | RosterAction::SelectRange(..)
            | RosterAction::SelectAll
            | RosterAction::SelectNone => {
                self.select(&action);
                // The number of selected rows is part of each view.
                return (String::new(), None);
            }
            RosterAction::Undo => {
                let message = self
                    .roster
                    .undo()
                    .map_or_else(|| "there is nothing to undo".to_owned(), |message| format!("undone: {message}"));
                self.find();
                return (message, None);
            }
            RosterAction::Redo => {
                let message = self.roster.redo().unwrap_or_else(|| "there is nothing to redo".to_owned());
                self.find();
                return (message, None);
            }
            RosterAction::Add(ids, kind) => return self.add(&ids, kind),
            RosterAction::ApplyMix(mix, seed) => self.roster.apply_mix(mix, seed),
            RosterAction::SetType(_) | RosterAction::SwitchOff | RosterAction::SwitchOn | RosterAction::Remove => {
                let rows = self.selected_rows();
                if rows.is_empty() {
                    return ("no row is selected: select some first".to_owned(), None);
                }
                match action {
                    RosterAction::SetType(kind) => self.roster.set_type(&rows, kind),
                    RosterAction::SwitchOff => self.roster.switch_off(&rows),
                    RosterAction::SwitchOn => self.roster.switch_on(&rows),
                    _ => self.roster.remove(&rows),
                }
            }
        };
        self.find();
        (self.edit_message(edited), None)
    }

    fn add(&mut self, ids: &str, kind: EmployeeType) -> (String, Option<usize>) {
        let ids = match parse_ids(ids) {
            Ok(ids) => ids,
            Err(why) => return (why.to_string(), None),
        };
        let first = self.roster.len();
        let edited = self.roster.add(&ids, kind);
        self.find();
        let reveal = (edited.rows > 0).then(|| self.found.partition_point(|row| *row < first));
        (self.edit_message(edited), reveal)
    }

    fn edit_message(&self, edited: Edited) -> String {
        let mut message = match edited.rows {
            0 => "nothing changed".to_owned(),
            _ => self.roster.to_undo().unwrap_or_default().to_owned(),
        };
        if let Some(id) = edited.first_taken {
            let taken = grouped(edited.taken);
            message.push_str(&format!("; {taken} left out, since another row has the id (the first: {id})"));
        }
        message
    }

    fn find(&mut self) {
        self.selected.resize(self.roster.len(), false);
        self.found = self.roster.find(&self.filter);
        // Only found rows stay selected.
        let selected = self.selected_rows();
        self.selected.fill(false);
        selected.into_iter().for_each(|row| self.selected[row] = true);
    }

    fn select(&mut self, action: &RosterAction) {
        let place = |choice: RowChoice| match choice {
            RowChoice::Place(place) => (place < self.found.len()).then_some(place),
            RowChoice::Number(number) => self.found.binary_search(&number).ok(),
        };
        if let RosterAction::Toggle(choice) = *action {
            if let Some(place) = place(choice) {
                self.selected[self.found[place]] ^= true;
            }
            return;
        }
        let places = match *action {
            RosterAction::Select(choice) => place(choice).map(|place| place..=place),
            RosterAction::SelectRange(from, to) => place(to).map(|to| {
                let from = place(from).unwrap_or(to);
                from.min(to)..=from.max(to)
            }),
            RosterAction::SelectAll => self.found.len().checked_sub(1).map(|last| 0..=last),
            _ => None,
        };
        self.selected.fill(false);
        for row in places.into_iter().flat_map(|places| &self.found[places]) {
            self.selected[*row] = true;
        }
    }

    fn selected_rows(&self) -> Vec<usize> {
        self.found.iter().copied().filter(|row| self.selected[*row]).collect()
    }

    fn count_selected(&self) -> usize {
        self.selected.iter().filter(|selected| **selected).count()
    }

    fn view(&self, first: usize, message: String) -> PopulationView {
        let first = first.min(self.found.len().saturating_sub(1));
        PopulationView {
            found: self.found.len(),
            first,
            rows: self.found.iter().skip(first).take(ROWS_IN_VIEW).map(|row| self.row(*row)).collect(),
            selected: self.count_selected(),
            tally: self.roster.tally(),
            edits: self.roster.edits(),
            undo: self.roster.to_undo().map(str::to_owned),
            redo: self.roster.to_redo().map(str::to_owned),
            message,
            gives_types: false,
            reveal: None,
        }
    }

    fn row(&self, row: usize) -> PopulationRow {
        let roster = &self.roster;
        let problem = roster.problem_of(row);
        let status = match (roster.state_of(row), &problem) {
            (_, Some(_)) => RowStatus::Problem,
            (Some(RowState::On(kind)), _) => RowStatus::On(kind),
            (Some(RowState::Off(kind)), _) => RowStatus::Off(kind),
            _ => RowStatus::Comment,
        };
        let text = match &problem {
            Some(problem) => format!("{}: {problem}", roster.text_of(row)),
            None => roster.text_of(row),
        };
        let line = roster.line_of(row);
        PopulationRow {
            number: row,
            line: (line > 0).then_some(line),
            id: roster.id_of(row),
            status,
            text,
            is_selected: self.selected[row],
            is_edited: roster.is_edited(row),
        }
    }
}
