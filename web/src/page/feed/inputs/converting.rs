//! The mends of refused files, and the conversions of files by the answers to the questions about them.

use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::inputs::mends::Mend;
use btcfake_core::inputs::sorting::Destination;
use btcfake_core::sheet::{Choice, Choices, Question};
use leptos::prelude::*;
use web_sys::File;

use crate::messages::{Conversion, OriginalFile, ToSorting, ToWorker};
use crate::page::feed::inputs::sorting_state::ConversionNote;
use crate::page::file_slot::{FileOrigin, FileState, PASTED, Picked};
use crate::page::remembered::remember_settings;
use crate::page::state::PageState;

impl PageState {
    /// Applies a mend to a refused file. A question is answered by [`PageState::answer`] instead.
    pub(crate) fn mend(self, role: InputRole, mend: &Mend) {
        let file = self.slot(role).picked().map(|picked| picked.file);
        match (mend, file) {
            (Mend::SkipBadRows, _) => {
                self.skip_bad_rows(BadRows::Skip);
                let text = "Bad rows are skipped from now on: a setting under \"More\".".to_owned();
                self.toasts.show_with_undo(text, move || self.skip_bad_rows(BadRows::Refuse));
            }
            (Mend::Move(Destination::Input(other)), Some(file)) => self.put(vec![(role, None), (*other, Some(file))]),
            (Mend::Move(place), Some(file)) => {
                self.put(vec![(role, None)]);
                self.place_all(vec![(file, *place)]);
            }
            (Mend::Remove, _) => self.put(vec![(role, None)]),
            (Mend::Move(_), None) | (Mend::Answer(_), _) => {}
        }
    }

    fn skip_bad_rows(self, bad_rows: BadRows) {
        self.set_bad_rows(bad_rows);
        remember_settings(self);
    }

    /// Has the worker convert a file by the answer to its question; the CSV replaces the file.
    pub(crate) fn answer(self, role: InputRole, answer: Choice) {
        self.convert(role, answer.into());
    }

    fn convert(self, role: InputRole, choices: Choices) {
        if let Some(Picked { file, pick, .. }) = self.slot(role).picked() {
            self.revive_worker();
            let request = self.next_number();
            self.sorting.converting.update_value(|converting| converting.push((request, role, pick)));
            self.send(&ToWorker::Sorting(ToSorting::Convert { request, role, choices }), [file.into()]);
        }
    }

    /// The result of the last conversion of a role's file by an answer of people; `None` for a file without one.
    pub(crate) fn conversion_note(self, role: InputRole) -> Option<Result<String, String>> {
        let pick = self.slot(role).file.with(|file| file.picked().map(|picked| picked.pick));
        self.sorting.note(role).get().filter(|note| Some(note.pick) == pick).map(|note| note.outcome)
    }

    /// Applies the worker's answer to a request for a conversion: the CSV, which replaces the file, or why there is none.
    pub(crate) fn take_conversion(self, request: u32, outcome: Result<Conversion, String>, file: Option<File>) {
        let is_current = |(role, pick): &(InputRole, u32)| self.slot(*role).is_pick(*pick);
        let Some((role, _)) = self.sorting.converted(request).filter(is_current) else { return };
        let picked = self.slot(role).picked();
        let original = outcome.as_ref().ok().zip(picked.as_ref());
        let original = original.and_then(|(conversion, picked)| original_of(picked, &conversion.original));
        let outcome = outcome.map(|conversion| self.note_text(role, conversion.note, file.as_ref()));
        if let Some(file) = file {
            self.take_over(role, file, FileOrigin::Converted(original.map(Box::new)));
        }
        let picked = self.slot(role).picked();
        self.sorting.note(role).set(picked.map(|picked| ConversionNote { pick: picked.pick, outcome }));
    }

    /// The note on a conversion, after those of earlier ones. The first one names the file of people if the CSV has another name.
    fn note_text(self, role: InputRole, note: String, converted: Option<&File>) -> String {
        let before = untrack(|| self.conversion_note(role)).and_then(Result::ok);
        match (before, self.name_of(role), converted) {
            (Some(before), ..) => format!("{before}; {note}"),
            (None, Some(given), Some(file)) if given != file.name() => format!("{note}, from {given}"),
            _ => note,
        }
    }

    /// Answers the questions of a file as the opened recipe does, if it is that recipe's file.
    pub(crate) fn answer_as_recorded(self, role: InputRole) {
        let recorded = self.recipe.opened.with_untracked(|opened| {
            let recipe = opened.as_ref()?.recipe.as_ref()?;
            recipe.files.iter().find(|file| file.role == role && !file.choices.is_empty()).cloned()
        });
        let Some(recorded) = recorded else { return };
        let is_it = self.slot(role).file.with_untracked(|file| match file {
            FileState::Read(picked, inspected) => {
                picked.original().is_none() && inspected.sha256 == recorded.sha256 && inspected.question().is_some()
            }
            _ => false,
        });
        if is_it {
            self.convert(role, recorded.choices);
        }
    }

    /// Adds the missing header to pasted rows, without a question.
    pub(crate) fn add_header_of_pasted(self, role: InputRole) {
        let is_pasted = self.slot(role).file.with_untracked(|file| match file {
            FileState::Read(picked, inspected) => {
                let is_header = |mend: &Mend| matches!(mend, Mend::Answer(Question::Header { .. }));
                picked.file.name() == PASTED && inspected.mends.iter().any(is_header)
            }
            _ => false,
        });
        if is_pasted {
            self.answer(role, Choice::Header);
        }
    }
}

/// The file of people behind a conversion of a picked file, with all answers to its questions. `None` if only the page has
/// the file.
fn original_of(picked: &Picked, converted: &OriginalFile) -> Option<OriginalFile> {
    if let Some(before) = picked.original() {
        let mut original = before.clone();
        converted.choices.iter().for_each(|choice| original.choices.add(choice.clone()));
        return Some(original);
    }
    (!picked.is_in_the_page_alone()).then(|| converted.clone())
}
