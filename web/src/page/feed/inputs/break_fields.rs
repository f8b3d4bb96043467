//! "Break on purpose": the faults to give the feed, each with its files and numbers of rows.

use btcfake_core::breakage::{BreakList, Fault, FaultGroup, MOST_ROWS, Preset};
use btcfake_core::format::feed_file::FeedFile;
use leptos::html::Input;
use leptos::prelude::*;

use crate::page::components::{details, handler, markup, shown, status, text};
use crate::page::settings_form::FaultChoice;
use crate::page::state::PageState;
use crate::page::words::breakages_words;

/// The presets, and all faults in groups, with a search.
pub(crate) fn break_fields(state: PageState) -> AnyView {
    let form = state.settings;
    let search = RwSignal::new(String::new());
    let chosen = text(move || match form.break_list() {
        Ok(list) if !list.is_empty() => format!("The feed will be broken: {}.", breakages_words(&list)),
        _ => String::new(),
    });
    let problem = text(move || form.break_list().err().map(|why| format!("Error: {why}.")).unwrap_or_default());
    let groups = FaultGroup::ALL.iter().map(|group| group_view(state, *group, search)).collect_view();
    let content = markup! {
        <p class="hint">
            "To test whether the batch job notices. After the run, \"Check\" compares the faults with what it finds."
        </p>
        {preset_chips(state)}
        <div class="field">
            <label for="fault-search">"Find a fault"</label>
            <input type="text" id="fault-search" autocomplete="off" bind:value=search/>
        </div>
        {status("chosen-faults", chosen)}
        {status("fault", problem)}
        {groups}
    };
    details("Break on purpose", move || form.breaks_something(), content)
}

/// A button for each preset, which replaces the chosen faults.
fn preset_chips(state: PageState) -> AnyView {
    let chip = |title: &'static str, about: &'static str, list: &'static str| {
        // The lists of the presets are constants, so they can be parsed.
        let faults = StoredValue::new(BreakList::parse(list).unwrap_or_default());
        let choose = move |_| {
            faults.with_value(|faults| state.settings.set_breaks(faults));
            state.edited();
        };
        let is_chosen =
            move || state.settings.break_list().is_ok_and(|list| faults.with_value(|faults| *faults == list));
        let pressed = text(move || is_chosen().to_string());
        markup! {
            <button type="button" class="chip" title=about aria-pressed=pressed on:click=handler(choose)>{title}</button>
        }
    };
    let presets = Preset::ALL.map(|preset| chip(preset.title, preset.sentence, preset.list)).into_iter();
    markup! {
        <div class="row" role="group" aria-label="Presets of faults">
            {presets.collect_view()}
            {chip("None", "Without any fault", "")}
        </div>
    }
}

/// The faults of a group that contain the searched text.
fn group_view(state: PageState, group: FaultGroup, search: RwSignal<String>) -> AnyView {
    let heading = format!("faults-{}", group.title());
    let is_found = move |fault: Fault| {
        let wanted = search.get().trim().to_lowercase();
        [fault.name(), fault.title(), fault.sentence()].iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let of_group =
        Fault::ALL.iter().copied().zip(state.settings.faults).filter(move |(fault, _)| fault.group() == group);
    let fields = of_group.clone().map(|(fault, choice)| fault_field(state, fault, choice, is_found)).collect_view();
    let is_empty = move || !of_group.clone().any(|(fault, _)| is_found(fault));
    markup! {
        <div hidden=is_empty>
            <h3 id=heading.clone()>{group.title()}</h3>
            <ul class="faults" aria-labelledby=heading>{fields}</ul>
        </div>
    }
}

fn fault_field(
    state: PageState,
    fault: Fault,
    choice: RwSignal<FaultChoice>,
    is_found: impl Fn(Fault) -> bool + Copy + Send + Sync + 'static,
) -> AnyView {
    let node = NodeRef::<Input>::new();
    let id = format!("fault-{}", fault.name());
    let about = format!("{id}-about");
    let is_chosen = Memo::new(move |_| choice.with(FaultChoice::is_chosen));
    let files = shown(move || {
        is_chosen.get().then(|| {
            let files =
                fault.files().iter().map(|file| file_fields(FaultPlace { state, fault, file: *file, choice }, node));
            markup! { <span class="fault-details">{files.collect_view()}</span> }
        })
    });
    markup! {
        <li class="check" hidden=move || !is_found(fault)>
            <input
                type="checkbox"
                id=id.clone()
                node_ref=node
                aria-describedby=about.clone()
                autocomplete="off"
                prop:checked=is_chosen
                on:change=handler(move |event| {
                    // The first file of a fault is the usual choice.
                    choice.set(FaultChoice::default());
                    FaultPlace { state, fault, file: fault.files()[0], choice }.set(event_target_checked(&event).then_some("1".to_owned()));
                })
            />
            <div class="fault-words">
                <label for=id><b>{fault.title()}</b>" "<span class="hint">{fault.sentence()}" ("{fault.name()}")"</span></label>
                <p id=about class="hint">"Batch job: "{fault.batch_job()}</p>
            </div>
            {files}
        </li>
    }
}

/// A fault in one file.
#[derive(Clone, Copy)]
struct FaultPlace {
    state: PageState,
    fault: Fault,
    file: FeedFile,
    choice: RwSignal<FaultChoice>,
}

impl FaultPlace {
    fn rows(self) -> Option<String> {
        self.choice.with(|choice| choice.0[self.file as usize].clone())
    }

    fn set(self, rows: Option<String>) {
        self.choice.update(|choice| choice.0[self.file as usize] = rows);
        self.state.edited();
    }
}

/// The fields of a fault in one file: a checkbox if the fault can be in several files, and the number of rows.
fn file_fields(place: FaultPlace, fault: NodeRef<Input>) -> AnyView {
    let is_chosen = Memo::new(move |_| place.rows().is_some());
    let on_change = move |event| {
        place.set(event_target_checked(&event).then_some("1".to_owned()));
        // Without its last file the fault is no longer chosen, and this checkbox, which has the focus, disappears.
        if let Some(fault) = fault.get_untracked().filter(|_| !place.choice.with_untracked(FaultChoice::is_chosen)) {
            let _ = fault.focus();
        }
    };
    let file = (place.fault.files().len() > 1).then(|| {
        markup! {
            <label>
                <input
                    type="checkbox"
                    autocomplete="off"
                    aria-label=format!("{}: {}", place.file.name(), place.fault.name())
                    prop:checked=is_chosen
                    on:change=handler(on_change)
                />
                {place.file.name()}
            </label>
        }
    });
    let rows = shown(move || (place.fault.is_of_rows() && is_chosen.get()).then(|| rows_input(place)));
    markup! { <span class="fault-file">{file}{rows}</span> }
}

fn rows_input(place: FaultPlace) -> AnyView {
    markup! {
        <label>
            "Rows"
            <input
                type="number"
                min="1"
                max=MOST_ROWS.to_string()
                autocomplete="off"
                aria-label=format!("Rows of {} in {}", place.fault.name(), place.file.name())
                prop:value=text(move || place.rows().unwrap_or_default())
                on:input=handler(move |event| place.set(Some(event_target_value(&event))))
            />
        </label>
    }
}
