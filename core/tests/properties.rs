//! What holds for any input: readers never panic and name places that are there, what is written is read again as it
//! was, and a run keeps the promises of the rules whatever it is made from.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use btcfake_core::check::{GivenFile, check};
use btcfake_core::format::employees::{self, BadRows, Employee, EmployeeType};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::format::quoted::push_line;
use btcfake_core::format::record::RecordReader;
use btcfake_core::format::{assignments_table, completions_table, identifier, standalone_content};
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::inspection::inspect;
use btcfake_core::inputs::reading::{Inputs, read_inputs};
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::mix::Mix;
use btcfake_core::plan::rhythm::{Rhythm, SeriesDay, SeriesPlan};
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::report::explain::{AssignmentFate, Sources, explain, find};
use btcfake_core::report::figures::{Bar, Figures};
use btcfake_core::rules::manager::{Conflict, LeftOut};
use btcfake_core::rules::training::Origin;
use btcfake_core::run::detail::Detail;
use btcfake_core::run::series::Series;
use btcfake_core::run::simulation::Simulation;
use btcfake_core::run::slice::Slice;
use btcfake_core::run::tally::Tally;
use btcfake_core::text::digest::sha256;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

// ---- Any bytes ----

/// Bytes that come near to what a reader takes: pieces of the real shapes, cut and glued at random.
fn near_bytes() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: [&[u8]; 45] = [
        b"employee_id,employee_edu_type\n",
        b"ba_id,content_id,completion_date\n",
        b"ba_id,content_id,assignment_date,update_date,assignment_begin_date,assignment_due_date,content_type\r\n",
        b"ContentId,ContentName,ContentAdminName,ContentDescriptions,ContentType,ContentTags,Daily_Dose,Daily_Dose_BA,\
          CreateDate,Link,ContentNameFrench,ContentDescriptionFrench\n",
        b"\xEF\xBB\xBF",
        b"\"",
        b"\"\"",
        b",",
        b"\n",
        b"\r\n",
        b"\r",
        b"#",
        b" ",
        b"a",
        b"b",
        b"63492,a\n",
        b"63492,a",
        b"1,2,2026-01-26 00:01:00,2026-01-26,,,\n",
        b"1,2,2026-01-26\n",
        b"9223372036854775807",
        b"9223372036854775808",
        b"2,033,875",
        b"2026-01-28T08:24:06Z",
        b"9999-12-31T23:59:59.999999999999+23:59",
        b"0001-01-01T00:00:00-23:59",
        b"\xFF",
        b"\xC3",
        "é…\u{1F600}\u{2028}".as_bytes(),
        b"{\"ba_id\": 88563, \"body\": {\"response\": {\"ml_recommendations\": [{\"recommended_content_id\": 1.5e300}]}}}\n",
        b"{\"ba_id\": 1, \"body\":",
        b"{}\n",
        b"\0",
        b"PK\x03\x04",
        b"NULL",
        b",\n",
        b"####,a\n",
        b"sep=,\n",
        b"sep=;\n",
        b"c.ba_id,c.content_id,c.completion_date\n",
        b"employe_id,employee_edu_type\n",
        b"1/28/2026 8:24",
        b"1.04829E+05",
        b"[",
        b"]",
        b"[{\"ba_id\": 1, \"error\": \"x\"},\n",
    ];
    let piece = prop_oneof![8 => select(&PIECES[..]).prop_map(<[u8]>::to_vec), 1 => vec(any::<u8>(), 0..4)];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// The lines of a text as an editor shows them: ended by LF, CRLF or a lone CR; a byte order mark has no column.
fn editor_lines(bytes: &[u8]) -> Vec<usize> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut lines = Vec::new();
    let mut line = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\n' | b'\r' => {
                at += usize::from(text[at] == b'\r' && text.get(at + 1) == Some(&b'\n'));
                lines.push(String::from_utf8_lossy(&line).chars().count());
                line.clear();
            }
            byte => line.push(byte),
        }
        at += 1;
    }
    lines.push(String::from_utf8_lossy(&line).chars().count());
    lines
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_without_panic_and_problems_have_places_in_the_file(bytes in near_bytes()) {
        let lines = editor_lines(&bytes);
        for role in InputRole::ALL {
            for bad_rows in [BadRows::Refuse, BadRows::Skip] {
                for problem in inspect(role, &bytes, bad_rows).problems {
                    let (line, column) = (problem.place.line as usize, problem.place.column as usize);
                    // In JSON lines a lone CR is a space of the line.
                    let length = match role {
                        InputRole::Recommendations => bytes.split(|byte| *byte == b'\n').nth(line - 1)
                            .map(|line| String::from_utf8_lossy(line).chars().count()),
                        _ => lines.get(line - 1).copied(),
                    };
                    prop_assert!(length.is_some(), "{role:?} {problem}: {} lines", lines.len());
                    prop_assert!(column >= 1 && column <= length.unwrap_or(0) + 1, "{role:?} {problem}: {length:?}");
                    prop_assert!(!problem.to_string().contains(['\n', '\r']), "{problem:?}");
                }
            }
        }
        let _ = RunRecord::from_bytes(&bytes);
        let _ = parse_instant(&String::from_utf8_lossy(&bytes));
        let _ = parse_now(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn any_bytes_can_go_into_a_run(
        employees in near_bytes(), catalog in near_bytes(), assigned in near_bytes(), completed in near_bytes(), recorded in near_bytes(), seed: u64,
    ) {
        let files = [
            InputFile::given(InputRole::Employees, "e", [&b"employee_id,employee_edu_type\n5,a\n6,b\n"[..], &employees].concat()),
            InputFile::given(InputRole::StandaloneContent, "s", catalog),
            InputFile::given(InputRole::Assignments, "a", assigned),
            InputFile::given(InputRole::Completions, "c", completed),
            InputFile::given(InputRole::Recommendations, "r", recorded),
        ];
        // Even what should be refused must not bring the core down.
        let (inputs, _) = read_inputs(&files, BadRows::Skip);
        let simulation = Simulation::new(inputs, Settings::new(parse_now("2026-01-29T18:00:00Z").unwrap(), seed));
        let _ = simulation.assignments_head(&mut Tally::default());
        let _ = simulation.simulate(0..usize::MAX, true);
    }

    // ---- Write, read, write ----

    #[test]
    fn fields_written_are_read_again_as_they_were(table in vec(vec("[ -~éß\"\n\r,#]{0,8}", 1..5), 1..6)) {
        let write = |table: &[Vec<String>]| {
            let mut bytes = Vec::new();
            for row in table {
                push_line(&mut bytes, &row.iter().map(String::as_str).collect::<Vec<_>>());
            }
            bytes
        };
        let bytes = write(&table);
        let mut reader = RecordReader::new(&bytes, false);
        let mut read = Vec::new();
        while let Some(record) = reader.next_record() {
            prop_assert!(record.fault().is_none());
            read.push((0..record.len()).map(|field| record.text(field).into_owned()).collect::<Vec<_>>());
        }
        // A row without any value is a blank line.
        let table: Vec<_> = table.into_iter().filter(|row| row.iter().any(|field| !field.trim().is_empty())).collect();
        prop_assert_eq!(&read, &table);
        prop_assert_eq!(write(&read), write(&table));
    }

    #[test]
    fn employees_written_are_read_again_as_they_were(population in population(), crlf: bool, mark: bool, swapped: bool) {
        let text = employees_text(&population, swapped);
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let text = if mark { format!("\u{feff}{text}") } else { text };
        let reading = employees::read(text.as_bytes(), BadRows::Refuse);
        prop_assert_eq!(&reading.problems, &[]);
        let read: Vec<(u64, EmployeeType)> = reading.value.rows.iter().map(|employee| (employee.id, employee.kind)).collect();
        prop_assert_eq!(&read, &population);
        for (row, line) in reading.value.rows.iter().zip(2..) {
            prop_assert_eq!(row.line, line);
        }
    }

    #[test]
    fn ids_and_instants_written_are_read_again_as_they_were(id in 1..=identifier::HIGHEST_ID, seconds in -62_135_596_800_i64..=253_402_300_799) {
        prop_assert_eq!(identifier::parse_content_id(identifier::content_id_text(id).as_bytes()), Some(id));
        let text = btcfake_core::format::instant::instant_text(DateTime::from_timestamp(seconds, 0).unwrap());
        prop_assert_eq!(parse_instant(&text).map(|instant| instant.timestamp()), Some(seconds), "{}", text);
    }
}

// ---- Runs ----

type AssignedRow = (u64, u64, i64, Option<i64>, Option<i64>);

/// Everything that a run is made from, in values that are easy to reason about.
#[derive(Clone, Debug)]
struct World {
    population: Vec<(u64, EmployeeType)>,
    /// ContentId: whether it is a Daily Dose, and how many hours before `now` it was created, if that is known.
    contents: BTreeMap<u64, (bool, Option<i64>)>,
    /// Employee, content, and the hours from `now` to assignment, begin and due, where they are not NULL.
    assigned: Vec<AssignedRow>,
    /// Employee, content, and how many days before today.
    completed: Vec<(u64, u64, i64)>,
    /// Recommended contents by employee; none for a failed call.
    answers: BTreeMap<u64, Option<Vec<u64>>>,
    now: DateTime<Utc>,
    zone: BusinessZone,
    seed: u64,
    request_id: RequestIdStyle,
}

/// Few ids, so that the tables meet each other; and the highest.
fn employee_id() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 1..12_u64, 1 => Just(identifier::HIGHEST_ID), 1 => 1_000_000..1_000_003_u64]
}

fn content_id() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 1..16_u64, 1 => Just(identifier::HIGHEST_ID), 1 => 999_999..1_000_002_u64]
}

fn population() -> impl Strategy<Value = Vec<(u64, EmployeeType)>> {
    let kind = select(&EmployeeType::ALL[..]);
    btree_map(employee_id(), kind, 1..12).prop_map(|by_id| by_id.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

/// Instants at which a rule changes, and any others.
fn now() -> impl Strategy<Value = DateTime<Utc>> {
    let edges = [
        "2026-01-26T00:00:59Z",
        "2026-01-26T00:01:00Z",
        "2026-01-26T00:01:01Z",
        "2026-01-26T01:00:59Z",
        "2026-01-26T01:01:00Z",
        "2026-01-31T13:13:58Z",
        "2026-01-31T13:13:59Z",
        "2026-02-01T23:59:59Z",
        "2025-12-31T23:59:59Z",
        "2026-01-01T00:00:00Z",
        "2024-02-29T12:00:00Z",
        "1970-01-01T00:00:00Z",
        "9998-12-31T23:59:59Z",
        "2026-03-08T07:00:00Z",
        "2026-03-09T04:30:00Z",
        "2026-11-01T05:30:00Z",
        "2026-11-02T05:00:30Z",
        "2011-12-31T00:00:00Z",
    ];
    let edge = select(edges.to_vec()).prop_map(|text| parse_now(text).unwrap());
    let any = (0..253_370_764_800_i64).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    let soon = (1_766_000_000..1_800_000_000_i64).prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    prop_oneof![3 => edge, 1 => any, 3 => soon]
}

fn zone() -> impl Strategy<Value = BusinessZone> {
    let zones = [
        "UTC",
        "America/New_York",
        "Asia/Tokyo",
        "Pacific/Apia",
        "Asia/Kathmandu",
        "Africa/Cairo",
        "America/St_Johns",
        "Etc/GMT+12",
    ];
    select(zones.to_vec()).prop_map(|name| name.parse().unwrap())
}

fn world() -> impl Strategy<Value = World> {
    let contents = btree_map(content_id(), (any::<bool>(), proptest::option::of(-48..2_000_i64)), 0..14);
    let hours = -400..400_i64;
    let assigned =
        (employee_id(), content_id(), hours.clone(), proptest::option::of(hours.clone()), proptest::option::of(hours));
    let completed = (employee_id(), content_id(), -2..20_i64);
    let answer = proptest::option::weighted(0.9, vec(content_id(), 0..6));
    let tables = (vec(assigned, 0..25), vec(completed, 0..12), btree_map(employee_id(), answer, 0..8));
    (population(), contents, tables, now(), zone(), any::<u64>(), any::<bool>()).prop_map(
        |(population, contents, (assigned, completed, answers), now, zone, seed, numeric)| World {
            population,
            contents,
            assigned,
            completed,
            answers,
            now,
            zone,
            seed,
            request_id: if numeric { RequestIdStyle::Numeric } else { RequestIdStyle::FakeDay },
        },
    )
}

fn employees_text(population: &[(u64, EmployeeType)], swapped: bool) -> String {
    let mut text =
        String::from(if swapped { "Employee_Edu_Type,EMPLOYEE_ID\n" } else { "employee_id,employee_edu_type\n" });
    for (id, kind) in population {
        let letter = kind.letter();
        let _ = if swapped { writeln!(text, " {letter} ,{id}") } else { writeln!(text, "\"{id}\",{letter}") };
    }
    text
}

impl World {
    fn today(&self) -> NaiveDate {
        self.zone.date_of(self.now)
    }

    fn day(&self, ago: i64) -> NaiveDate {
        let days = Days::new(ago.unsigned_abs());
        if ago < 0 { self.today() + days } else { self.today() - days }
    }

    /// An instant as the tables write it; what the calendar of four digits does not hold is moved to its last day.
    fn instant(&self, hours: i64) -> String {
        let instant = self.now + TimeDelta::hours(hours);
        instant.min(parse_instant("9999-12-31T00:00:00Z").unwrap()).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn simulation(&self) -> Simulation {
        self.simulation_of(&self.population)
    }

    fn simulation_of(&self, population: &[(u64, EmployeeType)]) -> Simulation {
        let (inputs, problems) = read_inputs(&self.files_of(population), BadRows::Refuse);
        let errors = problems.iter().flat_map(|file| &file.problems).filter(|problem| problem.is_error()).count();
        assert_eq!(errors, 0, "{problems:?}");
        Simulation::new(
            inputs,
            Settings { time_zone: self.zone, request_id: self.request_id, ..Settings::new(self.now, self.seed) },
        )
    }

    /// The feeds of a series of some days over inputs, each with its run file last; with no day, that of a run.
    fn feeds(&self, inputs: &[InputFile<'_>], days: u32) -> Vec<[(String, Vec<u8>); 4]> {
        let read = || read_inputs(inputs, BadRows::Refuse).0;
        let settings =
            Settings { time_zone: self.zone, request_id: self.request_id, ..Settings::new(self.now, self.seed) };
        let at = self.zone.wall_clock(self.now).time();
        let plan = SeriesPlan::new(Rhythm { from: self.today(), at, weekdays: false }, days, self.zone);
        let Ok(plan) = plan else { return vec![feed_of(&Simulation::new(read(), settings), inputs, None)] };
        let mut series = Series::new(plan, read(), settings);
        let mut feeds = Vec::new();
        loop {
            feeds.push(feed_of(series.simulation(), inputs, Some(series.day())));
            if !series.advance() {
                return feeds;
            }
        }
    }

    /// Employees, catalog, assignments, completions, recommendations.
    fn files_of(&self, population: &[(u64, EmployeeType)]) -> [InputFile<'static>; 5] {
        let mut catalog = standalone_content::COLUMNS.join(",") + "\n";
        for (id, (dose, hours)) in &self.contents {
            let created = hours.map_or(String::new(), |hours| self.instant(-hours));
            let _ = writeln!(catalog, "\"{}\",Name,,,,,,{dose},{created},,,", identifier::content_id_text(*id));
        }
        let mut assigned = assignments_table::COLUMNS.join(",") + "\n";
        for (employee, content, at, begin, due) in &self.assigned {
            let or_null = |hours: &Option<i64>| hours.map_or("NULL".to_owned(), |hours| self.instant(hours));
            let _ =
                writeln!(assigned, "{employee},{content},{},,{},{},", self.instant(*at), or_null(begin), or_null(due));
        }
        let mut completed = completions_table::COLUMNS.join(",") + "\n";
        for (employee, content, ago) in &self.completed {
            let _ = writeln!(completed, "{employee},{content},{}", self.day(*ago));
        }
        let mut recorded = String::new();
        for (employee, answer) in &self.answers {
            let _ = match answer {
                None => writeln!(recorded, "{{\"ba_id\":{employee},\"error\":\"timed out\"}}"),
                Some(contents) => {
                    let items: Vec<String> =
                        contents.iter().map(|id| format!("{{\"recommended_content_id\":{id}}}")).collect();
                    writeln!(
                        recorded,
                        "{{\"ba_id\":{employee},\"body\":{{\"response\":{{\"ml_recommendations\":[{}]}}}}}}",
                        items.join(",")
                    )
                }
            };
        }
        let file = |role, name: &str, text: String| InputFile::given(role, name, text.into_bytes());
        [
            file(InputRole::Employees, "employees.csv", employees_text(population, false)),
            file(InputRole::StandaloneContent, "StandAloneContent.csv", catalog),
            file(InputRole::Assignments, "content_assignments.csv", assigned),
            file(InputRole::Completions, "content_completion.csv", completed),
            file(InputRole::Recommendations, "recommendations.jsonl", recorded),
        ]
    }
}

/// The files of a feed, the run file last.
fn feed_of(run: &Simulation, inputs: &[InputFile<'_>], series: Option<SeriesDay>) -> [(String, Vec<u8>); 4] {
    let (names, feed, dummy) = (run.file_names(), run.feed(), run.user_completion().to_vec());
    let output = |name: &str, bytes: &[u8]| OutputRecord {
        name: name.to_owned(),
        bytes: bytes.len() as u64,
        sha256: sha256(bytes),
    };
    let outputs = vec![
        output(&names.completions, &feed.completions),
        output(&names.assignments, &feed.assignments),
        output(&names.user_completion, &dummy),
    ];
    let record = RunRecord::new(*run.settings(), inputs.iter().map(InputRecord::of).collect(), outputs);
    [
        (names.completions, feed.completions),
        (names.assignments, feed.assignments),
        (names.user_completion, dummy),
        (names.run, RunRecord { series, ..record }.to_bytes()),
    ]
}

/// The rows of a vendor file; with a header, below it.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = RecordReader::new(bytes, false);
    let mut rows = Vec::new();
    while let Some(record) = reader.next_record() {
        rows.push((0..record.len()).map(|field| record.text(field).into_owned()).collect());
    }
    rows
}

/// Employee and content of a row.
fn pair(employee: &str, content: &str) -> (u64, u64) {
    (employee.parse().unwrap(), identifier::parse_content_id(content.as_bytes()).unwrap())
}

fn seconds(text: &str) -> i64 {
    parse_instant(text).expect("an instant").timestamp()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// The invariants of the rules on employees: section 3 of the domain's description.
    #[test]
    fn employees_complete_each_content_once_and_inside_the_shift(world in world()) {
        let simulation = world.simulation();
        let part = simulation.simulate(0..usize::MAX, false);
        let shift = simulation.calendar().shift;
        let window = simulation.calendar().window;
        let (opens, ends) = (shift.opens.timestamp(), shift.ends.timestamp());
        prop_assert_eq!(ends, world.now.timestamp());
        prop_assert!((3_600..=8 * 3_600).contains(&(ends - opens)));
        prop_assert!(window.start <= shift.ends && shift.ends < window.due);
        prop_assert!(opens >= window.start.timestamp() || ends - opens == 3_600);

        let mut seen = BTreeSet::new();
        let mut free_from = BTreeMap::new();
        let mut order = Vec::new();
        for row in rows(&part.completions) {
            let (employee, content) = pair(&row[0], &row[1]);
            prop_assert!(seen.insert((employee, content)), "twice: {employee} {content}");
            let (started, completed) = (seconds(&row[2]), seconds(&row[3]));
            let free = free_from.insert(employee, completed).unwrap_or(opens);
            prop_assert!(free <= started && started < completed && completed <= ends, "{row:?}");
            prop_assert!(completed - started <= 15 * 60, "{row:?}");
            if order.last() != Some(&employee) {
                order.push(employee);
            }
        }
        let population: Vec<u64> = world.population.iter().map(|(id, _)| *id).filter(|id| order.contains(id)).collect();
        prop_assert_eq!(order, population, "employees stand in the order of employees.csv, each in one piece");

        for position in 0..simulation.employees() {
            let day = simulation.employee_day(position);
            let contents: Vec<u64> = day.list.items.iter().map(|item| item.content_id).collect();
            let count = match day.employee.kind {
                EmployeeType::A => contents.len(),
                EmployeeType::B => contents.len().min(1),
                EmployeeType::F => 0,
            };
            prop_assert_eq!(day.trainings.len(), count);
            prop_assert!(day.list.items.is_sorted_by_key(|item| item.origin as u8), "{:?}", day.list);
            for content in &contents[..count] {
                prop_assert!(seen.remove(&(day.employee.id, *content)), "{content} is completed and has no row");
            }
        }
        prop_assert_eq!(seen.len(), 0, "no row but of what is on a list");
    }

    /// What a manager gives: section 2.
    #[test]
    fn nobody_is_given_what_is_open_or_completed(world in world()) {
        let simulation = world.simulation();
        let is_dose = |content: &u64| world.contents.get(content).is_some_and(|(dose, _)| *dose);
        let mut doses: Vec<(u64, Option<i64>)> = world.contents.iter().filter(|(_, (dose, _))| *dose).map(|(id, (_, hours))| (*id, *hours)).collect();
        doses.sort_by_key(|(id, hours)| (hours.is_none(), *hours, std::cmp::Reverse(*id)));
        let chosen: Vec<u64> = doses.iter().take(3).map(|(id, _)| *id).collect();
        let week = simulation.calendar().week;
        for position in 0..simulation.employees() {
            let day = simulation.employee_day(position);
            let id = day.employee.id;
            let completed: BTreeSet<u64> = world.completed.iter().filter(|row| row.0 == id).map(|row| row.1).collect();
            let open: BTreeSet<u64> =
                world.assigned.iter().filter(|row| row.0 == id && !completed.contains(&row.1)).map(|row| row.1).collect();
            prop_assert_eq!(day.open.iter().map(|one| one.content_id).collect::<BTreeSet<_>>(), open.clone());
            prop_assert_eq!(day.open.len(), open.len(), "one open assignment of a pair");
            for one in day.open {
                let rows = world.assigned.iter().filter(|row| (row.0, row.1) == (id, one.content_id));
                let latest = rows.enumerate().max_by_key(|(index, row)| (row.2, *index)).unwrap().1;
                let instant = |hours| parse_instant(&world.instant(hours)).unwrap();
                prop_assert_eq!(one.assigned, instant(latest.2), "the latest assignment, then the later row");
                prop_assert_eq!(one.begin, instant(latest.3.unwrap_or(latest.2)), "a NULL begin is the assignment date");
                if let Some(due) = latest.4 {
                    prop_assert_eq!(one.due, instant(due));
                }
            }
            let free = |content: &u64| !open.contains(content) && !completed.contains(content);
            let completed_this_week = world.completed.iter().any(|row| {
                row.0 == id && is_dose(&row.1) && (week.monday..=week.sunday.min(world.today())).contains(&world.day(row.2))
            });
            let open_this_week = day.open.iter().any(|one| {
                let shared = one.due.min(week.ends) - one.begin.max(week.begins);
                is_dose(&one.content_id) && shared > TimeDelta::hours(24)
            });
            let expected: Vec<u64> = if completed_this_week || open_this_week { Vec::new() } else { chosen.iter().copied().filter(free).collect() };
            prop_assert_eq!(&day.new.doses, &expected);
            let others: Vec<u64> = world.contents.keys().copied().filter(|content| !is_dose(content) && free(content)).collect();
            match day.new.random {
                Some(random) => prop_assert!(others.contains(&random)),
                None => prop_assert!(others.is_empty(), "{others:?} remain"),
            }
            let recommended: Vec<u64> = day.list.items.iter().filter(|item| item.origin == Origin::Recommendation).map(|item| item.content_id).collect();
            let mut expected = Vec::new();
            for content in world.answers.get(&id).cloned().flatten().unwrap_or_default() {
                let recent = world.completed.iter().any(|row| (row.0, row.1) == (id, content) && (0..=12).contains(&row.2));
                let listed = open.contains(&content) || day.new.doses.contains(&content) || day.new.random == Some(content) || expected.contains(&content);
                if !recent && !listed {
                    expected.push(content);
                }
            }
            prop_assert_eq!(recommended, expected);
        }
    }

    /// The files belong together: section 4.
    #[test]
    fn what_is_left_is_what_was_assigned_without_what_was_completed(world in world()) {
        let simulation = world.simulation();
        let mut tally = Tally::default();
        let head = simulation.assignments_head(&mut tally);
        let part = simulation.simulate(0..usize::MAX, false);
        tally.add(&part.tally);
        let open_rows = &rows(&head)[1..];
        let new_rows = rows(&part.assignments);
        let completed: BTreeSet<(u64, u64)> = rows(&part.completions).iter().map(|row| pair(&row[0], &row[1])).collect();
        let left: Vec<(u64, u64)> = open_rows.iter().chain(&new_rows).map(|row| pair(&row[0], &row[3])).collect();
        let left_once: BTreeSet<(u64, u64)> = left.iter().copied().collect();
        prop_assert_eq!(left_once.len(), left.len(), "no pair twice");
        let mut assigned = BTreeSet::new();
        for position in 0..simulation.employees() {
            let day = simulation.employee_day(position);
            let given = day.open.iter().map(|one| one.content_id).chain(day.new.doses.iter().copied()).chain(day.new.random);
            assigned.extend(given.map(|content| (day.employee.id, content)));
        }
        prop_assert_eq!(&left_once, &assigned.difference(&completed).copied().collect());
        prop_assert_eq!(tally.open_left + tally.new_left, left.len() as u64);
        prop_assert_eq!(tally.open_left, open_rows.len() as u64);
        prop_assert_eq!(tally.completions_manager.total() + tally.completions_ai.total(), completed.len() as u64);

        let open_key = |row: &Vec<String>| {
            let (employee, content) = pair(&row[0], &row[3]);
            (employee, row[5].clone(), row[4].clone(), content)
        };
        prop_assert!(open_rows.is_sorted_by_key(open_key), "open ones by ba_id, due, begin, content_id: {open_rows:?}");
        let calendar = simulation.calendar();
        let position = |id: &str| world.population.iter().position(|(employee, _)| employee.to_string() == id);
        prop_assert!(new_rows.is_sorted_by_key(|row| position(&row[0])), "new ones in the order of employees.csv");
        for row in &new_rows {
            prop_assert_eq!(seconds(&row[1]), calendar.shift.opens.timestamp());
            prop_assert_eq!(seconds(&row[4]), calendar.window.start.timestamp());
            prop_assert_eq!(seconds(&row[5]), calendar.window.due.timestamp());
            prop_assert_eq!(&row[6], "Media");
        }
        let ids: Vec<&String> = open_rows.iter().chain(&new_rows).map(|row| &row[2]).collect();
        match world.request_id {
            RequestIdStyle::Numeric => {
                prop_assert!(ids.iter().all(|id| id.parse::<u64>().is_ok()));
                prop_assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
            }
            RequestIdStyle::FakeDay => {
                let fake = format!("fake:{}", world.today().format("%d"));
                prop_assert!(ids.iter().all(|id| **id == fake));
            }
        }
    }

    #[test]
    fn parts_and_neighbours_make_no_difference(world in world(), size in 1..5_usize, alone in any::<proptest::sample::Index>()) {
        let simulation = world.simulation();
        let whole = simulation.simulate(0..usize::MAX, true);
        let (mut completions, mut assignments, mut tally, mut details) = (Vec::new(), Vec::new(), Tally::default(), Vec::new());
        for start in (0..simulation.employees()).step_by(size) {
            let part = simulation.simulate(start..start + size, true);
            completions.extend(part.completions);
            assignments.extend(part.assignments);
            tally.add(&part.tally);
            details.extend(part.details);
        }
        prop_assert_eq!(&completions, &whole.completions);
        prop_assert_eq!(&assignments, &whole.assignments);
        prop_assert_eq!(&tally, &whole.tally);
        prop_assert_eq!(&details, &whole.details);

        // One employee alone: the same rows, but for the RequestId.
        let one = world.population[alone.index(world.population.len())];
        let of_one = |bytes: &[u8], column: Option<usize>| -> Vec<Vec<String>> {
            let mut rows: Vec<Vec<String>> = rows(bytes).into_iter().filter(|row| row[0] == one.0.to_string()).collect();
            rows.iter_mut().for_each(|row| { column.map(|column| row.remove(column)); });
            rows
        };
        let single = world.simulation_of(&[one]);
        let part = single.simulate(0..1, false);
        prop_assert_eq!(of_one(&part.completions, None), of_one(&completions, None));
        prop_assert_eq!(of_one(&part.assignments, Some(2)), of_one(&assignments, Some(2)));
        let open = |simulation: &Simulation| of_one(&simulation.assignments_head(&mut Tally::default()), Some(2));
        prop_assert_eq!(open(&single), open(&simulation));
        prop_assert_eq!(single.file_names(), simulation.file_names());
    }

    /// Slices by id for the open assignments, and slices by position for all else, each a simulation by itself.
    #[test]
    fn slices_that_know_where_they_lie_give_the_whole(world in world(), size in 1..5_usize) {
        let whole = world.simulation().feed();
        let no_open = Simulation::new(Inputs::default(), Settings::new(world.now, world.seed)).assignments_head(&mut Tally::default());
        let (mut completions, mut open, mut new) = (world.simulation().completions_head(), no_open.clone(), Vec::new());
        let mut slice = Slice { open_in_all: Some(whole.tally.open_assignments), ..Slice::default() };
        for part in world.population.chunks(size) {
            let part = world.simulation_of(part).as_slice(slice).simulate(0..size, false);
            completions.extend(part.completions);
            new.extend(part.assignments);
            slice.employees_before += part.tally.employees.total();
        }
        let mut by_id = world.population.clone();
        by_id.sort();
        for part in by_id.chunks(size) {
            let part = world.simulation_of(part).as_slice(slice);
            open.extend_from_slice(&part.assignments_head(&mut Tally::default())[no_open.len()..]);
            slice.open_before += part.inputs().state.open.len() as u64;
        }
        prop_assert_eq!(completions, whole.completions);
        prop_assert_eq!([open, new].concat(), whole.assignments);
    }

    /// However little of what a run was made from is given, the checker calls none of it wrong.
    #[test]
    fn a_right_feed_is_never_called_wrong(
        world in world(), had: [bool; 3], mut given: [bool; 6], days in 0..4_u32, first in 0..3_usize,
    ) {
        let had = [&[true, true], &had[..]].concat();
        let inputs: Vec<InputFile<'_>> =
            world.files_of(&world.population).into_iter().zip(had).filter(|(_, had)| *had).map(|(file, _)| file).collect();
        let feeds = world.feeds(&inputs, days);
        // A day without its run file is a run to the checker, whose tables these are not.
        given[0] |= days > 1 && (given[3] || given[4]);
        let of_feed = if given[0] { 4 } else { 3 };
        let feeds = feeds[first.min(feeds.len() - 1)..].iter().flat_map(|feed| &feed[..of_feed]);
        let feeds = feeds.map(|(name, bytes)| GivenFile { name, bytes });
        let inputs = inputs.iter().zip(&given[1..]).filter(|(_, given)| **given);
        let inputs = inputs.map(|(file, _)| GivenFile { name: &file.name, bytes: &file.bytes });
        let report = check(&feeds.chain(inputs).collect::<Vec<_>>());
        prop_assert!(report.is_clean(), "{:#?}", report);
    }

    /// Whoever has a row in hand is told the very row, of the very state.
    #[test]
    fn what_is_explained_is_what_stands_in_the_feed(world in world(), with_files: bool) {
        let simulation = world.simulation();
        let files = world.files_of(&world.population);
        let bytes = |index: usize| with_files.then_some(&*files[index].bytes);
        let sources = Sources { employees: bytes(0), assignments: bytes(2), completions: bytes(3), breaks: None };
        let feed = simulation.feed();
        let (mut completions, mut assignments) = (Vec::new(), Vec::new());
        for (position, (id, kind)) in world.population.iter().enumerate() {
            prop_assert_eq!(find(simulation.inputs(), sources.employees, *id), Ok(position));
            let told = explain(&simulation, position, &sources);
            prop_assert_eq!(told.line_text.clone(), with_files.then(|| format!("\"{id}\",{}", kind.letter())));
            completions.extend(told.rows[0].rows.clone());
            assignments.extend(told.rows[1].rows.clone());

            let day = simulation.employee_day(position);
            let open: BTreeSet<u64> = day.open.iter().map(|open| open.content_id).collect();
            let told_open: Vec<u64> = told.assigned_before.iter().filter(|row| row.fate == AssignmentFate::Open).map(|row| row.content.content_id).collect();
            prop_assert_eq!(&told_open.iter().copied().collect::<BTreeSet<_>>(), &open);
            prop_assert_eq!(told_open.len(), open.len(), "one row of a content counts");
            if with_files {
                prop_assert_eq!(told.assigned_before.len(), world.assigned.iter().filter(|row| row.0 == *id).count());
                prop_assert_eq!(told.completed_before.len(), world.completed.iter().filter(|row| row.0 == *id).count());
            }
            for row in &told.assigned_before {
                let completed = day.history.iter().any(|past| past.content_id == row.content.content_id);
                prop_assert_eq!(row.fate == AssignmentFate::Completed, completed);
            }
            if let Some(conflict) = &told.conflict {
                prop_assert!(conflict.seconds_in_week.is_none_or(|seconds| seconds > 24 * 3_600), "{conflict:?}");
                prop_assert_eq!(conflict.when.len(), if conflict.seconds_in_week.is_some() { 2 } else { 1 });
            }
            let given: Vec<u64> = told.daily_doses.iter().filter(|dose| dose.given).map(|dose| dose.content.content_id).collect();
            prop_assert_eq!(&given, &day.new.doses);
            let done = told.list.iter().filter(|item| item.done.is_some()).count();
            prop_assert_eq!(done, told.rows[0].rows.len());
            let text = told.text();
            for row in told.rows.iter().flat_map(|file| &file.rows) {
                prop_assert!(text.contains(row.as_str()));
            }
        }
        let lines = |bytes: &[u8]| -> BTreeSet<String> { String::from_utf8_lossy(bytes).lines().skip(1).map(str::to_owned).collect() };
        let told_once = |rows: Vec<String>| -> BTreeSet<String> { rows.into_iter().collect() };
        let count = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().count() - 1;
        prop_assert_eq!((completions.len(), assignments.len()), (count(&feed.completions), count(&feed.assignments)));
        prop_assert_eq!(told_once(completions), lines(&feed.completions));
        prop_assert_eq!(told_once(assignments), lines(&feed.assignments));
    }

    /// The preview of a mix is the run with that mix, whatever was previewed before.
    #[test]
    fn a_mix_that_comes_later_gives_the_same_as_one_from_the_start(world in world(), shares in vec((0..=1_000_u16, 0..=1_000_u16), 1..4)) {
        let mut simulation = world.simulation();
        let employees = simulation.inputs().employees.clone();
        for (one, other) in shares {
            let (low, high) = (one.min(other), one.max(other));
            let mix = Mix::new([low, high - low, 1_000 - high]).unwrap();
            simulation.remix(&employees, mix);
            let settings = Settings { mix: Some(mix), ..*simulation.settings() };
            let from_the_start = Simulation::new(world.simulation().inputs().clone(), settings);
            prop_assert_eq!(simulation.feed().completions, from_the_start.feed().completions);
            prop_assert_eq!(simulation.feed().assignments, from_the_start.feed().assignments);
        }
    }

    /// A bar counts what the employees behind it add to it, parts add up, and the summary counts the same.
    #[test]
    fn figures_are_those_of_the_employees_behind_them(world in world(), cut in any::<proptest::sample::Index>()) {
        let simulation = world.simulation();
        let calendar = simulation.calendar();
        let figures_of = |positions: std::ops::Range<usize>| {
            let mut figures = Figures::new(calendar);
            positions.for_each(|position| figures.count(&simulation.employee_day(position)));
            figures
        };
        let all = simulation.employees();
        let figures = figures_of(0..all);
        let cut = cut.index(all + 1);
        let mut in_parts = figures_of(0..cut);
        in_parts.add(&figures_of(cut..all));
        prop_assert_eq!(&in_parts, &figures);

        let charts = figures.charts(simulation.inputs(), calendar);
        for (bar, count) in charts.iter().flat_map(|chart| &chart.rows).flat_map(|row| &row.bars) {
            let behind: u64 = (0..all).map(|position| bar.count(&simulation.employee_day(position), figures.parts())).sum();
            prop_assert_eq!((bar, *count), (bar, behind));
            let is_behind = |position: &usize| bar.count(&simulation.employee_day(*position), figures.parts()) > 0;
            let details = (0..all).filter(is_behind).flat_map(|position| simulation.simulate(position..position + 1, true).details);
            let told = details.filter(|detail| bar.tells_of(detail, figures.parts()));
            let (completions, left_out) = told.fold((0, 0), |(completions, left_out), detail| match detail {
                Detail::Completed { .. } => (completions + 1, left_out),
                Detail::DailyDoseLeftOut { .. } => (completions, left_out + 1),
                _ => (completions, left_out),
            });
            match bar {
                Bar::Completions(..) | Bar::Completed(_) | Bar::InPart(_) | Bar::Content(_) => prop_assert_eq!(completions, behind),
                Bar::LeftOut(_) => prop_assert_eq!(left_out, behind),
                Bar::OnLists(_) | Bar::Skipped(_) => {}
            }
        }
        let tally = simulation.feed().tally;
        let completions = tally.completions_manager.total() + tally.completions_ai.total();
        let lists = tally.open_assignments + tally.new_daily_doses + tally.new_random_contents + tally.recommendations_received
            - tally.dropped_already_on_list - tally.dropped_completed_recently;
        prop_assert_eq!(charts[0].total(), completions);
        prop_assert_eq!(charts[1].total(), lists + completions);
        prop_assert_eq!(charts[2].total(), completions, "every completion lies in one part of the shift");
        prop_assert_eq!(figures.of(Bar::Skipped(Conflict::CompletedThisWeek)), tally.skipped_completed_this_week);
        prop_assert_eq!(figures.of(Bar::Skipped(Conflict::OpenThisWeek)), tally.skipped_open_this_week);
        prop_assert_eq!(figures.of(Bar::LeftOut(LeftOut::AlreadyOpen)), tally.doses_left_out_open);
        prop_assert_eq!(figures.of(Bar::LeftOut(LeftOut::AlreadyCompleted)), tally.doses_left_out_completed);
        prop_assert!(charts[4].rows.is_sorted_by(|one, next| one.bars[0].1 >= next.bars[0].1));
    }
}

/// More trainings than fit, up to more than the shift has seconds.
#[test]
fn a_list_of_any_length_fits_into_the_shift() {
    for (count, now) in [
        (40, "2026-01-29T18:00:00Z"),
        (3_599, "2026-01-26T00:30:00Z"),
        (3_601, "2026-01-26T00:30:00Z"),
        (9_000, "2026-01-26T00:30:00Z"),
    ] {
        let contents: Vec<u64> = (1..=count).collect();
        let world = World {
            population: vec![(7, EmployeeType::A)],
            contents: BTreeMap::new(),
            assigned: contents.iter().map(|content| (7, *content, -100, None, None)).collect(),
            completed: Vec::new(),
            answers: BTreeMap::new(),
            now: parse_now(now).unwrap(),
            zone: BusinessZone::UTC,
            seed: 1,
            request_id: RequestIdStyle::Numeric,
        };
        let simulation = world.simulation();
        let employee: Employee = simulation.inputs().employees[0];
        let rows = rows(&simulation.simulate(0..1, false).completions);
        assert_eq!((employee.id, rows.len() as u64), (7, count));
        let shift = simulation.calendar().shift;
        for row in &rows {
            let (started, completed) = (seconds(&row[2]), seconds(&row[3]));
            assert!(shift.opens.timestamp() <= started && started < completed && completed <= shift.ends.timestamp());
        }
        let overlaps = rows.windows(2).any(|pair| pair[1][2] < pair[0][3]);
        let seconds = (shift.ends - shift.opens).num_seconds().unsigned_abs();
        assert_eq!(overlaps, count > seconds, "{count} in {seconds}");
    }
}
