//! A chart's figures as a table, for reading and for copying into a spreadsheet.

use btcfake_core::report::charts::Chart;
use btcfake_core::text::words::number_text;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::place::ChartContext;
use crate::page::clipboard::copied;
use crate::page::components::{Action, markup, status, text};

/// The table, folded away until it is wanted.
pub(crate) fn figures_table(place: ChartContext) -> AnyView {
    let notice = RwSignal::new(String::new());
    let copy_figures = move || {
        let figures = untrack(|| Figures::of(place)).map(|figures| figures.tab_separated()).unwrap_or_default();
        spawn_local(async move { notice.set(copied(&figures, "Copied.", "select the table instead").await) });
    };
    let mut button = Action::new("Copy");
    button.hidden_label = "the figures as a table".to_owned();
    let heading = place.heading.get_untracked();
    markup! {
        <details class="figures">
            <summary>"Table of these figures"</summary>
            <div class="table-box" tabindex="0" role="group" aria-labelledby=heading.clone()>
                <table aria-labelledby=heading.clone()>{move || Figures::of(place).map(|figures| figures.view())}</table>
            </div>
            <div class="with-button">
                {button.button(copy_figures)}
                {status("hint", text(move || notice.get()))}
            </div>
        </details>
    }
}

/// The figures of a chart, beside them those of the chart that it is compared with.
struct Figures {
    columns: Vec<String>,
    /// The label and the counts of each row.
    rows: Vec<(String, Vec<u64>)>,
}

impl Figures {
    /// The figures in view; `None` while there are none.
    fn of(place: ChartContext) -> Option<Figures> {
        let chart = place.chart.get()?;
        let names = place.charts.against.map(|against| against.names.get()).unwrap_or_default();
        Some(place.other.with(|other| Figures::of_charts(&chart, other.as_ref(), &names)))
    }

    fn of_charts(chart: &Chart, other: Option<&Chart>, names: &[String; 2]) -> Figures {
        let sides = || std::iter::once(chart).chain(other);
        let series = sides().zip(names).flat_map(|(side, name)| {
            let title =
                move |series: &String| if other.is_some() { format!("{series}: {name}") } else { series.clone() };
            side.series.iter().map(title)
        });
        let counts = |at: usize| {
            let rows = sides().filter_map(|side| side.rows.get(at));
            rows.flat_map(|row| row.bars.iter().map(|(_, count)| *count)).collect()
        };
        let labels = chart.rows.iter().map(|row| row.label.clone()).enumerate();
        Figures {
            columns: std::iter::once(chart.rows_are.clone()).chain(series).collect(),
            rows: labels.map(|(at, label)| (label, counts(at))).collect(),
        }
    }

    /// The figures as lines with tabs, which spreadsheets can paste.
    fn tab_separated(&self) -> String {
        let clean = |text: &String| text.replace('\t', " ");
        let head = self.columns.iter().map(clean).collect::<Vec<_>>().join("\t");
        let row = |(label, counts): &(String, Vec<u64>)| {
            std::iter::once(clean(label)).chain(counts.iter().map(u64::to_string)).collect::<Vec<_>>().join("\t")
        };
        std::iter::once(head).chain(self.rows.iter().map(row)).map(|line| line + "\n").collect()
    }

    fn view(self) -> AnyView {
        let head = self.columns.into_iter().map(|column| view! { <th scope="col">{column}</th> }).collect_view();
        let row = |(label, counts): (String, Vec<u64>)| {
            let cells = counts.into_iter().map(|count| view! { <td>{number_text(count)}</td> }).collect_view();
            view! { <tr><th scope="row">{label}</th>{cells}</tr> }
        };
        markup! {
            <thead><tr>{head}</tr></thead>
            <tbody>{self.rows.into_iter().map(row).collect_view()}</tbody>
        }
    }
}

#[cfg(test)]
mod tests {
    use btcfake_core::report::charts::ChartRow;
    use btcfake_core::report::figures::Bar;
    use btcfake_core::rules::training::Origin;

    use super::*;

    fn chart(counts: [u64; 2]) -> Chart {
        let origin = Origin::Open;
        let bars = vec![(Bar::OnLists(origin), counts[0]), (Bar::Completed(origin), counts[1])];
        Chart {
            title: "Title".to_owned(),
            about: "About.".to_owned(),
            rows_are: "Origin".to_owned(),
            series: ["on the lists", "completed"].map(str::to_owned).into(),
            rows: vec![ChartRow { label: "open\tassignment".to_owned(), bars }],
            notes: Vec::new(),
        }
    }

    #[test]
    fn the_copied_figures_are_those_of_the_table() {
        let names = ["The sliders", "A usual store"].map(str::to_owned);
        for (other, expected) in [
            (None, "Origin\ton the lists\tcompleted\nopen assignment\t4000\t3\n"),
            (
                Some(chart([5, 2])),
                "Origin\ton the lists: The sliders\tcompleted: The sliders\ton the lists: A usual store\t\
                 completed: A usual store\nopen assignment\t4000\t3\t5\t2\n",
            ),
        ] {
            let figures = Figures::of_charts(&chart([4_000, 3]), other.as_ref(), &names);
            assert_eq!(figures.tab_separated(), expected);
        }
    }
}
