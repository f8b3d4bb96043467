//! Made-up inputs for the property tests.

use std::collections::BTreeMap;
use std::fmt::Write;

use btcfake_core::format::employees::{BadRows, EmployeeType};
use btcfake_core::format::input_role::InputRole;
use btcfake_core::format::instant::parse_instant;
use btcfake_core::format::non_completed::RequestIdStyle;
use btcfake_core::format::record::RecordReader;
use btcfake_core::format::{assignments_table, completions_table, identifier, standalone_content};
use btcfake_core::inputs::input_file::InputFile;
use btcfake_core::inputs::reading::read_inputs;
use btcfake_core::plan::calendar::BusinessZone;
use btcfake_core::plan::rhythm::{Rhythm, SeriesDay, SeriesPlan};
use btcfake_core::plan::settings::{Settings, parse_now};
use btcfake_core::record::run_record::{InputRecord, OutputRecord, RunRecord};
use btcfake_core::run::series::Series;
use btcfake_core::run::simulation::Simulation;
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

type AssignedRow = (u64, u64, i64, Option<i64>, Option<i64>);

/// All inputs of a run, in values that are easy to reason about.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) population: Vec<(u64, EmployeeType)>,
    /// By content id: whether it is a Daily Dose, and how many hours before `now` it was created (`None` if unknown).
    pub(crate) contents: BTreeMap<u64, (bool, Option<i64>)>,
    /// Employee, content, and the hours from `now` to assignment, begin and due (`None` for NULL).
    pub(crate) assigned: Vec<AssignedRow>,
    /// Employee, content, and the number of days before today.
    pub(crate) completed: Vec<(u64, u64, i64)>,
    /// Recommended contents by employee; `None` for a failed call.
    pub(crate) answers: BTreeMap<u64, Option<Vec<u64>>>,
    pub(crate) now: DateTime<Utc>,
    pub(crate) zone: BusinessZone,
    pub(crate) seed: u64,
    pub(crate) request_id: RequestIdStyle,
}

/// Ids from a small range, so that rows of different tables often have the same one; and the highest ids.
pub(crate) fn employee_id() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 1..12_u64, 1 => Just(identifier::HIGHEST_ID), 1 => 1_000_000..1_000_003_u64]
}

pub(crate) fn content_id() -> impl Strategy<Value = u64> {
    prop_oneof![20 => 1..16_u64, 1 => Just(identifier::HIGHEST_ID), 1 => 999_999..1_000_002_u64]
}

pub(crate) fn population() -> impl Strategy<Value = Vec<(u64, EmployeeType)>> {
    let kind = select(&EmployeeType::ALL[..]);
    btree_map(employee_id(), kind, 1..12).prop_map(|by_id| by_id.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

/// Instants around which rules change, and any others.
pub(crate) fn now() -> impl Strategy<Value = DateTime<Utc>> {
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

pub(crate) fn zone() -> impl Strategy<Value = BusinessZone> {
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

pub(crate) fn world() -> impl Strategy<Value = World> {
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

pub(crate) fn employees_text(population: &[(u64, EmployeeType)], swapped: bool) -> String {
    let mut text =
        String::from(if swapped { "Employee_Edu_Type,EMPLOYEE_ID\n" } else { "employee_id,employee_edu_type\n" });
    for (id, kind) in population {
        let letter = kind.letter();
        let _ = if swapped { writeln!(text, " {letter} ,{id}") } else { writeln!(text, "\"{id}\",{letter}") };
    }
    text
}

impl World {
    pub(crate) fn today(&self) -> NaiveDate {
        self.zone.date_of(self.now)
    }

    pub(crate) fn day(&self, ago: i64) -> NaiveDate {
        let days = Days::new(ago.unsigned_abs());
        if ago < 0 { self.today() + days } else { self.today() - days }
    }

    /// An instant in the format of the tables, capped at the last date of year 9999.
    pub(crate) fn instant(&self, hours: i64) -> String {
        let instant = self.now + TimeDelta::hours(hours);
        instant.min(parse_instant("9999-12-31T00:00:00Z").unwrap()).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    pub(crate) fn simulation(&self) -> Simulation {
        self.simulation_of(&self.population)
    }

    pub(crate) fn simulation_of(&self, population: &[(u64, EmployeeType)]) -> Simulation {
        let (inputs, problems) = read_inputs(&self.files_of(population), BadRows::Refuse);
        let errors = problems.iter().flat_map(|file| &file.problems).filter(|problem| problem.is_error()).count();
        assert_eq!(errors, 0, "{problems:?}");
        Simulation::new(
            inputs,
            Settings { time_zone: self.zone, request_id: self.request_id, ..Settings::new(self.now, self.seed) },
        )
    }

    /// The feeds of a series of `days` days, each with its run file last; with 0 days, the feed of a single run.
    pub(crate) fn feeds(&self, inputs: &[InputFile<'_>], days: u32) -> Vec<[(String, Vec<u8>); 4]> {
        let read = || read_inputs(inputs, BadRows::Refuse).0;
        let settings =
            Settings { time_zone: self.zone, request_id: self.request_id, ..Settings::new(self.now, self.seed) };
        let at = self.zone.wall_clock(self.now).time();
        let plan = SeriesPlan::new(
            Rhythm { from: self.today(), at, weekdays: false, continues_sample: false },
            days,
            self.zone,
        );
        let Ok(plan) = plan else { return vec![feed_of(&Simulation::new(read(), settings), inputs, None)] };
        let mut series = Series::new(plan, read(), settings);
        let mut feeds = Vec::new();
        loop {
            feeds.push(feed_of(series.simulation(), inputs, Some(series.day())));
            if !series.pass_over() {
                return feeds;
            }
        }
    }

    /// Employees, catalog, assignments, completions, recommendations.
    pub(crate) fn files_of(&self, population: &[(u64, EmployeeType)]) -> [InputFile<'static>; 5] {
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
pub(crate) fn feed_of(run: &Simulation, inputs: &[InputFile<'_>], series: Option<SeriesDay>) -> [(String, Vec<u8>); 4] {
    let (names, feed) = (run.file_names(), run.feed());
    let outputs = vec![
        OutputRecord::of(&names.completions, &feed.completions),
        OutputRecord::of(&names.assignments, &feed.assignments),
        OutputRecord::of(&names.user_completion, &feed.user_completion),
    ];
    let record = RunRecord::new(*run.settings(), inputs.iter().map(InputRecord::of).collect(), outputs);
    [
        (names.completions, feed.completions),
        (names.assignments, feed.assignments),
        (names.user_completion, feed.user_completion),
        (names.run, RunRecord { series, ..record }.to_bytes()),
    ]
}

/// All records of a CSV text, a header included.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = RecordReader::new(bytes, false);
    let mut rows = Vec::new();
    while let Some(record) = reader.next_record() {
        rows.push((0..record.len()).map(|field| record.text(field).into_owned()).collect());
    }
    rows
}

/// The ids of employee and content in a row.
pub(crate) fn pair(employee: &str, content: &str) -> (u64, u64) {
    (employee.parse().unwrap(), identifier::parse_content_id(content.as_bytes()).unwrap())
}

pub(crate) fn seconds(text: &str) -> i64 {
    parse_instant(text).expect("an instant").timestamp()
}

/// Bytes similar to valid files: fragments of the real formats, cut and joined at random.
pub(crate) fn near_bytes() -> impl Strategy<Value = Vec<u8>> {
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
