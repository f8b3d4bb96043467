//! The places of files that come without a role, such as files dropped on the page: each is recognised by its content
//! first, then by its name.

use serde::{Deserialize, Serialize};

use crate::format::file_kind::{self, FileKind};
use crate::format::file_name::VendorName;
use crate::format::input_role::InputRole;
use crate::sheet::{FitOfRole, fits_of_roles, refusal_of};

/// A place where a file can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Destination {
    /// An input of a run, in this role.
    Input(InputRole),
    /// The check: files that a run makes.
    Check,
    /// The run of this run file, once more.
    Repeat,
}

/// Where a file belongs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sorted {
    /// It belongs at each of these places: a workbook may hold several inputs.
    Certain(Vec<Destination>),
    /// It belongs at one of these places, the likeliest first.
    Doubtful(Vec<Destination>),
    /// It belongs at this place, as do other files, and is not used.
    OneOfSeveral {
        /// The place.
        place: Destination,
        /// The name of the file that is used, because it is newer; `None` if no file is known to be the newest.
        newer: Option<String>,
    },
    /// It belongs nowhere; the reason, as a message.
    Nowhere(String),
}

/// A file to be sorted.
#[derive(Clone, Copy, Debug)]
pub struct SortedFile<'a> {
    /// The name, without the folder.
    pub name: &'a str,
    /// The content; of text, the beginning is enough.
    pub bytes: &'a [u8],
}

/// True for the name of a settings file (`.env`). It may hold passwords, so its content must not be read here.
#[must_use]
pub fn is_settings_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(".env") || name.ends_with(".env")
}

/// Finds the places of files that come together. Of several files for one place of an input, the newest by its name is
/// used if all have names of the vendor; otherwise none is used.
#[must_use]
pub fn sort(files: &[SortedFile<'_>]) -> Vec<Sorted> {
    let mut sorted: Vec<Sorted> = files.iter().map(|file| sort_alone(*file)).collect();
    let is_feed = sorted.contains(&Sorted::Certain(vec![Destination::Check]));
    for one in &mut sorted {
        // The dummy file of a feed is no template, and its run file is checked with it.
        if is_feed && matches!(one, Sorted::Doubtful(places) if [DUMMY, RUN_FILE].contains(&places.as_slice())) {
            *one = Sorted::Certain(vec![Destination::Check]);
        }
    }
    for role in InputRole::ALL {
        leave_one_at(files, &mut sorted, Destination::Input(role));
    }
    sorted
}

/// The places of a dummy file.
const DUMMY: &[Destination] = &[Destination::Check, Destination::Input(InputRole::UserCompletionTemplate)];

/// The places of a run file.
const RUN_FILE: &[Destination] = &[Destination::Repeat, Destination::Check];

/// Leaves at most one file at a place for inputs.
fn leave_one_at(files: &[SortedFile<'_>], sorted: &mut [Sorted], place: Destination) {
    let is_there = |at: &usize| matches!(&sorted[*at], Sorted::Certain(places) if places.contains(&place));
    let there: Vec<usize> = (0..files.len()).filter(is_there).collect();
    if there.len() < 2 {
        return;
    }
    let age = |at: &usize| VendorName::parse(files[*at].name).map(|name| (name.date, name.sequence));
    let ages: Option<Vec<_>> = there.iter().map(age).collect();
    let newest = ages.and_then(|ages| ages.into_iter().zip(&there).max().map(|(_, at)| *at));
    for at in there.into_iter().filter(|at| Some(*at) != newest) {
        sorted[at] = Sorted::OneOfSeveral { place, newer: newest.map(|newest| files[newest].name.to_owned()) };
    }
}

/// The place of one file, regardless of the others.
fn sort_alone(SortedFile { name, bytes }: SortedFile<'_>) -> Sorted {
    if is_settings_file(name) {
        let why =
            "this is a file of settings, which may hold passwords: the command line reads it, and the page does not";
        return Sorted::Nowhere(why.to_owned());
    }
    if bytes.trim_ascii().is_empty() {
        return Sorted::Nowhere("the file is empty".to_owned());
    }
    if let Some(kind) = file_kind::surely(bytes) {
        return of_kind(kind);
    }
    let fits = fits_of_roles(bytes);
    let of_fit = |wanted: FitOfRole| -> Vec<InputRole> {
        fits.iter().filter(|(_, fit)| *fit == wanted).map(|(role, _)| *role).collect()
    };
    let whole = of_fit(FitOfRole::Whole);
    if !whole.is_empty() {
        return Sorted::Certain(whole.into_iter().map(Destination::Input).collect());
    }
    if let Some(why) = refusal_of(bytes) {
        return Sorted::Nowhere(why);
    }
    let by_content = file_kind::by_content(bytes).or_else(|| {
        let near = of_fit(FitOfRole::Near);
        near.first().map(|role| FileKind::of_input(*role))
    });
    match (by_content, file_kind::by_name(name)) {
        (Some(kind), None) | (None, Some(kind)) => of_kind(kind),
        (Some(kind), Some(other)) if kind == other => of_kind(kind),
        (Some(kind), Some(other)) => Sorted::Doubtful([kind, other].map(place_of).to_vec()),
        (None, None) => match of_fit(FitOfRole::WideEnough).as_slice() {
            [] => Sorted::Nowhere(file_kind::unknown(bytes)),
            roles => Sorted::Doubtful(roles.iter().copied().map(Destination::Input).collect()),
        },
    }
}

fn of_kind(kind: FileKind) -> Sorted {
    match kind {
        FileKind::UserCompletion => Sorted::Doubtful(DUMMY.to_vec()),
        FileKind::RunFile => Sorted::Doubtful(RUN_FILE.to_vec()),
        kind => Sorted::Certain(vec![place_of(kind)]),
    }
}

fn place_of(kind: FileKind) -> Destination {
    match kind.input_role() {
        Some(role) if role != InputRole::UserCompletionTemplate => Destination::Input(role),
        _ => Destination::Check,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::format::{assignments_table, completions_table, course_catalog, standalone_content};
    use crate::sheet::tests::{archive, cells, xlsx};

    const CHECK: Destination = Destination::Check;

    fn input(role: InputRole) -> Destination {
        Destination::Input(role)
    }

    fn check(name: &str, bytes: &[u8], expected: &Sorted) {
        assert_eq!(sort(&[SortedFile { name, bytes }]), std::slice::from_ref(expected), "{name}");
    }

    fn certain(role: InputRole) -> Sorted {
        Sorted::Certain(vec![input(role)])
    }

    #[test]
    fn each_kind_of_file_goes_to_its_place_whatever_its_name() {
        for (role, header) in [
            (InputRole::Employees, "employee_id,employee_edu_type".to_owned()),
            (InputRole::StandaloneContent, standalone_content::COLUMNS.join(",")),
            (InputRole::CourseCatalog, course_catalog::COLUMNS.join(",")),
            (InputRole::Assignments, assignments_table::COLUMNS.join(",")),
            (InputRole::Completions, completions_table::COLUMNS.join(",")),
            (InputRole::Recommendations, "{\"ba_id\": 1}".to_owned()),
        ] {
            let utf_16: Vec<u8> = format!("\u{feff}{header}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            check("x", header.as_bytes(), &certain(role));
            if role != InputRole::Recommendations {
                check("x", header.replace(',', ";").as_bytes(), &certain(role));
                check("x", header.replace(',', "\t").replace('_', " ").as_bytes(), &certain(role));
                check("x", &utf_16, &certain(role));
            }
        }
        check("x", b"7,a\n8,b\n", &certain(InputRole::Employees));
        check("x", b"UserId,ContentId,DateStarted,DateCompleted\n", &Sorted::Certain(vec![CHECK]));
    }

    #[test]
    fn a_workbook_goes_to_the_place_of_each_of_its_tables() {
        let employees = cells(&["A1=Employee ID", "B1=employee_edu_type", "A2=#7", "B2=a"]);
        let completions = cells(&["A1=ba_id", "B1=content_id", "C1=completion_date"]);
        let book = xlsx(&[("A", "visible", &employees), ("B", "visible", &completions)]);
        let both = [InputRole::Employees, InputRole::Completions].map(input).to_vec();
        check("x.xlsx", &book, &Sorted::Certain(both));
        let two = xlsx(&[("A", "visible", &employees), ("B", "visible", &employees)]);
        check("x.xlsx", &two, &certain(InputRole::Employees));
        let foreign = xlsx(&[("A", "visible", &cells(&["A1=id", "B1=type"]))]);
        check("employees.xlsx", &foreign, &certain(InputRole::Employees));
        let tables = [
            InputRole::Employees,
            InputRole::StandaloneContent,
            InputRole::CourseCatalog,
            InputRole::Assignments,
            InputRole::Completions,
        ];
        check("x.xlsx", &foreign, &Sorted::Doubtful(tables.map(input).to_vec()));
    }

    #[test]
    fn what_is_doubtful_comes_with_its_places() {
        let places = |roles: &[InputRole]| Sorted::Doubtful(roles.iter().copied().map(input).collect());
        check("x", b"id,type\n7,a\n", &places(&[InputRole::Employees]));
        check("x", "id;ville\n7;Montréal\n".as_bytes(), &places(&[InputRole::Employees]));
        check("x", b"id;ville\n7;Montr\xE9al\n", &places(&[InputRole::Employees]));
        check("x", b"id;type;since\n7;a;x\n", &places(&[InputRole::Employees, InputRole::Completions]));
        let both = places(&[InputRole::Completions, InputRole::Employees]);
        check("employees.csv", b"ba_id,content_id\n7,8\n", &both);
        let template = Sorted::Doubtful(vec![CHECK, input(InputRole::UserCompletionTemplate)]);
        check("UserCompletion_v2_2026_1_29_1_x.csv", b"x\n", &template);
        check("run_1.json", b"{\"outputs\": []}", &Sorted::Doubtful(vec![Destination::Repeat, CHECK]));
    }

    #[test]
    fn what_has_no_place_is_named() {
        for (name, bytes, expected) in [
            (".env", &b""[..], "this is a file of settings, which may hold passwords"),
            ("prod.env", b"X=1", "this is a file of settings, which may hold passwords"),
            ("employees.csv", b" \n", "the file is empty"),
            (
                "a.xls",
                b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
                "this is not a CSV file: it looks like an old Excel workbook",
            ),
            (
                "a.xlsb",
                &archive(&[("xl/workbook.bin", "")]),
                "this is not a CSV file: it looks like an Excel workbook or a ZIP",
            ),
            ("a.pdf", b"%PDF-1.7 \xFF", "this is not a CSV file: it looks like a PDF document"),
            ("a.xlsx", b"PK\x03\x04", "this workbook or archive is damaged"),
            ("a.txt", b"Hello\n", "neither the header nor the name is that of a kind that is known here"),
        ] {
            let found = sort(&[SortedFile { name, bytes }]);
            assert!(matches!(&found[0], Sorted::Nowhere(why) if why.starts_with(expected)), "{name}: {found:?}");
        }
    }

    #[test]
    fn of_several_files_for_one_place_the_newest_is_taken_or_none() {
        let catalog = standalone_content::COLUMNS.join(",");
        let names = ["StandAloneContent_v2_2026_1_9_1_a.csv", "StandAloneContent_v2_2026_1_29_1_a.csv"];
        let files = names.map(|name| SortedFile { name, bytes: catalog.as_bytes() });
        let one_of =
            |role, newer: Option<&str>| Sorted::OneOfSeveral { place: input(role), newer: newer.map(str::to_owned) };
        let older = one_of(InputRole::StandaloneContent, Some(names[1]));
        assert_eq!(sort(&files), [older, certain(InputRole::StandaloneContent)]);
        let files = ["a.csv", "b.csv"].map(|name| SortedFile { name, bytes: b"employee_id,employee_edu_type\n" });
        assert_eq!(sort(&files), [0, 1].map(|_| one_of(InputRole::Employees, None)));
        let feed = [
            SortedFile { name: "UserCompletion_v2_2026_1_29_1_x.csv", bytes: b"x\n" },
            SortedFile { name: "b.csv", bytes: b"UserId,ContentId,DateStarted,DateCompleted\n" },
            SortedFile { name: "run_1.json", bytes: b"{\"outputs\": []}" },
        ];
        assert_eq!(sort(&feed), [0, 1, 2].map(|_| Sorted::Certain(vec![CHECK])));
    }
}
