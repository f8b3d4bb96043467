//! Properties of recipes: a written recipe is ASCII and reads back the same; any text is read without panic, with each
//! problem at a place within the text.

#![allow(clippy::unwrap_used)]

use btcfake_core::breakage::{BreakList, Breakage, Fault, MOST_ROWS};
use btcfake_core::format::employees::BadRows;
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::new_population::{IdRange, NewPopulation};
use btcfake_core::plan::settings::Settings;
use btcfake_core::record::recipe::{Recipe, read_recipe};
use btcfake_core::record::run_record::InputRecord;
use btcfake_core::sheet::Choices;
use btcfake_core::text::digest::sha256;
use chrono::DateTime;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

fn settings() -> impl Strategy<Value = Settings> {
    let zones: Vec<&str> = BusinessZone::all_names().collect();
    let population = (1..=NewPopulation::MOST, 1..=1_000_000_u64).prop_map(|(employees, first)| {
        let ids = IdRange::new(first..=first + u64::from(employees)).unwrap();
        NewPopulation::new(employees, ids).unwrap()
    });
    let mix = (0..=1_000_u16, 0..=1_000_u16).prop_map(|(a, b)| {
        let (a, b) = (a, b.min(1_000 - a));
        Mix::new([a, b, 1_000 - a - b]).unwrap()
    });
    (0..=253_370_764_800_i64, any::<u64>(), select(zones), any::<[bool; 3]>(), of(mix), of(population)).prop_map(
        |(now, seed, zone, [byte_order_mark, fake_day, skip], mix, population)| Settings {
            mix,
            population,
            time_zone: zone.parse().unwrap(),
            byte_order_mark,
            request_id: if fake_day { RequestIdStyle::FakeDay } else { RequestIdStyle::Numeric },
            bad_rows: if skip { BadRows::Skip } else { BadRows::Refuse },
            ..Settings::new(DateTime::from_timestamp(now, 0).unwrap(), seed)
        },
    )
}

fn files() -> impl Strategy<Value = Vec<InputRecord>> {
    let file = |role| {
        let name = prop_oneof!["[a-z]{1,8}\\.csv", "[ -~é\u{1F600}]{1,12}", Just("(built-in)".to_owned())];
        (name, any::<u64>(), any::<bool>()).prop_map(move |(name, bytes, built_in)| match (role, built_in) {
            (InputRole::StandaloneContent | InputRole::UserCompletionTemplate, true) => {
                InputRecord::of(&InputFile::built_in(role).unwrap())
            }
            _ => InputRecord {
                role,
                sha256: sha256(name.as_bytes()),
                name,
                path: None,
                built_in: false,
                made_up: false,
                bytes,
                choices: Choices::NONE,
            },
        })
    };
    subsequence(InputRole::ALL.to_vec(), 0..=InputRole::ALL.len())
        .prop_flat_map(move |roles| roles.into_iter().map(file).collect::<Vec<_>>())
}

/// A valid combination of faults; empty if the drawn faults cannot be combined.
fn breaks() -> impl Strategy<Value = BreakList> {
    let breakage =
        (select(Fault::ALL.to_vec()), any::<prop::sample::Index>(), 1..=MOST_ROWS).prop_map(|(fault, file, rows)| {
            Breakage { fault, file: *file.get(fault.files()), rows: if fault.is_of_rows() { rows } else { 1 } }
        });
    vec(breakage, 0..5).prop_map(|breakages| BreakList::new(breakages).unwrap_or_default())
}

/// Fragments of recipes, cut and joined at random.
fn near_recipe() -> impl Strategy<Value = String> {
    const PIECES: [&str; 24] = [
        "recipe=1",
        "recipe",
        "version=0.1.0",
        "now=2026-01-29T18:00:00Z",
        "seed=42",
        "seed=",
        "timezone=U%0AT",
        "bom=yes",
        "skip-bad-rows=no",
        "break=crlf%2Cbad-date@assignments=3",
        "break=crlf,,",
        "employees=e.csv:3:",
        "standalone-content=(built-in):1:",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "&",
        "&&",
        "=",
        "#",
        "%",
        "%C3",
        "%2",
        "é\n",
        "http://localhost/#",
        " ",
    ];
    let piece = prop_oneof![4 => select(PIECES.to_vec()).prop_map(str::to_owned), 1 => ".{0,5}"];
    (any::<bool>(), vec(piece, 0..14))
        .prop_map(|(begun, pieces)| if begun { format!("recipe=1&{}", pieces.join("&")) } else { pieces.concat() })
}

proptest! {
    #[test]
    fn recipes_written_are_read_again_as_they_were(
        settings in settings(),
        files in files(),
        breaks in breaks(),
        version in "[ -~é]{0,9}",
    ) {
        let recipe = Recipe { version, breaks, ..Recipe::new(settings, &files) };
        let text = recipe.to_string();
        prop_assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
        for text in [&text, &recipe.link("http://127.0.0.1:8787/?a=b#c")] {
            let reading = read_recipe(text);
            prop_assert_eq!(&reading.problems, &[]);
            prop_assert_eq!(reading.recipe.as_ref(), Some(&recipe));
        }
    }

    #[test]
    fn any_text_is_read_and_problems_have_places_in_it(text in near_recipe()) {
        let reading = read_recipe(&text);
        prop_assert!(reading.recipe.is_some() || !reading.problems.is_empty());
        let lines: Vec<&str> = text.split('\n').collect();
        for problem in reading.problems {
            let line = lines.get(problem.place.line as usize - 1);
            let length = line.map(|line| line.chars().count());
            prop_assert!(length.is_some_and(|length| problem.place.column as usize <= length + 1), "{problem}");
            prop_assert!(!problem.to_string().contains(['\n', '\r']), "{problem:?}");
        }
    }
}
