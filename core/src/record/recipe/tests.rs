//! Tests of the text of a recipe: formatting, parsing, and problems.

#![allow(clippy::unwrap_used)]

use super::*;
use crate::breakage::BreakList;
use crate::format::employees::BadRows;
use crate::format::input_role::InputRole;
use crate::format::non_completed::RequestIdStyle;
use crate::inputs::input_file::InputFile;
use crate::plan::new_population::NewPopulation;
use crate::plan::settings::{Settings, parse_now};
use crate::record::run_record::{InputRecord, RunRecord};
use crate::sheet::Choice;

const SHA: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn usual() -> Settings {
    Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), 42)
}

fn file(role: InputRole, name: &str) -> InputRecord {
    InputRecord::of(&InputFile::given(role, name, b"abc".as_slice()))
}

#[test]
fn a_recipe_is_read_by_people_and_again_by_the_program() {
    let template = InputRecord::of(&InputFile::built_in(InputRole::UserCompletionTemplate).unwrap());
    let other = Settings {
        time_zone: "Etc/GMT+5".parse().unwrap(),
        byte_order_mark: true,
        request_id: RequestIdStyle::FakeDay,
        bad_rows: BadRows::Skip,
        ..usual()
    };
    let start = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42";
    for (settings, files, text) in [
        (usual(), vec![], start.to_owned()),
        (
            other,
            vec![file(InputRole::Employees, "employees.csv")],
            format!(
                "{start}&timezone=Etc/GMT%2B5&bom=yes&request-id=fake-day&skip-bad-rows=yes\
                 &employees=employees.csv:3:{SHA}"
            ),
        ),
        (
            Settings {
                mix: Some("a=60.5,b=29.5,f=10".parse().unwrap()),
                population: Some(NewPopulation::new(1_000, "5-2000".parse().unwrap()).unwrap()),
                ..usual()
            },
            vec![InputRecord { made_up: true, ..file(InputRole::Employees, "employees.csv") }],
            format!("{start}&mix=a=60.5,b=29.5,f=10&new-population=1000&ids=5-2000&employees=(made-up):3:{SHA}"),
        ),
        (
            usual(),
            vec![template.clone(), file(InputRole::Employees, "a:b & (é)#1.csv")],
            format!(
                "{start}&employees=a%3Ab%20%26%20%28%C3%A9%29%231.csv:3:{SHA}\
                 &user-completion-template=(built-in):{}:{}",
                template.bytes, template.sha256
            ),
        ),
    ] {
        let recipe = Recipe { version: "0.1.0".to_owned(), ..Recipe::new(settings, &files) };
        assert_eq!(recipe.to_string(), text);
        let expected = RecipeReading { recipe: Some(recipe), problems: Vec::new() };
        let json = expected.recipe.as_ref().unwrap().json();
        assert!(is_recipe_file(&json) && !is_recipe_file(&text), "{json}");
        for text in
            [&text, &format!("#{text}"), &format!("http://127.0.0.1:8787/#{text}"), &format!(" {text}&\r\n"), &json]
        {
            assert_eq!(read_recipe(text), expected, "{text}");
        }
    }
}

#[test]
fn the_answers_to_questions_follow_the_file() {
    let choices: Vec<Choice> =
        ["column.employee_id=Pers. no: 1", "sheet=Staff"].map(|text| text.parse().unwrap()).into();
    let employees = InputRecord { choices: choices.into(), ..file(InputRole::Employees, "e.xlsx") };
    let recipe = Recipe { version: "0.1.0".to_owned(), ..Recipe::new(usual(), &[employees]) };
    let text = format!(
        "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42&employees=e.xlsx:3:{SHA}\
         :sheet=Staff:column.employee_id=Pers.%20no%3A%201"
    );
    assert_eq!(recipe.to_string(), text);
    for text in [&text, &recipe.json()] {
        assert_eq!(read_recipe(text), RecipeReading { recipe: Some(recipe.clone()), problems: Vec::new() });
    }
    let command = recipe.command_line();
    let options = "--sheet employees=Staff --column 'employees.employee_id=Pers. no: 1'";
    assert!(command.ends_with(options), "{command}");
    let wrong = read_recipe(&text.replace(":sheet=", ":sheets="));
    assert!(wrong.problems[0].to_string().contains("'sheets' is no answer"), "{:?}", wrong.problems);
}

#[test]
fn a_run_file_holds_a_recipe() {
    let mut employees = file(InputRole::Employees, "employees.csv");
    employees.path = Some("../in/employees.csv".to_owned());
    let record = RunRecord { version: "9.9".to_owned(), ..RunRecord::new(usual(), vec![employees], Vec::new()) };
    let recipe = Recipe::of_run(&record);
    let text = format!("recipe=1&version=9.9&now=2026-01-29T18:00:00Z&seed=42&employees=employees.csv:3:{SHA}");
    assert_eq!(recipe.link("http://localhost/some/folder/?x#old"), format!("http://localhost/some/folder/?x#{text}"));
}

#[test]
fn what_is_broken_on_purpose_is_part_of_it() {
    let text = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42&break=crlf,bad-date@assignments=3";
    let recipe = read_recipe(text).recipe.unwrap();
    assert_eq!(recipe.breaks, BreakList::parse("crlf,bad-date@assignments=3").unwrap());
    assert_eq!(read_recipe(&recipe.to_string()).recipe, Some(recipe));
}

#[test]
fn every_problem_is_told_with_its_place() {
    let good = "recipe=1&version=0.1.0&now=2026-01-29T18:00:00Z&seed=42";
    for (text, expected) in [
        (
            "hello".to_owned(),
            "1:1: 'hello' has no recipe: that is the part of a link after the #, and begins with recipe=1; was the link \
             changed or cut off?",
        ),
        (
            "http://localhost/#population".to_owned(),
            "1:19: 'http://localhost/#population' has no recipe: that is the part of a link after the #, and begins with \
             recipe=1; was the link changed or cut off?",
        ),
        (
            "recipe=2&seed=x".to_owned(),
            "1:8: this recipe has the format '2', and this program reads 1; use the version that made it",
        ),
        (
            "recipe=1&version=1&now=2026-01-29T18:00:00Z\n".to_owned(),
            "1:44: 'seed' is missing; was the link cut off? Copy the whole of it",
        ),
        (format!("{good}&seed=43"), "1:57: 'seed' stands there twice; keep one of them"),
        (format!("x\n#{good}&sede=1"), "2:58: a recipe has no part 'sede'. Did you mean 'seed'?"),
        (
            format!("{good}&flavour=mint"),
            "1:57: this version knows no part 'flavour' of a recipe; it knows recipe, version, now, seed, timezone, \
             bom, request-id, skip-bad-rows, mix, new-population, ids, break, employees, standalone-content, course-catalog, assignments, completions, \
             recommendations, user-completion-template",
        ),
        (
            good.replace("42", "-1"),
            "1:54: seed: '-1' is no seed; a whole number from 0 to 18446744073709551615 is allowed",
        ),
        (
            good.replace("18:00", "25:00"),
            "1:28: now: '2026-01-29T25:00:00Z' is no date and time; write it like 2026-01-29T18:00:00Z",
        ),
        (
            format!("{good}&timezone=America/New_Yrok"),
            "1:66: timezone: unknown time zone 'America/New_Yrok'; an IANA name such as UTC or America/New_York is \
             allowed. Did you mean 'America/New_York'?",
        ),
        (format!("{good}&bom=1"), "1:61: bom: '1' is neither yes nor no"),
        (format!("{good}&mix=a=60"), "1:61: mix: the shares are 60 % together, and should be 100 %: 40 % are missing"),
        (
            format!("{good}&new-population=x"),
            "1:72: new-population: 'x' is no number of employees; a new population has from 1 to 4,294,967,294 employees, in digits alone",
        ),
        (
            format!("{good}&new-population=9&ids=1-8"),
            "1:72: new-population: the ids from 1 to 8 are 8, too few for 9 employees; choose a larger range",
        ),
        (format!("{good}&request-id=fake"), "1:68: request-id: 'fake' is neither numeric nor fake-day"),
        (
            format!("{good}&timezone=%ZZ"),
            "1:66: timezone: '%ZZ' is not percent-encoded text; was the link changed on its way? Copy it again",
        ),
        (
            format!("{good}&employees=employees.csv"),
            "1:67: employees: 'employees.csv' is no file; write NAME:BYTES:SHA256, with %3A for a colon in the name",
        ),
        (
            format!("{good}&employees=employees.csv:3:abc"),
            "1:67: employees: 'abc' is no SHA-256; it has 64 hexadecimal digits",
        ),
        (format!("{good}&employees=e.csv:-3:{SHA}"), "1:67: employees: '-3' is no size; it is a number of bytes"),
        (
            format!("{good}&employees=(built-in):3:{SHA}"),
            "1:67: employees: no such file is built in; it has a name of its own",
        ),
        (
            format!("{good}&employees=:3:{SHA}"),
            "1:67: employees: the file has no name; it stands before the first colon",
        ),
    ] {
        let reading = read_recipe(&text);
        let found_messages: Vec<String> = reading.problems.iter().map(ToString::to_string).collect();
        assert_eq!(found_messages, [expected], "{text}");
        let only_unknown = matches!(reading.problems[0].kind, RecipeProblemKind::UnknownPart { .. });
        assert_eq!(reading.recipe.is_some(), only_unknown, "{text}");
    }
}

#[test]
fn reading_never_stops_at_the_first_problem() {
    let found_messages: Vec<String> =
        read_recipe("recipe=1&sed=4&now=x&bom").problems.iter().map(|problem| problem.place.to_string()).collect();
    assert_eq!(found_messages, ["1:10", "1:20", "1:25", "1:25", "1:25"]);
}

#[test]
fn problems_of_a_recipe_file_stand_at_their_fields() {
    let start = "{\n  \"recipe\": \"1\", \"version\": \"0.1.0\",\n  \"now\": \"2026-01-29T18:00:00Z\"";
    for (text, expected) in [
        (format!("{start}, \"seed\": 42, \"mix\": \"a=60,b=30,f=10\"}}"), None),
        (format!("{start}, \"seed\": \"x\"}}"), Some("3:34: seed: 'x' is no seed")),
        (format!("{start},\n\"sede\": 1, \"seed\": 42}}"), Some("4:1: a recipe has no part 'sede'")),
        (format!("{start}, \"seed\": 1,\n \"seed\": 42}}"), Some("4:2: 'seed' stands there twice")),
        (
            "{\"recipe\": \"1\", \"version\": \"seed\", \"now\": \"2026-01-29T18:00:00Z\", \"seed\": \"x\"}".to_owned(),
            Some("1:67: seed: 'x' is no seed"),
        ),
        ("{\"recipe\": 2}".to_owned(), Some("1:2: this recipe has the format '2'")),
        (format!("{start}}}"), Some("1:1: 'seed' is missing")),
        (
            format!("{start}, \"seed\": 42"),
            Some("3:43: this is no recipe file: the text ends in the middle of an object"),
        ),
        ("{\"recipe\": \"2\"}".to_owned(), Some("1:2: this recipe has the format '2'")),
    ] {
        let found: Vec<String> = read_recipe(&text).problems.iter().map(ToString::to_string).collect();
        match expected {
            None => assert_eq!(found, Vec::<String>::new(), "{text}"),
            Some(expected) => assert!(found.first().is_some_and(|one| one.starts_with(expected)), "{text}: {found:?}"),
        }
    }
}
