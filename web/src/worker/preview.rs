//! The preview: the figures of any mix over the inputs of a run, by the same simulation as in a run.
//!
//! The files are read once. A mix only changes the types of employees, so all mixes are simulated over the same inputs.

use btcfake_core::breakage::BreakList;
use btcfake_core::format::employees::{Employee, EmployeeType};
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::settings::Settings;
use btcfake_core::report::figures::{Bar, Figures};
use btcfake_core::run::simulation::Simulation;
use btcfake_core::text::words::number_text;
use wasm_bindgen::JsValue;

use super::picked_files::{PickedFile, PickedFiles, picked_files_of};
use super::{explaining, running};
use crate::messages::EMPLOYEES_ON_A_PAGE;
use crate::messages::preview::{Behind, FromPreview, MixFigures, PreviewQuestion, ToPreview};

/// Handles messages about previews, with the open inputs.
#[derive(Default)]
pub(super) struct PreviewHandler(Option<OpenInputs>);

struct OpenInputs {
    number: u32,
    files: Vec<PickedFile>,
    /// The employees before any mix.
    employees: Vec<Employee>,
    /// The simulation with the mix of the last request.
    simulation: Simulation,
    /// The mix and the bar of the last request for employees, and their positions.
    behind: Option<(Option<Mix>, Bar, Vec<u32>)>,
}

impl PreviewHandler {
    /// The answer to a message of the page. A request about inputs that are no longer open has none.
    pub(super) async fn answer(
        &mut self,
        message: ToPreview,
        attached: Vec<JsValue>,
        kept: &PickedFiles,
    ) -> Option<FromPreview> {
        match message {
            ToPreview::Open { inputs, settings, picks } => {
                self.0 = None;
                let files = picked_files_of(picks, attached);
                let employees = OpenInputs::open(inputs, settings, files, kept).await.map(|open| {
                    let employees = open.employees.len();
                    self.0 = Some(open);
                    employees
                });
                Some(FromPreview::Opened { inputs, employees })
            }
            ToPreview::Ask { inputs, request, mix, question } => {
                let open = self.open(inputs, mix)?;
                Some(match question {
                    PreviewQuestion::Figures => FromPreview::Counted { request, figures: open.figures() },
                    PreviewQuestion::Behind { bar, page } => {
                        FromPreview::Behind { request, behind: open.page_behind(mix, bar, page) }
                    }
                    PreviewQuestion::Explain(employee) => {
                        let files = (open.files.as_slice(), kept);
                        let explained =
                            explaining::explained(&open.simulation, files, &BreakList::default(), employee).await;
                        FromPreview::Explained { request, explained }
                    }
                })
            }
        }
    }

    /// The inputs of a number, simulated with a mix, or with the types of the file.
    fn open(&mut self, number: u32, mix: Option<Mix>) -> Option<&mut OpenInputs> {
        let open = self.0.as_mut().filter(|open| open.number == number)?;
        if open.simulation.settings().mix != mix {
            open.simulation.remix(&open.employees, mix);
        }
        Some(open)
    }
}

impl OpenInputs {
    async fn open(
        number: u32,
        settings: Settings,
        files: Vec<PickedFile>,
        kept: &PickedFiles,
    ) -> Result<OpenInputs, String> {
        let (inputs, _) = running::read_files(&files, kept, &settings).await?;
        let mut employees = inputs.employees.clone();
        if settings.population.is_some() {
            // A mix starts from one type in a made-up population, as when it is first made.
            employees.iter_mut().for_each(|employee| employee.kind = EmployeeType::A);
        }
        let simulation = Simulation::new(inputs, Settings { mix: None, ..settings });
        Ok(OpenInputs { number, files, employees, simulation, behind: None })
    }

    fn figures(&self) -> MixFigures {
        let simulation = &self.simulation;
        let mut figures = Figures::new(simulation.calendar());
        (0..simulation.employee_count()).for_each(|position| figures.count(&simulation.employee_day(position)));
        MixFigures {
            headlines: figures.headlines(),
            charts: figures.comparable_charts(simulation.inputs(), simulation.calendar()),
            changed: simulation.changed_by_mix(),
        }
    }

    fn page_behind(&mut self, mix: Option<Mix>, bar: Bar, page: usize) -> Behind {
        let simulation = &self.simulation;
        let parts = *Figures::new(simulation.calendar()).parts();
        let count = |position: u32| bar.count(&simulation.employee_day(position as usize), &parts);
        let behind = match self.behind.take() {
            Some((of, one, behind)) if (of, one) == (mix, bar) => behind,
            _ => (0..).take(simulation.employee_count()).filter(|position| count(*position) > 0).collect(),
        };
        let row = |position: &u32| {
            let day = simulation.employee_day(*position as usize);
            [
                day.employee.id.to_string(),
                day.employee.kind.letter().to_string(),
                number_text(count(*position)),
                number_text(day.list.items.len() as u64),
                number_text(day.trainings.len() as u64),
            ]
        };
        let shown = behind.chunks(EMPLOYEES_ON_A_PAGE).nth(page).unwrap_or_default();
        let page = Behind { employees: behind.len(), rows: shown.iter().map(row).collect() };
        self.behind = Some((mix, bar, behind));
        page
    }
}
